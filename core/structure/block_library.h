#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/structure/structure.h"

namespace headroom::structure {

/// A kind of building block as a small netlist: parts whose terminals name nets of the pattern. Two names
/// are two nets of the circuit, unless `mayJoin` has the couple. resources/structure/blocks.yaml explains
/// every key.
struct BlockPattern {
    static constexpr std::size_t mostTerminals = 12; ///< of a part, and pins of a block

    enum class Kind { Transistor, Resistor, Capacitor, Block };
    enum class Type { Same, Other, Any }; ///< polarity, against the first transistor or block of the pattern

    /// What a net of the pattern has to be.
    struct Net {
        std::string name;
        bool rail = false, notRail = false;
        bool positive = false, negative = false;
        bool onlyParts = false; ///< nothing but the pattern's parts touches it
        bool tail = false, notTail = false;
        bool noDiode = false; ///< no diode has its gate there
    };

    struct Part {
        std::string name;
        Kind kind = Kind::Transistor;
        std::string blockType; ///< of Kind::Block
        Type type = Type::Same;
        std::optional<bool> diode = false;
        std::optional<bool> bipolar, pairHalf, reference, ownRail;
        std::optional<int> stack;        ///< transistors in series
        std::vector<Function> functions; ///< empty: any
        std::vector<Stage> stages;       ///< empty: any
        /// Net of each terminal, -1 where the pattern does not care. Transistors: drain, gate, source,
        /// bulk; two-terminal parts: plus, minus; blocks: their pins in order.
        std::vector<int> terminals;
    };

    struct Pin {
        std::string name;
        int net = -1;
    };

    std::string type;
    int level = 2;
    std::string meaning;
    std::vector<Part> parts; ///< in the order in which they are looked for
    std::vector<int> order;  ///< parts in the order of the block's devices
    std::vector<Net> nets;
    std::vector<std::vector<bool>> mayJoin; ///< by net and net
    std::vector<std::pair<int, int>> pairs; ///< parts that are halves of one differential pair
    std::vector<Pin> pins;
    std::vector<std::pair<int, int>> symmetricPins; ///< change places all at once
    std::vector<int> once;                          ///< parts that serve in one block of the type only
};

/// The kinds of blocks that are recognised, and which wins where one contains another. Immutable.
class BlockLibrary {
public:
    /// What ships with the program.
    static const BlockLibrary& standard();

    /// A library of its own from a YAML text. Errors: BadInput with line.
    static Result<BlockLibrary> parse(const std::string& text, const std::string& fileName);

    /// The standard library with the patterns of a file added; a type that the file defines replaces the
    /// standard one. Errors: NotFound, Io, BadInput with file and line.
    static Result<BlockLibrary> standardWith(const std::filesystem::path& file);

    const std::vector<BlockPattern>& patterns() const { return m_patterns; }
    /// Whether a block of type @p winner makes one of type @p loser that it contains superfluous.
    bool winsOver(std::string_view winner, std::string_view loser) const;
    bool losesAnywhere(std::string_view type) const;

private:
    static Result<BlockLibrary> parse(const std::string& text, const std::string& fileName,
                                      const BlockLibrary* base);

    std::vector<BlockPattern> m_patterns;
    std::vector<std::pair<std::string, std::string>> m_dominances; ///< winner, loser; sorted
};

} // namespace headroom::structure
