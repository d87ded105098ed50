#include "core/sizing/dataset_folder.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/yaml_document.h"

namespace headroom::sizing {
namespace {

constexpr int kFormatVersion = 1;
constexpr std::string_view kResourcePrefix = "resource:";

std::string writeCard(const DatasetFolder& content, const std::string& netlist, const std::string& hash) {
    YAML::Node root;
    root["format_version"] = kFormatVersion;
    root["kind"] = "sizing_dataset";
    root["netlist"] = netlist;
    root["technology"] = content.technology;
    root["rows"] = content.dataset.rows.size();
    root["rows_sha256"] = hash;
    root["seed"] = content.dataset.seed;
    YAML::Node settings;
    settings["selectivity"] = content.settings.selectivity;
    settings["saturation_margin"] = content.settings.saturationMargin;
    settings["minimum_phase_margin"] = content.settings.minimumPhaseMargin;
    settings["minimum_gain_db"] = content.settings.minimumGainDb;
    root["settings"] = settings;
    YAML::Node statistics;
    statistics["drawn"] = content.statistics.drawn;
    statistics["screened"] = content.statistics.screened;
    statistics["not_saturated"] = content.statistics.notSaturated;
    statistics["failed"] = content.statistics.failed;
    statistics["rejected"] = content.statistics.rejected;
    statistics["good"] = content.statistics.good;
    statistics["non_dominated"] = content.statistics.nonDominated;
    statistics["seconds"] = content.statistics.seconds;
    root["statistics"] = statistics;
    root["command"] = content.command;
    YAML::Emitter emitter;
    emitter << root;
    return std::string(emitter.c_str()) + "\n";
}

void readCard(const YAML::Node& root, const std::filesystem::path& folder, DatasetFolder& content) {
    content.netlist = resolveReference(root["netlist"].as<std::string>(), folder);
    content.technology = root["technology"].as<std::string>();
    content.dataset.seed = root["seed"].as<std::uint64_t>();
    content.command = root["command"].as<std::string>("");
    const YAML::Node settings = root["settings"];
    content.settings.size = root["rows"].as<std::size_t>();
    content.settings.seed = content.dataset.seed;
    content.settings.selectivity = settings["selectivity"].as<double>();
    content.settings.saturationMargin = settings["saturation_margin"].as<double>();
    content.dataset.saturationMargin = content.settings.saturationMargin;
    content.settings.minimumPhaseMargin = settings["minimum_phase_margin"].as<double>();
    content.settings.minimumGainDb = settings["minimum_gain_db"].as<double>();
    const YAML::Node statistics = root["statistics"];
    content.statistics.drawn = statistics["drawn"].as<std::size_t>();
    content.statistics.screened =
        statistics["screened"].as<std::size_t>(0); // absent before there was a screen
    content.statistics.notSaturated = statistics["not_saturated"].as<std::size_t>();
    content.statistics.failed = statistics["failed"].as<std::size_t>();
    content.statistics.rejected = statistics["rejected"].as<std::size_t>();
    content.statistics.good = statistics["good"].as<std::size_t>();
    content.statistics.nonDominated = statistics["non_dominated"].as<std::size_t>();
    content.statistics.seconds = statistics["seconds"].as<double>();
}

} // namespace

std::string referenceTo(const std::filesystem::path& file, const std::filesystem::path& folder) {
    std::error_code code;
    const auto absolute = std::filesystem::weakly_canonical(file, code);
    const auto resources = std::filesystem::weakly_canonical(resourcePath(""), code);
    const auto inside = absolute.lexically_relative(resources);
    if (!inside.empty() && !inside.string().starts_with("..")) {
        return std::string(kResourcePrefix) + inside.string();
    }
    return absolute.lexically_relative(std::filesystem::weakly_canonical(folder, code)).string();
}

std::filesystem::path resolveReference(const std::string& reference, const std::filesystem::path& folder) {
    if (reference.starts_with(kResourcePrefix)) return resourcePath(reference.substr(kResourcePrefix.size()));
    return folder / reference;
}

Result<void> saveDatasetFolder(const std::filesystem::path& folder, const DatasetFolder& content) {
    std::string reference = referenceTo(content.netlist, folder);
    if (!reference.starts_with(kResourcePrefix)) {
        reference = content.netlist.filename().string();
        const auto text = readFile(content.netlist);
        if (!text) return forward(text);
        if (auto written = writeFileAtomically(folder / reference, *text); !written) return written;
    }
    const std::string csv = writeDatasetCsv(content.dataset);
    if (auto written = writeFileAtomically(folder / "dataset.csv", csv); !written) return written;
    if (!content.dataset.saturation.empty()) {
        const auto written =
            writeFileAtomically(folder / "saturation.csv", writeSaturationCsv(content.dataset));
        if (!written) return written;
    }
    return writeFileAtomically(folder / "dataset.yaml", writeCard(content, reference, sha256(csv)));
}

Result<DatasetFolder> loadDatasetFolder(const std::filesystem::path& folder) {
    const auto cardPath = folder / "dataset.yaml";
    const auto csvPath = folder / "dataset.csv";
    const auto card = readFile(cardPath);
    if (!card) return forward(card);
    const auto csv = readFile(csvPath);
    if (!csv) return forward(csv);
    DatasetFolder content;
    auto dataset = readDatasetCsv(*csv, csvPath.string());
    if (!dataset) return forward(dataset);
    content.dataset = std::move(*dataset);
    const auto saturationPath = folder / "saturation.csv";
    if (std::error_code code; std::filesystem::exists(saturationPath, code)) {
        const auto text = readFile(saturationPath);
        if (!text) return forward(text);
        auto rows = readSaturationCsv(*text, saturationPath.string());
        if (!rows) return forward(rows);
        content.dataset.saturation = std::move(*rows);
    }
    const auto read = [&](const YAML::Node& root) -> Result<void> {
        readCard(root, folder, content);
        if (root["rows_sha256"].as<std::string>() == sha256(*csv)) return {};
        return failAt(ErrorCode::Corrupt, csvPath.string(), 0,
                      "The rows do not match their card (checksum differs).");
    };
    const auto done =
        readYamlDocument(*card, cardPath.string(),
                         {{"sizing_dataset"}, kFormatVersion, "the card of a sizing data set"}, read);
    if (!done) return forward(done);
    return content;
}

} // namespace headroom::sizing
