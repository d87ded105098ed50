#include "core/structure/passive_arrays.h"

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/format.h>

namespace headroom::structure {
namespace {

using netlist::DeviceType;

struct PassiveArray {
    bool capacitor = false;
    NetId plus = -1, minus = -1;
    std::vector<DeviceId> devices;

    NetId otherEnd(NetId net) const { return net == plus ? minus : plus; }
};

class PassiveFinder {
public:
    explicit PassiveFinder(const Wiring& wiring)
        : m_wiring(wiring)
        , m_arraysAt(wiring.circuit.nets.size())
        , m_arrayOf(wiring.circuit.devices.size(), -1) {}

    void find(std::vector<Block>& blocks) {
        collect();
        for (const PassiveArray& array : m_arrays)
            blocks.push_back(blockOf(array.capacitor ? "CapacitorArray" : "ResistorArray", array.devices,
                                     array.plus, array.minus,
                                     fmt::format("{}{}.", countOf(array.devices.size(), array.capacitor),
                                                 array.devices.size() > 1 ? " in parallel" : "")));
        rows(blocks);
    }

private:
    void collect() {
        std::map<std::tuple<bool, NetId, NetId>, std::size_t> known;
        for (std::size_t i = 0; i < m_wiring.circuit.devices.size(); ++i) {
            const netlist::Device& device = m_wiring.circuit.devices[i];
            const bool capacitor = device.type == DeviceType::Capacitor;
            if ((!capacitor && device.type != DeviceType::Resistor) || device.nets.size() < 2) continue;
            const NetId a = m_wiring.canonical[at(device.nets[0])];
            const NetId b = m_wiring.canonical[at(device.nets[1])];
            const auto [entry, fresh] =
                known.try_emplace({capacitor, std::min(a, b), std::max(a, b)}, m_arrays.size());
            if (fresh) {
                m_arrays.push_back({capacitor, a, b, {}});
                const int index = static_cast<int>(m_arrays.size()) - 1;
                m_arraysAt[at(a)].push_back(index);
                if (a != b) m_arraysAt[at(b)].push_back(index);
            }
            m_arrays[entry->second].devices.push_back(static_cast<DeviceId>(i));
            m_arrayOf[i] = static_cast<int>(entry->second);
        }
    }

    // The array that goes on behind @p array at @p net, where the net touches these two and nothing else.
    int next(int array, NetId net) const {
        const auto& here = m_arraysAt[at(net)];
        if (here.size() != 2 || m_wiring.isRail(net) || m_wiring.isPort(net)) return -1;
        for (const auto* touching : {&m_wiring.drainsAt, &m_wiring.sourcesAt, &m_wiring.gatesAt})
            if (!(*touching)[at(net)].empty()) return -1;
        const bool onlyTheseTwo =
            std::all_of(m_wiring.othersAt[at(net)].begin(), m_wiring.othersAt[at(net)].end(),
                        [&](DeviceId device) { return m_arrayOf[at(device)] >= 0; });
        const int other = here.front() == array ? here.back() : here.front();
        const bool same = m_arrays[at(other)].capacitor == m_arrays[at(array)].capacitor;
        return onlyTheseTwo && same && other != array ? other : -1;
    }

    void rows(std::vector<Block>& blocks) {
        std::vector<bool> taken(m_arrays.size(), false);
        for (std::size_t i = 0; i < m_arrays.size(); ++i) {
            const int start = static_cast<int>(i);
            if (taken[i] || m_arrays[i].plus == m_arrays[i].minus) continue;
            // Begin where the row ends on one side.
            const bool endsAtPlus = next(start, m_arrays[i].plus) < 0;
            if (!endsAtPlus && next(start, m_arrays[i].minus) >= 0) continue;
            NetId net = endsAtPlus ? m_arrays[i].plus : m_arrays[i].minus;
            const NetId first = net;
            std::vector<DeviceId> devices;
            std::size_t length = 0;
            for (int array = start; array >= 0 && !taken[at(array)]; ++length) {
                taken[at(array)] = true;
                const PassiveArray& here = m_arrays[at(array)];
                devices.insert(devices.end(), here.devices.begin(), here.devices.end());
                net = here.otherEnd(net);
                array = next(array, net);
            }
            if (length < 2) continue;
            const bool capacitor = m_arrays[i].capacitor;
            blocks.push_back(blockOf(capacitor ? "CapacitorRow" : "ResistorRow", devices, first, net,
                                     fmt::format("{} in series.", countOf(length, capacitor))));
        }
    }

    static std::string countOf(std::size_t count, bool capacitor) {
        const char* what = capacitor ? "capacitor" : "resistor";
        return count == 1 ? fmt::format("One {}", what) : fmt::format("{} {}s", count, what);
    }

    static Block blockOf(const char* type, std::vector<DeviceId> devices, NetId plus, NetId minus,
                         std::string reason) {
        Block block;
        block.type = type;
        block.level = 1;
        block.devices = std::move(devices);
        block.pins = {{"Plus", plus}, {"Minus", minus}};
        block.reason = std::move(reason);
        return block;
    }

    const Wiring& m_wiring;
    std::vector<PassiveArray> m_arrays;
    std::vector<std::vector<int>> m_arraysAt; // by canonical NetId
    std::vector<int> m_arrayOf;               // by DeviceId; -1: none
};

} // namespace

void addPassiveArrays(const Wiring& wiring, std::vector<Block>& blocks) {
    PassiveFinder(wiring).find(blocks);
}

} // namespace headroom::structure
