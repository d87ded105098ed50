#pragma once

#include <string>
#include <string_view>

namespace headroom::technology {

/// What Technology::modelText() calls a bin of a model: "nmos_3p3.8".
std::string binName(std::string_view model, int bin);

} // namespace headroom::technology
