#include "app/powergrid/sheet_memory.h"

#include <QCoreApplication>

#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <unistd.h>

#include "core/base/quantity.h"
#include "core/powergrid/sheet_solver.h"

namespace headroom::app {
namespace {

/// Beside the solver, a cell takes: the plan of three maps on show, in the job and as it is kept, each in
/// double precision; the maps with objects drawn into them, and those before, which the solver compares them
/// with; five layers in single precision with a pixel each.
constexpr std::uint64_t kBytesPerCell = 3 * 3 * 8 + 2 * 4 * 8 + 5 * (4 + 4);

std::string bytesText(std::uint64_t bytes) {
    return formatQuantity(static_cast<double>(bytes), "B", 2);
}

std::uint64_t machineBytes() {
    const long pages = ::sysconf(_SC_PHYS_PAGES), size = ::sysconf(_SC_PAGESIZE);
    if (pages <= 0 || size <= 0) return std::numeric_limits<std::uint64_t>::max();
    return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size);
}

} // namespace

std::uint64_t paintedSheetBytes(const powergrid::MapSize& size) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    const std::uint64_t solver = powergrid::sheetBytes(size.rows, size.columns);
    const std::uint64_t cells = powergrid::mapBytes(size.rows, size.columns) / sizeof(double);
    if (cells > kMost / 2 / kBytesPerCell || solver > kMost / 2) return kMost;
    return solver + cells * kBytesPerCell;
}

Result<void> checkSheetMemory(const powergrid::MapSize& size) {
    const std::uint64_t bytes = paintedSheetBytes(size);
    const std::uint64_t machine = machineBytes();
    const bool solvable =
        powergrid::sheetBytes(size.rows, size.columns) <= powergrid::SheetSettings{}.memoryLimit;
    if (solvable && bytes <= machine) return {};
    return fail(ErrorCode::Unsupported,
                fmt::format("A sheet of {} x {} cells takes about {} of memory, which is more than {}.",
                            size.rows, size.columns, bytesText(bytes),
                            bytes > machine ? fmt::format("the {} of this machine", bytesText(machine))
                                            : std::string("the solver may take")));
}

widgets::SheetCost sheetCost(const QSize& cells) {
    const powergrid::MapSize size{static_cast<std::uint64_t>(std::max(0, cells.width())),
                                  static_cast<std::uint64_t>(std::max(0, cells.height()))};
    if (const auto fits = checkSheetMemory(size); !fits)
        return {QString::fromStdString(fits.error().message), true};
    return {QCoreApplication::translate("SheetMemory", "Painting on it takes about %1 of memory.")
                .arg(QString::fromStdString(bytesText(paintedSheetBytes(size)))),
            false};
}

} // namespace headroom::app
