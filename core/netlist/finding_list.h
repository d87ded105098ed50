#pragma once

#include <set>
#include <string>

#include "core/netlist/netlist.h"

namespace headroom::netlist {

/// Collects diagnostics into a netlist. A finding that is about the same thing as an earlier one (same
/// key) is kept once; a file with a thousand problems lists the first ones and their number.
class FindingList {
public:
    explicit FindingList(Netlist& netlist)
        : m_netlist(netlist) {}

    void add(Severity severity, const SourceSpan& span, std::string message, std::string text = {});
    void addOnce(const std::string& key, Severity severity, const SourceSpan& span, std::string message,
                 std::string text = {});
    /// Forgets everything that was found.
    void clear();
    /// Says how many findings were left out.
    void close();

    /// An error about a place.
    tl::unexpected<Error> fail(const SourceSpan& span, std::string message) const;

private:
    static constexpr std::size_t kMost = 1000;

    Netlist& m_netlist;
    std::set<std::string> m_keys;
    std::size_t m_leftOut = 0;
};

} // namespace headroom::netlist
