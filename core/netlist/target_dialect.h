#pragma once

#include <set>
#include <string>
#include <string_view>

#include "core/netlist/netlist.h"

namespace headroom::netlist {

/// How a dialect wants names, values and lines.
class TargetDialect {
public:
    explicit TargetDialect(Dialect dialect)
        : m_dialect(dialect) {}

    bool spectre() const { return m_dialect == Dialect::Spectre; }
    Dialect dialect() const { return m_dialect; }
    std::string_view comment() const { return spectre() ? "// " : "* "; }

    /// A name without bytes that have a meaning of their own; Spectre's may keep them, escaped.
    std::string legalNet(std::string_view name) const;
    std::string legalName(std::string_view name) const;

    /// A number with a suffix that reads back as the same double.
    std::string number(double value) const;
    /// An expression, quoted as the dialect wants it: 'a*2', {a*2} or a*2.
    std::string expression(std::string_view text) const;
    /// A source's waveform: LTspice calls the sine SINE, all others SIN.
    std::string waveform(std::string_view text) const;
    /// Breaks a long card at blanks outside of quotes and brackets.
    std::string wrapped(std::string_view card) const;

private:
    Dialect m_dialect;
};

/// Gives out names that no other has, as the dialect compares them.
class UniqueNames {
public:
    explicit UniqueNames(bool caseSensitive)
        : m_caseSensitive(caseSensitive) {}

    /// @p wanted, or with a number behind it
    std::string add(const std::string& wanted);

private:
    bool m_caseSensitive;
    std::set<std::string> m_used;
};

} // namespace headroom::netlist
