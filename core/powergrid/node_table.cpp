#include "core/powergrid/node_table.h"

#include <bit>
#include <cstring>

#include "core/netlist/letter_case.h"

namespace headroom::powergrid {
namespace {

constexpr std::uint64_t kLowerCase = 0x2020202020202020U;

std::uint64_t loadLetters(const char* letters, std::size_t count) {
    std::uint64_t word = 0;
    std::memcpy(&word, letters, count);
    return word;
}

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
    __extension__ using Product = unsigned __int128;
    const Product product = static_cast<Product>(a ^ 0x9e3779b97f4a7c15U) * (b ^ 0xd6e8feb86659fd93U);
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

bool sameName(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    if (std::memcmp(a.data(), b.data(), a.size()) == 0) return true;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (netlist::lowerCase(a[i]) != netlist::lowerCase(b[i])) return false;
    return true;
}

std::uint32_t tagOf(std::uint64_t hash) {
    return static_cast<std::uint32_t>(hash >> 32U);
}

} // namespace

/// Setting the bit that tells lower from upper case joins a few other characters, too: equal names have
/// equal hashes, and that is all a hash promises.
std::uint64_t NodeTable::hashOf(std::string_view name) {
    std::uint64_t hash = name.size();
    while (name.size() >= 8) {
        hash = mixed(hash, loadLetters(name.data(), 8) | kLowerCase);
        name.remove_prefix(8);
    }
    if (!name.empty()) hash = mixed(hash, loadLetters(name.data(), name.size()) | kLowerCase);
    return mixed(hash, 0x2545f4914f6cdd1dU);
}

NodeTable::NodeTable()
    : m_slots(1024) {
    intern("0");
}

std::string_view NodeTable::operator[](NodeId node) const {
    const auto index = static_cast<std::size_t>(node);
    return {m_letters.data() + m_starts[index], m_starts[index + 1] - m_starts[index]};
}

std::size_t NodeTable::slotOf(std::string_view name, std::uint64_t hash) const {
    const std::size_t mask = m_slots.size() - 1;
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
        const Slot& slot = m_slots[at];
        if (slot.node < 0 || (slot.tag == tagOf(hash) && sameName((*this)[slot.node], name))) return at;
    }
}

NodeId NodeTable::intern(std::string_view name, std::uint64_t hash) {
    if (sameName(name, "gnd")) return kGround;
    const std::size_t at = slotOf(name, hash);
    if (m_slots[at].node >= 0) return m_slots[at].node;
    const auto node = static_cast<NodeId>(size());
    m_slots[at] = {tagOf(hash), node};
    m_letters.insert(m_letters.end(), name.begin(), name.end());
    m_starts.push_back(m_letters.size());
    if (2 * size() > m_slots.size()) rehash(4 * m_slots.size());
    return node;
}

std::optional<NodeId> NodeTable::find(std::string_view name) const {
    if (sameName(name, "gnd")) return kGround;
    const Slot& slot = m_slots[slotOf(name, hashOf(name))];
    if (slot.node < 0) return std::nullopt;
    return slot.node;
}

void NodeTable::reserve(std::size_t names) {
    const std::size_t slots = std::bit_ceil(2 * names + 2);
    if (slots > m_slots.size()) rehash(slots);
}

void NodeTable::rehash(std::size_t slots) {
    m_slots.assign(slots, {});
    const std::size_t mask = m_slots.size() - 1;
    for (std::size_t node = 0; node < size(); ++node) {
        const std::uint64_t hash = hashOf((*this)[static_cast<NodeId>(node)]);
        std::size_t at = hash & mask;
        while (m_slots[at].node >= 0)
            at = (at + 1) & mask;
        m_slots[at] = {tagOf(hash), static_cast<NodeId>(node)};
    }
}

} // namespace headroom::powergrid
