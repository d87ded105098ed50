#include "core/delay/generator_file.h"

#include <utility>
#include <vector>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/quantity.h"
#include "core/base/yaml_document.h"

namespace headroom::delay {
namespace {

constexpr int kFormatVersion = 1;
constexpr const char* kKind = "row_generator";
constexpr const char* kCardFile = "model.yaml";
constexpr const char* kWeightFile = "weights.safetensors";

YAML::Node flow(YAML::Node node) {
    node.SetStyle(YAML::EmitterStyle::Flow);
    return node;
}

YAML::Node writeColumns(const Table& columns) {
    YAML::Node all(YAML::NodeType::Sequence);
    for (const Column& column : columns.columns) {
        YAML::Node one;
        one["name"] = column.name;
        if (!column.unit.empty()) one["unit"] = column.unit;
        for (const std::string& category : column.categories)
            one["categories"].push_back(category);
        all.push_back(flow(one));
    }
    return all;
}

Table readColumns(const YAML::Node& node) {
    Table table;
    for (const YAML::Node& one : node) {
        Column column;
        column.name = one["name"].as<std::string>();
        column.unit = one["unit"].as<std::string>("");
        column.categories = one["categories"].as<std::vector<std::string>>(std::vector<std::string>());
        column.kind = column.categories.empty() ? ColumnKind::Number : ColumnKind::Category;
        table.columns.push_back(std::move(column));
    }
    return table;
}

YAML::Node writeOptions(const GeneratorOptions& options) {
    YAML::Node node;
    node["noise"] = formatExact(options.noise);
    node["neighbours"] = options.neighbours;
    node["epochs"] = options.epochs;
    node["diffusion_steps"] = options.diffusionSteps;
    node["first_beta"] = formatExact(options.firstBeta);
    node["last_beta"] = formatExact(options.lastBeta);
    node["refined"] = options.refined;
    return node;
}

GeneratorOptions readOptions(const YAML::Node& node) {
    GeneratorOptions options;
    options.noise = node["noise"].as<double>();
    options.neighbours = node["neighbours"].as<std::size_t>();
    options.epochs = node["epochs"].as<int>();
    options.diffusionSteps = node["diffusion_steps"].as<int>();
    options.firstBeta = node["first_beta"].as<double>();
    options.lastBeta = node["last_beta"].as<double>();
    options.refined = node["refined"].as<bool>();
    return options;
}

/// The card and the state, less the weights.
std::string writeYaml(const GeneratorCard& card, const GeneratorState& state,
                      const std::string& weightsHash) {
    YAML::Node root;
    root["format_version"] = kFormatVersion;
    root["kind"] = kKind;
    root["method"] = card.method;
    root["options"] = writeOptions(card.options);
    root["target"] = card.target;
    root["columns"] = writeColumns(state.columns);
    YAML::Node training;
    training["rows"] = card.rows;
    training["seed"] = card.seed;
    training["seconds"] = formatExact(card.seconds);
    training["command"] = card.command;
    root["training"] = training;
    if (!weightsHash.empty()) root["weights_sha256"] = weightsHash;
    for (const auto& [name, values] : state.numbers.all()) {
        YAML::Node numbers(YAML::NodeType::Sequence);
        for (const double value : values)
            numbers.push_back(formatExact(value));
        root["numbers"][name] = flow(numbers);
    }
    YAML::Emitter emitter;
    emitter << root;
    return std::string(emitter.c_str()) + "\n";
}

/// What model.yaml says.
struct Description {
    GeneratorCard card;
    GeneratorState state;
    std::string weightsHash; ///< empty: no network
};

Description readDescription(const YAML::Node& root) {
    Description description;
    description.card.method = root["method"].as<std::string>();
    description.card.options = readOptions(root["options"]);
    description.card.target = root["target"].as<std::string>();
    description.state.columns = readColumns(root["columns"]);
    const YAML::Node training = root["training"];
    description.card.rows = training["rows"].as<std::size_t>();
    description.card.seed = training["seed"].as<std::uint64_t>();
    description.card.seconds = training["seconds"].as<double>();
    description.card.command = training["command"].as<std::string>("");
    description.weightsHash = root["weights_sha256"].as<std::string>("");
    for (const auto& entry : root["numbers"])
        description.state.numbers.put(entry.first.as<std::string>(), entry.second.as<std::vector<double>>());
    return description;
}

Result<Description> readYaml(const std::string& yaml, const std::string& fileName) {
    return readYamlAs<Description>(
        yaml, fileName, {{kKind}, kFormatVersion, "the card of a generator of rows"}, readDescription);
}

Error inFile(Error error, const std::filesystem::path& file) {
    if (error.file.empty()) error.file = file.string();
    return error;
}

} // namespace

Result<void> writeGenerator(const std::filesystem::path& folder, const Generator& generator,
                            const GeneratorCard& card) {
    const auto state = generator.state();
    if (!state) return forward(state);
    std::string hash;
    if (!state->weights.tensors.empty()) {
        const std::string bytes = compute::serialise(state->weights);
        hash = sha256(bytes);
        if (auto written = writeFileAtomically(folder / kWeightFile, bytes); !written) return written;
    }
    return writeFileAtomically(folder / kCardFile, writeYaml(card, *state, hash));
}

Result<StoredGenerator> readGenerator(const std::filesystem::path& folder, compute::DeviceChoice device) {
    const auto file = folder / kCardFile;
    const auto text = readFile(file);
    if (!text) return forward(text);
    auto description = readYaml(*text, file.string());
    if (!description) return forward(description);
    if (!description->weightsHash.empty()) {
        const auto bytes = readFile(folder / kWeightFile);
        if (!bytes) return forward(bytes);
        if (sha256(*bytes) != description->weightsHash)
            return failAt(ErrorCode::Corrupt, (folder / kWeightFile).string(), 0,
                          "The weights are not those that the generator's card was written for.");
        auto weights = compute::parseWeightFile(*bytes, (folder / kWeightFile).string());
        if (!weights) return forward(weights);
        description->state.weights = std::move(*weights);
    }
    const Table& columns = description->state.columns;
    const auto target = columns.column(description->card.target);
    if (!target)
        return failAt(ErrorCode::Corrupt, file.string(), 0, "The generator's target is none of its columns.");
    GeneratorOptions options = description->card.options;
    options.device = device;
    auto generator = makeGenerator(description->card.method, columns, *target, options);
    if (!generator) return tl::unexpected<Error>(inFile(generator.error(), file));
    if (const auto restored = (*generator)->restore(description->state); !restored)
        return tl::unexpected<Error>(inFile(restored.error(), file));
    return StoredGenerator{std::move(description->card), columns, std::move(*generator)};
}

} // namespace headroom::delay
