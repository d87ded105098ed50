#pragma once

#include "app/slack/slack_job.h"

namespace headroom::app {

/// A slack and how the panel names it.
struct NamedSlack {
    SlackPointer found;
    QString origin; ///< "candidate 12"
    QString held;   ///< "the specification within 5 %"
};

/// As it is kept among a project's results.
std::string keptSlack(const NamedSlack& slack);

/// What it takes to walk through a slack that was kept.
struct RecallInput {
    std::string document; ///< of keptSlack()
    std::shared_ptr<const Circuit> circuit;
    std::shared_ptr<SharedModel> model;
    double supplyVoltage = 0; ///< V
};

/// The same again, expectations by the model as it is now; NamedSlack::held says so where that is another
/// one. Errors: Corrupt (not what keptSlack() writes, or
/// of other sizes than the circuit's), and those of loading the model.
Result<NamedSlack> recallSlack(const RecallInput& input, JobMonitor& monitor);

} // namespace headroom::app
