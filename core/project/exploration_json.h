#pragma once

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/sizing/exploration.h"

namespace headroom::project {

/// The value types of an exploration as JSON and back, every double bit for bit: NaN is null, infinities
/// are the texts "inf" and "-inf". Readers throw nlohmann's exceptions on what they cannot read.
nlohmann::json toJson(const std::vector<double>& values);
std::vector<double> numbersFromJson(const nlohmann::json& json);

nlohmann::json toJson(const simulation::Evaluation& evaluation);
simulation::Evaluation evaluationFromJson(const nlohmann::json& json);

nlohmann::json toJson(const sizing::Specification& specification);
sizing::Specification specificationFromJson(const nlohmann::json& json);

/// The code whose toString() is @p name; Internal where there is none.
ErrorCode errorCodeFromName(std::string_view name);

} // namespace headroom::project
