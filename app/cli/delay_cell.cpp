#include "app/cli/delay_cell.h"

#include "app/cli/user_cache.h"
#include "app/cli/validators.h"
#include "core/base/quantity_range.h"

namespace headroom::cli {

void CellOptions::addTo(CLI::App& command, bool isRequired) {
    CLI::Option* name = command.add_option(
        "--cell", cell,
        std::string(
            "inv, buf, nand2, nand3, nor2, nor3, and2, or2, xor2, xnor2, aoi21, fulladder; or a SPICE "
            "file, with FILE:NAME a subcircuit of it") +
            (isRequired ? "" : "; default: what the table was simulated with"));
    if (isRequired) name->required();
    command.add_option("--supply", supply, "V; default: 10 % about the technology's");
    command.add_option("--temperature", temperature, "Degrees Celsius; default: -40..125");
    command.add_option("--load", load, "At every output, e.g. 1f..20f")->capture_default_str();
    command.add_option("--slew", slew, "Of the input, from 20 to 80 %, e.g. 5p..100p")->capture_default_str();
    command.add_option("--process", processScale, "On the process's standard deviations; 0: nominal")
        ->check(nonNegative())
        ->capture_default_str();
    command.add_option("--corner", corner, "Of the technology; default: the nominal one");
    command.add_option("--cache", cache,
                       "File of what has been simulated before; none: no cache; default: the user's");
}

Result<delay::ConditionRanges> CellOptions::ranges() const {
    delay::ConditionRanges ranges;
    ranges.processScale = processScale;
    const struct {
        const std::string* text;
        const char* unit;
        delay::Range* range;
    } all[] = {{&supply, "V", &ranges.supplyVolts},
               {&temperature, "C", &ranges.temperature},
               {&load, "F", &ranges.loadFarads},
               {&slew, "s", &ranges.slewSeconds}};
    for (const auto& each : all) {
        if (each.text->empty()) continue;
        const auto range = parseQuantityRange(*each.text, each.unit);
        if (!range) return forward(range);
        *each.range = {range->low, range->high};
        if (each.range == &ranges.supplyVolts && *each.range == delay::Range{})
            return fail(ErrorCode::BadInput, "A supply of 0 V moves no output.");
    }
    return ranges;
}

std::string CellOptions::cacheFile() const {
    if (cache == "none") return {};
    return cache.empty() ? userCacheFile() : cache;
}

Result<std::optional<delay::CellRecord>> findCellRecord(const CellOptions& options,
                                                        const GlobalOptions& global,
                                                        const std::vector<std::string>& tables) {
    if (!options.cell.empty()) {
        const auto ranges = options.ranges();
        if (!ranges) return forward(ranges);
        auto record = delay::makeCellRecord(options.cell, global.technology, options.corner, *ranges);
        if (!record) return forward(record);
        return std::optional(std::move(*record));
    }
    for (const std::string& table : tables) {
        if (table.empty()) continue;
        auto record = delay::readCellRecord(table);
        if (!record || *record) return record;
    }
    return std::nullopt;
}

Result<delay::CellLabels> findCellLabels(const CellOptions& options, const GlobalOptions& global,
                                         const std::vector<std::string>& tables) {
    const auto record = findCellRecord(options, global, tables);
    if (!record) return forward(record);
    if (!*record)
        return failAt(ErrorCode::BadInput, tables.front(), 0,
                      "Nothing says what the table was simulated with: name the cell by --cell.");
    return delay::CellLabels::create(**record, {global.threads, 20, options.cacheFile()});
}

} // namespace headroom::cli
