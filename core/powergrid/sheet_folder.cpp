#include "core/powergrid/sheet_folder.h"

#include <array>
#include <set>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "core/base/file.h"
#include "core/base/kept_files.h"
#include "core/base/quantity.h"
#include "core/base/yaml_document.h"

namespace headroom::powergrid {
namespace {

namespace fs = std::filesystem;

constexpr int kFormatVersion = 1;
constexpr const char* kSheetFile = "sheet.yaml";
constexpr const char* kMaps = "maps";
constexpr const char* kNetlists = "netlists";
constexpr const char* kSheetKind = "power_grid_sheet";
constexpr const char* kNetlistKind = "power_grid_netlist";

template <class Plan>
auto mapsIn(Plan& plan) {
    return std::array{std::pair{"strength", &plan.strength}, std::pair{"density", &plan.density},
                      std::pair{"activity", &plan.activity}};
}

YAML::Node flow(std::initializer_list<double> values) {
    YAML::Node node(YAML::NodeType::Sequence);
    for (const double value : values)
        node.push_back(formatExact(value));
    node.SetStyle(YAML::EmitterStyle::Flow);
    return node;
}

std::string textOf(const YAML::Node& root) {
    YAML::Emitter emitter;
    emitter << root;
    return std::string(emitter.c_str()) + "\n";
}

YAML::Node startYaml(const char* kind, const std::string& name) {
    YAML::Node root;
    root["format_version"] = kFormatVersion;
    root["kind"] = kind;
    root["name"] = name;
    return root;
}

std::string writeYaml(const GridSheet& sheet, const std::array<std::string, 3>& hashes) {
    const SheetPlan& plan = sheet.plan;
    YAML::Node root = startYaml(kSheetKind, sheet.name);
    std::size_t at = 0;
    for (const auto& [key, map] : mapsIn(plan))
        root["maps"][key] = hashes[at++];
    const SheetTechnology& technology = plan.technology;
    root["technology"]["cell_um"] = formatExact(technology.cellUm);
    root["technology"]["supply_volts"] = formatExact(technology.supplyVolts);
    root["technology"]["weakest_siemens"] = formatExact(technology.weakestSiemens);
    root["technology"]["strongest_siemens"] = formatExact(technology.strongestSiemens);
    root["technology"]["full_amperes"] = formatExact(technology.fullAmperes);
    for (const PlanPad& pad : plan.pads)
        root["pads"].push_back(flow({pad.x, pad.y}));
    for (const PlanStrap& strap : plan.straps)
        root["straps"].push_back(flow({strap.fromX, strap.fromY, strap.toX, strap.toY, strap.width}));
    for (const PlanMacro& macro : plan.macros)
        root["macros"].push_back(flow({macro.fromX, macro.fromY, macro.toX, macro.toY, macro.amperes}));
    return textOf(root);
}

std::vector<double> numbers(const YAML::Node& node, std::size_t count) {
    auto values = node.as<std::vector<double>>();
    if (values.size() != count)
        throw YAML::Exception(node.Mark(), fmt::format("{} numbers are expected here", count));
    return values;
}

/// A description, and the hashes of what belongs to it.
struct ReadYaml {
    std::string name;
    bool isNetlist = false;
    SheetPlan plan;
    std::vector<std::string> hashes;
};

ReadYaml readYaml(const YAML::Node& root) {
    ReadYaml read;
    read.name = root["name"].as<std::string>();
    read.isNetlist = root["kind"].as<std::string>() == kNetlistKind;
    if (read.isNetlist) {
        read.hashes.push_back(root["netlist"].as<std::string>());
        return read;
    }
    SheetPlan& plan = read.plan;
    for (const auto& [key, map] : mapsIn(plan))
        read.hashes.push_back(root["maps"][key].as<std::string>());
    const YAML::Node technology = root["technology"];
    plan.technology = {technology["cell_um"].as<double>(), technology["supply_volts"].as<double>(),
                       technology["weakest_siemens"].as<double>(),
                       technology["strongest_siemens"].as<double>(), technology["full_amperes"].as<double>()};
    if (!(plan.technology.cellUm > 0)) throw YAML::Exception(technology.Mark(), "cells need a side above 0");
    for (const YAML::Node& node : root["pads"]) {
        const auto v = numbers(node, 2);
        plan.pads.push_back({v[0], v[1]});
    }
    for (const YAML::Node& node : root["straps"]) {
        const auto v = numbers(node, 5);
        plan.straps.push_back({v[0], v[1], v[2], v[3], v[4]});
    }
    for (const YAML::Node& node : root["macros"]) {
        const auto v = numbers(node, 5);
        plan.macros.push_back({v[0], v[1], v[2], v[3], v[4]});
    }
    return read;
}

Result<ReadYaml> parse(const std::string& text, const std::string& file) {
    return readYamlAs<ReadYaml>(
        text, file, {{kSheetKind, kNetlistKind}, kFormatVersion, "a kept power-grid sheet"}, readYaml);
}

} // namespace

Result<std::string> keepSheet(const fs::path& folder, const GridSheet& sheet) {
    std::array<std::string, 3> hashes;
    std::size_t at = 0;
    for (const auto& [key, map] : mapsIn(sheet.plan)) {
        const auto kept = keepBytes(folder / kMaps, writeMapNpy(*map), ".npy");
        if (!kept) return forward(kept);
        hashes[at++] = *kept;
    }
    return keepNumbered(folder, kSheetFile, writeYaml(sheet, hashes));
}

Result<std::string> keepNetlist(const fs::path& folder, const std::string& text, const std::string& name) {
    const auto kept = keepBytes(folder / kNetlists, text, ".sp");
    if (!kept) return forward(kept);
    YAML::Node root = startYaml(kNetlistKind, name);
    root["netlist"] = *kept;
    return keepNumbered(folder, kSheetFile, textOf(root));
}

Result<KeptGrid> readKeptGrid(const fs::path& folder, const std::string& number) {
    const fs::path file = folder / number / kSheetFile;
    const auto text = readFile(file);
    if (!text) return forward(text);
    auto read = parse(*text, file.string());
    if (!read) return forward(read);
    if (read->isNetlist) {
        const std::string& hash = read->hashes.front();
        auto netlist = readKeptBytes(folder / kNetlists, hash, ".sp",
                                     fmt::format("The power grid's netlist {}", read->name));
        if (!netlist) return forward(netlist);
        return GridText{std::move(*netlist), std::move(read->name), folder / kNetlists / (hash + ".sp")};
    }
    std::size_t at = 0;
    for (const auto& [key, map] : mapsIn(read->plan)) {
        const std::string& hash = read->hashes[at++];
        const auto bytes = readKeptBytes(folder / kMaps, hash, ".npy", "A map of the power grid");
        if (!bytes) return forward(bytes);
        auto parsed = parseMapNpy(*bytes, (folder / kMaps / (hash + ".npy")).string());
        if (!parsed) return forward(parsed);
        *map = std::move(*parsed);
    }
    return GridSheet{std::move(read->plan), std::move(read->name)};
}

void pruneSheets(const fs::path& folder, const std::string& number) {
    std::error_code code;
    std::set<std::string> needed;
    if (!number.empty()) {
        const fs::path file = folder / number / kSheetFile;
        const auto text = readFile(file);
        const auto read = text ? parse(*text, file.string()) : Result<ReadYaml>(forward(text));
        if (!read) return; // what cannot be read might still be rescued
        needed.insert(read->hashes.begin(), read->hashes.end());
    }
    for (const auto& entry : fs::directory_iterator(folder, code)) {
        const std::string name = entry.path().filename().string();
        if (name != number && name != kMaps && name != kNetlists) fs::remove_all(entry.path(), code);
    }
    for (const char* place : {kMaps, kNetlists}) {
        for (const auto& entry : fs::directory_iterator(folder / place, code)) {
            if (!needed.contains(entry.path().stem().string())) fs::remove(entry.path(), code);
        }
    }
}

} // namespace headroom::powergrid
