#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace headroom::diffusion {
struct TrainingReport;
}

namespace headroom::sizing {

/// How the training of one network went.
struct TrainingCurve {
    std::string network;               ///< "Differential pair M1 M2"
    int epochs = 0;                    ///< that were asked for; training may have stopped early
    std::vector<double> loss;          ///< mean squared error of v by epoch, from the first one on
    std::vector<int> validationEpochs; ///< from 1
    std::vector<double>
        validationLoss; ///< by validationEpochs: of the averaged weights, on the rows kept aside
    int bestEpoch = 0;  ///< whose averaged weights were kept; 0: none yet

    bool operator==(const TrainingCurve&) const = default;
};

/// Told of all networks so far, from several threads but one at a time.
using TrainingWatch = std::function<void(const std::vector<TrainingCurve>&)>;

TrainingCurve trainingCurve(const std::string& network, int epochs, const diffusion::TrainingReport& report);

/// A row for each network and epoch: network, epoch, loss, validation_loss (empty where there was none) and
/// kept, which is 1 in the row of the epoch whose weights were kept.
std::string writeTrainingCsv(const std::vector<TrainingCurve>& curves);

/// What writeTrainingCsv() wrote. Errors: BadInput, with the line.
Result<std::vector<TrainingCurve>> readTrainingCsv(const std::string& text, const std::string& fileName);

} // namespace headroom::sizing
