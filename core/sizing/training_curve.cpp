#include "core/sizing/training_curve.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "core/base/csv.h"
#include "core/base/quantity.h"
#include "core/diffusion/diffusion_model.h"

namespace headroom::sizing {
namespace {

const std::vector<std::string> kColumns{"network", "epoch", "loss", "validation_loss", "kept"};

} // namespace

TrainingCurve trainingCurve(const std::string& network, int epochs, const diffusion::TrainingReport& report) {
    TrainingCurve curve{network, epochs, {}, {}, {}, report.bestEpoch};
    curve.loss.assign(report.epochLoss.begin(), report.epochLoss.end());
    curve.validationLoss.assign(report.validationLoss.begin(), report.validationLoss.end());
    for (std::size_t i = 1; i <= report.validationLoss.size(); ++i)
        curve.validationEpochs.push_back(std::min(epochs, static_cast<int>(i) * report.validationInterval));
    return curve;
}

std::string writeTrainingCsv(const std::vector<TrainingCurve>& curves) {
    CsvTable table{kColumns, {}};
    for (const TrainingCurve& curve : curves) {
        std::size_t next = 0;
        for (std::size_t e = 0; e < curve.loss.size(); ++e) {
            const int epoch = static_cast<int>(e) + 1;
            std::string validation;
            if (next < curve.validationEpochs.size() && curve.validationEpochs[next] == epoch)
                validation = formatExact(curve.validationLoss[next++]);
            table.rows.push_back({curve.network, fmt::to_string(epoch), formatExact(curve.loss[e]),
                                  validation, epoch == curve.bestEpoch ? "1" : "0"});
        }
    }
    return writeCsv(table);
}

Result<std::vector<TrainingCurve>> readTrainingCsv(const std::string& text, const std::string& fileName) {
    const auto table = parseCsv(text, fileName);
    if (!table) return forward(table);
    if (table->columns != kColumns)
        return failAt(ErrorCode::BadInput, fileName, 1, "These are not the losses of a training.");
    std::vector<TrainingCurve> curves;
    for (std::size_t r = 0; r < table->rows.size(); ++r) {
        const std::vector<std::string>& row = table->rows[r];
        if (curves.empty() || curves.back().network != row[0] || row[1] == "1")
            curves.push_back({row[0], 0, {}, {}, {}, 0});
        TrainingCurve& curve = curves.back();
        const int epoch = static_cast<int>(curve.loss.size()) + 1;
        const auto loss = parseQuantity(row[2], "");
        const auto validation = row[3].empty() ? std::nullopt : std::optional(parseQuantity(row[3], ""));
        if (row[1] != fmt::to_string(epoch) || !loss || (validation && !*validation))
            return failAt(ErrorCode::BadInput, fileName, table->lines[r], "This is no epoch of a training.");
        curve.loss.push_back(*loss);
        if (validation) {
            curve.validationEpochs.push_back(epoch);
            curve.validationLoss.push_back(**validation);
        }
        if (row[4] == "1") curve.bestEpoch = epoch;
        curve.epochs = epoch;
    }
    return curves;
}

} // namespace headroom::sizing
