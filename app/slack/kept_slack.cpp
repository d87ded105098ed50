#include "app/slack/kept_slack.h"

#include <QCoreApplication>

#include <exception>

#include "app/jobs/job_monitor.h"
#include "core/project/exploration_json.h"
#include "core/project/slack_json.h"

namespace headroom::app {
namespace {

using nlohmann::json;
using ForwardModelPointer = std::shared_ptr<const sizing::ForwardModel>;

/// What the file says, without what only the model tells.
struct Kept {
    sizing::Slack slack;
    sizing::Specification specification;
    double tolerance = 0;
    QString origin, held;
    std::string model;
};

Result<Kept> readKept(const std::string& document, std::size_t sizes) {
    try {
        const json kept = json::parse(document);
        Kept result{project::slackFromJson(kept.at("slack")),
                    project::specificationFromJson(kept.at("specification")),
                    kept.at("tolerance").get<double>(),
                    QString::fromStdString(kept.at("origin").get<std::string>()),
                    QString::fromStdString(kept.at("held").get<std::string>()),
                    kept.value("model", std::string())};
        if (result.slack.centre.size() == sizes) return result;
        return fail(ErrorCode::Corrupt, "The slack that the project keeps is of other sizes.");
    } catch (const std::exception& exception) {
        return fail(ErrorCode::Corrupt, "The slack that the project keeps is damaged.", exception.what());
    }
}

} // namespace

std::string keptSlack(const NamedSlack& slack) {
    const json document{{"slack", project::toJson(*slack.found->slack)},
                        {"specification", project::toJson(slack.found->specification)},
                        {"tolerance", slack.found->tolerance},
                        {"origin", slack.origin.toStdString()},
                        {"held", slack.held.toStdString()},
                        {"model", slack.found->model}};
    return document.dump();
}

Result<NamedSlack> recallSlack(const RecallInput& input, JobMonitor& monitor) {
    const sizing::DesignSpace& space = *input.circuit->space;
    auto kept = readKept(input.document, space.size());
    if (!kept) return forward(kept);
    monitor.progress(0, "Loading the forward model");
    const auto model = input.model->use<ForwardModelPointer>(
        [&](sizing::SizingModel& each) { return each.forwardModel(input.circuit->amplifier, space); });
    if (!model) return forward(model);
    sizing::restoreExpectation(kept->slack, *model, kept->specification, input.supplyVoltage,
                               kept->tolerance);
    if (!kept->model.empty() && kept->model != input.model->weightsHash()) {
        kept->held = QCoreApplication::translate("SlackController", "%1, by another model than now; what is "
                                                                    "predicted is the present one's")
                         .arg(kept->held);
    }
    auto slack = std::make_shared<const sizing::Slack>(std::move(kept->slack));
    auto limits = sizing::performanceLimits(kept->specification, kept->tolerance, input.supplyVoltage);
    return NamedSlack{std::make_shared<const FoundSlack>(
                          FoundSlack{input.circuit, slack, std::move(kept->specification), kept->tolerance,
                                     std::move(limits), sizing::SlackPath(slack, space), kept->model}),
                      kept->origin, kept->held};
}

} // namespace headroom::app
