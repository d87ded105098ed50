#include "core/technology/technology.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/base/hash.h"
#include "core/base/quantity.h"
#include "core/netlist/letter_case.h"
#include "core/technology/bin_name.h"

namespace headroom::technology {
namespace {

bool standsFor(const MosfetRules& rules, const std::string& lowerCaseName) {
    return netlist::lowerCase(rules.model) == lowerCaseName ||
           std::any_of(rules.aliases.begin(), rules.aliases.end(),
                       [&](const std::string& alias) { return netlist::lowerCase(alias) == lowerCaseName; });
}

using Figures = std::map<std::string, double>;

/// ngspice takes a size for one in a bin where it misses the bin's edge by no more than this, m.
constexpr double edgeTolerance = 1e-9;

bool holds(double low, double high, double value) {
    return value - low >= -edgeTolerance && value - high <= edgeTolerance;
}

void putOver(Figures& figures, const std::map<std::string, Figures>& differences, const std::string& corner) {
    const auto found = differences.find(corner);
    if (found == differences.end()) return;
    for (const auto& [name, value] : found->second)
        figures.insert_or_assign(name, value);
}

/// The figures of a card at a corner: those of all bins, the bin's over them, and the corner's over both.
/// What Technology::figure() says of one figure.
Figures figuresAt(const Technology::ModelCard& card, const Technology::Bin* bin, const std::string& corner) {
    Figures figures = card.figures;
    if (bin != nullptr)
        for (const auto& [name, value] : bin->figures)
            figures.insert_or_assign(name, value);
    putOver(figures, card.cornerFigures, corner);
    if (bin != nullptr) putOver(figures, bin->cornerFigures, corner);
    return figures;
}

void appendCard(std::string& text, const std::string& name, const Technology::ModelCard& card,
                const Technology::Bin* bin, const std::string& corner) {
    text += fmt::format(".model {} {} level={}", name, card.type, card.level);
    if (!card.version.empty()) text += fmt::format(" version={}", card.version);
    if (bin != nullptr)
        text +=
            fmt::format(" lmin={} lmax={} wmin={} wmax={}", formatExact(bin->minLength),
                        formatExact(bin->maxLength), formatExact(bin->minWidth), formatExact(bin->maxWidth));
    text += '\n';
    std::string line = "+";
    for (const auto& [figure, value] : figuresAt(card, bin, corner)) {
        line += fmt::format(" {}={}", figure, formatExact(value));
        if (line.size() > 90) {
            text += line + '\n';
            line = "+";
        }
    }
    if (line.size() > 1) text += line + '\n';
}

/// The lines that make ngspice read a library's sections of a corner.
std::string libraryText(const Technology::Library& library, const std::string& corner) {
    // The digest makes what is hashed from this text follow the library's content.
    std::string text = fmt::format("* {}\n", library.digest);
    for (const std::string& line : library.before)
        text += line + '\n';
    const auto sections = library.sections.find(corner);
    if (sections == library.sections.end()) return text;
    for (const std::string& section : sections->second)
        text += section.empty() ? fmt::format(".include \"{}\"\n", library.file.string())
                                : fmt::format(".lib \"{}\" {}\n", library.file.string(), section);
    return text;
}

bool isUsed(const std::vector<ModelUse>& uses, const std::string& model, std::size_t bin) {
    return uses.empty() ||
           std::find(uses.begin(), uses.end(), ModelUse{model, static_cast<int>(bin)}) != uses.end();
}

} // namespace

const MosfetRules* Technology::rulesFor(const netlist::Device& device) const {
    const std::string name = netlist::lowerCase(device.model);
    for (const MosfetRules& rules : mosfets)
        if (standsFor(rules, name)) return &rules;
    if (!device.polarity) return nullptr;
    for (const MosfetRules& rules : mosfets)
        if (rules.polarity == *device.polarity) return &rules;
    return nullptr;
}

bool Technology::knowsModel(std::string_view modelName) const {
    const std::string lowered = netlist::lowerCase(modelName);
    return std::any_of(mosfets.begin(), mosfets.end(),
                       [&](const MosfetRules& rules) { return standsFor(rules, lowered); });
}

Result<void> Technology::requireCorner(std::string_view corner) const {
    const bool isKnown = corner.empty() ? !corners.empty()
                                        : std::find(corners.begin(), corners.end(), corner) != corners.end();
    if (isKnown) return {};
    return fail(ErrorCode::NotFound, fmt::format("Technology {} has no corner \"{}\"; it has {}.", name,
                                                 corner, fmt::join(corners, ", ")));
}

Result<std::string> Technology::modelText(std::string_view corner, const std::vector<ModelUse>& uses,
                                          const std::string* excerpt) const {
    if (const Result<void> known = requireCorner(corner); !known) return forward(known);
    const std::string wanted = corner.empty() ? corners.front() : std::string(corner);
    for (const ModelUse& use : uses) {
        const auto card = cards.find(use.model);
        if (card == cards.end() && !library)
            return fail(ErrorCode::NotFound, fmt::format("Technology {} has no model {}.", name, use.model));
        const std::size_t bins = card == cards.end() ? 1 : std::max<std::size_t>(card->second.bins.size(), 1);
        if (use.bin < 0 || static_cast<std::size_t>(use.bin) >= bins)
            return fail(ErrorCode::NotFound, fmt::format("Model {} has no bin {}.", use.model, use.bin));
    }
    std::string text;
    if (library) text = excerpt != nullptr ? *excerpt : libraryText(*library, wanted);
    for (const auto& [cardName, card] : cards) {
        if (card.bins.empty() && isUsed(uses, cardName, 0)) appendCard(text, cardName, card, nullptr, wanted);
        for (std::size_t bin = 0; bin < card.bins.size(); ++bin)
            if (isUsed(uses, cardName, bin))
                appendCard(text, binName(cardName, static_cast<int>(bin)), card, &card.bins[bin], wanted);
    }
    return text;
}

std::vector<std::string> Technology::commandsBeforeDeck() const {
    std::vector<std::string> commands = library ? library->commands : std::vector<std::string>();
    const bool isBinned =
        std::any_of(cards.begin(), cards.end(), [](const auto& card) { return !card.second.bins.empty(); });
    if (isBinned) commands.emplace_back("set wnflag=1");
    return commands;
}

std::optional<int> Technology::binOf(const MosfetRules& rules, double fingerWidth, double length) const {
    const auto card = cards.find(rules.model);
    if (card == cards.end() || card->second.bins.empty()) return 0;
    // Where bins touch, ngspice takes the first one in the deck.
    const std::vector<Bin>& bins = card->second.bins;
    const auto found = std::find_if(bins.begin(), bins.end(), [&](const Bin& bin) {
        return holds(bin.minLength, bin.maxLength, length) && holds(bin.minWidth, bin.maxWidth, fingerWidth);
    });
    if (found == bins.end()) return std::nullopt;
    return static_cast<int>(found - bins.begin());
}

Result<int> Technology::requireBin(const MosfetRules& rules, double fingerWidth, double length) const {
    if (const std::optional<int> bin = binOf(rules, fingerWidth, length)) return *bin;
    Bin reach = cards.at(rules.model).bins.front();
    for (const Bin& bin : cards.at(rules.model).bins) {
        reach.minLength = std::min(reach.minLength, bin.minLength);
        reach.maxLength = std::max(reach.maxLength, bin.maxLength);
        reach.minWidth = std::min(reach.minWidth, bin.minWidth);
        reach.maxWidth = std::max(reach.maxWidth, bin.maxWidth);
    }
    const auto metres = [](double value) { return formatQuantity(value, "m", 6); };
    return fail(
        ErrorCode::Infeasible,
        fmt::format("The model {} holds no finger of W = {} and L = {}: its bins reach from W = {} to {} "
                    "and from L = {} to {}.",
                    rules.model, metres(fingerWidth), metres(length), metres(reach.minWidth),
                    metres(reach.maxWidth), metres(reach.minLength), metres(reach.maxLength)));
}

std::optional<double> Technology::figure(std::string_view model, std::string_view figureName, int bin,
                                         std::string_view corner) const {
    const auto card = cards.find(std::string(model));
    if (card == cards.end()) return std::nullopt;
    const std::string key(figureName);
    std::optional<double> value;
    const auto putOver = [&](const Figures& figures) {
        if (const auto found = figures.find(key); found != figures.end()) value = found->second;
    };
    const auto putOverAt = [&](const std::map<std::string, Figures>& differences) {
        const auto found = differences.find(std::string(corner));
        if (found != differences.end()) putOver(found->second);
    };
    const auto& bins = card->second.bins;
    const bool hasBin = bin >= 0 && static_cast<std::size_t>(bin) < bins.size();
    putOver(card->second.figures);
    if (hasBin) putOver(bins[static_cast<std::size_t>(bin)].figures);
    putOverAt(card->second.cornerFigures);
    if (hasBin) putOverAt(bins[static_cast<std::size_t>(bin)].cornerFigures);
    return value;
}

bool Technology::reloadsOnResize(const MosfetRules& rules) const {
    return library && !cards.contains(rules.model);
}

std::string Technology::fingerprint() const {
    std::string text =
        fmt::format("supply {} temperature {} bias {} load {} unit {}\n", formatExact(supplyVoltage),
                    formatExact(temperature), formatExact(biasCurrent), formatExact(loadCapacitance),
                    formatExact(lengthUnit));
    for (const MosfetRules& rules : mosfets) {
        text +=
            fmt::format("mosfet {} {} {}\n", rules.model, rules.polarity == netlist::Polarity::N ? 'n' : 'p',
                        netlist::lowerCase(fmt::format("{}", fmt::join(rules.aliases, " "))));
        text += fmt::format("mismatch {} {} {} {} inner {}", formatExact(rules.thresholdMismatch),
                            formatExact(rules.currentFactorMismatch), formatExact(rules.mismatchWidthOffset),
                            formatExact(rules.mismatchLengthOffset), rules.innerDevice);
        for (const auto& [parameter, libraryName] : rules.parameterNames)
            text += fmt::format(" {}={}", parameter, libraryName);
        text += '\n';
    }
    if (library) text += fmt::format("library {}\n", fmt::join(library->commands, "; "));
    for (const std::string& corner : corners)
        text += corner + '\n' + modelText(corner).value_or(std::string());
    return sha256(text);
}

std::string binName(std::string_view model, int bin) {
    return fmt::format("{}.{}", model, bin);
}

double snapToGrid(double metres, double grid, double low, double high) {
    const double snapped = grid > 0 ? std::round(metres / grid) * grid : metres;
    // The limits need not lie on the grid themselves; a value between them always wins.
    if (snapped < low) return low;
    if (snapped > high) return high;
    return snapped;
}

} // namespace headroom::technology
