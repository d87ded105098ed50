#include "core/sizing/slack.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <fmt/format.h>

#include "core/base/quantity.h"
#include "core/base/random.h"
#include "core/base/stage_context.h"
#include "core/base/statistics.h"
#include "core/compute/thread_team.h"

namespace headroom::sizing {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Relative spread of the first steps.
constexpr double kFirstSpread = 0.05;
/// How far a step may lead, in standard deviations of the samples so far, to either side together.
constexpr double kBracket = 4;
/// Tries of one step; a chain that finds nothing stays where it is.
constexpr int kTries = 10;
/// Points along one variable at which the forward model is asked for the ends of its interval.
constexpr int kPointsPerAxis = 48;
/// How far beyond its expected end an interval is tried next, in logarithms, where the end holds.
constexpr double kStepOut = 0.25;
/// Shares of the work that are done when the intervals, and when the rounds begin; of a round's work that
/// wandering takes.
constexpr double kIntervalsBegin = 0.02, kRoundsBegin = 0.45, kWanderShare = 0.5;
/// Share of the samples within the interval of all together.
constexpr double kTogether = 0.95;

/// What is expected of sizes before they are simulated: the forward model and what simulations added to it.
class Expectation {
public:
    Expectation(std::shared_ptr<const ForwardModel> model, const Specification& specification,
                double supplyVoltage, double tolerance)
        : m_expected(std::make_shared<UpdatedForwardModel>(std::move(model))) {
        for (const OutputLimit& limit :
             outputLimits(m_expected->model(), specification, tolerance, supplyVoltage))
            m_limits.push_back({limit});
    }

    void learn(const std::vector<double>& values, const simulation::Evaluation& evaluation) {
        m_expected->learn(values, evaluation);
    }

    std::shared_ptr<const UpdatedForwardModel> model() const { return m_expected; }
    std::vector<OutputLimit> limits() const { return {m_limits.begin(), m_limits.end()}; }

    /// Whether each sizing is expected to hold the specification.
    std::vector<bool> holds(const std::vector<std::vector<double>>& sizings) {
        // What turned down most so far comes first: the others need not look at those any more.
        std::stable_sort(m_limits.begin(), m_limits.end(),
                         [](const Limit& a, const Limit& b) { return a.turnedDown > b.turnedDown; });
        std::vector<Part> parts;
        for (std::size_t first = 0; first < sizings.size(); first += kPart)
            parts.push_back({first, std::min(kPart, sizings.size() - first), {}, {}});
        // Parts are the same whatever the threads, and so are their results.
        static_cast<void>(compute::inParallel(parts.size(), [&](std::size_t index) -> Result<void> {
            judge(sizings, parts[index]);
            return {};
        }));
        std::vector<bool> result;
        for (const Part& part : parts) {
            result.insert(result.end(), part.holds.begin(), part.holds.end());
            for (std::size_t limit = 0; limit < m_limits.size(); ++limit)
                m_limits[limit].turnedDown += part.turnedDown[limit];
        }
        return result;
    }

private:
    /// Sizings that one thread looks at.
    static constexpr std::size_t kPart = 16;
    struct Part {
        std::size_t first = 0, count = 0;
        std::vector<bool> holds;
        std::vector<std::size_t> turnedDown; ///< by limit
    };

    void judge(const std::vector<std::vector<double>>& sizings, Part& part) const {
        const auto begin = sizings.begin() + static_cast<std::ptrdiff_t>(part.first);
        MatrixXd inputs =
            m_expected->model().inputsOf({begin, begin + static_cast<std::ptrdiff_t>(part.count)});
        part.holds.assign(part.count, true);
        part.turnedDown.assign(m_limits.size(), 0);
        std::vector<std::size_t> open(part.count);
        std::iota(open.begin(), open.end(), std::size_t{0});
        for (std::size_t limit = 0; limit < m_limits.size() && !open.empty(); ++limit) {
            const VectorXd mean = m_expected->processes()[m_limits[limit].output].mean(inputs);
            std::vector<std::size_t> left;
            std::vector<Index> kept;
            for (std::size_t row = 0; row < open.size(); ++row) {
                const auto at = static_cast<Index>(row);
                if (m_limits[limit].lead(mean[at]) < 0) {
                    part.holds[open[row]] = false;
                    ++part.turnedDown[limit];
                    continue;
                }
                left.push_back(open[row]);
                kept.push_back(at);
            }
            inputs = inputs(kept, Eigen::all).eval();
            open = std::move(left);
        }
    }

