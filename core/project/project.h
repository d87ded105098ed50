#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/netlist/sizing_export.h"
#include "core/simulation/performance.h"
#include "core/sizing/sizing_model.h"
#include "core/sizing/specification.h"
#include "core/structure/role_corrections.h"

namespace headroom::project {

/// Version of project.yaml that this program writes; it reads this one and all older ones.
inline constexpr int formatVersion = 1;

/// The netlist that a project is about: a copy inside the project folder, byte for byte as imported.
struct NetlistReference {
    std::string file;   ///< relative to the project folder: "imports/miller-1a2b3c4d/miller.sp"
    std::string sha256; ///< of that file
    std::string top;    ///< top cell that was asked for; empty: the one that no other instantiates
    std::string origin; ///< where it was imported from, for the user; may no longer exist

    bool operator==(const NetlistReference&) const = default;
};

/// Conditions to simulate under; what is absent is the technology's or the netlist's.
struct Conditions {
    std::string corner;                      ///< empty: nominal
    std::optional<double> supplyVoltage;     ///< V
    std::optional<double> temperature;       ///< degrees Celsius
    std::optional<double> commonModeVoltage; ///< V
    std::optional<double> biasCurrent;       ///< A

    bool operator==(const Conditions&) const = default;
};

/// One line for people and for comparing: "corner ss, supply 1.05 V, 85 degC"; empty where all is nominal.
std::string toString(const Conditions& conditions);

/// What the designer asks of one performance, SI units.
struct Target {
    simulation::Performance performance = simulation::Performance::GainDb;
    double value = 0;    ///< to be reached or surpassed; infinite where there is no such limit
    bool locked = false; ///< keeps its value when targets are drawn or taken from a data row
    std::optional<double> otherLimit = std::nullopt; ///< on the performance's good side
    double weight = 1;                               ///< see sizing::Requirement
    std::vector<std::string> corners = {};           ///< see sizing::Requirement

    sizing::Requirement requirement() const;
    /// Its limits, weight and corners.
    void take(const sizing::Requirement& requirement);

    bool operator==(const Target&) const = default;
};

/// The specification and, where it was taken from a simulated sizing, which one: the ground truth.
struct SpecificationState {
    std::vector<Target> targets;
    std::optional<std::size_t> dataRow;      ///< row of the model's data set, from 0
    std::vector<netlist::Assignment> pinned; ///< sizes that must not move, by one device each

    bool operator==(const SpecificationState&) const = default;
};

struct SamplingState {
    std::size_t count = 100;
    int steps = sizing::proposalSteps;
    double guidance = 1;
    double temperature = sizing::proposalTemperature;
    double stochasticity = 1;
    int order = 1; ///< see diffusion::SamplingConfig
    std::uint64_t seed = 1;
    std::size_t mirrorUnits = 0; ///< at most, see DesignSpace::withUnitTransistors(); 0: widths are free

    bool operator==(const SamplingState&) const = default;
};

/// What the designer wrote about one candidate.
struct CandidateNote {
    std::size_t candidate = 0; ///< from 0
    std::string text;          ///< not empty

    bool operator==(const CandidateNote&) const = default;
};

/// An exploration in results.sqlite and what the designer did with it.
struct ResultReference {
    std::int64_t exploration = 0;
    std::optional<std::size_t> chosen;     ///< candidate, from 0
    std::vector<std::size_t> excluded;     ///< candidates, from 0, ascending
    std::vector<std::size_t> pinned = {};  ///< candidates that stay listed first, from 0, ascending
    std::vector<CandidateNote> notes = {}; ///< by candidate, ascending, at most one each

    bool operator==(const ResultReference&) const = default;
};

/// Where the user put a device's symbol on the schematic, in grid units.
struct DevicePosition {
    std::string device; ///< name as in the netlist
    double x = 0, y = 0;

    bool operator==(const DevicePosition&) const = default;
};

/// All that a project.yaml says. A plain value: undo keeps whole ones.
struct Project {
    std::string headroomVersion; ///< of the program that wrote it
    std::optional<NetlistReference> netlist;
    netlist::Sizing acceptedSizing;       ///< put into the netlist's text; the imported file stays as it is
    std::string technology = "freepdk45"; ///< name or file
    Conditions conditions;
    SpecificationState specification;
    SamplingState sampling;
    /// Reference to the model's folder: "resource:models/..." for a shipped one, else relative to the
    /// project folder; empty: none chosen yet.
    std::string model;
    /// Likewise, to the folder of a data set that no model has been trained on yet; may be empty.
    std::string dataset;
    std::optional<ResultReference> results;
    /// Number of the power-grid sheet that is kept in the folder powerGridFolderName; empty: none.
    std::string powerGrid;
    /// Likewise of the table of delays in the folder delayTableFolderName.
    std::string delayTable;
    std::vector<DevicePosition> devicePositions; ///< in the order in which they were put there
    /// What the user says devices do, against what was recognised.
    std::vector<structure::RoleCorrection> roleCorrections;
    /// Names of nets that the user says are supplies.
    std::vector<std::string> positiveSupplies, negativeSupplies;

    bool operator==(const Project&) const = default;
};

/// project.yaml as text. Doubles are written so that they read back bit for bit.
std::string writeProject(const Project& project);

/// Reads a project.yaml of this version or an older one. Errors: Corrupt with file and line; Unsupported for
/// a file written by a newer program.
Result<Project> parseProject(const std::string& yaml, const std::string& fileName);

/// Names inside a project folder.
inline constexpr std::string_view projectFileName = "project.yaml";
/// Folder of the power-grid sheets that are kept, see powergrid::keepSheet().
inline constexpr std::string_view powerGridFolderName = "powergrid";
/// Folder of the tables of delays that are kept, see delay::keepTable().
inline constexpr std::string_view delayTableFolderName = "delay";
inline constexpr std::string_view resultsFileName = "results.sqlite";
inline constexpr std::string_view autosaveFileName = "project.yaml.autosave";

/// The folder of a project that the user named by its folder or by its project.yaml; absent where it is
/// neither.
std::optional<std::filesystem::path> projectFolder(const std::filesystem::path& path);

} // namespace headroom::project
