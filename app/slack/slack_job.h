#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/session/circuit.h"
#include "app/session/data_source.h"
#include "app/session/shared_model.h"
#include "app/session/shared_pool.h"
#include "core/schematic/annotation.h"
#include "core/sizing/robustness.h"
#include "core/sizing/slack_path.h"
#include "widgets/slack/slack_data.h"

namespace headroom::app {

class JobMonitor;

/// All that looking for slack takes from the session, as it was when the job was started.
struct SlackInput {
    std::shared_ptr<const Circuit> circuit;
    std::shared_ptr<const DataSource> data;
    std::shared_ptr<SharedModel> model;
    std::shared_ptr<SharedPool> pool;
    netlist::Sizing sizing; ///< over the imported netlist
    project::SpecificationState specification;
    bool holdsOwn = false; ///< what the sizing itself achieves, and not the specification
    double tolerance = 0.05;
};

/// The room around a sizing, with all that it takes to walk through it.
struct FoundSlack {
    std::shared_ptr<const Circuit> circuit;
    std::shared_ptr<const sizing::Slack> slack;
    sizing::Specification specification; ///< that is held
    double tolerance = 0;
    std::vector<sizing::Requirement> limits;
    sizing::SlackPath path;
    std::string model = {}; ///< hash of the weights that it was found with; empty: not known
};
using SlackPointer = std::shared_ptr<const FoundSlack>;

/// The specification of the document or what a sizing achieves in a simulation.
Result<sizing::Specification> heldSpecification(const DataSource* data, const sizing::DesignSpace& space,
                                                const project::SpecificationState& specification);
sizing::Specification achieved(const std::vector<simulation::Performance>& performances,
                               const simulation::Evaluation& evaluation);

/// The same core calls as `headroom-cli slack`, with the same numbers.
Result<SlackPointer> findSlack(const SlackInput& input, JobMonitor& monitor);

/// For the panel. @param origin "candidate 12"  @param held "the specification within 5 %"
widgets::SlackData slackData(const FoundSlack& found, const QString& origin, const QString& held);

/// One size moved, the others following: what is expected of it.
widgets::MovedSizing movedSizing(const FoundSlack& found, std::size_t row, double value);

/// For the drawing, by device.
std::map<netlist::DeviceId, std::vector<schematic::ToleranceBar>> toleranceBars(const FoundSlack& found);

} // namespace headroom::app