    struct Limit : OutputLimit {
        std::size_t turnedDown = 0;
    };

    std::shared_ptr<UpdatedForwardModel> m_expected;
    std::vector<Limit> m_limits;
};

/// What a forward model learns from.
simulation::Evaluation essenceOf(const simulation::Evaluation& evaluation) {
    simulation::Evaluation essence;
    essence.performances = evaluation.performances;
    essence.error = evaluation.error;
    const simulation::OperatingPoint& point = evaluation.operatingPoint;
    essence.operatingPoint.worstDevice = point.worstDevice;
    essence.operatingPoint.worstSaturationMargin = point.worstSaturationMargin;
    const auto worst = point.devices.find(point.worstDevice);
    if (!point.devices.empty())
        essence.operatingPoint.devices.insert(worst != point.devices.end() ? *worst : *point.devices.begin());
    return essence;
}

/// The search for one sizing's slack.
class SlackSearch {
public:
    SlackSearch(const std::shared_ptr<const ForwardModel>& model, const DesignSpace& space,
                const SimulateSizings& simulate, const Specification& specification, double supplyVoltage,
                const SlackSettings& settings, JobContext& context)
        : m_space(space)
        , m_simulate(simulate)
        , m_specification(specification)
        , m_supplyVoltage(supplyVoltage)
        , m_settings(settings)
        , m_context(context)
        , m_expectation(model, specification, supplyVoltage, settings.tolerance)
        , m_random(settings.seed) {}

    Result<Slack> find(const std::vector<double>& centre) {
        m_slack.centre = centre;
        for (const PinnedSize& pin : m_specification.pinned)
            m_slack.centre[pin.variable] = pin.value;
        m_slack.centre = m_space.snapForExport(m_slack.centre);
        m_slack.variables.resize(m_space.size());
        if (Result<void> held = checkCentre(); !held) return forward(held);
        if (Result<void> found = intervals(); !found) return forward(found);
        for (int round = 0; round < m_settings.rounds; ++round) {
            const double end = kRoundsBegin + (1 - kRoundsBegin) * (round + 1) / m_settings.rounds;
            if (Result<void> wandered = wander(m_progress + kWanderShare * (end - m_progress)); !wandered)
                return forward(wandered);
            if (Result<void> checked = checkSamples(end); !checked) return forward(checked);
        }
        summarise();
        m_slack.expected = m_expectation.model();
        m_slack.limits = m_expectation.limits();
        return std::move(m_slack);
    }

private:
    bool isHeld(double shortfall) const { return shortfall <= m_settings.tolerance; }

    double shortfallOf(const simulation::Evaluation& evaluation) const {
        return headroom::sizing::shortfallOf(m_specification, evaluation, m_supplyVoltage).worst;
    }

    /// Simulates and learns. @param until share of all the work that is done then
    Result<std::vector<simulation::Evaluation>> simulate(const std::vector<std::vector<double>>& values,
                                                         double until) {
        StageContext stage(m_context, m_progress, until);
        auto evaluations = m_simulate(values, stage);
        if (!evaluations) return evaluations;
        for (std::size_t index = 0; index < values.size(); ++index) {
            m_expectation.learn(values[index], (*evaluations)[index]);
            m_slack.learned.push_back({values[index], essenceOf((*evaluations)[index])});
        }
        m_slack.simulations += values.size();
        m_progress = until;
        return evaluations;
    }

    Result<void> checkCentre() {
        const auto evaluations = simulate({m_slack.centre}, kIntervalsBegin);
        if (!evaluations) return forward(evaluations);
        const simulation::Evaluation& evaluation = evaluations->front();
        if (isHeld(shortfallOf(evaluation))) return {};
        if (!evaluation.ok())
            return fail(ErrorCode::BadInput, "The sizing does not simulate.", evaluation.error->message);
        std::string misses;
        for (const Requirement& requirement : m_specification.requirements) {
            const simulation::PerformanceInfo& info = simulation::info(requirement.performance);
            const auto found = evaluation.performances.find(requirement.performance);
            const bool isThere = found != evaluation.performances.end();
            const double value = isThere ? found->second : std::numeric_limits<double>::quiet_NaN();
            if (isHeld(requirement.shortfall(value, m_supplyVoltage))) continue;
            const double limit = value > requirement.maximum ? requirement.maximum : requirement.minimum;
            misses += fmt::format("{}{} {} instead of {}", misses.empty() ? "" : ", ", info.title,
                                  isThere ? formatQuantity(value, info.unit) : "does not exist",
                                  formatQuantity(isThere ? limit : requirement.target(), info.unit));
        }
        return fail(
            ErrorCode::BadInput,
            fmt::format("The sizing does not hold the specification ({}); there is slack only around one "
                        "that does.",
                        misses));
    }

