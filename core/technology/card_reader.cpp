#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

#include <fmt/format.h>

#include "core/base/quantity.h"
#include "core/technology/reading.h"

namespace headroom::technology {
namespace {

using Bin = Technology::Bin;
using yaml::allowOnly;
using yaml::number;
using yaml::positive;
using yaml::raise;
using yaml::required;
using yaml::text;

/// A number; binned cards have so many that yaml-cpp's conversion through a stream would be felt.
double figure(const YAML::Node& node, const std::string& name) {
    if (node.IsScalar()) {
        const std::string& text = node.Scalar();
        double value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error == std::errc() && end == text.data() + text.size() && std::isfinite(value)) return value;
    }
    return number(node, name);
}

/// Reads a map of figures. A figure is a number, or a list with one number per bin: @p ofBin says where the
/// latter go.
template <class OfBin>
std::map<std::string, double> readFigures(const YAML::Node& node, std::string_view key, std::size_t bins,
                                          OfBin ofBin) {
    if (!node.IsMap()) raise(node, fmt::format("\"{}\" must be a map of figures.", key));
    std::set<std::string> names;
    std::map<std::string, double> common;
    for (const auto& entry : node) {
        const std::string name = entry.first.Scalar();
        if (!names.insert(name).second) raise(entry.first, fmt::format("\"{}\" is given twice.", name));
        if (!entry.second.IsSequence()) {
            common[name] = figure(entry.second, name);
            continue;
        }
        if (bins == 0) raise(entry.second, fmt::format("\"{}\" is a list, but the card has no bins.", name));
        if (entry.second.size() != bins)
            raise(entry.second, fmt::format("\"{}\" must have one value for each of the {} bins, not {}.",
                                            name, bins, entry.second.size()));
        std::size_t bin = 0;
        for (const YAML::Node& value : entry.second)
            ofBin(bin++)[name] = figure(value, name);
    }
    return common;
}

double overlap(double low, double high, double otherLow, double otherHigh) {
    return std::max(0.0, std::min(high, otherHigh) - std::max(low, otherLow));
}

/// The area, in the plane of length and width, that a bin shares with a rectangle.
double sharedArea(const Bin& bin, const Bin& other) {
    return overlap(bin.minLength, bin.maxLength, other.minLength, other.maxLength) *
           overlap(bin.minWidth, bin.maxWidth, other.minWidth, other.maxWidth);
}

double areaOf(const Bin& bin) {
    return sharedArea(bin, bin);
}

/// Whether bins that do not overlap hold every size of a rectangle.
bool cover(const std::vector<Bin>& bins, const Bin& whole) {
    double covered = 0;
    for (const Bin& bin : bins)
        covered += sharedArea(bin, whole);
    return covered > areaOf(whole) * (1 - 1e-9);
}

Bin hull(const std::vector<Bin>& bins) {
    Bin whole = bins.front();
    for (const Bin& bin : bins) {
        whole.minLength = std::min(whole.minLength, bin.minLength);
        whole.maxLength = std::max(whole.maxLength, bin.maxLength);
        whole.minWidth = std::min(whole.minWidth, bin.minWidth);
        whole.maxWidth = std::max(whole.maxWidth, bin.maxWidth);
    }
    return whole;
}

std::vector<Bin> readBins(const YAML::Node& node, const std::string& card) {
    if (!node.IsSequence() || node.size() == 0) raise(node, "\"bins\" must be a list.");
    std::vector<Bin> bins;
    for (const YAML::Node& entry : node) {
        const std::string what = fmt::format("bin {} of card {}", bins.size(), card);
        allowOnly(entry, what, {"length", "width"});
        Bin bin;
        readRange(required(entry, "length", what), "length", bin.minLength, bin.maxLength);
        readRange(required(entry, "width", what), "width", bin.minWidth, bin.maxWidth);
        if (!(areaOf(bin) > 0)) raise(entry, fmt::format("{} is empty.", what));
        for (std::size_t other = 0; other < bins.size(); ++other)
            if (sharedArea(bin, bins[other]) > 1e-9 * areaOf(bin))
                raise(entry, fmt::format("{} overlaps bin {}.", what, other));
        bins.push_back(std::move(bin));
    }
    if (!cover(bins, hull(bins)))
        raise(node, fmt::format("the bins of card {} leave a gap between them.", card));
    return bins;
}

} // namespace

bool coverSizes(const std::vector<Bin>& bins, const MosfetRules& rules) {
    Bin wanted;
    wanted.minLength = rules.minLength;
    wanted.maxLength = rules.maxLength;
    wanted.minWidth = rules.minWidth;
    wanted.maxWidth = rules.maxWidth;
    // Bins leave no gap, so that the corners of the rectangle speak for it, be it as narrow as a line.
    const Bin whole = hull(bins);
    return wanted.minLength >= whole.minLength && wanted.maxLength <= whole.maxLength &&
           wanted.minWidth >= whole.minWidth && wanted.maxWidth <= whole.maxWidth;
}

Technology::ModelCard readCard(const YAML::Node& node, const std::string& name,
                               const std::vector<std::string>& corners) {
    allowOnly(node, "card " + name, {"type", "level", "version", "bins", "figures", "corners"});
    Technology::ModelCard card;
    const YAML::Node typeNode = required(node, "type", "card " + name);
    card.type = text(typeNode, "type");
    if (card.type != "nmos" && card.type != "pmos") raise(typeNode, "\"type\" must be nmos or pmos.");
    if (const YAML::Node level = node["level"]) card.level = static_cast<int>(positive(level, "level"));
    if (const YAML::Node version = node["version"]) card.version = text(version, "version");
    if (const YAML::Node bins = node["bins"]) card.bins = readBins(bins, name);
    card.figures = readFigures(
        required(node, "figures", "card " + name), "figures", card.bins.size(),
        [&](std::size_t bin) -> std::map<std::string, double>& { return card.bins[bin].figures; });
    const YAML::Node differences = node["corners"];
    if (!differences) return card;
    if (!differences.IsMap()) raise(differences, "\"corners\" of a card must be a map.");
    for (const auto& entry : differences) {
        const std::string corner = entry.first.Scalar();
        if (std::find(corners.begin(), corners.end(), corner) == corners.end())
            raise(entry.first, fmt::format("card {} has the unknown corner \"{}\".", name, corner));
        card.cornerFigures[corner] = readFigures(entry.second, corner, card.bins.size(),
                                                 [&](std::size_t bin) -> std::map<std::string, double>& {
                                                     return card.bins[bin].cornerFigures[corner];
                                                 });
    }
    return card;
}

} // namespace headroom::technology
