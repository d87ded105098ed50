#include "core/netlist/schematic/schematic_document.h"

#include <algorithm>

#include "core/base/file.h"

namespace headroom::netlist {

const SourceText& SchematicDocument::source(int index) {
    const auto found = m_sources.find(index);
    if (found != m_sources.end()) return found->second;
    const std::string& bytes = m_netlist.files[static_cast<std::size_t>(index)].text;
    return m_sources.emplace(index, SourceText(bytes, index)).first->second;
}

Result<int> SchematicDocument::addFile(const std::filesystem::path& path) {
    auto text = readSmallFile(path);
    if (!text) return fail(ErrorCode::NotFound, path.string() + " cannot be read.");
    m_netlist.files.push_back({path, std::move(*text)});
    return static_cast<int>(m_netlist.files.size()) - 1;
}

std::optional<std::string> SchematicDocument::readCompanion(const std::filesystem::path& path) {
    auto text = readSmallFile(path);
    auto& known = m_netlist.companions;
    const bool isNew =
        std::none_of(known.begin(), known.end(), [&](const SourceFile& each) { return each.path == path; });
    if (text && isNew) known.push_back({path, *text});
    return text;
}

void SchematicDocument::countLines(const SourceText& source) {
    m_netlist.lines.read += source.lineCount();
    m_netlist.lines.accounted += source.lineCount();
}

std::filesystem::path canonicalPath(const std::filesystem::path& path) {
    std::error_code code;
    std::filesystem::path canonical = std::filesystem::weakly_canonical(path, code);
    return code ? path : canonical;
}

std::optional<std::string> readSmallFile(const std::filesystem::path& path) {
    constexpr std::uintmax_t kLargest = 64ULL << 20;
    std::error_code code;
    // Devices and pipes could be read for ever.
    if (!std::filesystem::is_regular_file(path, code)) return std::nullopt;
    if (std::filesystem::file_size(path, code) > kLargest || code) return std::nullopt;
    auto text = readFile(path);
    if (!text) return std::nullopt;
    return std::move(*text);
}

} // namespace headroom::netlist
