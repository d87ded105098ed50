#pragma once

#include <initializer_list>

#include "core/base/error.h"

namespace headroom {

/// Error BadInput where a setting is not a number between two bounds. @param name "The learning rate"
Result<void> checkWithin(const char* name, double value, double low, double high);

/// The first error among checks.
Result<void> checkAll(std::initializer_list<Result<void>> checks);

} // namespace headroom