    double legalEnd(std::size_t variable, bool high) const {
        if (m_specification.isPinned(variable)) return m_slack.centre[variable];
        return high ? m_space.variables()[variable].high : m_space.variables()[variable].low;
    }

    std::vector<double> moved(std::size_t variable, double value) const {
        std::vector<double> values = m_slack.centre;
        values[variable] = value;
        return m_space.snapForExport(values);
    }

    /// Where the forward model expects a variable to leave the feasible set on its own.
    double expectedEnd(std::size_t variable, bool high) {
        const double from = m_slack.centre[variable];
        const double ratio = legalEnd(variable, high) / from;
        std::vector<std::vector<double>> points;
        for (int k = 1; k <= kPointsPerAxis; ++k)
            points.push_back(
                moved(variable, from * std::pow(ratio, static_cast<double>(k) / kPointsPerAxis)));
        const std::vector<bool> holds = m_expectation.holds(points);
        const auto end = std::find(holds.begin(), holds.end(), false);
        return end == holds.begin() ? from
                                    : points[static_cast<std::size_t>(end - holds.begin()) - 1][variable];
    }

    /// One end of a variable's own interval, closed in on by simulation.
    struct End {
        std::size_t variable = 0;
        bool high = false;
        double held = 0;              ///< farthest value that was found to hold
        std::optional<double> failed; ///< nearest beyond it that was not
        double next = 0;              ///< to be simulated
        bool isDone = false;
    };

    Result<void> intervals() {
        std::vector<End> ends;
        for (std::size_t variable = 0; variable < m_space.size(); ++variable)
            for (const bool high : {false, true}) {
                if (m_context.cancelled()) return failCancelled();
                End end{variable, high, m_slack.centre[variable], std::nullopt, 0, false};
                end.next = expectedEnd(variable, high);
                if (end.next == end.held) end.next = nextOf(end);
                ends.push_back(end);
            }
        for (int refinement = 0; refinement < m_settings.refinements; ++refinement) {
            std::vector<std::vector<double>> values;
            std::vector<End*> asked;
            for (End& end : ends) {
                end.isDone = end.isDone || end.next == end.held || (end.failed && end.next == *end.failed);
                if (end.isDone) continue;
                values.push_back(moved(end.variable, end.next));
                asked.push_back(&end);
            }
            if (values.empty()) break;
            const double share = static_cast<double>(refinement + 1) / m_settings.refinements;
            const auto evaluations =
                simulate(values, kIntervalsBegin + (kRoundsBegin - kIntervalsBegin) * share);
            if (!evaluations) return forward(evaluations);
            for (std::size_t index = 0; index < asked.size(); ++index) {
                End& end = *asked[index];
                const double value = values[index][end.variable];
                if (isHeld(shortfallOf((*evaluations)[index])))
                    end.held = value;
                else
                    end.failed = value;
                end.next = nextOf(end);
            }
        }
        for (const End& end : ends) {
            VariableSlack& slack = m_slack.variables[end.variable];
            (end.high ? slack.high : slack.low) = end.held;
            const std::vector<double> farthest = moved(end.variable, legalEnd(end.variable, end.high));
            slack.endsAtLimit[end.high ? 1 : 0] = end.held == farthest[end.variable];
        }
        return {};
    }

    /// Between what held and what did not, or farther out where all held so far; snapped.
    double nextOf(const End& end) const {
        const double limit = legalEnd(end.variable, end.high);
        double next = end.held * std::exp(end.high ? kStepOut : -kStepOut);
        if (end.failed) next = std::sqrt(end.held * *end.failed);
        next = end.high ? std::min(next, limit) : std::max(next, limit);
        return moved(end.variable, next)[end.variable];
    }

