#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/netlist/netlist.h"

namespace headroom::netlist {

/// Whether a file is in UTF-16: it has its byte order mark, or zero bytes in every other place.
bool isUtf16(std::string_view bytes);

/// Netlists in UTF-16 are read as UTF-8 text; when the circuit is built, their bytes come back and the
/// places in them with it.
class DecodedFiles {
public:
    /// Replaces the bytes of a file by its text, where they are UTF-16.
    void decode(Netlist& netlist, int file);
    /// Puts the bytes back and turns the places of devices and values into places in the bytes.
    void restore(Netlist& netlist);

private:
    std::map<int, std::string> m_bytes; ///< by index of Netlist::files
};

} // namespace headroom::netlist
