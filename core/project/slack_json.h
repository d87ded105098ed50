#pragma once

#include <nlohmann/json.hpp>

#include "core/sizing/slack.h"

namespace headroom::project {

/// A slack as JSON and back, every double bit for bit (see exploration_json.h), but for its expected and
/// limits: sizing::restoreExpectation() makes those. The reader throws nlohmann's exceptions on what it
/// cannot read, std::out_of_range where the parts are not of one number of sizes.
nlohmann::json toJson(const sizing::Slack& slack);
sizing::Slack slackFromJson(const nlohmann::json& json);

} // namespace headroom::project
