#include <algorithm>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/base/yaml_fields.h"
#include "core/technology/reading.h"

namespace headroom::technology {
namespace {

constexpr std::size_t maximumBases = 4;

using yaml::allowOnly;
using yaml::number;
using yaml::positive;
using yaml::Problem;
using yaml::raise;
using yaml::required;
using yaml::text;
using yaml::texts;

double notNegative(const YAML::Node& node, std::string_view key) {
    const double value = number(node, key);
    if (!(value >= 0)) raise(node, fmt::format("\"{}\" must not be negative.", key));
    return value;
}

void readMismatch(const YAML::Node& node, MosfetRules& rules) {
    allowOnly(node, "a mismatch", {"threshold", "current_factor", "width_offset", "length_offset"});
    if (const YAML::Node value = node["threshold"]) rules.thresholdMismatch = notNegative(value, "threshold");
    if (const YAML::Node value = node["current_factor"])
        rules.currentFactorMismatch = notNegative(value, "current_factor");
    if (const YAML::Node value = node["width_offset"]) {
        rules.mismatchWidthOffset = number(value, "width_offset");
        if (!(rules.minWidth + rules.mismatchWidthOffset > 0))
            raise(value, "\"width_offset\" leaves nothing of the smallest width.");
    }
    if (const YAML::Node value = node["length_offset"]) {
        rules.mismatchLengthOffset = number(value, "length_offset");
        if (!(rules.minLength + rules.mismatchLengthOffset > 0))
            raise(value, "\"length_offset\" leaves nothing of the smallest length.");
    }
}

void readParameterNames(const YAML::Node& node, MosfetRules& rules) {
    allowOnly(node, "the parameter names", {"w", "l", "m", "nf"});
    for (const auto& entry : node) {
        const std::string name = text(entry.second, entry.first.Scalar());
        if (name.find_first_of(" \t\r\n=;`\"'") != std::string::npos)
            raise(entry.second, fmt::format("\"{}\" is no name of a parameter.", name));
        rules.parameterNames[entry.first.Scalar()] = name;
    }
}

MosfetRules readMosfet(const YAML::Node& node) {
    allowOnly(node, "a MOSFET type",
              {"model", "polarity", "aliases", "width", "length", "mismatch", "inner_device", "parameters"});
    MosfetRules rules;
    rules.model = text(required(node, "model", "a MOSFET type"), "model");
    const YAML::Node polarityNode = required(node, "polarity", rules.model);
    const std::string polarity = text(polarityNode, "polarity");
    if (polarity != "n" && polarity != "p") raise(polarityNode, "\"polarity\" must be n or p.");
    rules.polarity = polarity == "n" ? netlist::Polarity::N : netlist::Polarity::P;
    if (const YAML::Node aliases = node["aliases"]) rules.aliases = texts(aliases, "aliases");
    readRange(required(node, "width", rules.model), "width", rules.minWidth, rules.maxWidth);
    readRange(required(node, "length", rules.model), "length", rules.minLength, rules.maxLength);
    if (const YAML::Node mismatch = node["mismatch"]) readMismatch(mismatch, rules);
    if (const YAML::Node inner = node["inner_device"]) rules.innerDevice = text(inner, "inner_device");
    if (const YAML::Node parameters = node["parameters"]) readParameterNames(parameters, rules);
    return rules;
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

/// What a MOSFET type promises about its card or its library.
void checkMosfet(const YAML::Node& place, const MosfetRules& rules, const Technology& technology) {
    const auto card = technology.cards.find(rules.model);
    if (card == technology.cards.end()) {
        if (!technology.library) raise(place, fmt::format("model {} has no card.", rules.model));
        return;
    }
    if (!rules.innerDevice.empty())
        raise(place, fmt::format("model {} has a card, so that there is no device inside.", rules.model));
    const bool isN = rules.polarity == netlist::Polarity::N;
    if (card->second.type != (isN ? "nmos" : "pmos"))
        raise(place, fmt::format("model {} and its card differ in polarity.", rules.model));
    if (!card->second.bins.empty() && !coverSizes(card->second.bins, rules))
        raise(place, fmt::format("the limits of {} reach out of its bins.", rules.model));
}

/// Every promise of Technology that the keys alone do not make.
void check(const YAML::Node& root, const Technology& technology) {
    if (technology.name.empty()) raise(root, "\"name\" is missing.");
    if (!(technology.supplyVoltage > 0)) raise(root, "\"supply_voltage\" is missing.");
    if (technology.corners.empty()) raise(root, "\"corners\" is missing.");
    if (technology.mosfets.empty()) raise(root, "\"mosfets\" is missing or empty.");
    const YAML::Node mosfets = root["mosfets"];
    for (std::size_t index = 0; index < technology.mosfets.size(); ++index)
        checkMosfet(mosfets ? mosfets[index] : root, technology.mosfets[index], technology);
    if (!technology.library) return;
    for (const std::string& corner : technology.corners)
        if (!technology.library->sections.contains(corner))
            raise(root, fmt::format("corner {} has no section of the library.", corner));
}

/// The files that are being read, each based on the next.
using Chain = std::vector<std::filesystem::path>;

Technology read(const YAML::Node& root, const std::string& fileName, const Chain& chain);

std::filesystem::path realPath(const std::filesystem::path& path) {
    std::error_code code;
    const std::filesystem::path found = std::filesystem::weakly_canonical(path, code);
    return code ? path : found;
}

/// What a base is found to be wrong with on the way to it, which its own place says nothing about.
struct ChainProblem : Problem {};

[[noreturn]] void raiseChain(const YAML::Node& node, std::string message) {
    ChainProblem problem;
    problem.line = node.Mark().line + 1;
    problem.message = std::move(message);
    throw problem;
}

Technology readBase(const YAML::Node& node, const std::string& fileName, const Chain& chain) {
    const std::string base = text(node, "based_on");
    std::filesystem::path path = resourcePath("technologies/" + base + ".yaml");
    if (base.ends_with(".yaml")) path = std::filesystem::path(fileName).parent_path() / base;
    if (std::find(chain.begin(), chain.end(), realPath(path)) != chain.end())
        raiseChain(node, fmt::format("\"based_on\" leads in circles: {} is based on itself{}.",
                                     path.filename().string(), chain.size() > 1 ? " by way of others" : ""));
    if (chain.size() > maximumBases)
        raiseChain(node, fmt::format("\"based_on\" leads over more than {} files.", maximumBases));
    const Result<std::string> yaml = readFile(path);
    if (!yaml) raise(node, fmt::format("\"based_on\" names {}, which cannot be read.", base));
    try {
        Chain longer = chain;
        longer.push_back(realPath(path));
        return read(YAML::Load(*yaml), path.string(), longer);
    } catch (const ChainProblem& problem) {
        // One sentence, at the place where the user's own file begins the chain.
        raiseChain(node, problem.message);
    } catch (const Problem& problem) {
        raise(node, fmt::format("its base {}, line {}: {}", path.string(), problem.line, problem.message));
    }
}

Technology read(const YAML::Node& root, const std::string& fileName, const Chain& chain) {
    allowOnly(root, "a technology",
              {"name", "title", "source", "licence", "supply_voltage", "temperature", "grid", "bias_current",
               "load_capacitance", "corners", "mosfets", "cards", "library", "based_on"});
    Technology technology;
    if (const YAML::Node base = root["based_on"]) technology = readBase(base, fileName, chain);
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
    if (const YAML::Node library = root["library"]) readLibrary(library, fileName, technology);
    check(root, technology);
    return technology;
}

} // namespace

void readRange(const YAML::Node& node, std::string_view key, double& low, double& high) {
    if (!node.IsSequence() || node.size() != 2)
        raise(node, fmt::format("\"{}\" must be a pair [smallest, largest].", key));
    low = positive(node[0], key);
    high = positive(node[1], key);
    if (high < low) raise(node, fmt::format("\"{}\" must rise from smallest to largest.", key));
}

Result<Technology> parseTechnology(const std::string& yaml, const std::string& fileName) {
    try {
        return read(YAML::Load(yaml), fileName, {realPath(fileName)});
    } catch (const Problem& problem) {
        return failAt(ErrorCode::BadInput, fileName, problem.line,
                      "The technology cannot be used: " + problem.message);
    } catch (const YAML::Exception& exception) {
        return failAt(ErrorCode::BadInput, fileName, exception.mark.line + 1,
                      fmt::format("The technology is no valid YAML: {}.", exception.msg));
    }
}

namespace {

/// A program opens the same technology with every netlist, and a kit's binned cards take long to parse. What
/// depends on further files is read anew each time.
Result<Technology> parsedOnce(const std::string& yaml, const std::string& fileName) {
    if (yaml.find("based_on") != std::string::npos) return parseTechnology(yaml, fileName);
    struct Parsed {
        std::string fileName, yaml;
        Technology technology;
    };
    static std::mutex mutex;
    static std::optional<Parsed> last;
    const std::lock_guard lock(mutex);
    if (last && last->fileName == fileName && last->yaml == yaml) return last->technology;
    Result<Technology> technology = parseTechnology(yaml, fileName);
    if (technology && !technology->library) last = Parsed{fileName, yaml, *technology};
    return technology;
}

} // namespace

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
    return parsedOnce(*yaml, path.string());
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
