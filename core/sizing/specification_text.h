#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/sizing/design_space.h"
#include "core/sizing/specification.h"

namespace headroom::sizing {

/// Reads what is asked of one performance:
///     gain_db=60            to be reached or surpassed: here at least 60 dB
///     gain_db>=60           at least
///     power<=100u           at most
///     phase_margin=60..80   between
///     power<=100u*2         with a weight of 2
///     power<=100u@ss+ff     at the process corners ss and ff, where several are looked at
/// Values may have a prefix and a unit, as parseQuantity() reads them. Errors: BadInput.
Result<Requirement> parseRequirement(std::string_view text);

/// What parseRequirement() reads back bit for bit: several words for limits on both sides; nothing where the
/// performance is free.
std::string formatRequirement(const Requirement& requirement);

/// Reads requirements and puts them together: two of one performance are both to hold. The result names all
/// of
/// @p performances; those that no word names are free. Errors: BadInput, also where a word names another
/// performance, or where they contradict each other.
Result<Specification> parseSpecification(const std::vector<std::string>& words,
                                         const std::vector<Performance>& performances);

/// Reads a size that must not move: "M3.w=12u" (its matched devices keep it too). Errors: BadInput (not of
/// this form, no such parameter, outside the legal range).
Result<PinnedSize> parsePinnedSize(std::string_view text, const DesignSpace& space);

/// The same for several. Error BadInput also where one variable is pinned to two values.
Result<std::vector<PinnedSize>> parsePinnedSizes(const std::vector<std::string>& words,
                                                 const DesignSpace& space);

} // namespace headroom::sizing
