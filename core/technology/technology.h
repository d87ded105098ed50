#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/netlist/circuit.h"

namespace headroom::technology {

/// Limits of one MOSFET type, in metres.
struct MosfetRules {
    std::string model; ///< name of the model card, e.g. "NMOS_VTG"
    netlist::Polarity polarity = netlist::Polarity::N;
    std::vector<std::string> aliases; ///< names in netlists that stand for it: "nmos", "nmos4", "nch"
    double minWidth = 0, maxWidth = 0;
    double minLength = 0, maxLength = 0;
};

/// A process: model cards as figures, device rules and the conditions to simulate under. Loaded from
/// resources/technologies/NAME.yaml, or from any file of the same form.
struct Technology {
    std::string name;
    std::string title;
    std::string source;
    std::string licence;
    double supplyVoltage = 0;       ///< V
    double temperature = 27;        ///< degrees Celsius
    double grid = 5e-9;             ///< m, of W and L
    double biasCurrent = 10e-6;     ///< A, for amplifiers with a current-bias port
    double loadCapacitance = 1e-12; ///< F, where the netlist has no load capacitor
    std::vector<MosfetRules> mosfets;
    std::vector<std::string> corners; ///< [0] is the nominal one

    /// Model parameter figures: model card name -> corner -> name -> value, nominal figures complete,
    /// other corners with differences only.
    struct ModelCard {
        std::string type; ///< "nmos" or "pmos"
        int level = 14;
        std::string version;
        std::map<std::string, double> figures;
        std::map<std::string, std::map<std::string, double>> cornerFigures;
    };
    std::map<std::string, ModelCard> cards;

    /// The rules for a device, by its model name or alias (ignoring case), else by polarity.
    const MosfetRules* rulesFor(const netlist::Device& device) const;

    /// Whether a model name is one of the technology's own or an alias of one (ignoring case).
    bool knowsModel(std::string_view modelName) const;

    /// SPICE text of all model cards at a corner; an error names an unknown corner.
    Result<std::string> modelText(std::string_view corner) const;

    /// Hash of everything that changes simulation results.
    std::string fingerprint() const;
};

/// A shipped technology by name ("freepdk45"), or a YAML file by path. A file may say `based_on: NAME`
/// (a shipped technology) or `based_on: FILE.yaml` (beside it): what it does not say itself is taken from
/// there. Errors name file, line and key.
Result<Technology> loadTechnology(const std::string& nameOrPath);
Result<Technology> parseTechnology(const std::string& yaml, const std::string& fileName);

/// Names of the shipped technologies.
std::vector<std::string> shippedTechnologies();

/// Snaps a length to the technology's grid and to [low, high].
double snapToGrid(double metres, double grid, double low, double high);

} // namespace headroom::technology