    std::vector<double> valuesAt(const VectorXd& logarithms) const {
        std::vector<double> values(static_cast<std::size_t>(logarithms.size()));
        for (std::size_t variable = 0; variable < values.size(); ++variable)
            values[variable] = std::exp(logarithms[static_cast<Index>(variable)]);
        return values;
    }

    bool isLegal(const VectorXd& logarithms) const {
        for (std::size_t variable = 0; variable < m_space.size(); ++variable) {
            const double at = logarithms[static_cast<Index>(variable)];
            if (at < std::log(legalEnd(variable, false)) || at > std::log(legalEnd(variable, true)))
                return false;
        }
        return true;
    }

    /// Lower factor of the covariance of all that the chains passed, or of the first spread.
    MatrixXd spread(const std::vector<VectorXd>& passed) const {
        const auto size = static_cast<Index>(m_space.size());
        const MatrixXd first = kFirstSpread * MatrixXd::Identity(size, size);
        if (passed.size() < 4 * m_space.size()) return first;
        const MatrixXd covariance = covarianceOf(passed) + 0.01 * first * first;
        const Eigen::LLT<MatrixXd> factor(covariance);
        return factor.info() == Eigen::Success ? MatrixXd(factor.matrixL()) : first;
    }

    static MatrixXd covarianceOf(const std::vector<VectorXd>& points) {
        MatrixXd rows(static_cast<Index>(points.size()), points.front().size());
        for (std::size_t row = 0; row < points.size(); ++row)
            rows.row(static_cast<Index>(row)) = points[row];
        rows.rowwise() -= rows.colwise().mean().eval();
        return rows.transpose() * rows / static_cast<double>(points.size() - 1);
    }

    Result<void> wander(double until) {
        StageContext stage(m_context, m_progress, until);
        VectorXd centre(static_cast<Index>(m_space.size()));
        for (std::size_t variable = 0; variable < m_space.size(); ++variable)
            centre[static_cast<Index>(variable)] = std::log(m_slack.centre[variable]);
        std::vector<VectorXd> chains(m_settings.chains, centre);
        std::vector<VectorXd> passed;
        m_points.clear();
        MatrixXd factor = spread(passed);
        for (std::size_t step = 0; step < m_settings.steps; ++step) {
            if (m_context.cancelled()) return failCancelled();
            const bool isForgotten = step < m_settings.steps / 2;
            // The directions follow what was seen only while it is forgotten: then the chains stay fair.
            if (isForgotten) factor = spread(passed);
            move(chains, factor);
            stage.progress(static_cast<double>(step + 1) / static_cast<double>(m_settings.steps),
                           "Exploring the room together");
            auto& kept = isForgotten ? passed : m_points;
            kept.insert(kept.end(), chains.begin(), chains.end());
            const std::size_t recent = m_settings.chains * m_settings.steps / 4;
            if (isForgotten && passed.size() > recent)
                passed.erase(passed.begin(), passed.end() - static_cast<std::ptrdiff_t>(recent));
        }
        m_progress = until;
        return {};
    }

    /// One step of every chain.
    void move(std::vector<VectorXd>& chains, const MatrixXd& factor) {
        struct Step {
            std::size_t chain = 0;
            VectorXd direction;
            double from = 0, to = 0; ///< the bracket
            double at = 0;
        };
        std::vector<Step> open;
        for (std::size_t chain = 0; chain < chains.size(); ++chain) {
            VectorXd direction(factor.cols());
            for (Index k = 0; k < direction.size(); ++k)
                direction[k] = normal(m_random);
            direction = factor * direction;
            for (const PinnedSize& pin : m_specification.pinned)
                direction[static_cast<Index>(pin.variable)] = 0;
            const double from = -kBracket * uniform(m_random);
            open.push_back({chain, direction, from, from + kBracket, 0});
        }
        for (int attempt = 0; attempt < kTries && !open.empty(); ++attempt) {
            std::vector<std::vector<double>> sizings;
            std::vector<bool> legal;
            for (Step& step : open) {
                step.at = uniform(m_random, step.from, step.to);
                const VectorXd point = chains[step.chain] + step.at * step.direction;
                legal.push_back(isLegal(point));
                sizings.push_back(valuesAt(legal.back() ? point : chains[step.chain]));
            }
            const std::vector<bool> holds = m_expectation.holds(sizings);
            std::vector<Step> left;
            for (std::size_t index = 0; index < open.size(); ++index) {
                Step& step = open[index];
                if (legal[index] && holds[index]) {
                    chains[step.chain] += step.at * step.direction;
                    continue;
                }
                (step.at < 0 ? step.from : step.to) = step.at;
                left.push_back(std::move(step));
            }
            open = std::move(left);
        }
    }

