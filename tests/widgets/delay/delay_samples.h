#pragma once

#include <memory>

#include "core/delay/kept_table.h"
#include "widgets/delay/delay_data.h"

namespace headroom::widgets::samples {

/// 200 rows of an inverter's delay by the alpha-power law, as if simulated, and 300 made by a copula.
const delay::TableDocument& delayTable();

/// A training's course, up to an epoch of 1000.
TrainingData training(int epoch);

/// How the table's synthetic rows look.
std::shared_ptr<const ResemblanceData> resemblance();

/// Two generators at two sizes, twice each.
std::shared_ptr<const JudgementData> judgement();

} // namespace headroom::widgets::samples
