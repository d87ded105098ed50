#include "core/sizing/model_card.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "core/base/quantity.h"
#include "core/base/yaml_document.h"

namespace headroom::sizing {
namespace {

constexpr int kFormatVersion = 1;

YAML::Node flow(YAML::Node node) {
    node.SetStyle(YAML::EmitterStyle::Flow);
    return node;
}

YAML::Node writeNormaliser(const regression::Normaliser& normaliser) {
    YAML::Node node;
    node["mean"] = formatExact(normaliser.mean);
    node["deviation"] = formatExact(normaliser.deviation);
    return node;
}

YAML::Node writeNetwork(const NetworkDescription& network) {
    YAML::Node node;
    node["name"] = network.name;
    YAML::Node variables(YAML::NodeType::Sequence);
    for (const std::size_t variable : network.variables)
        variables.push_back(variable);
    node["variables"] = flow(variables);
    YAML::Node shape;
    shape["width"] = network.denoiser.width;
    shape["depth"] = network.denoiser.depth;
    shape["heads"] = network.denoiser.heads;
    shape["feed_forward"] = network.denoiser.feedForward;
    shape["diffusion_steps"] = network.denoiser.diffusionSteps;
    for (const std::vector<int>& group : network.denoiser.groups) {
        YAML::Node tokens(YAML::NodeType::Sequence);
        for (const int token : group)
            tokens.push_back(token);
        shape["groups"].push_back(flow(tokens));
    }
    node["denoiser"] = flow(shape);
    return node;
}

YAML::Node writeTraining(const ModelDescription& description) {
    const diffusion::TrainingConfig& training = description.training;
    YAML::Node node;
    node["epochs"] = training.epochs;
    node["batch_size"] = training.batchSize;
    node["learning_rate"] = training.learningRate;
    node["weight_decay"] = training.weightDecay;
    node["condition_dropout"] = training.conditionDropout;
    node["average_decay"] = training.averageDecay;
    node["validation_share"] = training.validationShare;
    if (training.patience > 0) node["patience"] = training.patience;
    node["seed"] = description.card.seed;
    node["rows"] = description.card.trainingRows;
    node["seconds"] = description.card.trainingSeconds;
    node["forward_model_seconds"] = description.card.forwardModelSeconds;
    node["device"] = description.card.device;
    node["command"] = description.card.command;
    return node;
}

void writeOrigin(const ModelCard& card, YAML::Node& root) {
    for (const std::string& line : card.origin.devices)
        root["devices"].push_back(line);
    if (card.origin.technologyFingerprint.empty()) return;
    root["technology_fingerprint"] = card.origin.technologyFingerprint;
    for (const auto& [key, value] : card.origin.conditions)
        root["technology_conditions"][key] = formatExact(value);
}

void readOrigin(const YAML::Node& root, ModelCard& card) {
    for (const YAML::Node& line : root["devices"])
        card.origin.devices.push_back(line.as<std::string>());
    card.origin.technologyFingerprint = root["technology_fingerprint"].as<std::string>("");
    for (const auto& entry : root["technology_conditions"])
        card.origin.conditions[entry.first.as<std::string>()] = entry.second.as<double>();
}

void writeNames(const std::vector<Performance>& performances, YAML::Node node) {
    for (const Performance performance : performances)
        node.push_back(simulation::info(performance).name);
}

std::vector<Performance> readNames(const YAML::Node& node) {
    std::vector<Performance> performances;
    for (const YAML::Node& name : node) {
        const auto performance = simulation::performanceFromName(name.as<std::string>());
        if (!performance) throw YAML::Exception(node.Mark(), "unknown performance");
        performances.push_back(*performance);
    }
    return performances;
}

regression::Normaliser readNormaliser(const YAML::Node& node, bool logarithmic) {
    return {logarithmic, node["mean"].as<double>(), node["deviation"].as<double>()};
}

NetworkDescription readNetwork(const YAML::Node& node, std::size_t variableCount,
                               std::size_t conditionCount) {
    NetworkDescription network;
    network.name = node["name"].as<std::string>();
    network.variables = node["variables"].as<std::vector<std::size_t>>();
    for (const std::size_t variable : network.variables) {
        if (variable >= variableCount)
            throw YAML::Exception(node.Mark(), "a network names a variable that is not there");
    }
    const YAML::Node shape = node["denoiser"];
    network.denoiser.tokens = static_cast<int>(network.variables.size());
    network.denoiser.conditions = static_cast<int>(conditionCount);
    network.denoiser.width = shape["width"].as<int>();
    network.denoiser.depth = shape["depth"].as<int>();
    network.denoiser.heads = shape["heads"].as<int>();
    network.denoiser.feedForward = shape["feed_forward"].as<int>();
    network.denoiser.diffusionSteps = shape["diffusion_steps"].as<int>();
    for (const YAML::Node& group : shape["groups"])
        network.denoiser.groups.push_back(group.as<std::vector<int>>());
    if (const auto valid = network.denoiser.validate(); !valid) {
        throw YAML::Exception(node.Mark(), valid.error().message);
    }
    return network;
}

void readTraining(const YAML::Node& node, ModelDescription& description) {
    description.training.epochs = node["epochs"].as<int>();
    description.training.batchSize = node["batch_size"].as<int>();
    description.training.learningRate = node["learning_rate"].as<double>();
    description.training.weightDecay = node["weight_decay"].as<double>();
    description.training.conditionDropout = node["condition_dropout"].as<double>();
    description.training.averageDecay = node["average_decay"].as<double>();
    description.training.validationShare = node["validation_share"].as<double>(0.0);
    description.training.patience = node["patience"].as<int>(0);
    description.card.seed = node["seed"].as<std::uint64_t>();
    description.card.trainingRows = node["rows"].as<std::size_t>();
    description.card.trainingSeconds = node["seconds"].as<double>();
    description.card.forwardModelSeconds = node["forward_model_seconds"].as<double>(0.0);
    description.card.device = node["device"].as<std::string>();
    description.card.command = node["command"].as<std::string>();
}

ModelDescription readDescription(const YAML::Node& root) {
    ModelDescription description;
    const auto method = methodFromName(root["method"].as<std::string>());
    if (!method) throw YAML::Exception(root["method"].Mark(), "unknown method");
    description.card.method = *method;
    description.card.circuit = root["circuit"].as<std::string>();
    description.card.technology = root["technology"].as<std::string>();
    description.card.netlistFile = root["netlist"].as<std::string>("");
    description.card.datasetFolder = root["dataset"].as<std::string>("");
    description.card.netlistHash = root["netlist_sha256"].as<std::string>();
    description.card.datasetHash = root["dataset_sha256"].as<std::string>();
    description.weightsHash = root["weights_sha256"].as<std::string>();
    for (const YAML::Node& node : root["variables"]) {
        description.variableNames.push_back(node["name"].as<std::string>());
        description.normalisation.variables.push_back(readNormaliser(node, true));
    }
    for (const YAML::Node& node : root["performances"]) {
        const auto performance = simulation::performanceFromName(node["name"].as<std::string>());
        if (!performance) throw YAML::Exception(node.Mark(), "unknown performance");
        description.performances.push_back(*performance);
        description.normalisation.performances.push_back(readNormaliser(node, isLogarithmic(*performance)));
        description.performanceRanges.emplace_back(node["low"].as<double>(), node["high"].as<double>());
    }
    for (const YAML::Node& node : root["networks"]) {
        description.networks.push_back(
            readNetwork(node, description.variableNames.size(), description.performances.size()));
    }
    readTraining(root["training"], description);
    readOrigin(root, description.card);
    description.card.leftOut = readNames(root["left_out"]);
    description.card.unexplained = readNames(root["unexplained"]);
    for (const auto& entry : root["evaluation"]) {
        const auto name = entry.first.as<std::string>();
        if (name == "command")
            description.card.metricsCommand = entry.second.as<std::string>();
        else
            description.card.metrics[name] = entry.second.as<double>();
    }
    return description;
}

} // namespace

const char* toString(Method method) {
    switch (method) {
    case Method::Joint:
        return "joint";
    case Method::Coordinated:
        return "coordinated";
    case Method::Blocks:
        break;
    }
    return "blocks";
}

std::optional<Method> methodFromName(std::string_view name) {
    for (const Method method : {Method::Blocks, Method::Joint, Method::Coordinated}) {
        if (name == toString(method)) return method;
    }
    return std::nullopt;
}

std::string writeModelYaml(const ModelDescription& description) {
    YAML::Node root;
    root["format_version"] = kFormatVersion;
    root["kind"] = "sizing";
    root["method"] = toString(description.card.method);
    root["circuit"] = description.card.circuit;
    root["technology"] = description.card.technology;
    root["netlist"] = description.card.netlistFile;
    root["dataset"] = description.card.datasetFolder;
    root["netlist_sha256"] = description.card.netlistHash;
    root["dataset_sha256"] = description.card.datasetHash;
    root["weights_sha256"] = description.weightsHash;
    for (std::size_t i = 0; i < description.variableNames.size(); ++i) {
        YAML::Node node = writeNormaliser(description.normalisation.variables[i]);
        node["name"] = description.variableNames[i];
        root["variables"].push_back(flow(node));
    }
    for (std::size_t i = 0; i < description.performances.size(); ++i) {
        YAML::Node node = writeNormaliser(description.normalisation.performances[i]);
        node["name"] = simulation::info(description.performances[i]).name;
        node["low"] = formatExact(description.performanceRanges[i].first);
        node["high"] = formatExact(description.performanceRanges[i].second);
        root["performances"].push_back(flow(node));
    }
    for (const NetworkDescription& network : description.networks)
        root["networks"].push_back(writeNetwork(network));
    root["training"] = writeTraining(description);
    writeOrigin(description.card, root);
    if (!description.card.leftOut.empty()) writeNames(description.card.leftOut, root["left_out"]);
    if (!description.card.unexplained.empty()) writeNames(description.card.unexplained, root["unexplained"]);
    for (const auto& [name, value] : description.card.metrics)
        root["evaluation"][name] = formatExact(value);
    if (!description.card.metrics.empty()) root["evaluation"]["command"] = description.card.metricsCommand;
    YAML::Emitter emitter;
    emitter.SetDoublePrecision(17);
    emitter << root;
    return std::string(emitter.c_str()) + "\n";
}

Result<ModelDescription> readModelYaml(const std::string& yaml, const std::string& fileName) {
    return readYamlAs<ModelDescription>(
        yaml, fileName, {{"sizing"}, kFormatVersion, "the card of a sizing model"}, readDescription);
}

} // namespace headroom::sizing
