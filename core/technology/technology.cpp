#include "core/technology/technology.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include <fmt/format.h>

#include "core/base/hash.h"
#include "core/base/quantity.h"

namespace headroom::technology {
namespace {

std::string lowerCase(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

bool standsFor(const MosfetRules& rules, const std::string& lowerCaseName) {
    return lowerCase(rules.model) == lowerCaseName ||
           std::any_of(rules.aliases.begin(), rules.aliases.end(),
                       [&](const std::string& alias) { return lowerCase(alias) == lowerCaseName; });
}

/// The figures of a card at a corner: the nominal ones with the corner's differences put over them.
std::map<std::string, double> figuresAt(const Technology::ModelCard& card, const std::string& corner) {
    std::map<std::string, double> figures = card.figures;
    if (const auto differences = card.cornerFigures.find(corner); differences != card.cornerFigures.end())
        for (const auto& [name, value] : differences->second)
            figures.insert_or_assign(name, value);
    return figures;
}

} // namespace

const MosfetRules* Technology::rulesFor(const netlist::Device& device) const {
    const std::string name = lowerCase(device.model);
    for (const MosfetRules& rules : mosfets)
        if (standsFor(rules, name)) return &rules;
    if (!device.polarity) return nullptr;
    for (const MosfetRules& rules : mosfets)
        if (rules.polarity == *device.polarity) return &rules;
    return nullptr;
}

bool Technology::knowsModel(std::string_view modelName) const {
    const std::string lowered = lowerCase(modelName);
    return std::any_of(mosfets.begin(), mosfets.end(),
                       [&](const MosfetRules& rules) { return standsFor(rules, lowered); });
}

Result<std::string> Technology::modelText(std::string_view corner) const {
    const std::string wanted = corner.empty() && !corners.empty() ? corners.front() : std::string(corner);
    if (std::find(corners.begin(), corners.end(), wanted) == corners.end()) {
        return fail(ErrorCode::NotFound, fmt::format("Technology {} has no corner \"{}\"; it has {}.", name,
                                                     wanted, fmt::join(corners, ", ")));
    }
    std::string text;
    for (const auto& [cardName, card] : cards) {
        text += fmt::format(".model {} {} level={}", cardName, card.type, card.level);
        if (!card.version.empty()) text += fmt::format(" version={}", card.version);
        text += '\n';
        std::string line = "+";
        for (const auto& [figure, value] : figuresAt(card, wanted)) {
            line += fmt::format(" {}={}", figure, formatExact(value));
            if (line.size() > 90) {
                text += line + '\n';
                line = "+";
            }
        }
        if (line.size() > 1) text += line + '\n';
    }
    return text;
}

std::string Technology::fingerprint() const {
    std::string text =
        fmt::format("supply {} temperature {} bias {} load {}\n", formatExact(supplyVoltage),
                    formatExact(temperature), formatExact(biasCurrent), formatExact(loadCapacitance));
    for (const MosfetRules& rules : mosfets) {
        text +=
            fmt::format("mosfet {} {} {}\n", rules.model, rules.polarity == netlist::Polarity::N ? 'n' : 'p',
                        lowerCase(fmt::format("{}", fmt::join(rules.aliases, " "))));
    }
    for (const std::string& corner : corners)
        text += corner + '\n' + modelText(corner).value_or(std::string());
    return sha256(text);
}

double snapToGrid(double metres, double grid, double low, double high) {
    const double snapped = grid > 0 ? std::round(metres / grid) * grid : metres;
    // The limits need not lie on the grid themselves; a value between them always wins.
    if (snapped < low) return low;
    if (snapped > high) return high;
    return snapped;
}

} // namespace headroom::technology
