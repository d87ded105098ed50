#include "core/netlist/schematic/pin_table.h"

#include <algorithm>
#include <charconv>

#include "core/netlist/letter_case.h"

namespace headroom::netlist {

std::vector<TablePin> pinsOfTable(std::string_view text) {
    std::vector<std::string_view> words;
    while (!(text = trimmed(text)).empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        words.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    const auto number = [](std::string_view word) {
        int value = 0;
        std::from_chars(word.data(), word.data() + word.size(), value);
        return static_cast<double>(value);
    };
    std::vector<TablePin> pins;
    for (std::size_t i = 0; i + 2 < words.size(); i += 3)
        pins.push_back({std::string(words[i]), {number(words[i + 1]), number(words[i + 2])}});
    return pins;
}

bool isListed(std::string_view names, std::string_view name) {
    std::size_t at = 0;
    while (at < names.size()) {
        const std::size_t end = std::min(names.find(' ', at), names.size());
        if (names.substr(at, end - at) == name) return true;
        at = end + 1;
    }
    return false;
}

} // namespace headroom::netlist