    /// Simulates some of the samples, evenly spaced over all.
    Result<void> checkSamples(double until) {
        std::vector<std::vector<double>> values;
        const std::size_t count = std::min(m_settings.simulated, m_points.size());
        for (std::size_t index = 0; index < count; ++index)
            values.push_back(m_space.snapForExport(valuesAt(m_points[index * m_points.size() / count])));
        const auto evaluations = simulate(values, until);
        if (!evaluations) return forward(evaluations);
        m_slack.simulated.clear();
        m_slack.confirmed = 0;
        for (std::size_t index = 0; index < count; ++index) {
            const double shortfall = shortfallOf((*evaluations)[index]);
            m_slack.simulated.push_back({values[index], shortfall});
            if (isHeld(shortfall)) ++m_slack.confirmed;
        }
        return {};
    }

    void summarise() {
        m_slack.samples.clear();
        for (const VectorXd& point : m_points)
            m_slack.samples.push_back(m_space.snapForExport(valuesAt(point)));
        for (std::size_t variable = 0; variable < m_space.size(); ++variable) {
            std::vector<double> values;
            for (const std::vector<double>& sample : m_slack.samples)
                values.push_back(sample[variable]);
            const Summary summary = headroom::summarise(values);
            std::sort(values.begin(), values.end());
            VariableSlack& slack = m_slack.variables[variable];
            slack.togetherLow = quantile(values, 0.5 * (1 - kTogether));
            slack.togetherHigh = quantile(values, 0.5 * (1 + kTogether));
            slack.mean = summary.mean;
            slack.deviation = summary.deviation;
        }
        m_slack.covariance = covarianceOf(m_points);
        const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(m_slack.covariance);
        for (Index k = m_slack.covariance.cols(); k-- > 0;) {
            SlackDirection direction;
            direction.deviation = std::sqrt(std::max(0.0, solver.eigenvalues()[k]));
            // The sign is free: the largest component shall be positive.
            VectorXd vector = solver.eigenvectors().col(k);
            Index largest = 0;
            vector.cwiseAbs().maxCoeff(&largest);
            if (vector[largest] < 0) vector = -vector;
            direction.components.assign(vector.begin(), vector.end());
            m_slack.directions.push_back(std::move(direction));
        }
    }

    const DesignSpace& m_space;
    const SimulateSizings& m_simulate;
    const Specification& m_specification;
    double m_supplyVoltage;
    const SlackSettings& m_settings;
    JobContext& m_context;
    double m_progress = 0; ///< share of the work that is done
    Expectation m_expectation;
    RandomEngine m_random;
    std::vector<VectorXd> m_points; ///< samples, natural logarithms of sizes
    Slack m_slack;
};

} // namespace

SimulateSizings simulatorOf(simulation::EvaluationPool& pool, const DesignSpace& space) {
    return [&pool, &space](const std::vector<std::vector<double>>& values, JobContext& context) {
        std::vector<Sizing> sizings;
        for (const std::vector<double>& each : values)
            sizings.push_back(space.expand(each));
        return pool.evaluate(sizings, context);
    };
}

void restoreExpectation(Slack& slack, const std::shared_ptr<const ForwardModel>& model,
                        const Specification& specification, double supplyVoltage, double tolerance) {
    auto expected = std::make_shared<UpdatedForwardModel>(model);
    for (const LearnedSimulation& simulation : slack.learned)
        expected->learn(simulation.values, simulation.evaluation);
    slack.expected = std::move(expected);
    slack.limits = outputLimits(*model, specification, tolerance, supplyVoltage);
}

Result<Slack> findSlack(const std::shared_ptr<const ForwardModel>& model, const DesignSpace& space,
                        const SimulateSizings& simulate, const std::vector<double>& centre,
                        const Specification& specification, double supplyVoltage,
                        const SlackSettings& settings, JobContext& context) {
    return SlackSearch(model, space, simulate, specification, supplyVoltage, settings, context).find(centre);
}

} // namespace headroom::sizing
