#pragma once

#include <cstdint>

#include "core/base/error.h"
#include "core/powergrid/map.h"
#include "widgets/powergrid/power_grid_data.h"

namespace headroom::app {

/// Bytes that painting on a sheet of this size takes, with its maps, their pictures, what undo keeps, and the
/// solver.
std::uint64_t paintedSheetBytes(const powergrid::MapSize& size);

/// From this on the user is asked before a sheet's memory is taken.
inline constexpr std::uint64_t kMuchMemory = std::uint64_t{1} << 30U;

/// Error Unsupported, with the bytes in its sentence: more than the solver may take, or than the machine has.
Result<void> checkSheetMemory(const powergrid::MapSize& size);

/// The same as what the dialog for a new sheet says.
widgets::SheetCost sheetCost(const QSize& cells);

} // namespace headroom::app
