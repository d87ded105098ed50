#include "core/netlist/schematic/name_vector.h"

#include <charconv>
#include <cstdlib>

#include "core/netlist/letter_case.h"

namespace headroom::netlist {
namespace {

using Names = std::vector<std::string>;

constexpr std::size_t kMostNames = 10'000;

std::optional<int> integer(std::string_view text) {
    text = trimmed(text);
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || std::abs(value) > 1'000'000) {
        return std::nullopt;
    }
    return value;
}

/// Splits at the commas that stand in no bracket; nothing if brackets do not match.
std::optional<std::vector<std::string_view>> parts(std::string_view text) {
    std::vector<std::string_view> result;
    int depth = 0;
    std::size_t start = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '[' || c == '(') ++depth;
        if (c == ']' || c == ')') --depth;
        if (depth < 0) return std::nullopt;
        if (c == ',' && depth == 0) {
            result.push_back(trimmed(text.substr(start, i - start)));
            start = i + 1;
        }
    }
    if (depth != 0) return std::nullopt;
    result.push_back(trimmed(text.substr(start)));
    return result;
}

struct Span {
    int from;
    int to;
    bool bracketed;
};

/// "3:0" or "3..0" or "2".
std::optional<Span> spanOf(std::string_view text) {
    std::size_t at = text.find(':');
    std::size_t length = 1;
    if (at == std::string_view::npos) {
        at = text.find("..");
        length = 2;
    }
    if (at == std::string_view::npos) {
        const auto single = integer(text);
        return single ? std::optional(Span{*single, *single, true}) : std::nullopt;
    }
    const auto from = integer(text.substr(0, at));
    const auto to = integer(text.substr(at + length));
    if (!from || !to) return std::nullopt;
    return Span{*from, *to, length == 1};
}

bool addRange(Names& names, std::string_view base, const Span& span, std::string_view rest) {
    const int step = span.from <= span.to ? 1 : -1;
    for (int i = span.from;; i += step) {
        if (names.size() >= kMostNames) return false;
        const std::string index = std::to_string(i);
        names.push_back(std::string(base) + (span.bracketed ? "[" + index + "]" : index) + std::string(rest));
        if (i == span.to) return true;
    }
}

/// "A[3:0]", "A[1,3]", "A[2]", "A".
std::optional<Names> ranged(std::string_view text) {
    const std::size_t open = text.find('[');
    const std::size_t close = text.find(']', open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) return Names{std::string(text)};
    const std::string_view inside = text.substr(open + 1, close - open - 1);
    const bool isRange = inside.find(':') != std::string_view::npos ||
                         inside.find("..") != std::string_view::npos ||
                         inside.find(',') != std::string_view::npos;
    if (!isRange) return Names{std::string(text)};
    Names names;
    std::size_t start = 0;
    while (start <= inside.size()) {
        const std::size_t comma = std::min(inside.find(',', start), inside.size());
        const auto span = spanOf(inside.substr(start, comma - start));
        if (!span) return std::nullopt;
        if (!addRange(names, text.substr(0, open), *span, text.substr(close + 1))) return std::nullopt;
        start = comma + 1;
    }
    return names;
}

std::optional<Names> expandXschem(std::string_view text, int depth) {
    constexpr int kDeepest = 8;
    if (depth > kDeepest) return std::nullopt;
    const auto elements = parts(text);
    if (!elements) return std::nullopt;
    Names result;
    for (std::string_view element : *elements) {
        int repeat = 1;
        bool eachName = false; // "a,b" times two is a,a,b,b behind the names and a,b,a,b in front of them
        if (const std::size_t star = element.find('*'); star != std::string_view::npos) {
            const auto before = integer(element.substr(0, star));
            const std::size_t last = element.rfind('*');
            const auto after = integer(element.substr(last + 1));
            if (before && *before > 0) {
                repeat = *before;
                element = trimmed(element.substr(star + 1));
            } else if (after && *after > 0) {
                repeat = *after;
                eachName = true;
                element = trimmed(element.substr(0, last));
            }
        }
        const bool grouped = element.size() > 2 && element.front() == '(' && element.back() == ')';
        const auto names =
            grouped ? expandXschem(element.substr(1, element.size() - 2), depth + 1) : ranged(element);
        if (!names) return std::nullopt;
        if (result.size() + names->size() * static_cast<std::size_t>(repeat) > kMostNames)
            return std::nullopt;
        if (eachName) {
            for (const std::string& name : *names)
                result.insert(result.end(), static_cast<std::size_t>(repeat), name);
        } else {
            for (int i = 0; i < repeat; ++i)
                result.insert(result.end(), names->begin(), names->end());
        }
    }
    return result;
}

std::optional<Names> expandKiCad(std::string_view text) {
    const std::size_t open = text.rfind('[');
    if (open == std::string_view::npos || text.back() != ']') return Names{std::string(text)};
    const std::string_view inside = text.substr(open + 1, text.size() - open - 2);
    if (inside.find("..") == std::string_view::npos) return Names{std::string(text)};
    const auto span = spanOf(inside);
    Names names;
    if (!span || span->bracketed || !addRange(names, text.substr(0, open), *span, {})) return std::nullopt;
    return names;
}

} // namespace

std::optional<Names> expandVector(std::string_view text, VectorStyle style) {
    const bool plain = text.find_first_of("[,*") == std::string_view::npos;
    if (plain || style == VectorStyle::None) return Names{std::string(text)};
    return style == VectorStyle::Xschem ? expandXschem(text, 0) : expandKiCad(text);
}

} // namespace headroom::netlist
