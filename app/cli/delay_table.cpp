#include "app/cli/delay_table.h"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/compute/device.h"

namespace headroom::cli {
namespace {

delay::TableImport settingsOf(const DelayTableOptions& options) {
    delay::TableImport settings;
    settings.missing = delay::missingValuesFromName(options.missing).value_or(delay::MissingValues::Refuse);
    settings.hasHeading = !options.noHeading;
    settings.dropsDuplicates = !options.keepsCopies;
    if (!options.categories.empty()) settings.categories = CLI::detail::split(options.categories, ',');
    return settings;
}

Result<delay::ImportedTable> readNoted(const std::string& file, const delay::TableImport& settings,
                                       std::vector<std::string>& notes) {
    auto read = delay::readTable(file, settings);
    if (!read) return forward(read);
    for (const std::string& note : read->report.notes)
        notes.push_back(fmt::format("{}: {}", file, note));
    return read;
}

} // namespace

void DelayTableOptions::addTo(CLI::App& command) {
    command.add_option("--target", target, "Column that is to be predicted; default: the last one");
    command.add_option("--missing", missing, "What becomes of rows with missing values")
        ->check(CLI::IsMember({"refuse", "drop", "median"}))
        ->capture_default_str();
    command.add_option("--categories", categories, "Columns that are text although they look like numbers");
    command.add_flag("--no-heading", noHeading, "The first line is a row");
    command.add_flag("--keep-copies", keepsCopies, "Keep rows that are copies of others");
}

Result<DelayTable> readDelayTable(const std::string& file, const DelayTableOptions& options) {
    DelayTable result;
    auto read = readNoted(file, settingsOf(options), result.notes);
    if (!read) return forward(read);
    const std::size_t leftOut = read->report.rowsRead - read->table.rows();
    result.table = std::move(read->table);
    result.target = result.table.columns.size() - 1;
    if (!options.target.empty()) {
        const auto found = result.table.findColumn(options.target);
        if (!found) return failAt(ErrorCode::BadInput, file, 1, found.error().message);
        result.target = *found;
    }
    if (auto usable = delay::checkTarget(result.table, result.target); !usable) {
        Error error = usable.error();
        error.file = file;
        if (leftOut > 0) error.detail = fmt::format("copies and incomplete rows left out: {}", leftOut);
        return tl::unexpected<Error>(std::move(error));
    }
    return result;
}

delay::GeneratorOptions onDevice(delay::GeneratorOptions options, const GlobalOptions& global) {
    options.device = compute::deviceFromName(global.device).value_or(compute::DeviceChoice::Auto);
    return options;
}

std::string lines(const std::vector<std::string>& notes) {
    return notes.empty() ? "" : fmt::format("{}\n", fmt::join(notes, "\n"));
}

Result<delay::Table> readRowsBeside(const std::string& file, const DelayTableOptions& options,
                                    std::vector<std::string>& notes) {
    delay::TableImport settings = settingsOf(options);
    if (settings.missing == delay::MissingValues::Median) settings.missing = delay::MissingValues::DropRows;
    settings.dropsDuplicates = false;
    auto read = readNoted(file, settings, notes);
    if (!read) return forward(read);
    return std::move(read->table);
}

} // namespace headroom::cli
