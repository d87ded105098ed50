#include <algorithm>
#include <functional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/delay/characterisation.h"

namespace headroom::delay {
namespace {

constexpr double kSecondsPerUnit = 1e-9, kFaradsPerUnit = 1e-15;

std::string numbers(const std::vector<double>& values, double unit) {
    std::vector<std::string> texts;
    for (const double value : values)
        texts.push_back(fmt::format("{:.6g}", value / unit));
    return fmt::format("\"{}\"", fmt::join(texts, ", "));
}

/// A product of literals that makes all inputs of an arc's others what they are; empty for none.
std::string condition(const Cell& cell, const std::vector<bool>& levels, std::size_t leftOut) {
    std::vector<std::string> literals;
    for (std::size_t input = 0; input < cell.inputs.size(); ++input)
        if (input != leftOut)
            literals.push_back((levels[input] ? "" : "!") + cell.netName(cell.inputs[input]));
    return fmt::format("{}", fmt::join(literals, " & "));
}

/// A sum of products: every state in which the output is high.
std::string functionOf(const Cell& cell, std::size_t output) {
    std::vector<std::string> products;
    const std::size_t inputs = cell.inputs.size();
    for (std::size_t state = 0; state < std::size_t{1} << inputs; ++state) {
        std::vector<bool> levels(inputs);
        for (std::size_t input = 0; input < inputs; ++input)
            levels[input] = ((state >> input) & 1U) != 0;
        const auto net = static_cast<std::size_t>(cell.outputs[output]);
        if (settle(cell, levels)[net] == Level::High)
            products.push_back(fmt::format("({})", condition(cell, levels, inputs)));
    }
    return fmt::format("{}", fmt::join(products, " | "));
}

std::string table(const CellTables& tables, const ArcTable& arc, const char* group,
                  const std::function<double(const ArcFigures&)>& figure) {
    std::vector<std::string> rows;
    for (const auto& row : arc.figures) {
        std::vector<double> values;
        std::transform(row.begin(), row.end(), std::back_inserter(values), figure);
        rows.push_back("          " + numbers(values, kSecondsPerUnit));
    }
    return fmt::format("        {} (by_slew_and_load) {{\n          index_1 ({});\n          index_2 ({});\n"
                       "          values (\n{});\n        }}\n",
                       group, numbers(tables.slews, kSecondsPerUnit), numbers(tables.loads, kFaradsPerUnit),
                       fmt::join(rows, ",\n"));
}

} // namespace

std::string libertyText(const CellTables& tables, const std::string& technology) {
    const Cell& cell = tables.cell;
    std::string text = fmt::format(
        "/* Delays of {0} by ngspice, written by Headroom. */\n"
        "library ({0}_{1}) {{\n  delay_model : table_lookup;\n  time_unit : \"1ns\";\n"
        "  voltage_unit : \"1V\";\n  current_unit : \"1mA\";\n  capacitive_load_unit (1, ff);\n"
        "  nom_process : 1;\n  nom_voltage : {2};\n  nom_temperature : {3};\n"
        "  input_threshold_pct_rise : {4};\n  input_threshold_pct_fall : {4};\n"
        "  output_threshold_pct_rise : {4};\n  output_threshold_pct_fall : {4};\n"
        "  slew_lower_threshold_pct_rise : {5};\n  slew_lower_threshold_pct_fall : {5};\n"
        "  slew_upper_threshold_pct_rise : {6};\n  slew_upper_threshold_pct_fall : {6};\n"
        "  lu_table_template (by_slew_and_load) {{\n    variable_1 : input_net_transition;\n"
        "    variable_2 : total_output_net_capacitance;\n    index_1 ({7});\n    index_2 ({8});\n  }}\n"
        "  cell ({0}) {{\n",
        cell.name, technology, tables.supplyVolts, tables.temperature, 100 * kDelayAt, 100 * kSlewFrom,
        100 * kSlewTo, numbers(tables.slews, kSecondsPerUnit), numbers(tables.loads, kFaradsPerUnit));
    for (const netlist::NetId input : cell.inputs)
        text += fmt::format("    pin ({}) {{ direction : input; }}\n", cell.netName(input));
    for (std::size_t output = 0; output < cell.outputs.size(); ++output) {
        text += fmt::format("    pin ({}) {{\n      direction : output;\n      function : \"{}\";\n",
                            cell.netName(cell.outputs[output]), functionOf(cell, output));
        for (const ArcTable& arc : tables.arcs) {
            if (arc.arc.output != output) continue;
            const std::string when = condition(cell, arc.arc.others, arc.arc.input);
            text +=
                fmt::format("      timing () {{\n        related_pin : \"{}\";\n        timing_sense : {};\n",
                            cell.netName(cell.inputs[arc.arc.input]),
                            arc.arc.inverting ? "negative_unate" : "positive_unate");
            if (!when.empty()) text += fmt::format("        when : \"{}\";\n", when);
            text += table(tables, arc, "cell_rise", [](const ArcFigures& each) { return each.rise.delay; });
            text +=
                table(tables, arc, "rise_transition", [](const ArcFigures& each) { return each.rise.slew; });
            text += table(tables, arc, "cell_fall", [](const ArcFigures& each) { return each.fall.delay; });
            text +=
                table(tables, arc, "fall_transition", [](const ArcFigures& each) { return each.fall.slew; });
            text += "      }\n";
        }
        text += "    }\n";
    }
    return text + "  }\n}\n";
}

} // namespace headroom::delay
