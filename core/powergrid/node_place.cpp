#include "core/powergrid/node_place.h"

#include <charconv>

#include "core/netlist/letter_case.h"

namespace headroom::powergrid {
namespace {

/// Takes the last field off a name with fields between underscores.
std::string_view takeLast(std::string_view& name) {
    const std::size_t at = name.rfind('_');
    const std::string_view field = at == std::string_view::npos ? name : name.substr(at + 1);
    name = at == std::string_view::npos ? std::string_view() : name.substr(0, at);
    return field;
}

std::optional<std::int32_t> wholeNumber(std::string_view field) {
    std::int32_t value = 0;
    const auto [end, problem] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (problem != std::errc() || end != field.data() + field.size()) return std::nullopt;
    return value;
}

} // namespace

std::optional<NodePlace> placeOf(std::string_view name) {
    const auto y = wholeNumber(takeLast(name)), x = wholeNumber(takeLast(name));
    if (!x || !y) return std::nullopt;
    std::string_view layer = takeLast(name);
    while (!layer.empty() && netlist::isLetter(layer.front()))
        layer.remove_prefix(1);
    const auto number = wholeNumber(layer);
    if (!number) return std::nullopt;
    return NodePlace{*number, *x, *y};
}

} // namespace headroom::powergrid
