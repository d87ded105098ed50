#include "core/netlist/netlist_copy.h"

#include <algorithm>

#include "core/base/file.h"
#include "core/base/hash.h"

namespace headroom::netlist {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHashDigits = 8;

fs::path absolute(const SourceFile& file) {
    return fs::absolute(file.path).lexically_normal();
}

bool isBelow(const fs::path& relative) {
    return !relative.empty() && *relative.begin() != "..";
}

/// The deepest folder that all files are in, no higher than two levels above the first one.
fs::path commonFolder(const Netlist& netlist) {
    const fs::path first = absolute(netlist.files.front()).parent_path();
    fs::path common = first;
    for (int level = 0; level < 2; ++level) {
        const bool all = std::all_of(netlist.files.begin(), netlist.files.end(), [&](const auto& file) {
            return isBelow(absolute(file).lexically_relative(common));
        });
        if (all) return common;
        if (!common.has_relative_path()) break;
        common = common.parent_path();
    }
    return first;
}

} // namespace

Result<fs::path> copyNetlist(const Netlist& netlist, const fs::path& folder) {
    std::string everything;
    for (const auto* files : {&netlist.files, &netlist.companions})
        for (const SourceFile& file : *files)
            everything += file.text;
    const SourceFile& main = netlist.files.front();
    const fs::path place = main.path.stem().string() + "-" + sha256(everything).substr(0, kHashDigits);
    const fs::path common = commonFolder(netlist);
    const auto write = [&](const SourceFile& file, const fs::path& relative) {
        return writeFileAtomically(folder / place / relative, file.text);
    };
    for (const SourceFile& file : netlist.files) {
        const fs::path relative = absolute(file).lexically_relative(common);
        if (!isBelow(relative)) continue;
        if (const auto written = write(file, relative); !written) return forward(written);
    }
    for (const SourceFile& file : netlist.companions) {
        const fs::path relative = absolute(file).lexically_relative(common);
        // A symbol of a library: schematics find those that lie beside them as well.
        const auto written = write(file, isBelow(relative) ? relative : file.path.filename());
        if (!written) return forward(written);
    }
    return place / absolute(main).lexically_relative(common);
}

} // namespace headroom::netlist
