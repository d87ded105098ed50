#include "core/powergrid/grid_technology.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/base/yaml_fields.h"
#include "core/powergrid/node_place.h"

namespace headroom::powergrid {
namespace {

using yaml::raise;
using yaml::required;
using yaml::text;

/// Lengths that differ by less are one: figures in YAML are decimals.
constexpr double kSameUm = 1e-6;

/// A length, resistance or voltage. Far beyond these limits, figures are slips and their quotients overflow.
double figure(const YAML::Node& node, std::string_view key) {
    constexpr double kLeast = 1e-9, kMost = 1e9;
    const double value = yaml::positive(node, key);
    if (value < kLeast || value > kMost)
        raise(node, fmt::format("\"{}\" must lie between {} and {}.", key, kLeast, kMost));
    return value;
}

bool isMultiple(double length, double unit) {
    return std::abs(length - unit * std::round(length / unit)) < kSameUm;
}

std::vector<double> readPitches(const YAML::Node& node) {
    std::vector<double> pitches;
    if (node.IsSequence()) {
        for (const YAML::Node& each : node)
            pitches.push_back(figure(each, "pitch"));
        if (pitches.empty()) raise(node, "\"pitch\" is an empty list.");
    } else {
        pitches.push_back(figure(node, "pitch"));
    }
    const double finest = *std::min_element(pitches.begin(), pitches.end());
    for (const double each : pitches)
        if (!isMultiple(each, finest))
            raise(node, fmt::format("the pitch {} is no multiple of the smallest one, {}.", each, finest));
    return pitches;
}

double readResistance(const YAML::Node& node, const std::string& what) {
    const YAML::Node resistance = node["resistance"], sheet = node["sheet_resistance"], width = node["width"];
    if (resistance && (sheet || width))
        raise(node, fmt::format("{} has both \"resistance\" and a sheet's resistance and width.", what));
    if (!sheet && !width) return figure(required(node, "resistance", what), "resistance");
    return figure(required(node, "sheet_resistance", what), "sheet_resistance") /
           figure(required(node, "width", what), "width");
}

GridLayer readLayer(const YAML::Node& node, bool isLowest) {
    yaml::allowOnly(
        node, "a layer",
        {"name", "direction", "resistance", "sheet_resistance", "width", "pitch", "offset", "via"});
    GridLayer layer;
    const YAML::Node name = required(node, "name", "a layer");
    layer.name = text(name, "name");
    if (!placeOf(fmt::format("n1_{}_0_0", layer.name)))
        raise(name,
              fmt::format("the name \"{}\" is not letters and the number of a metal layer.", layer.name));
    const std::string what = "layer " + layer.name;
    const YAML::Node direction = required(node, "direction", what);
    layer.isAlongX = text(direction, "direction") == "x";
    if (!layer.isAlongX && text(direction, "direction") != "y")
        raise(direction, "\"direction\" must be x or y.");
    layer.ohmsPerUm = readResistance(node, what);
    layer.pitchesUm = readPitches(required(node, "pitch", what));
    if (const YAML::Node offset = node["offset"]) {
        layer.offsetUm = yaml::number(offset, "offset");
        if (!(layer.offsetUm >= 0 && layer.offsetUm < layer.finestPitchUm()))
            raise(offset, "\"offset\" must be 0 or more and less than the smallest pitch.");
    }
    if (!isLowest)
        layer.viaOhms = figure(required(node, "via", what), "via");
    else if (node["via"])
        raise(node["via"], fmt::format("{} is the lowest: there is nothing for a via to lead to.", what));
    return layer;
}

void readLayers(const YAML::Node& node, GridTechnology& technology) {
    if (!node.IsSequence()) raise(node, "\"layers\" must be a list.");
    for (const YAML::Node& each : node) {
        GridLayer layer = readLayer(each, technology.layers.empty());
        for (const GridLayer& other : technology.layers)
            if (other.name == layer.name) raise(each, fmt::format("layer {} is there twice.", layer.name));
        if (technology.layers.empty() && layer.pitchesUm.size() > 1)
            raise(each, fmt::format("{} is the lowest layer, which has the same pitch in all templates.",
                                    layer.name));
        if (!technology.layers.empty() && technology.layers.back().isAlongX == layer.isAlongX)
            raise(each, fmt::format("layers {} and {} run in the same direction, so that no via joins them.",
                                    technology.layers.back().name, layer.name));
        const std::size_t templates = technology.layers.empty() ? 1 : technology.templateCount();
        if (layer.pitchesUm.size() > 1 && templates > 1 && layer.pitchesUm.size() != templates)
            raise(each, fmt::format("layer {} has {} templates, a layer below has {}.", layer.name,
                                    layer.pitchesUm.size(), templates));
        technology.layers.push_back(std::move(layer));
    }
    if (technology.layers.size() < 2) raise(node, "a grid has two layers at least.");
}

std::size_t readPadLayer(const YAML::Node& node, const std::vector<GridLayer>& layers) {
    const std::string name = text(node, "pads");
    const auto found = std::find_if(layers.begin(), layers.end(),
                                    [&](const GridLayer& layer) { return layer.name == name; });
    if (found == layers.end()) raise(node, fmt::format("there is no layer \"{}\" for the pads.", name));
    return static_cast<std::size_t>(found - layers.begin());
}

GridTechnology read(const YAML::Node& root) {
    const char* const what = "a grid's technology";
    yaml::allowOnly(root, what,
                    {"name", "title", "source", "licence", "supply_voltage", "units_per_um", "taps",
                     "regions", "pads", "layers"});
    GridTechnology technology;
    technology.name = text(required(root, "name", what), "name");
    if (const YAML::Node node = root["title"]) technology.title = text(node, "title");
    if (const YAML::Node node = root["source"]) technology.source = text(node, "source");
    if (const YAML::Node node = root["licence"]) technology.licence = text(node, "licence");
    technology.supplyVolts = figure(required(root, "supply_voltage", what), "supply_voltage");
    if (const YAML::Node node = root["units_per_um"]) technology.unitsPerUm = figure(node, "units_per_um");
    if (const YAML::Node node = root["taps"]) technology.tapPitchUm = figure(node, "taps");
    if (const YAML::Node node = root["regions"]) technology.regionUm = figure(node, "regions");
    readLayers(required(root, "layers", what), technology);
    technology.padLayer = readPadLayer(required(root, "pads", what), technology.layers);
    return technology;
}

std::vector<std::string> shippedGridTechnologies() {
    std::vector<std::string> names;
    std::error_code code;
    for (const auto& entry : std::filesystem::directory_iterator(resourcePath("grid_technologies"), code))
        if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace

double GridLayer::finestPitchUm() const {
    return *std::min_element(pitchesUm.begin(), pitchesUm.end());
}

std::size_t GridTechnology::templateCount() const {
    std::size_t count = 1;
    for (const GridLayer& layer : layers)
        count = std::max(count, layer.pitchesUm.size());
    return count;
}

Result<GridTechnology> parseGridTechnology(const std::string& yaml, const std::string& fileName) {
    try {
        return read(YAML::Load(yaml));
    } catch (const yaml::Problem& problem) {
        return failAt(ErrorCode::BadInput, fileName, problem.line,
                      "The grid's technology cannot be used: " + problem.message);
    } catch (const YAML::Exception& exception) {
        return failAt(ErrorCode::BadInput, fileName, exception.mark.line + 1,
                      fmt::format("The grid's technology is no valid YAML: {}.", exception.msg));
    }
}

Result<GridTechnology> loadGridTechnology(const std::string& nameOrPath) {
    const bool isName = nameOrPath.find('/') == std::string::npos && !nameOrPath.ends_with(".yaml");
    const std::filesystem::path path = isName ? resourcePath("grid_technologies/" + nameOrPath + ".yaml")
                                              : std::filesystem::path(nameOrPath);
    const auto yaml = readFile(path);
    if (!yaml && isName && yaml.error().code == ErrorCode::NotFound)
        return fail(ErrorCode::NotFound,
                    fmt::format("There is no technology of a grid \"{}\"; shipped are {}.", nameOrPath,
                                fmt::join(shippedGridTechnologies(), ", ")));
    if (!yaml) return forward(yaml);
    return parseGridTechnology(*yaml, path.string());
}

} // namespace headroom::powergrid
