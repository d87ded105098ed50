#include "core/powergrid/drop_model_card.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/quantity.h"
#include "core/base/yaml_document.h"

namespace headroom::powergrid {
namespace {

constexpr int kFormatVersion = 1;
constexpr const char* kCardFile = "model.yaml";
constexpr const char* kWeightFile = "weights.safetensors";

DropModelCard readCard(const YAML::Node& root) {
    DropModelCard card;
    const auto task = dropTaskFromName(root["task"].as<std::string>());
    if (!task) throw YAML::Exception(root["task"].Mark(), "unknown task");
    card.training.task = *task;
    const YAML::Node network = root["network"];
    card.training.network.inputs = network["inputs"].as<int>();
    card.training.network.width = network["width"].as<int>();
    card.training.network.levels = network["levels"].as<int>();
    card.training.network.skips = network["skips"].as<bool>();
    if (const auto valid = card.training.network.validate(); !valid)
        throw YAML::Exception(network.Mark(), valid.error().message);
    card.outputScale = root["output_scale"].as<double>();
    if (root["rough_scale"]) card.roughScale = root["rough_scale"].as<double>();
    if (card.training.task == DropTask::Grid) {
        card.technology = root["technology"].as<std::string>();
        card.training.roughIterations = root["rough_iterations"].as<int>();
        card.currentScale = root["current_scale"].as<double>();
        card.imbalanceScale = root["imbalance_scale"].as<double>();
        if (card.training.roughIterations < 1)
            throw YAML::Exception(root["rough_iterations"].Mark(), "no iterations to start from");
    }
    card.weightsHash = root["weights_sha256"].as<std::string>();
    const YAML::Node training = root["training"];
    card.training.sheets = training["sheets"].as<std::size_t>();
    card.training.side = training["side"].as<std::size_t>();
    card.training.seed = training["seed"].as<std::uint64_t>();
    UnetTraining& unet = card.training.unet;
    unet.epochs = training["epochs"].as<int>();
    unet.batchSize = training["batch_size"].as<int>();
    unet.learningRate = training["learning_rate"].as<double>();
    unet.weightDecay = training["weight_decay"].as<double>();
    unet.averageDecay = training["average_decay"].as<double>();
    unet.hotspotFocus = training["hotspot_focus"].as<double>();
    unet.turns = training["turns"].as<bool>();
    unet.validationShare = training["validation_share"].as<double>();
    card.bestEpoch = training["best_epoch"].as<int>();
    card.trainingSeconds = training["seconds"].as<double>();
    card.device = training["device"].as<std::string>();
    card.command = training["command"].as<std::string>();
    for (const auto& entry : root["evaluation"]) {
        const auto name = entry.first.as<std::string>();
        if (name == "command")
            card.metricsCommand = entry.second.as<std::string>();
        else
            card.metrics[name] = entry.second.as<double>();
    }
    return card;
}

} // namespace

const char* toString(DropTask task) {
    switch (task) {
    case DropTask::Formula:
        return "formula";
    case DropTask::Sheet:
        return "sheet";
    case DropTask::Correction:
        return "correction";
    case DropTask::Grid:
        return "grid";
    }
    return "";
}

std::optional<DropTask> dropTaskFromName(std::string_view name) {
    for (const DropTask task : kDropTasks) {
        if (name == toString(task)) return task;
    }
    return std::nullopt;
}

std::string unitOf(DropTask task) {
    return task == DropTask::Formula ? "" : "V";
}

std::string writeDropModelYaml(const DropModelCard& card) {
    YAML::Node root;
    root["format_version"] = kFormatVersion;
    root["kind"] = "ir_drop";
    root["task"] = toString(card.training.task);
    root["unit"] = unitOf(card.training.task);
    YAML::Node network;
    network["inputs"] = card.training.network.inputs;
    network["width"] = card.training.network.width;
    network["levels"] = card.training.network.levels;
    network["skips"] = card.training.network.skips;
    root["network"] = network;
    root["output_scale"] = formatExact(card.outputScale);
    if (card.training.task == DropTask::Correction || card.training.task == DropTask::Grid)
        root["rough_scale"] = formatExact(card.roughScale);
    if (card.training.task == DropTask::Grid) {
        root["technology"] = card.technology;
        root["rough_iterations"] = card.training.roughIterations;
        root["current_scale"] = formatExact(card.currentScale);
        root["imbalance_scale"] = formatExact(card.imbalanceScale);
    }
    root["weights_sha256"] = card.weightsHash;
    const UnetTraining& unet = card.training.unet;
    YAML::Node training;
    training["sheets"] = card.training.sheets;
    training["side"] = card.training.side;
    training["seed"] = card.training.seed;
    training["epochs"] = unet.epochs;
    training["batch_size"] = unet.batchSize;
    training["learning_rate"] = unet.learningRate;
    training["weight_decay"] = unet.weightDecay;
    training["average_decay"] = unet.averageDecay;
    training["hotspot_focus"] = unet.hotspotFocus;
    training["turns"] = unet.turns;
    training["validation_share"] = unet.validationShare;
    training["best_epoch"] = card.bestEpoch;
    training["seconds"] = card.trainingSeconds;
    training["device"] = card.device;
    training["command"] = card.command;
    root["training"] = training;
    for (const auto& [name, value] : card.metrics)
        root["evaluation"][name] = formatExact(value);
    if (!card.metrics.empty()) root["evaluation"]["command"] = card.metricsCommand;
    YAML::Emitter emitter;
    emitter.SetDoublePrecision(17);
    emitter << root;
    return std::string(emitter.c_str()) + "\n";
}

Result<DropModelCard> readDropModelYaml(const std::string& yaml, const std::string& fileName) {
    return readYamlAs<DropModelCard>(
        yaml, fileName, {{"ir_drop"}, kFormatVersion, "the card of a network for IR drop"}, readCard);
}

Result<void> writeDropModel(const std::filesystem::path& folder, DropModelCard card,
                            const compute::WeightFile& weights) {
    std::error_code code;
    std::filesystem::create_directories(folder, code);
    const std::string bytes = compute::serialise(weights);
    card.weightsHash = sha256(bytes);
    if (const auto written = writeFileAtomically(folder / kWeightFile, bytes); !written) return written;
    return writeFileAtomically(folder / kCardFile, writeDropModelYaml(card));
}

Result<StoredDropModel> readDropModel(const std::filesystem::path& folder) {
    const auto text = readFile(folder / kCardFile);
    if (!text) return forward(text);
    auto card = readDropModelYaml(*text, (folder / kCardFile).string());
    if (!card) return forward(card);
    const auto bytes = readFile(folder / kWeightFile);
    if (!bytes) return forward(bytes);
    if (sha256(*bytes) != card->weightsHash)
        return failAt(ErrorCode::Corrupt, (folder / kWeightFile).string(), 0,
                      "The weights are not those that the model's card was written for.");
    auto weights = compute::parseWeightFile(*bytes, (folder / kWeightFile).string());
    if (!weights) return forward(weights);
    return StoredDropModel{std::move(*card), std::move(*weights)};
}

} // namespace headroom::powergrid
