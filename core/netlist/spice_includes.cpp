// The part of SpiceParser that reads the files that a netlist includes, and sections of libraries.

#include <algorithm>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/netlist/dialect.h"
#include "core/netlist/letter_case.h"
#include "core/netlist/spice_parser.h"

namespace headroom::netlist {
namespace {

constexpr int kMostInclusions = 5000;
constexpr std::uintmax_t kLargestFile = 512ULL << 20;

bool looksLikePath(std::string_view word) {
    return word.find_first_of("./\\'\"") != std::string_view::npos;
}

} // namespace

Result<void> SpiceParser::parseSection(LoadedFile& file, const std::string& section, const SourceSpan& from) {
    const auto& lines = file.split.lines;
    bool found = false;
    m_work += lines.size();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string keyword = cardKeyword(lines[i]);
        file.accounted[i] = true; // maybe of another section, or between sections
        if (keyword != (lines[i].spectre ? "section" : ".lib")) continue;
        const CardFields fields = splitFields(lines[i]);
        if (fields.words.size() != 2) continue;
        std::size_t end = i + 1;
        while (end < lines.size() && cardKeyword(lines[end]) != (lines[end].spectre ? "endsection" : ".endl"))
            ++end;
        if (equalIgnoringCase(withoutQuotes(fields.words[1].text), section)) {
            found = true;
            if (auto done = parseRange(file, i + 1, end); !done) return done;
        }
    }
    if (!found) {
        m_findings.add(Severity::Warning, from,
                       fmt::format("Section '{}' does not exist in {}.", section,
                                   m_netlist.files[static_cast<std::size_t>(file.index)].path.string()));
    }
    return {};
}

std::filesystem::path SpiceParser::canonicalPath(const std::filesystem::path& path) {
    std::error_code code;
    std::filesystem::path canonical = std::filesystem::weakly_canonical(path, code);
    return code ? path : canonical;
}

Result<int> SpiceParser::fileIndexOf(const std::filesystem::path& path, const std::filesystem::path& folder) {
    std::error_code code;
    std::filesystem::path full = canonicalPath(path.is_absolute() ? path : folder / path);
    if (path.string().find('\\') != std::string::npos && !std::filesystem::exists(full, code)) {
        // Written on Windows.
        std::string slashes = path.string();
        std::replace(slashes.begin(), slashes.end(), '\\', '/');
        full = canonicalPath(folder / slashes);
    }
    if (const auto known = m_fileIndices.find(full); known != m_fileIndices.end()) return known->second;
    // Devices and pipes could be read for ever.
    if (!std::filesystem::is_regular_file(full, code)) return fail(ErrorCode::NotFound, "does not exist");
    if (std::filesystem::file_size(full, code) > kLargestFile)
        return fail(ErrorCode::Unsupported, "is too large");
    auto text = readFile(full);
    if (!text) return fail(text.error().code, "cannot be read");
    const int index = static_cast<int>(m_netlist.files.size());
    m_netlist.files.push_back({full, std::move(*text)});
    m_document.decoded.decode(m_netlist, index);
    if (const auto foreign = foreignFormat(m_netlist.files.back().text)) {
        m_netlist.files.pop_back();
        return fail(ErrorCode::Unsupported, "is " + *foreign);
    }
    m_fileIndices.emplace(full, index);
    return index;
}

Result<void> SpiceParser::includeFile(LoadedFile& from, const LogicalLine& line, bool library) {
    const CardFields fields = splitFields(line);
    if (library && fields.words.size() == 2 && !looksLikePath(fields.words[1].text)) {
        // ".lib section" opens a section of this file; reached only when the file is read as a whole.
        return {};
    }
    library = library && fields.words.size() > 2;
    if (fields.words.size() < 2) {
        m_findings.add(Severity::Warning, line.whole(), "The name of the file is missing.", line.text);
        return {};
    }
    const bool quoted = fields.words[1].text.front() == '"' || fields.words[1].text.front() == '\'';
    if (!quoted && fields.words.size() > 2 && (!library || m_document.dialect == Dialect::Ltspice)) {
        // LTspice's libraries have no sections, and its paths may have blanks.
        const std::string_view text = line.text;
        return includeNamed(from, line, std::string(trimmed(text.substr(text.find_first_of(" \t")))), {});
    }
    return includeNamed(from, line, withoutQuotes(fields.words[1].text),
                        library ? lowerCase(withoutQuotes(fields.words[2].text)) : std::string());
}

Result<void> SpiceParser::includeNamed(LoadedFile& from, const LogicalLine& line, const std::string& name,
                                       const std::string& section) {
    const auto index = fileIndexOf(name, from.folder);
    if (!index) {
        m_netlist.missingFiles.push_back({name, index.error().message, line.whole()});
        m_findings.add(Severity::Note, line.whole(),
                       fmt::format("Included file '{}' {}; it is left out.", name, index.error().message),
                       line.text);
        return {};
    }
    const Inclusion inclusion{*index, section};
    if (std::find(m_inclusions.begin(), m_inclusions.end(), inclusion) != m_inclusions.end()) {
        return m_findings.fail(line.whole(), fmt::format("'{}' includes itself.", name));
    }
    constexpr std::size_t kDeepest = 100;
    if (++m_inclusionCount > kMostInclusions || m_inclusions.size() > kDeepest) {
        return m_findings.fail(line.whole(), "Files include each other too often or too deeply.");
    }
    const std::filesystem::path folder = m_netlist.files[static_cast<std::size_t>(*index)].path.parent_path();
    m_inclusions.push_back(inclusion);
    LoadedFile& file = load(*index, folder);
    auto done = section.empty() ? parseFile(file) : parseSection(file, section, line.whole());
    m_inclusions.pop_back();
    return done;
}

} // namespace headroom::netlist
