#include "core/sizing/shipped_models.h"

#include <algorithm>
#include <vector>

#include "core/base/file.h"
#include "core/sizing/amplifier_source.h"
#include "core/sizing/model_card.h"

namespace headroom::sizing {
namespace {

Result<ModelDescription> readCard(const std::filesystem::path& folder) {
    const auto path = folder / "model.yaml";
    const auto yaml = readFile(path);
    if (!yaml) return forward(yaml);
    return readModelYaml(*yaml, path.string());
}

} // namespace

Result<ModelSource> readModelSource(const std::filesystem::path& folder) {
    const auto description = readCard(folder);
    if (!description) return forward(description);
    const ModelCard& card = description->card;
    return ModelSource{folder, resolveReference(card.netlistFile, folder),
                       resolveReference(card.datasetFolder, folder), card.technology, card};
}

Result<void> recordMetrics(const std::filesystem::path& folder, const std::map<std::string, double>& metrics,
                           const std::string& command) {
    auto description = readCard(folder);
    if (!description) return forward(description);
    description->card.metrics = metrics;
    description->card.metricsCommand = command;
    return writeFileAtomically(folder / "model.yaml", writeModelYaml(*description));
}

std::optional<std::filesystem::path> findShippedModel(const netlist::Circuit& circuit,
                                                      const std::string& technology,
                                                      std::optional<Method> method) {
    const std::string hash = circuitHash(circuit);
    std::error_code code;
    std::vector<std::filesystem::path> folders;
    for (const auto& entry : std::filesystem::directory_iterator(resourcePath("models"), code)) {
        if (entry.is_directory(code)) folders.push_back(entry.path());
    }
    std::sort(folders.begin(), folders.end());
    std::optional<std::filesystem::path> best;
    double bestShare = -1;
    for (const std::filesystem::path& folder : folders) {
        const auto description = readCard(folder);
        if (!description) continue;
        const ModelCard& card = description->card;
        if (card.netlistHash != hash || card.technology != technology) continue;
        if (method && card.method != *method) continue;
        const auto share = card.metrics.find("met_within_5_percent_best_of_8");
        const double met = share == card.metrics.end() ? 0 : share->second;
        if (met > bestShare) {
            bestShare = met;
            best = folder;
        }
    }
    return best;
}

} // namespace headroom::sizing
