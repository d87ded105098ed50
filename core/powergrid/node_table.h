#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace headroom::powergrid {

/// Number of a node of a grid, from 0.
using NodeId = std::int32_t;

/// The node "0" (or "gnd"), against which all voltages are.
inline constexpr NodeId kGround = 0;

/// The names of a grid's nodes, each once, numbered in the order of their appearance; ground is always there.
/// Case does not tell names apart, as in SPICE; the first spelling is kept. Made for millions of names: all
/// are in one block of memory, and a flat hash table finds them.
class NodeTable {
public:
    NodeTable();

    /// The number of a name, a new one where it was not there.
    NodeId intern(std::string_view name) { return intern(name, hashOf(name)); }

    /// The same in two steps: whoever looks up many names announces a few of them first, and waits less for
    /// memory.
    static std::uint64_t hashOf(std::string_view name);
    void announce(std::uint64_t hash) const { __builtin_prefetch(&m_slots[hash & (m_slots.size() - 1)]); }
    NodeId intern(std::string_view name, std::uint64_t hash);

    void reserve(std::size_t names);
    std::optional<NodeId> find(std::string_view name) const;

    std::string_view operator[](NodeId node) const;
    std::size_t size() const { return m_starts.size() - 1; }

private:
    struct Slot {
        std::uint32_t tag = 0; ///< upper half of the hash: names are compared only where it fits
        NodeId node = -1;
    };

    std::size_t slotOf(std::string_view name, std::uint64_t hash) const;
    void rehash(std::size_t slots);

    std::vector<char> m_letters;
    std::vector<std::uint64_t> m_starts = {0}; ///< of each name, and the end of the last
    std::vector<Slot> m_slots;                 ///< a power of two, at most half full
};

} // namespace headroom::powergrid
