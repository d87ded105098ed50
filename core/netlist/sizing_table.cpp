// The forms of a sizing that stand beside a netlist: parameter include, CSV, JSON.

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/csv.h"
#include "core/base/quantity.h"
#include "core/netlist/letter_case.h"
#include "core/netlist/sizing_export.h"
#include "core/netlist/value_text.h"

namespace headroom::netlist {
namespace {

/// The unit of a parameter, "" where it has none. A value's unit is told by the device's letter.
std::string unitOf(const Assignment& assignment) {
    const std::string parameter = lowerCase(assignment.parameter);
    if (parameter == "w" || parameter == "l" || parameter == "pd" || parameter == "ps") return "m";
    if (parameter == "ad" || parameter == "as") return "m2";
    if (parameter != "value") return {};
    const std::size_t slash = assignment.device.find_last_of('/');
    const std::size_t leaf = slash == std::string::npos ? 0 : slash + 1;
    switch (leaf < assignment.device.size() ? lowerCase(assignment.device[leaf]) : ' ') {
    case 'r':
        return "Ohm";
    case 'c':
        return "F";
    case 'l':
        return "H";
    case 'v':
        return "V";
    case 'i':
        return "A";
    default:
        return {};
    }
}

/// Sizes and counts; values may have any sign.
bool isPositive(const std::string& parameter) {
    static constexpr std::array kNames{"w", "l", "m", "nf", "ng", "mult"};
    return std::find(kNames.begin(), kNames.end(), parameter) != kNames.end();
}

std::string parameterName(const Assignment& assignment) {
    std::string name = assignment.device + "_";
    for (const char c : assignment.parameter)
        name += isLetter(c) && c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
    for (char& c : name) {
        if (!isLetter(c) && !isDigit(c)) c = '_';
    }
    return isDigit(name.front()) ? "P" + name : name;
}

Result<double> numberOf(const std::string& text, const std::string& unitText, const std::string& unit) {
    if (unit.empty() || unitText.empty() || unitText == unit) return parseQuantity(text, {});
    return parseQuantity(text + unitText, unit);
}

/// Why no device can have that size; empty where one can.
std::string problemOf(const Assignment& each) {
    if (!std::isfinite(each.value))
        return fmt::format("{} of {} is no finite number.", each.parameter, each.device);
    const bool positive = isPositive(each.parameter);
    if (positive && each.value <= 0)
        return fmt::format("{} of {} must be greater than zero.", each.parameter, each.device);
    return {};
}

Result<Sizing> readSizingCsv(std::string_view text, const std::string& fileName) {
    const auto table = parseCsv(text, fileName);
    if (!table) return forward(table);
    const auto device = table->column("device");
    const auto parameter = table->column("parameter");
    const auto value = table->column("value");
    const auto unit = table->column("unit");
    if (!device || !parameter || !value) {
        return failAt(ErrorCode::BadInput, fileName, 1,
                      "A sizing needs the columns device, parameter and value.");
    }
    Sizing sizing;
    for (std::size_t i = 0; i < table->rows.size(); ++i) {
        const auto& row = table->rows[i];
        Assignment each{row[*device], lowerCase(row[*parameter]), 0};
        const auto number = numberOf(row[*value], unit ? row[*unit] : std::string(), unitOf(each));
        if (!number || each.device.empty() || each.parameter.empty()) {
            return failAt(ErrorCode::BadInput, fileName, static_cast<int>(i) + 2,
                          number ? "A device or parameter is missing." : number.error().message);
        }
        each.value = *number;
        if (const std::string problem = problemOf(each); !problem.empty())
            return failAt(ErrorCode::BadInput, fileName, static_cast<int>(i) + 2, problem);
        sizing.push_back(std::move(each));
    }
    return sizing;
}

Result<Sizing> readSizingJson(std::string_view text, const std::string& fileName) {
    try {
        const nlohmann::json document = nlohmann::json::parse(text);
        Sizing sizing;
        for (const nlohmann::json& each : document.at("sizing")) {
            sizing.push_back({each.at("device").get<std::string>(),
                              lowerCase(each.at("parameter").get<std::string>()),
                              each.at("value").get<double>()});
            if (const std::string problem = problemOf(sizing.back()); !problem.empty())
                return failAt(ErrorCode::BadInput, fileName, 0, problem);
        }
        return sizing;
    } catch (const nlohmann::json::parse_error& error) {
        const auto line =
            std::count(text.begin(),
                       text.begin() + static_cast<std::ptrdiff_t>(std::min(error.byte, text.size())), '\n');
        return failAt(ErrorCode::BadInput, fileName, static_cast<int>(line) + 1, "This is no valid JSON.");
    } catch (const nlohmann::json::exception&) {
        return failAt(ErrorCode::BadInput, fileName, 0,
                      "A sizing needs an array \"sizing\" of objects with device, parameter and value.");
    }
}

} // namespace

std::string writeParameterInclude(const Netlist& netlist, const Sizing& sizing) {
    const bool spectre = netlist.dialect == Dialect::Spectre;
    std::string text =
        fmt::format("{1} Sizes of {2}, for {3}\n{0}{1} Written by Headroom; lengths in metres.\n",
                    spectre ? "simulator lang=spectre\n" : "", spectre ? "//" : "*", netlist.circuit.name,
                    netlist.files.front().path.filename().string());
    std::set<std::string> used;
    for (const Assignment& each : sizing) {
        std::string name = parameterName(each);
        for (int i = 2; !used.insert(lowerCase(name)).second; ++i)
            name = fmt::format("{}_{}", parameterName(each), i);
        // Suffixes of large values differ between the languages; exponents are the same in both.
        text += spectre ? fmt::format("parameters {}={:.6g}\n", name, each.value)
                        : fmt::format(".param {}={}\n", name, writeValue(each.value, ValueStyle{}));
    }
    return text;
}

std::string writeSizingCsv(const Sizing& sizing) {
    CsvTable table{{"device", "parameter", "value", "unit"}, {}};
    for (const Assignment& each : sizing) {
        table.rows.push_back({each.device, each.parameter, formatExact(each.value), unitOf(each)});
    }
    return writeCsv(table);
}

std::string writeSizingJson(const Netlist& netlist, const Sizing& sizing) {
    nlohmann::ordered_json document;
    document["circuit"] = netlist.circuit.name;
    document["sizing"] = nlohmann::ordered_json::array();
    for (const Assignment& each : sizing) {
        nlohmann::ordered_json entry;
        entry["device"] = each.device;
        entry["parameter"] = each.parameter;
        entry["value"] = each.value;
        entry["unit"] = unitOf(each);
        document["sizing"].push_back(std::move(entry));
    }
    // Names may hold bytes that are no UTF-8; they are replaced, not thrown about.
    return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Result<Sizing> readSizing(std::string_view text, const std::string& fileName) {
    return trimmed(text).starts_with("{") ? readSizingJson(text, fileName) : readSizingCsv(text, fileName);
}

} // namespace headroom::netlist
