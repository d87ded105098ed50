#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <system_error>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/netlist/letter_case.h"
#include "core/technology/reading.h"

namespace headroom::technology {
namespace {

using yaml::allowOnly;
using yaml::positive;
using yaml::raise;
using yaml::required;
using yaml::text;

/// Files that are larger than this hold model cards, which include nothing.
constexpr std::uintmax_t largestFollowed = 1U << 20U;

/// Calls @p use with the words of every line that begins with .lib or .include.
template <class Use>
void forEachReference(std::string_view content, Use use) {
    for (std::size_t begin = 0; begin < content.size();) {
        const std::size_t end = std::min(content.find('\n', begin), content.size());
        const std::size_t first = content.find_first_not_of(" \t", begin);
        if (first < end && content[first] == '.') {
            std::vector<std::string> words = wordsOf(std::string(content.substr(first, end - first)));
            words.front() = netlist::lowerCase(words.front());
            if (words.size() > 1 && (words.front() == ".lib" || words.front().starts_with(".inc")))
                use(words);
        }
        begin = end + 1;
    }
}

/// The variables of the environment in a path put in: $NAME and ${NAME}.
std::string expanded(const YAML::Node& node, const std::string& path) {
    std::string result;
    for (std::size_t at = 0; at < path.size();) {
        if (path[at] != '$') {
            result += path[at++];
            continue;
        }
        const bool braced = at + 1 < path.size() && path[at + 1] == '{';
        const std::size_t begin = at + (braced ? 2 : 1);
        std::size_t end = begin;
        while (end < path.size() &&
               (std::isalnum(static_cast<unsigned char>(path[end])) != 0 || path[end] == '_'))
            ++end;
        const std::string name = path.substr(begin, end - begin);
        if (name.empty() || (braced && (end == path.size() || path[end] != '}')))
            raise(node, fmt::format("\"{}\" is no path: \"$\" begins the name of a variable.", path));
        const char* value = std::getenv(name.c_str());
        if (value == nullptr || *value == '\0')
            raise(node, fmt::format("the variable {} of the library's path {} is not set.", name, path));
        result += value;
        at = braced ? end + 1 : end;
    }
    return result;
}

/// Lines and commands end up in a simulator that can start programs.
std::string harmless(const YAML::Node& node, std::string_view key) {
    std::string line = text(node, key);
    if (line.find_first_of("\n\r`;") != std::string::npos)
        raise(node, fmt::format("an entry of \"{}\" must be one line without ` and ;.", key));
    return line;
}

std::vector<std::string> readLines(const YAML::Node& list, std::string_view key, std::string_view beginning) {
    if (!list.IsSequence()) raise(list, fmt::format("\"{}\" must be a list.", key));
    std::vector<std::string> lines;
    for (const YAML::Node& node : list) {
        lines.push_back(harmless(node, key));
        const std::string lowered = netlist::lowerCase(lines.back());
        if (!lowered.starts_with(beginning) || lowered.starts_with(".control") ||
            lowered.starts_with(".exec"))
            raise(node,
                  fmt::format("an entry of \"{}\" must begin with \"{}\" and run nothing.", key, beginning));
    }
    return lines;
}

std::vector<std::string> sectionsOf(const YAML::Node& node, const std::string& corner) {
    if (node.IsScalar()) return {text(node, corner)};
    return yaml::texts(node, corner);
}

void checkSections(const YAML::Node& node, const std::vector<std::string>& sections,
                   const std::vector<std::string>& defined, const std::filesystem::path& file) {
    for (const std::string& section : sections) {
        if (section.empty()) continue;
        if (section.find_first_of(" \t\n\r\"'`;") != std::string::npos)
            raise(node, fmt::format("\"{}\" is no name of a section.", section));
        if (std::find(defined.begin(), defined.end(), netlist::lowerCase(section)) == defined.end())
            raise(node, fmt::format("the library {} has no section \"{}\".", file.string(), section));
        if (file.string().find(' ') != std::string::npos)
            raise(node, fmt::format("ngspice reads no section of {}, since there is a blank in that path.",
                                    file.string()));
    }
}

void addToDigest(const std::filesystem::path& file, std::set<std::filesystem::path>& visited,
                 std::string& digest) {
    std::error_code code;
    const std::filesystem::path place = std::filesystem::weakly_canonical(file, code);
    if (code || !visited.insert(place).second) return;
    const std::uintmax_t size = std::filesystem::file_size(place, code);
    if (code) return;
    if (size > largestFollowed && visited.size() > 1) {
        const auto time = std::filesystem::last_write_time(place, code).time_since_epoch();
        digest += fmt::format("{} {} {}\n", place.filename().string(), size,
                              std::chrono::duration_cast<std::chrono::nanoseconds>(time).count());
        return;
    }
    const Result<std::string> content = readFile(place);
    if (!content) return;
    digest += fmt::format("{} {}\n", place.filename().string(), sha256(*content));
    forEachReference(*content, [&](const std::vector<std::string>& words) {
        const bool isFile = words.front() != ".lib" || words.size() > 2;
        if (isFile) addToDigest(place.parent_path() / words[1], visited, digest);
    });
}

} // namespace

std::vector<std::string> wordsOf(const std::string& line) {
    std::vector<std::string> words;
    std::size_t at = 0;
    while ((at = line.find_first_not_of(" \t\r", at)) != std::string::npos) {
        const bool quoted = line[at] == '"' || line[at] == '\'';
        const std::size_t begin = quoted ? at + 1 : at;
        const std::size_t end =
            std::min(quoted ? line.find(line[at], begin) : line.find_first_of(" \t\r", begin), line.size());
        words.push_back(line.substr(begin, end - begin));
        at = std::min(quoted ? end + 1 : end, line.size());
    }
    return words;
}

std::vector<std::string> librarySections(std::string_view content) {
    std::vector<std::string> sections;
    forEachReference(content, [&](const std::vector<std::string>& words) {
        if (words.front() == ".lib" &&
            (words.size() == 2 || words[2].starts_with('$') || words[2].starts_with(';')))
            sections.push_back(netlist::lowerCase(words[1]));
    });
    return sections;
}

std::string libraryDigest(const std::filesystem::path& file) {
    std::set<std::filesystem::path> visited;
    std::string digest;
    addToDigest(file, visited, digest);
    return sha256(digest);
}

void readLibrary(const YAML::Node& node, const std::string& fileName, Technology& technology) {
    allowOnly(node, "a library", {"file", "sections", "before", "commands", "length_unit"});
    Technology::Library library;
    const YAML::Node fileNode = required(node, "file", "the library");
    const std::filesystem::path named = expanded(fileNode, text(fileNode, "file"));
    std::error_code code;
    library.file = std::filesystem::absolute(std::filesystem::path(fileName).parent_path() / named, code);
    if (code) raise(fileNode, fmt::format("the library's path {} is no path.", named.string()));
    library.file = library.file.lexically_normal();
    if (library.file.string().find_first_of("\"\n\r") != std::string::npos)
        raise(fileNode, "the library's path has a quotation mark or a line break in it.");
    const Result<std::string> content = readFile(library.file);
    if (!content) raise(fileNode, fmt::format("the library {} cannot be read.", library.file.string()));
    library.digest = libraryDigest(library.file);

    const std::vector<std::string> defined = librarySections(*content);
    const YAML::Node sections = node["sections"];
    if (sections) {
        if (!sections.IsMap()) raise(sections, "\"sections\" must be a map from corners to sections.");
        allowOnly(sections, "the library's sections",
                  std::set<std::string>(technology.corners.begin(), technology.corners.end()));
    }
    for (const std::string& corner : technology.corners) {
        const YAML::Node given = sections ? sections[corner] : YAML::Node(YAML::NodeType::Undefined);
        if (sections && !given)
            raise(sections, fmt::format("corner {} has no section of the library.", corner));
        library.sections[corner] = given ? sectionsOf(given, corner) : std::vector<std::string>{corner};
        checkSections(given ? given : node, library.sections[corner], defined, library.file);
    }
    if (const YAML::Node lines = node["before"]) library.before = readLines(lines, "before", ".");
    if (const YAML::Node commands = node["commands"])
        library.commands = readLines(commands, "commands", "set ");
    if (const YAML::Node unit = node["length_unit"]) technology.lengthUnit = positive(unit, "length_unit");
    technology.library = std::move(library);
}

} // namespace headroom::technology
