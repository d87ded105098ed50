// Reads arbitrary bytes as a table of delays, as the record of its cell and as a cell, and makes a bench of
// what is one. Nothing may crash, hang or leak; a table that was read is written as one that reads back the
// same.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/delay/cell_bench.h"
#include "core/delay/cell_record.h"
#include "core/delay/table_import.h"
#include "tests/fuzz/require.h"

namespace {

using namespace headroom;
using namespace headroom::delay;

void readAsTable(const std::string& text) {
    for (const MissingValues missing :
         {MissingValues::Refuse, MissingValues::DropRows, MissingValues::Median}) {
        TableImport settings;
        settings.missing = missing;
        settings.hasHeading = missing != MissingValues::Median;
        const auto read = parseTable(text, "fuzz.csv", settings);
        if (!read) {
            require(!read.error().message.empty(), "an error has a message");
            continue;
        }
        const Table& table = read->table;
        for (const Column& column : table.columns) {
            require(column.values.size() == table.rows(), "columns have equal lengths");
            for (const double value : column.values)
                require(std::isfinite(value), "every number is finite");
            (void)checkTarget(table, static_cast<std::size_t>(&column - table.columns.data()));
        }
        TableImport same;
        same.dropsDuplicates = false;
        for (const Column& column : table.columns)
            if (column.kind == ColumnKind::Category) same.categories.push_back(column.name);
        const auto again = parseTable(writeCsv(toCsv(table)), "again.csv", same);
        if (!again) continue; // a heading of numbers is read only where the user says that it is one
        require(again->table.rows() == table.rows(), "a written table has as many rows");
    }
}

void readAsCell(const std::string& text, const technology::Technology& technology) {
    const auto netlist = netlist::parseNetlist(text, "fuzz.sp");
    if (!netlist) return;
    const auto cell = cellOf(*netlist);
    if (!cell) return;
    const auto bench = CellBench::create(*cell, technology, "");
    if (!bench) {
        require(!bench.error().message.empty(), "an error has a message");
        return;
    }
    require(!bench->arcs().empty() && bench->stimuli() > 0, "a bench has something to measure");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto technology = technology::loadTechnology("gf180mcu");
    require(technology.has_value(), "the shipped technology can be read");
    const std::string text(reinterpret_cast<const char*>(data), size);
    readAsTable(text);
    readAsCell(text, *technology);
    if (const auto record = readCellRecordYaml(text, "fuzz.yaml"))
        require(writeCellRecordYaml(*record) ==
                    writeCellRecordYaml(*readCellRecordYaml(writeCellRecordYaml(*record), "")),
                "a written record reads back");
    return 0;
}
