#pragma once

#include <memory>
#include <string>

#include "widgets/robustness/robustness_data.h"

namespace headroom::app {

/// The kind of the assessments that are kept so, see project::Assessment.
inline constexpr const char* robustnessAssessment = "robustness";

/// What the Robustness panel shows as JSON, every double bit for bit.
std::string robustnessJson(const widgets::RobustnessData& data);

/// Null where the text is not what robustnessJson() writes.
std::shared_ptr<const widgets::RobustnessData> robustnessFromJson(const std::string& text);

} // namespace headroom::app
