#pragma once

#include <array>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/structure/block_library.h"
#include "core/structure/blocks.h"

namespace headroom::structure {

/// Finds the places where patterns of a library fit. Patterns are to come in the library's order: blocks
/// found early are the parts of later ones. Each search looks at the neighbours of what it has, and gives up
/// after a number of steps in proportion to the size of the circuit.
class PatternMatcher {
public:
    explicit PatternMatcher(const RuleInput& input);

    /// All places of one pattern, each set of devices once.
    std::vector<FoundBlock> find(const BlockPattern& pattern);

private:
    using Terminals = std::array<NetId, BlockPattern::mostTerminals>;

    struct KnownBlocks {
        std::vector<FoundBlock> blocks;
        std::vector<Terminals> pins;
        std::vector<std::pair<int, int>> symmetricPins;
        std::unordered_map<NetId, std::vector<int>> at; ///< by net of any pin
    };

    /// What can be a part: a transistor, a two-terminal device or a block.
    struct Candidate {
        int transistor = -1; ///< -1: none
        DeviceId device = -1;
        int block = -1;                     ///< index into the blocks of `known`
        const KnownBlocks* known = nullptr; ///< of the block's type
        Polarity polarity = Polarity::N;
        bool bipolar = false;
        Terminals terminals{};

        bool same(const Candidate& other) const {
            return transistor == other.transistor && device == other.device && block == other.block &&
                   known == other.known;
        }
    };

    struct Search;

    void place(Search& search, std::size_t part);
    void tryCandidate(Search& search, std::size_t part, const Candidate& candidate);
    bool fits(const Search& search, const BlockPattern::Part& part, const Candidate& candidate) const;
    bool fitsRole(const BlockPattern::Part& part, const Candidate& candidate) const;
    bool fitsNet(const BlockPattern::Net& wanted, NetId net, Polarity polarity) const;
    bool isComplete(const Search& search) const;
    bool arePaired(const Search& search) const;
    bool isOnlyParts(const Search& search, NetId net) const;
    bool hasDiode(NetId net, Polarity polarity) const;
    void take(Search& search) const;
    void remember(const BlockPattern& pattern, const std::vector<FoundBlock>& found);

    /// Those on the net of a terminal that is known already, or all there are, until @p visit returns false.
    template <class Visit>
    void forCandidates(const Search& search, const BlockPattern::Part& part, const Visit& visit) const;
    template <class Visit>
    bool visitPassive(DeviceId device, const Visit& visit) const;
    template <class Visit>
    bool visitBlock(const KnownBlocks& known, int index, const Visit& visit) const;
    Candidate transistor(int index) const;
    const DeviceRole& roleOf(const Candidate& candidate) const;

    const RuleInput& m_input;
    const Wiring& m_wiring;
    std::unordered_map<std::string, KnownBlocks> m_known; ///< by type
};

} // namespace headroom::structure
