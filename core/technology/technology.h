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

/// One MOSFET type: its limits in metres, how its devices scatter, how it is called in a library.
struct MosfetRules {
    std::string
        model; ///< name of the model card, e.g. "NMOS_VTG"; of the subcircuit where innerDevice is given
    netlist::Polarity polarity = netlist::Polarity::N;
    std::vector<std::string> aliases; ///< names in netlists that stand for it: "nmos", "nmos4", "nch"
    double minWidth = 0, maxWidth = 0;
    double minLength = 0, maxLength = 0;

    /// A_VT, V m: two equal devices side by side differ in threshold voltage by a normal variable of standard
    /// deviation A_VT / sqrt(W L) (Pelgrom et al., IEEE JSSC 1989); 0: not known.
    double thresholdMismatch = 0;
    double currentFactorMismatch = 0; ///< A_beta, m: the same of the relative difference in current factor
    double mismatchWidthOffset = 0;   ///< m, added to W in that law
    double mismatchLengthOffset = 0;  ///< m, added to L in that law

    /// The MOSFET inside where the model is a library's subcircuit (an "x" element), e.g.
    /// "msky130_fd_pr__nfet_01v8": ngspice knows that of x1 as m.x1.msky130_fd_pr__nfet_01v8. Empty: a plain
    /// MOSFET.
    std::string innerDevice;
    /// Names that w, l, m and nf have in the library where they differ; an empty one is not passed on.
    std::map<std::string, std::string> parameterNames;
};

/// What of a model a circuit uses: the whole model, or one bin of it.
struct ModelUse {
    std::string model; ///< MosfetRules::model
    int bin = 0;       ///< what Technology::binOf() says

    friend bool operator==(const ModelUse&, const ModelUse&) = default;
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

    /// The range of sizes that a card's figures hold for, m, edges included, and what differs in it from the
    /// figures that all bins share.
    struct Bin {
        double minLength = 0, maxLength = 0;
        double minWidth = 0, maxWidth = 0; ///< of one finger
        std::map<std::string, double> figures;
        std::map<std::string, std::map<std::string, double>> cornerFigures;
    };
    /// Model parameter figures: model card name -> corner -> name -> value, nominal figures complete,
    /// other corners with differences only. A bin's figures stand over the card's.
    struct ModelCard {
        std::string type; ///< "nmos" or "pmos"
        int level = 14;
        std::string version;
        std::map<std::string, double> figures;
        std::map<std::string, std::map<std::string, double>> cornerFigures;
        std::vector<Bin> bins; ///< empty: the figures hold for every size
    };
    std::map<std::string, ModelCard> cards;

    /// The models in the files of a process design kit, which ngspice reads itself.
    struct Library {
        std::filesystem::path file; ///< absolute
        /// Sections by corner; an empty one stands for the whole file (.include).
        std::map<std::string, std::vector<std::string>> sections;
        std::vector<std::string> before;   ///< deck lines before it, such as .param
        std::vector<std::string> commands; ///< ngspice commands before a deck is read: "set ngbehavior=hsa"
        std::string digest;                ///< hash of the file and of what it includes
    };
    std::optional<Library> library; ///< for the MOSFET types that have no card
    /// Metres per unit in which W and L are written for ngspice: 1e-6 where the library says .option
    /// scale=1u.
    double lengthUnit = 1;

    /// The rules for a device, by its model name or alias (ignoring case), else by polarity.
    const MosfetRules* rulesFor(const netlist::Device& device) const;

    /// Whether a model name is one of the technology's own or an alias of one (ignoring case).
    bool knowsModel(std::string_view modelName) const;

    /// Error: NotFound (a corner that the technology does not have). An empty one is the nominal one.
    Result<void> requireCorner(std::string_view corner) const;

    /// SPICE text of the models at a corner (empty: the nominal one): the library, then the cards. Of the
    /// cards only what @p uses names, where it names anything: ngspice reads a deck the faster the less is in
    /// it. @param excerpt what stands for the library, see LibraryExcerpt; null: lines that make ngspice read
    /// all of it. Errors: NotFound (a corner, model or bin that the technology does not have).
    Result<std::string> modelText(std::string_view corner, const std::vector<ModelUse>& uses = {},
                                  const std::string* excerpt = nullptr) const;

    /// ngspice commands that must run before a deck with these models is read.
    std::vector<std::string> commandsBeforeDeck() const;

    /// The bin that ngspice chooses for a finger's width and length in metres, numbered as in modelText(); 0
    /// for a model without bins and for one from a library; nullopt where no bin holds this size. ngspice
    /// divides W by the number of fingers only after commandsBeforeDeck().
    std::optional<int> binOf(const MosfetRules& rules, double fingerWidth, double length) const;
    /// The same; the error (Infeasible) says which sizes the bins hold.
    Result<int> requireBin(const MosfetRules& rules, double fingerWidth, double length) const;

    /// A figure of a model card at a corner (empty: the nominal one); nullopt where the card does not state
    /// it.
    std::optional<double> figure(std::string_view model, std::string_view name, int bin = 0,
                                 std::string_view corner = {}) const;

    /// Whether a change of W, L or fingers wants a new deck, since ngspice evaluates the model's expressions
    /// and chooses its bin while it reads one: models of a library. Cards want one where binOf() changes.
    bool reloadsOnResize(const MosfetRules& rules) const;

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
