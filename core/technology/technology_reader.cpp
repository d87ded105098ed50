#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/base/yaml_fields.h"
#include "core/technology/technology.h"

namespace headroom::technology {
namespace {

constexpr int maximumBaseDepth = 4;

using yaml::allowOnly;
using yaml::number;
using yaml::positive;
using yaml::Problem;
using yaml::raise;
using yaml::required;
using yaml::text;
using yaml::texts;

std::map<std::string, double> figures(const YAML::Node& node, std::string_view key) {
    if (!node.IsMap()) raise(node, fmt::format("\"{}\" must be a map of figures.", key));
    std::map<std::string, double> result;
    for (const auto& entry : node) {
        const std::string name = entry.first.Scalar();
        if (!result.emplace(name, number(entry.second, name)).second)
            raise(entry.first, fmt::format("\"{}\" is given twice.", name));
    }
    return result;
}

void readRange(const YAML::Node& node, std::string_view key, double& low, double& high) {
    if (!node.IsSequence() || node.size() != 2)
        raise(node, fmt::format("\"{}\" must be a pair [smallest, largest].", key));
    low = positive(node[0], key);
    high = positive(node[1], key);
    if (high < low) raise(node, fmt::format("\"{}\" must rise from smallest to largest.", key));
}

MosfetRules readMosfet(const YAML::Node& node) {
    allowOnly(node, "a MOSFET type", {"model", "polarity", "aliases", "width", "length"});
    MosfetRules rules;
    rules.model = text(required(node, "model", "a MOSFET type"), "model");
    const YAML::Node polarityNode = required(node, "polarity", rules.model);
    const std::string polarity = text(polarityNode, "polarity");
    if (polarity != "n" && polarity != "p") raise(polarityNode, "\"polarity\" must be n or p.");
    rules.polarity = polarity == "n" ? netlist::Polarity::N : netlist::Polarity::P;
    if (const YAML::Node aliases = node["aliases"]) rules.aliases = texts(aliases, "aliases");
    readRange(required(node, "width", rules.model), "width", rules.minWidth, rules.maxWidth);
    readRange(required(node, "length", rules.model), "length", rules.minLength, rules.maxLength);
    return rules;
}

Technology::ModelCard readCard(const YAML::Node& node, const std::string& name,
                               const std::vector<std::string>& corners) {
    allowOnly(node, "card " + name, {"type", "level", "version", "figures", "corners"});
    Technology::ModelCard card;
    const YAML::Node typeNode = required(node, "type", "card " + name);
    card.type = text(typeNode, "type");
    if (card.type != "nmos" && card.type != "pmos") raise(typeNode, "\"type\" must be nmos or pmos.");
    if (const YAML::Node level = node["level"]) card.level = static_cast<int>(positive(level, "level"));
    if (const YAML::Node version = node["version"]) card.version = text(version, "version");
    card.figures = figures(required(node, "figures", "card " + name), "figures");
    if (const YAML::Node differences = node["corners"]) {
        if (!differences.IsMap()) raise(differences, "\"corners\" of a card must be a map.");
        for (const auto& entry : differences) {
            const std::string corner = entry.first.Scalar();
            if (std::find(corners.begin(), corners.end(), corner) == corners.end())
                raise(entry.first, fmt::format("card {} has the unknown corner \"{}\".", name, corner));
            card.cornerFigures[corner] = figures(entry.second, corner);
        }
    }
    return card;
}

void readConditions(const YAML::Node& root, Technology& technology) {
    if (const YAML::Node node = root["name"]) technology.name = text(node, "name");
    if (const YAML::Node node = root["title"]) technology.title = text(node, "title");
    if (const YAML::Node node = root["source"]) technology.source = text(node, "source");
    if (const YAML::Node node = root["licence"]) technology.licence = text(node, "licence");
    if (const YAML::Node node = root["supply_voltage"])
        technology.supplyVoltage = positive(node, "supply_voltage");
    if (const YAML::Node node = root["temperature"]) {
        technology.temperature = number(node, "temperature");
        if (!(technology.temperature > -273.15)) raise(node, "\"temperature\" is below absolute zero.");
    }
    if (const YAML::Node node = root["grid"]) technology.grid = positive(node, "grid");
    if (const YAML::Node node = root["bias_current"]) technology.biasCurrent = positive(node, "bias_current");
    if (const YAML::Node node = root["load_capacitance"])
        technology.loadCapacitance = positive(node, "load_capacitance");
    if (const YAML::Node node = root["corners"]) {
        technology.corners = texts(node, "corners");
        if (technology.corners.empty()) raise(node, "\"corners\" must name the nominal corner at least.");
    }
}

/// Every promise of Technology that the keys alone do not make.
void check(const YAML::Node& root, const Technology& technology) {
    if (technology.name.empty()) raise(root, "\"name\" is missing.");
    if (!(technology.supplyVoltage > 0)) raise(root, "\"supply_voltage\" is missing.");
    if (technology.corners.empty()) raise(root, "\"corners\" is missing.");
    if (technology.mosfets.empty()) raise(root, "\"mosfets\" is missing or empty.");
    for (const MosfetRules& rules : technology.mosfets) {
        const auto card = technology.cards.find(rules.model);
        if (card == technology.cards.end()) raise(root, fmt::format("model {} has no card.", rules.model));
        const bool isN = rules.polarity == netlist::Polarity::N;
        if (card->second.type != (isN ? "nmos" : "pmos"))
            raise(root, fmt::format("model {} and its card differ in polarity.", rules.model));
    }
}

Technology read(const YAML::Node& root, const std::string& fileName, int depth);

Technology readBase(const YAML::Node& node, const std::string& fileName, int depth) {
    const std::string base = text(node, "based_on");
    if (depth >= maximumBaseDepth) raise(node, "\"based_on\" leads round in circles.");
    std::filesystem::path path = resourcePath("technologies/" + base + ".yaml");
    if (base.ends_with(".yaml")) path = std::filesystem::path(fileName).parent_path() / base;
    const Result<std::string> yaml = readFile(path);
    if (!yaml) raise(node, fmt::format("\"based_on\" names {}, which cannot be read.", base));
    try {
        return read(YAML::Load(*yaml), path.string(), depth + 1);
    } catch (const Problem& problem) {
        raise(node, fmt::format("its base {}, line {}: {}", path.string(), problem.line, problem.message));
    }
}

Technology read(const YAML::Node& root, const std::string& fileName, int depth) {
    allowOnly(root, "a technology",
              {"name", "title", "source", "licence", "supply_voltage", "temperature", "grid", "bias_current",
               "load_capacitance", "corners", "mosfets", "cards", "based_on"});
    Technology technology;
    if (const YAML::Node base = root["based_on"]) technology = readBase(base, fileName, depth);
    readConditions(root, technology);
    if (const YAML::Node mosfets = root["mosfets"]) {
        if (!mosfets.IsSequence()) raise(mosfets, "\"mosfets\" must be a list.");
        technology.mosfets.clear();
        for (const YAML::Node& node : mosfets)
            technology.mosfets.push_back(readMosfet(node));
    }
    if (const YAML::Node cards = root["cards"]) {
        if (!cards.IsMap()) raise(cards, "\"cards\" must be a map.");
        for (const auto& entry : cards) {
            const std::string name = entry.first.Scalar();
            technology.cards[name] = readCard(entry.second, name, technology.corners);
        }
    }
    check(root, technology);
    return technology;
}

} // namespace

Result<Technology> parseTechnology(const std::string& yaml, const std::string& fileName) {
    try {
        return read(YAML::Load(yaml), fileName, 0);
    } catch (const Problem& problem) {
        return failAt(ErrorCode::BadInput, fileName, problem.line,
                      "The technology cannot be used: " + problem.message);
    } catch (const YAML::Exception& exception) {
        return failAt(ErrorCode::BadInput, fileName, exception.mark.line + 1,
                      fmt::format("The technology is no valid YAML: {}.", exception.msg));
    }
}

Result<Technology> loadTechnology(const std::string& nameOrPath) {
    const std::filesystem::path shipped = resourcePath("technologies/" + nameOrPath + ".yaml");
    const bool isName = nameOrPath.find('/') == std::string::npos && !nameOrPath.ends_with(".yaml");
    const std::filesystem::path path = isName ? shipped : std::filesystem::path(nameOrPath);
    const Result<std::string> yaml = readFile(path);
    if (!yaml && isName && yaml.error().code == ErrorCode::NotFound) {
        return fail(ErrorCode::NotFound, fmt::format("There is no technology \"{}\"; shipped are {}.",
                                                     nameOrPath, fmt::join(shippedTechnologies(), ", ")));
    }
    if (!yaml) return forward(yaml);
    return parseTechnology(*yaml, path.string());
}

std::vector<std::string> shippedTechnologies() {
    std::vector<std::string> names;
    std::error_code code;
    for (const auto& entry : std::filesystem::directory_iterator(resourcePath("technologies"), code))
        if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace headroom::technology
