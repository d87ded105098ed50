#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/netlist/element.h"
#include "core/netlist/expression.h"
#include "core/netlist/finding_list.h"

namespace headroom::netlist {

/// Chooses the top cell, resolves hierarchy and expressions, and fills Netlist::circuit.
class Flattener {
public:
    Flattener(Netlist& netlist, const SpiceDocument& document, FindingList& findings,
              const ReadOptions& options);

    Result<void> run();

private:
    /// What a cell becomes when its hierarchy is resolved. Doubles, because it may be astronomical.
    struct Expansion {
        double devices = 0;
        double names = 0; ///< of devices and nets
        double bytes = 0; ///< of text
        int height = 0;   ///< levels of hierarchy below
    };
    struct Cell {
        std::vector<Element> elements;
        std::vector<ElementProblem> problems;
        std::optional<Error> error; ///< of the first unusable card
        bool instantiated = false;  ///< by any other cell
        Expansion expansion;
        enum class Count { NotYet, Running, Done } count = Count::NotYet;
    };
    struct Instance {
        const Subcircuit* source = nullptr;
        int cell = 0;
        ParameterScope* scope = nullptr;
        std::string prefix;
        std::unordered_map<std::string, NetId> nets; ///< lower-case local name -> net
        double multiplier = 1;
        int depth = 0;
    };

    void interpret();
    void warnOfEqualNames(const Subcircuit& source);
    Result<int> chooseTop();
    void listTopCandidates();
    bool isTopCandidate(std::size_t cell) const;
    Result<void> count(int top);
    Result<void> checkSize(int top);
    Result<void> checkInstance(const Element& element) const;
    static void addExpansion(Expansion& sum, const Element& element);
    void chooseLengthUnit();

    Result<void> expand(Instance& instance);
    Result<void> expandSubcircuit(Instance& parent, const Element& element);
    void addDevice(Instance& instance, const Element& element);
    void addParameters(Instance& instance, const Element& element, Device& device);
    Evaluation evaluateBesideOthers(Instance& instance, const Element& element, const NamedField& field);
    std::optional<double> valueOf(Instance& instance, const Element& element, const Device& device,
                                  const NamedField& field);
    void addMultiplier(Instance& instance, Device& device);
    void defineParameters(ParameterScope& scope, const Subcircuit& source, const Element* element,
                          const ParameterScope* outer);
    NetId netOf(Instance& instance, const std::string& name, bool spectre);
    const NumberRules& scopeRules() const;
    NetId newNet(const std::string& name, bool global);
    bool isGlobal(const std::string& lowerCaseName) const;
    double multiplierOf(Instance& parent, const Element& element);
    double lengthUnitOf(const Device& device) const;
    bool widthIsPerFinger(const Device& device, const Element& element) const;

    Netlist& m_netlist;
    const SpiceDocument& m_document;
    FindingList& m_findings;
    const ReadOptions& m_options;
    EvaluationBudget m_budget;
    std::vector<Cell> m_cells; ///< by index of SpiceDocument::subcircuits
    std::unordered_map<std::string, NetId> m_globalNets;
};

} // namespace headroom::netlist
