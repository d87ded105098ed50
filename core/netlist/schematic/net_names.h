#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "core/netlist/schematic/connectivity.h"
#include "core/netlist/schematic/schematic_document.h"

namespace headroom::netlist {

/// The nets of one sheet: what is joined by geometry and by equal names, and what each is called.
/// Names are compared without regard to case, as simulators do.
class NetNames {
public:
    NetNames(SchematicDocument& document, const SchematicSheet& sheet);

    /// Names of the nets at each pin: by instance of the sheet, by member of an array ("M1[3:0]": 4), by
    /// pin, all its bits.
    using PinNets = std::vector<std::vector<std::string>>; ///< by pin, by bit
    const std::vector<PinNets>& instanceNets(std::size_t instance) const { return m_nets[instance]; }

    /// The names of an instance's members; one for a plain instance.
    const std::vector<std::string>& memberNames(std::size_t instance) const { return m_members[instance]; }

    /// The first net of a wire or label; empty where there is none.
    std::string wireNet(std::size_t wire) const;
    std::string labelNet(std::size_t label) const;
    const std::vector<Point>& junctions() const { return m_junctions; }

    /// The names that a label's or pin's text stands for; nothing where it cannot be understood.
    std::optional<std::vector<std::string>> namesOf(const std::string& text) const;

    /// The net that a label's text means, by one of its names.
    std::string netOf(const std::string& name) const;
    const std::vector<std::string>& globals() const { return m_globals; }

private:
    struct Name {
        std::string text;
        int rank = 0; ///< the lowest rank of a net's names is the net's name
    };
    struct Node {
        std::vector<int> bits; ///< names
        std::size_t width = 0; ///< of the pins, for nodes without label
        std::string hint;      ///< of a wire
        const SchematicLabel* label = nullptr;
    };
    struct Layer; ///< wires or buses

    int nameIndex(const std::string& text, int rank, const SourceSpan& span);
    void addMembers();
    void addLayer(bool bus, std::vector<int>& pinNodes);
    void warnAboutCrossings(const Layer& layer, const Connectivity& connectivity);
    void warnAboutTouches(const Layer& layer, const Connectivity& connectivity);
    void nameNode(std::size_t node, const SchematicLabel& label);
    void nameRest();
    void resolve(const std::vector<int>& pinNodes);
    bool hasTooManyBits() const;
    std::vector<std::string> expand(const std::string& text, const SourceSpan& span);
    const std::string& netName(int name) const;
    std::string freeAutoName();

    SchematicDocument& m_document;
    const SchematicSheet& m_sheet;
    bool m_plain = false; ///< names are not expanded, as they stand for too many
    std::vector<Node> m_nodes;
    std::vector<int> m_wireNodes;
    std::vector<int> m_labelNodes;
    std::vector<Point> m_junctions;
    std::vector<std::vector<std::string>> m_members;
    std::vector<std::vector<PinNets>> m_nets;

    std::vector<Name> m_names;
    mutable DisjointSets m_sets;                  ///< of names
    std::unordered_map<std::string, int> m_byKey; ///< lower case
    std::vector<int> m_chosen;                    ///< by root of m_sets: the net's name
    std::vector<std::string> m_globals;
    int m_nextAutoNet = 1;
};

} // namespace headroom::netlist
