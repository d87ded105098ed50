#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "core/powergrid/map.h"
#include "core/powergrid/map_separator.h"

namespace headroom::powergrid {
namespace {

/// Adds a line's numbers. @return what is wrong with it; empty where nothing is
std::string readLine(std::string_view line, std::vector<double>& values) {
    const char* at = line.data();
    const char* const end = at + line.size();
    for (;;) {
        while (at < end && isMapSeparator(*at))
            ++at;
        if (at == end) return {};
        if (*at == '+') ++at;
        double value = 0;
        const auto [next, problem] = std::from_chars(at, end, value);
        if (problem != std::errc() || (next < end && !isMapSeparator(*next))) {
            const char* last = at;
            while (last < end && !isMapSeparator(*last) && last - at < 40)
                ++last;
            const std::string_view word(at, static_cast<std::size_t>(last - at));
            const bool isText =
                std::all_of(word.begin(), word.end(), [](unsigned char c) { return c >= ' ' && c < 127; });
            return isText ? fmt::format("\"{}\" is no number.", word)
                          : std::string("This is no number, and not even text.");
        }
        if (!std::isfinite(value)) return "The map has a value that is not finite.";
        values.push_back(value);
        at = next;
    }
}

} // namespace

Result<Map> parseMapCsv(std::string_view text, const std::string& fileName) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    Map map;
    int line = 0;
    while (!text.empty()) {
        ++line;
        const std::size_t length = std::min(text.find('\n'), text.size());
        const std::size_t before = map.values.size();
        const std::string problem = readLine(text.substr(0, length), map.values);
        if (!problem.empty()) return failAt(ErrorCode::BadInput, fileName, line, problem);
        text.remove_prefix(std::min(length + 1, text.size()));
        const std::size_t count = map.values.size() - before;
        if (count == 0) continue;
        if (map.rows == 0) map.columns = count;
        if (count != map.columns)
            return failAt(ErrorCode::BadInput, fileName, line,
                          fmt::format("The row has {} values, the first one has {}.", count, map.columns));
        ++map.rows;
        if (map.values.size() * sizeof(double) > kMapMemoryLimit)
            return failAt(ErrorCode::Unsupported, fileName, line, "The map takes more memory than maps may.");
    }
    if (map.rows == 0) return failAt(ErrorCode::BadInput, fileName, 1, "The map is empty.");
    return map;
}

std::string writeMapCsv(const Map& map) {
    fmt::memory_buffer text;
    for (std::size_t row = 0; row < map.rows; ++row) {
        for (std::size_t column = 0; column < map.columns; ++column)
            fmt::format_to(std::back_inserter(text), "{}{}", column == 0 ? "" : ",", map(row, column));
        text.push_back('\n');
    }
    return fmt::to_string(text);
}

} // namespace headroom::powergrid
