#pragma once

#include <string>
#include <vector>

#include "app/cli/session.h"
#include "core/delay/resemblance.h"
#include "core/delay/study.h"

namespace headroom::cli {

/// Measures of every judge on every kind of rows; of several repeats the means, with the ends of their 95 %
/// intervals.
nlohmann::json toJson(const delay::Study& study);
/// How far each generator's targets are from simulated ones.
nlohmann::json labelsJson(const delay::Study& study);
/// What generators were chosen by.
nlohmann::json validationJson(const delay::Study& study);
nlohmann::json toJson(const std::vector<delay::Verdict>& verdicts);
nlohmann::json toJson(const delay::Resemblance& resemblance);

/// The same as tables for people. @param unit of the target
std::string describe(const delay::Study& study, const std::string& unit);
std::string describe(const delay::Resemblance& resemblance);

} // namespace headroom::cli
