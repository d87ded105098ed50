#include "app/slack/slack_job.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "app/jobs/job_monitor.h"
#include "core/base/quantity.h"

namespace headroom::app {
namespace {

using ForwardModelPointer = std::shared_ptr<const sizing::ForwardModel>;

std::string labelOf(const sizing::Variable& variable) {
    if (variable.parameter == "w") return "W";
    if (variable.parameter == "l") return "L";
    return variable.unit == "F" ? "C" : "R";
}

QStringList deviceNames(const Circuit& circuit, const sizing::Variable& variable) {
    QStringList names;
    for (const netlist::DeviceId id : variable.devices)
        names << QString::fromStdString(
            circuit.amplifier->netlist.circuit.devices[static_cast<std::size_t>(id)].name);
    return names;
}

} // namespace

Result<sizing::Specification> heldSpecification(const DataSource* data, const sizing::DesignSpace& space,
                                                const project::SpecificationState& specification) {
    if (data == nullptr || specification.targets.empty())
        return fail(ErrorCode::BadInput, "There is no specification to hold yet.");
    return toSpecification(data->dataset, space, specification);
}

sizing::Specification achieved(const std::vector<simulation::Performance>& performances,
                               const simulation::Evaluation& evaluation) {
    sizing::Specification specification;
    for (const simulation::Performance performance : performances) {
        const auto found = evaluation.performances.find(performance);
        if (found == evaluation.performances.end()) continue;
        specification.requirements.push_back(sizing::Requirement::reaching(performance, found->second));
    }
    return specification;
}

Result<SlackPointer> findSlack(const SlackInput& input, JobMonitor& monitor) {
    monitor.progress(0, "Loading the forward model");
    const sizing::DesignSpace& space = *input.circuit->space;
    const auto model = input.model->use<ForwardModelPointer>(
        [&](sizing::SizingModel& each) { return each.forwardModel(input.circuit->amplifier, space); });
    if (!model) return forward(model);
    const auto centre = space.collapse(input.circuit->amplifier->netlist, input.sizing);
    if (!centre) return forward(centre);
    const auto pool = input.pool->get();
    if (!pool) return forward(pool);
    auto specification = heldSpecification(input.data.get(), space, input.specification);
    if (input.holdsOwn) {
        const auto evaluation = (*pool)->evaluateOne(space.expand(space.snapForExport(*centre)), monitor);
        if (!evaluation) return forward(evaluation);
        if (!evaluation->ok()) return tl::unexpected<Error>(*evaluation->error);
        auto own = achieved((*model)->performances(), *evaluation);
        if (specification) own.pinned = specification->pinned;
        specification = std::move(own);
    }
    if (!specification) return forward(specification);
    const double supplyVoltage = input.pool->supplyVoltage();
    sizing::SlackSettings settings;
    settings.tolerance = input.tolerance;
    auto slack = sizing::findSlack(*model, space, sizing::simulatorOf(**pool, space), *centre, *specification,
                                   supplyVoltage, settings, monitor);
    if (!slack) return forward(slack);
    auto shared = std::make_shared<const sizing::Slack>(std::move(*slack));
    auto limits = sizing::performanceLimits(*specification, input.tolerance, supplyVoltage);
    return std::make_shared<const FoundSlack>(
        FoundSlack{input.circuit, shared, std::move(*specification), input.tolerance, std::move(limits),
                   sizing::SlackPath(shared, space), input.model->weightsHash()});
}

widgets::SlackData slackData(const FoundSlack& found, const QString& origin, const QString& held) {
    const sizing::Slack& slack = *found.slack;
    const auto& variables = found.circuit->space->variables();
    widgets::SlackData data;
    data.origin = origin;
    data.held = held;
    for (std::size_t v = 0; v < variables.size(); ++v) {
        const sizing::VariableSlack& each = slack.variables[v];
        const auto [reachLow, reachHigh] = found.path.rangeOf(v);
        data.rows.push_back({QString::fromStdString(variables[v].name),
                             deviceNames(*found.circuit, variables[v]),
                             QString::fromStdString(variables[v].unit), slack.centre[v], each.low, each.high,
                             each.endsAtLimit[0], each.endsAtLimit[1], each.togetherLow, each.togetherHigh,
                             each.mean, each.deviation, reachLow, reachHigh});
    }
    const Eigen::MatrixXd& covariance = slack.covariance;
    for (Eigen::Index row = 0; row < covariance.rows(); ++row) {
        std::vector<double> correlations;
        for (Eigen::Index column = 0; column < covariance.cols(); ++column) {
            const double scale = std::sqrt(covariance(row, row) * covariance(column, column));
            correlations.push_back(scale > 0 ? covariance(row, column) / scale : row == column ? 1.0 : 0.0);
        }
        data.correlation.push_back(std::move(correlations));
    }
    for (const sizing::SlackDirection& direction : slack.directions)
        data.directions.push_back({direction.deviation, direction.components});
    data.samples = slack.samples.size();
    data.checked = slack.simulated.size();
    data.confirmed = slack.confirmed;
    data.simulations = slack.simulations;
    return data;
}

widgets::MovedSizing movedSizing(const FoundSlack& found, std::size_t row, double value) {
    const sizing::FollowedSizing followed = found.path.at(row, value);
    widgets::MovedSizing moved;
    moved.row = row;
    moved.values = followed.values;
    moved.isExpectedToHold = followed.isExpectedToHold;
    const auto& performances = found.slack->expected->model().performances();
    for (std::size_t p = 0; p < performances.size(); ++p) {
        widgets::MovedPerformance performance{performances[p], followed.predicted[p], {}, {}, {}};
        for (const sizing::Requirement& limit : found.limits)
            if (limit.performance == performances[p]) {
                performance.minimum = limit.lowerLimit();
                performance.maximum = limit.upperLimit();
            }
        moved.performances.push_back(performance);
    }
    return moved;
}

std::map<netlist::DeviceId, std::vector<schematic::ToleranceBar>> toleranceBars(const FoundSlack& found) {
    std::map<netlist::DeviceId, std::vector<schematic::ToleranceBar>> bars;
    const auto& variables = found.circuit->space->variables();
    for (std::size_t v = 0; v < variables.size(); ++v) {
        const sizing::Variable& variable = variables[v];
        const sizing::VariableSlack& slack = found.slack->variables[v];
        const double value = found.slack->centre[v];
        const auto range = [&](double low, double high) {
            return formatQuantity(low, variable.unit, 3) + " to " + formatQuantity(high, variable.unit, 3);
        };
        schematic::ToleranceBar bar{labelOf(variable),         slack.low / value,          slack.high / value,
                                    slack.togetherLow / value, slack.togetherHigh / value, {}};
        bar.text = fmt::format("{}: alone {}, with the others {}", bar.label, range(slack.low, slack.high),
                               range(slack.togetherLow, slack.togetherHigh));
        for (const netlist::DeviceId device : variable.devices)
            bars[device].push_back(bar);
    }
    return bars;
}

} // namespace headroom::app
