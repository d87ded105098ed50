#pragma once

#include <memory>

#include "app/session/circuit.h"
#include "app/session/data_source.h"
#include "app/session/shared_pool.h"
#include "core/sizing/robustness.h"
#include "widgets/robustness/robustness_view.h"

namespace headroom::app {

class JobMonitor;

/// All that an assessment takes from the session, as it was when the job was started.
struct RobustnessInput {
    std::shared_ptr<const Circuit> circuit;
    std::shared_ptr<const DataSource> data;
    std::shared_ptr<SharedPool> pool;
    netlist::Sizing sizing; ///< over the imported netlist
    project::SpecificationState specification;
    widgets::RobustnessWishes wishes;
    std::uint64_t seed = 1; ///< of the mismatch
    QString origin;         ///< "candidate 12"
};

using RobustnessPointer = std::shared_ptr<const widgets::RobustnessData>;

/// For people: "ss, 1 V, 125 °C".
QString placeName(const simulation::Variation& place, const simulation::BenchConditions& conditions);

/// What the Robustness panel shows of an assessment. @param origin "candidate 12" @param held "the
/// specification within 5 %" @param conditions the pool's, for what places leave open
RobustnessPointer shownRobustness(const sizing::Robustness& robustness, const QString& origin,
                                  const QString& held, const simulation::BenchConditions& conditions);

/// The same core calls as `headroom-cli robustness`, with the same numbers. Without a specification what the
/// sizing itself achieves is held. @param onPartial called on the worker thread as often as previews are
/// shown
Result<RobustnessPointer> runRobustness(const RobustnessInput& input, JobMonitor& monitor,
                                        const std::function<void(RobustnessPointer)>& onPartial);

} // namespace headroom::app
