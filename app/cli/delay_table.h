#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/cli/session.h"
#include "core/delay/generator_choice.h"
#include "core/delay/table_import.h"

namespace headroom::cli {

/// How tables of delays are read.
struct DelayTableOptions {
    std::string target; ///< name of the column; empty: the last one
    std::string missing = "refuse";
    std::string categories; ///< names, separated by commas
    bool noHeading = false;
    bool keepsCopies = false;

    void addTo(CLI::App& command);
};

/// A table with what its import noticed, and the column that is to be predicted.
struct DelayTable {
    delay::Table table;
    std::size_t target = 0;
    std::vector<std::string> notes;
};

/// Errors: those of delay::readTable() and delay::checkTarget(), and BadInput where there is no such target.
Result<DelayTable> readDelayTable(const std::string& file, const DelayTableOptions& options);

/// Options of generators with the device that is asked for.
delay::GeneratorOptions onDevice(delay::GeneratorOptions options, const GlobalOptions& global);

/// Each on a line of its own.
std::string lines(const std::vector<std::string>& notes);

/// Rows to be judged by or judged, without a look at their target. Rows with missing values are left out
/// where others are filled in: medians of rows held out would be knowledge of them. Copies stay.
/// @param notes that its import adds to  Errors: those of delay::readTable().
Result<delay::Table> readRowsBeside(const std::string& file, const DelayTableOptions& options,
                                    std::vector<std::string>& notes);

} // namespace headroom::cli
