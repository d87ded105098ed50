#include "core/netlist/schematic/cell_cycles.h"

#include <fmt/format.h>

namespace headroom::netlist {

void breakCellCycles(SchematicDocument& document) {
    enum class State { New, Open, Done };
    std::vector<State> states(document.sheets.size(), State::New);
    struct Step {
        std::size_t sheet;
        std::size_t next = 0;
    };
    std::vector<Step> path{{0}};
    while (!path.empty()) {
        Step& step = path.back();
        states[step.sheet] = State::Open;
        auto& instances = document.sheets[step.sheet].instances;
        if (step.next == instances.size()) {
            states[step.sheet] = State::Done;
            path.pop_back();
            continue;
        }
        SchematicInstance& instance = instances[step.next++];
        if (instance.role != InstanceRole::Cell) continue;
        const auto child = static_cast<std::size_t>(instance.cell);
        if (states[child] == State::Open) {
            document.findings().add(
                Severity::Warning, instance.span,
                fmt::format("'{}' is inside of itself through '{}'; the inner one is left out.",
                            document.sheets[child].name, instance.name));
            instance.role = InstanceRole::Decoration;
        } else if (states[child] == State::New) {
            path.push_back({child});
        }
    }
}

} // namespace headroom::netlist
