#include "core/technology/library_cards.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "core/base/file.h"
#include "core/netlist/letter_case.h"
#include "core/technology/reading.h"

namespace headroom::technology {
namespace {

constexpr int deepestInclusion = 20;
constexpr std::size_t mostBytes = std::size_t{256} << 20U;

class CardReader {
public:
    bool read(const std::filesystem::path& file, const std::string& section, int depth) {
        if (depth > deepestInclusion) return false;
        const std::string* content = contentOf(file);
        if (content == nullptr) return false;
        const std::string wanted = netlist::lowerCase(section);
        bool isFound = section.empty();
        bool isInside = section.empty(); ///< of what is wanted
        bool isInSection = false;
        for (std::size_t at = 0; at < content->size();) {
            const std::size_t end = std::min(content->find('\n', at), content->size());
            std::string_view line = netlist::trimmed(std::string_view(*content).substr(at, end - at));
            at = end + 1;
            while (line.ends_with('\r'))
                line.remove_suffix(1);
            if (line.empty() || line.front() == '*') continue;
            if (line.ends_with("\\\\")) return false; // HSPICE's way to go on in the next line
            std::vector<std::string> words;
            if (line.front() == '.') words = wordsOf(std::string(line));
            const std::string keyword = words.empty() ? std::string() : netlist::lowerCase(words.front());
            if (keyword == ".endl") {
                isInSection = false;
                isInside = section.empty();
                continue;
            }
            const bool isReference = keyword == ".lib" && words.size() > 2 && !isComment(words[2]);
            if (keyword == ".lib" && !isReference) {
                if (words.size() < 2 || isInSection) return false;
                isInSection = true;
                isInside = !section.empty() && netlist::lowerCase(words[1]) == wanted;
                isFound = isFound || isInside;
                continue;
            }
            if (!isInside) continue;
            if (isReference || keyword.starts_with(".inc")) {
                if (words.size() < 2) return false;
                const std::filesystem::path other = file.parent_path() / words[1];
                if (!read(other, isReference ? words[2] : std::string(), depth + 1)) return false;
                continue;
            }
            if (!add(line)) return false;
        }
        return isFound;
    }

    std::vector<LibraryExcerpt::Card> cards;

private:
    static bool isComment(const std::string& word) { return word.starts_with('$') || word.starts_with(';'); }

    bool add(std::string_view line) {
        if (line.front() == '+') {
            if (cards.empty()) return false;
            (cards.back().text += '\n') += line;
            return true;
        }
        const std::size_t end = std::min(line.find_first_of(" \t(", 1), line.size());
        cards.push_back({std::string(line), netlist::lowerCase(line.substr(0, end))});
        return true;
    }

    const std::string* contentOf(const std::filesystem::path& file) {
        const auto known = m_contents.find(file);
        if (known != m_contents.end()) return &known->second;
        Result<std::string> content = readFile(file);
        if (!content) return nullptr;
        m_bytes += content->size();
        if (m_bytes > mostBytes) return nullptr;
        return &m_contents.emplace(file, std::move(*content)).first->second;
    }

    std::map<std::filesystem::path, std::string> m_contents;
    std::size_t m_bytes = 0;
};

} // namespace

std::optional<std::vector<LibraryExcerpt::Card>> readLibraryCards(const std::filesystem::path& file,
                                                                  const std::vector<std::string>& sections) {
    CardReader reader;
    for (const std::string& section : sections)
        if (!reader.read(file, section, 0)) return std::nullopt;
    return std::move(reader.cards);
}

} // namespace headroom::technology
