#include "app/robustness/robustness_job.h"

#include <QCoreApplication>

#include <cmath>

#include "app/document/error_text.h"
#include "app/jobs/job_monitor.h"
#include "app/slack/slack_job.h"
#include "widgets/common/quantity_text.h"

namespace headroom::app {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("Robustness", text);
}

} // namespace

QString placeName(const simulation::Variation& place, const simulation::BenchConditions& conditions) {
    const QString corner = QString::fromStdString(place.corner.value_or(conditions.corner));
    return QStringLiteral("%1%2, %3 \u00b0C")
        .arg(corner.isEmpty() ? QString() : corner + QStringLiteral(", "),
             widgets::quantityText(place.supplyVoltage.value_or(conditions.supplyVoltage), "V", 3),
             QString::number(place.temperature.value_or(conditions.temperature), 'g', 4));
}

namespace {

widgets::MismatchData mismatchData(const sizing::MismatchOutcome& outcome,
                                   const simulation::BenchConditions& conditions) {
    widgets::MismatchData data;
    data.place = placeName(outcome.place, conditions);
    data.draws = outcome.draws;
    data.failed = outcome.failed;
    data.yield = outcome.yieldShare();
    data.yieldLow = outcome.yield.low;
    data.yieldHigh = outcome.yield.high;
    data.narrowEnough = outcome.isNarrowEnough;
    data.drawsForShares = outcome.drawsForShares;
    data.firstProblem = QString::fromStdString(outcome.firstProblem);
    for (const sizing::PerformanceSpread& spread : outcome.performances) {
        const double yield =
            outcome.draws > 0 ? static_cast<double>(spread.passed) / static_cast<double>(outcome.draws) : 0;
        widgets::SpreadRow row{
            spread.values,   spread.summary.mean, spread.summary.deviation, spread.capability,
            yield,           spread.yield.low,    spread.yield.high,        {},
            spread.explained};
        for (const sizing::DeviceShare& share : spread.shares)
            row.shares.push_back({QString::fromStdString(share.device), share.share});
        data.performances.push_back(std::move(row));
    }
    return data;
}

} // namespace

RobustnessPointer shownRobustness(const sizing::Robustness& robustness, const QString& origin,
                                  const QString& held, const simulation::BenchConditions& conditions) {
    auto data = std::make_shared<widgets::RobustnessData>();
    data->origin = origin;
    data->held = held;
    data->simulations = robustness.simulations;
    for (std::size_t index = 0; index < robustness.limits.size(); ++index) {
        const sizing::Requirement& limit = robustness.limits[index];
        widgets::RobustPerformance row{limit.performance,
                                       limit.lowerLimit(),
                                       limit.upperLimit(),
                                       std::numeric_limits<double>::quiet_NaN(),
                                       {},
                                       true,
                                       {}};
        for (const std::string& corner : limit.corners)
            row.corners << QString::fromStdString(corner);
        if (index < robustness.worst.size()) {
            const sizing::WorstValue& worst = robustness.worst[index];
            row.worst = worst.value;
            row.holds = worst.holds;
            if (worst.place) row.worstPlace = placeName(robustness.places[*worst.place].place, conditions);
            if (worst.missing > 0) row.worstPlace += tr("; no value at %1").arg(worst.missing);
        }
        data->performances.push_back(std::move(row));
    }
    for (const sizing::PlaceOutcome& outcome : robustness.places) {
        widgets::RobustPlace place{placeName(outcome.place, conditions),
                                   QString::fromStdString(outcome.place.corner.value_or(conditions.corner)),
                                   outcome.holds,
                                   outcome.margin,
                                   {},
                                   {}};
        for (const sizing::Requirement& limit : robustness.limits) {
            const auto found = outcome.evaluation.performances.find(limit.performance);
            place.values.push_back(found != outcome.evaluation.performances.end()
                                       ? found->second
                                       : std::numeric_limits<double>::quiet_NaN());
        }
        if (outcome.evaluation.error) place.problem = errorSentence(*outcome.evaluation.error);
        data->places.push_back(std::move(place));
    }
    for (const sizing::MismatchOutcome& outcome : robustness.mismatch)
        data->mismatch.push_back(mismatchData(outcome, conditions));
    return data;
}

Result<RobustnessPointer> runRobustness(const RobustnessInput& input, JobMonitor& monitor,
                                        const std::function<void(RobustnessPointer)>& onPartial) {
    monitor.progress(0, "Starting the simulators");
    const auto pool = input.pool->get();
    if (!pool) return forward(pool);
    const simulation::BenchConditions conditions = (*pool)->conditions();
    const double supplyVoltage = input.pool->supplyVoltage();
    const QString tolerance = QString::number(100 * input.wishes.tolerance, 'g', 3);
    QString held = tr("the specification within %1 %").arg(tolerance);
    auto specification = heldSpecification(input.data.get(), *input.circuit->space, input.specification);
    if (!specification) {
        const auto evaluation = (*pool)->evaluateOne(input.sizing, monitor);
        if (!evaluation) return forward(evaluation);
        if (!evaluation->ok()) return tl::unexpected<Error>(*evaluation->error);
        specification = achieved((*pool)->settings().performances, *evaluation);
        held = tr("what it achieves within %1 %").arg(tolerance);
    }
    auto limits = sizing::performanceLimits(*specification, input.wishes.tolerance, supplyVoltage);
    // A specification may be older than the choice of the technology.
    for (sizing::Requirement& limit : limits)
        limit = sizing::atKnownCorners(std::move(limit), input.circuit->amplifier->technology.corners);
    limits.push_back(sizing::Requirement::free(simulation::Performance::Offset));
    sizing::RobustnessSettings settings;
    if (input.wishes.corners)
        settings.places =
            sizing::usualPlaces(input.circuit->amplifier->technology.corners, conditions.supplyVoltage);
    settings.draws = static_cast<std::size_t>(input.wishes.draws);
    settings.atWorstPlace = input.wishes.atWorst;
    if (input.wishes.intervalWidth > 0) settings.intervalWidth = input.wishes.intervalWidth;
    settings.seed = input.seed;
    settings.supplyVoltage = supplyVoltage;
    settings.ownCorner = conditions.corner;
    const auto robustness = sizing::assessRobustness(
        sizing::simulatorOf(**pool), sizing::mosfetNames(input.circuit->amplifier->netlist.circuit),
        input.sizing, limits, settings, monitor, [&](const sizing::Robustness& partial) {
            if (monitor.wantsPreview()) onPartial(shownRobustness(partial, input.origin, held, conditions));
        });
    if (!robustness) return forward(robustness);
    return shownRobustness(*robustness, input.origin, held, conditions);
}

} // namespace headroom::app
