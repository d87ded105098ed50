#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/cli/session.h"
#include "core/delay/cell_labels.h"

namespace headroom::cli {

/// A cell and what it is simulated under.
struct CellOptions {
    std::string cell, corner, cache;
    std::string supply, temperature, load = "1f", slew = "6p";
    double processScale = 1;

    /// @param isRequired whether the cell is, since no record can name it
    void addTo(CLI::App& command, bool isRequired);
    /// Error BadInput: text that is no range.
    Result<delay::ConditionRanges> ranges() const;
    /// The user's, unless another one or "none" is asked for.
    std::string cacheFile() const;
};

/// The record beside the first of the tables that has one, or what the options name, which goes before it.
/// Absent where there is neither. Errors: those of makeCellRecord() and readCellRecord().
Result<std::optional<delay::CellRecord>> findCellRecord(const CellOptions& options,
                                                        const GlobalOptions& global,
                                                        const std::vector<std::string>& tables);

/// The simulator of such a record's cell. Error also: BadInput, where there is no record.
Result<delay::CellLabels> findCellLabels(const CellOptions& options, const GlobalOptions& global,
                                         const std::vector<std::string>& tables);

} // namespace headroom::cli
