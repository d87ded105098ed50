#pragma once

#include <unistd.h>

#include <fstream>
#include <string>

#include <fmt/format.h>

#include "core/netlist/netlist_writer.h"
#include "core/netlist/sizing_export.h"

#include "../netlist_fixture.h"

namespace headroom::netlist {

/// A folder of files that goes away with the test.
class SchematicFolder {
public:
    SchematicFolder() {
        m_path = std::filesystem::temp_directory_path() /
                 fmt::format("headroom-schematic-{}-{}", ::getpid(), s_count++);
        std::filesystem::create_directories(m_path);
    }
    ~SchematicFolder() {
        std::error_code code;
        std::filesystem::remove_all(m_path, code);
    }
    SchematicFolder(const SchematicFolder&) = delete;
    SchematicFolder& operator=(const SchematicFolder&) = delete;

    void write(const std::string& name, const std::string& text) const {
        std::filesystem::create_directories((m_path / name).parent_path());
        std::ofstream(m_path / name, std::ios::binary) << text;
    }

    Netlist read(const std::string& name) const {
        auto result = readNetlist(m_path / name);
        if (!result) {
            ADD_FAILURE() << result.error().describe();
            return {};
        }
        EXPECT_EQ(result->lines.read, result->lines.accounted);
        return std::move(*result);
    }

private:
    std::filesystem::path m_path;
    static inline int s_count = 0;
};

/// Every byte as a UTF-16 unit, little-endian.
inline std::string utf16(const std::string& ascii) {
    std::string result;
    for (const char c : ascii) {
        result += c;
        result += '\0';
    }
    return result;
}

/// Where a symbol's orientation puts a pin that stands at @p base without one.
inline Point oriented(const SheetSymbol& symbol, Point base) {
    if (symbol.mirrored) base.x = -base.x;
    for (int i = 0; i < symbol.quarterTurns; ++i)
        base = {-base.y, base.x};
    return {base.x + symbol.position.x, base.y + symbol.position.y};
}

/// Writes a sizing and reads the result again.
inline Netlist resized(const Netlist& netlist, const Sizing& sizing) {
    const auto edited = applySizing(netlist, sizing);
    if (!edited) {
        ADD_FAILURE() << edited.error().describe();
        return {};
    }
    auto again = parseNetlist(edited->text, netlist.files.front().path.string());
    if (!again) {
        ADD_FAILURE() << again.error().describe() << "\n" << edited->text;
        return {};
    }
    return std::move(*again);
}

} // namespace headroom::netlist
