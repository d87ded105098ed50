#include "core/sizing/candidate_search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

namespace headroom::sizing {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Candidates whose uncertainty is worked out one by one; the others are ranked by their means alone, since
/// an uncertainty costs as much as hundreds of means.
constexpr std::size_t kShortList = 16;
/// Candidates whose mean uncertainty stands for that of all.
constexpr std::size_t kRoughSample = 6;
/// Steps of an improvement for which the derivatives of the electrical coordinates are kept.
constexpr int kStepsPerJacobian = 6;
/// Step of the numerical derivatives of the electrical coordinates, and of the improvement, in logarithms of
/// sizes.
constexpr double kDifference = 1e-4;
constexpr double kFirstStep = 0.03, kLastStep = 0.003;
/// Sizes that differ by less than this, in logarithms, are not worth two simulations.
constexpr double kSameSize = 0.01;

/// log of the standard normal distribution function, and its derivative.
std::pair<double, double> logNormal(double z) {
    const double density = -0.5 * z * z - 0.5 * std::log(2 * std::numbers::pi);
    if (z < -8) {
        // Asymptotic series (Abramowitz and Stegun 26.2.12).
        const double tail = 1 - 1 / (z * z);
        const double value = density - std::log(-z) + std::log(tail);
        return {value, std::exp(density - value)};
    }
    const double value = std::log(0.5 * std::erfc(-z / std::numbers::sqrt2));
    return {value, std::exp(density - value)};
}

} // namespace

CandidateSearch::CandidateSearch(std::shared_ptr<const ForwardModel> model, const DesignSpace& space,
                                 const Specification& specification, double supplyVoltage,
                                 const SearchSettings& settings)
    : m_expected(std::move(model))
    , m_space(space)
    , m_pinned(specification.pinned)
    , m_supplyVoltage(supplyVoltage)
    , m_settings(settings)
    , m_limits(outputLimits(m_expected.model(), specification, settings.tolerance, supplyVoltage)) {}

void CandidateSearch::aimAt(const Specification& specification) {
    m_limits = outputLimits(m_expected.model(), specification, m_settings.tolerance, m_supplyVoltage);
}

std::size_t CandidateSearch::roundSize(std::size_t round) {
    // Few at first, so that the next ones are better chosen.
    constexpr std::array<std::size_t, 4> sizes{1, 2, 5, 8};
    return sizes[std::min(round, sizes.size() - 1)];
}

bool CandidateSearch::add(const std::vector<double>& sample, bool polished) {
    std::vector<double> values = m_space.snapForExport(sample, m_pinned);
    if (!m_known.insert(values).second) return false;
    m_candidates.push_back({std::move(values), polished, false});
    return true;
}

void CandidateSearch::offer(const std::vector<std::vector<double>>& samples) {
    for (const std::vector<double>& sample : samples)
        add(sample, false);
}

MatrixXd CandidateSearch::means(const MatrixXd& inputs) const {
    const std::vector<regression::UpdatedProcess>& processes = m_expected.processes();
    MatrixXd mean(inputs.rows(), static_cast<Index>(processes.size()));
    for (std::size_t p = 0; p < processes.size(); ++p)
        mean.col(static_cast<Index>(p)) = processes[p].mean(inputs);
    return mean;
}

CandidateSearch::Scores CandidateSearch::score(const std::vector<std::size_t>& candidates) const {
    std::vector<std::vector<double>> sizings;
    for (const std::size_t candidate : candidates)
        sizings.push_back(m_candidates[candidate].values);
    const MatrixXd inputs = m_expected.model().inputsOf(sizings);
    Scores scores;
    scores.mean.resize(inputs.rows(), static_cast<Index>(m_expected.processes().size()));
    scores.deviation = scores.mean;
    for (std::size_t p = 0; p < m_expected.processes().size(); ++p) {
        const regression::ProcessPrediction own = m_expected.processes()[p].predict(inputs);
        const double noise = m_expected.model().process(p)->covariance().noise;
        scores.mean.col(static_cast<Index>(p)) = own.mean;
        scores.deviation.col(static_cast<Index>(p)) = (own.deviation.array().square() + noise * noise).sqrt();
    }
    sumLogProbability(scores);
    return scores;
}

void CandidateSearch::sumLogProbability(Scores& scores) const {
    scores.logProbability = VectorXd::Zero(scores.mean.rows());
    for (const OutputLimit& limit : m_limits) {
        const auto output = static_cast<Index>(limit.output);
        for (Index r = 0; r < scores.mean.rows(); ++r) {
            const double lead = limit.lead(scores.mean(r, output));
            scores.logProbability[r] += logNormal(lead / scores.deviation(r, output)).first;
        }
    }
}

/// Scores by the means, with the mean uncertainty of some of the candidates for all.
CandidateSearch::Scores CandidateSearch::scoreRoughly(const std::vector<std::size_t>& candidates) const {
    std::vector<std::size_t> some;
    for (std::size_t i = 0; i < kRoughSample; ++i)
        some.push_back(candidates[i * candidates.size() / kRoughSample]);
    const Eigen::RowVectorXd deviation = score(some).deviation.colwise().mean();
    std::vector<std::vector<double>> sizings;
    for (const std::size_t candidate : candidates)
        sizings.push_back(m_candidates[candidate].values);
    Scores scores;
    scores.mean = means(m_expected.model().inputsOf(sizings));
    scores.deviation = deviation.replicate(scores.mean.rows(), 1);
    sumLogProbability(scores);
    return scores;
}

/// The likeliest candidates that were chosen already, or that were not, by the rough score.
std::vector<std::size_t> CandidateSearch::shortList(std::size_t count, bool taken) const {
    std::vector<std::size_t> open;
    for (std::size_t c = 0; c < m_candidates.size(); ++c) {
        if (m_candidates[c].taken == taken) open.push_back(c);
    }
    if (open.size() <= count) return open;
    const Scores scores = scoreRoughly(open);
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t i = 0; i < open.size(); ++i)
        order.emplace_back(-scores.logProbability[static_cast<Index>(i)], open[i]);
    std::sort(order.begin(), order.end());
    std::vector<std::size_t> best;
    for (std::size_t i = 0; i < count; ++i)
        best.push_back(order[i].second);
    return best;
}

VectorXd CandidateSearch::inputsAt(const VectorXd& logarithms) const {
    const VectorXd values = logarithms.array().exp();
    return m_expected.model().inputsOf(
        std::span<const double>(values.data(), static_cast<std::size_t>(values.size())));
}

/// Derivatives of the forward model's inputs by the logarithms of the variables. @return inputs x variables
MatrixXd CandidateSearch::jacobianAt(const VectorXd& logarithms) const {
    const VectorXd inputs = inputsAt(logarithms);
    MatrixXd jacobian(inputs.size(), logarithms.size());
    VectorXd moved = logarithms;
    for (Index v = 0; v < logarithms.size(); ++v) {
        moved[v] = logarithms[v] + kDifference;
        jacobian.col(v) = (inputsAt(moved) - inputs) / kDifference;
        moved[v] = logarithms[v];
    }
    return jacobian;
}

/// The logarithm of the chance by the means at fixed deviations, each requirement by its weight, and its
/// gradient by the inputs.
double CandidateSearch::climb(const VectorXd& inputs, const VectorXd& deviation, VectorXd& byInputs) const {
    double sum = 0;
    byInputs = VectorXd::Zero(inputs.size());
    VectorXd own;
    for (const OutputLimit& limit : m_limits) {
        const double spread = deviation[static_cast<Index>(limit.output)];
        const double mean = m_expected.processes()[limit.output].meanAndGradient(inputs, own);
        const auto [value, slope] = logNormal(limit.lead(mean) / spread);
        sum += limit.weight * value;
        byInputs += limit.weight * slope * limit.sign / spread * own;
    }
    return sum;
}

/// Where a polished sizing may be. @param keepsRatios mirrors made of units keep their numbers of units
CandidateSearch::Box CandidateSearch::boxAround(const std::vector<double>& values, bool keepsRatios) const {
    const auto count = static_cast<Index>(values.size());
    Box box{VectorXd(count), VectorXd(count)};
    for (Index v = 0; v < count; ++v) {
        box.low[v] = std::log(m_space.variables()[static_cast<std::size_t>(v)].low);
        box.high[v] = std::log(m_space.variables()[static_cast<std::size_t>(v)].high);
    }
    for (const PinnedSize& pin : m_pinned)
        box.low[static_cast<Index>(pin.variable)] = box.high[static_cast<Index>(pin.variable)] =
            std::log(pin.value);
    if (!keepsRatios) return box;
    for (const DesignSpace::MirrorBank& bank : m_space.mirrorBanks()) {
        const auto units = m_space.unitsOf(bank, values);
        if (!units) continue;
        double down = std::log(bank.leastWidth / units->width), up = std::numeric_limits<double>::infinity();
        for (const std::size_t v : bank.widths) {
            const double position = std::log(values[v]);
            down = std::max(down, box.low[static_cast<Index>(v)] - position);
            up = std::min(up, box.high[static_cast<Index>(v)] - position);
        }
        for (const std::size_t v : bank.widths) {
            box.low[static_cast<Index>(v)] = std::log(values[v]) + std::min(down, 0.0);
            box.high[static_cast<Index>(v)] = std::log(values[v]) + std::max(up, 0.0);
        }
    }
    return box;
}

/// Makes the widths of each mirror made of units go the same way.
void CandidateSearch::tie(VectorXd& gradient) const {
    for (const DesignSpace::MirrorBank& bank : m_space.mirrorBanks()) {
        double sum = 0;
        for (const std::size_t v : bank.widths)
            sum += gradient[static_cast<Index>(v)];
        for (const std::size_t v : bank.widths)
            gradient[static_cast<Index>(v)] = sum / static_cast<double>(bank.widths.size());
    }
}

/// Follows the gradient of the logarithm of the chance (Adam: Kingma and Ba 2015) within the legal ranges.
std::vector<double> CandidateSearch::polish(const std::vector<double>& values, const VectorXd& deviation,
                                            bool keepsRatios) const {
    const auto count = static_cast<Index>(values.size());
    VectorXd position = Eigen::Map<const VectorXd>(values.data(), count).array().log();
    const auto [low, high] = boxAround(values, keepsRatios);
    VectorXd best = VectorXd::Zero(count);
    MatrixXd jacobian;
    VectorXd byInputs, gradient, first = VectorXd::Zero(count), second = VectorXd::Zero(count);
    double most = -std::numeric_limits<double>::infinity();
    for (int i = 0; i <= m_settings.steps; ++i) {
        if (i % kStepsPerJacobian == 0) jacobian = jacobianAt(position);
        const double value = climb(inputsAt(position), deviation, byInputs);
        gradient = jacobian.transpose() * byInputs;
        if (keepsRatios) tie(gradient);
        if (value > most) {
            most = value;
            best = position;
        }
        first = 0.9 * first + 0.1 * gradient;
        second = 0.99 * second + 0.01 * gradient.cwiseAbs2();
        const double share = static_cast<double>(i) / std::max(1, m_settings.steps);
        const double rate = kFirstStep * std::pow(kLastStep / kFirstStep, share);
        const double firstScale = 1 - std::pow(0.9, i + 1), secondScale = 1 - std::pow(0.99, i + 1);
        position.array() +=
            rate * (first.array() / firstScale) / ((second.array() / secondScale).sqrt() + 1e-12);
        position = position.cwiseMax(low).cwiseMin(high);
    }
    const VectorXd result = best.array().exp();
    return {result.begin(), result.end()};
}

RankedSizing CandidateSearch::ranked(std::size_t candidate, const Scores& scores, Index row) const {
    RankedSizing result;
    result.values = m_candidates[candidate].values;
    result.polished = m_candidates[candidate].polished;
    result.logProbability = scores.logProbability[row];
    for (std::size_t p = 0; p < m_expected.model().performances().size(); ++p)
        result.predicted.push_back(
            m_expected.model().normaliser(p).restore(scores.mean(row, static_cast<Index>(p))));
    return result;
}

void CandidateSearch::append(Scores& scores, const Scores& more) {
    const Index known = scores.mean.rows();
    const Index all = known + more.mean.rows();
    scores.mean.conservativeResize(all, Eigen::NoChange);
    scores.mean.bottomRows(all - known) = more.mean;
    scores.deviation.conservativeResize(all, Eigen::NoChange);
    scores.deviation.bottomRows(all - known) = more.deviation;
    scores.logProbability.conservativeResize(all);
    scores.logProbability.tail(all - known) = more.logProbability;
}

Result<std::vector<RankedSizing>> CandidateSearch::next(std::size_t count, JobContext& context) {
    std::vector<std::size_t> best = shortList(std::max(kShortList, 2 * count), false);
    const std::vector<std::size_t> resumed = shortList(m_settings.resumed, true);
    best.insert(best.end(), resumed.begin(), resumed.end());
    Scores scores = score(best);
    if (m_settings.polished > 0 && !best.empty()) {
        std::vector<std::size_t> improved;
        std::vector<Index> order(best.size());
        std::iota(order.begin(), order.end(), 0);
        std::sort(order.begin(), order.end(),
                  [&](Index a, Index b) { return scores.logProbability[a] > scores.logProbability[b]; });
        order.resize(std::min(order.size(), m_settings.polished));
        for (const Index row : order) {
            if (context.cancelled()) return failCancelled();
            const std::size_t candidate = best[static_cast<std::size_t>(row)];
            const VectorXd deviation = scores.deviation.row(row).transpose();
            std::vector<double> better = polish(m_candidates[candidate].values, deviation, false);
            // What is lost as mirrors are made of whole units is won back by the other sizes.
            if (m_space.mostUnits() > 0)
                better = polish(m_space.snapForExport(better, m_pinned), deviation, true);
            if (add(better, true)) improved.push_back(m_candidates.size() - 1);
        }
        if (!improved.empty()) append(scores, score(improved));
        best.insert(best.end(), improved.begin(), improved.end());
    }
    std::vector<Index> order(best.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(),
              [&](Index a, Index b) { return scores.logProbability[a] > scores.logProbability[b]; });
    std::vector<RankedSizing> chosen;
    const auto nearChosen = [&](const std::vector<double>& values) {
        return std::any_of(chosen.begin(), chosen.end(), [&](const RankedSizing& other) {
            double largest = 0;
            for (std::size_t v = 0; v < values.size(); ++v)
                largest = std::max(largest, std::abs(std::log(values[v] / other.values[v])));
            return largest < kSameSize;
        });
    };
    for (const Index row : order) {
        if (chosen.size() == count) break;
        const std::size_t candidate = best[static_cast<std::size_t>(row)];
        if (m_candidates[candidate].taken || nearChosen(m_candidates[candidate].values)) continue;
        m_candidates[candidate].taken = true;
        chosen.push_back(ranked(candidate, scores, row));
    }
    return chosen;
}

std::vector<RankedSizing> CandidateSearch::ranking() const {
    std::vector<std::size_t> open;
    for (std::size_t c = 0; c < m_candidates.size(); ++c) {
        if (!m_candidates[c].taken && !m_candidates[c].polished) open.push_back(c);
    }
    if (open.empty()) return {};
    const Scores scores = scoreRoughly(open);
    std::vector<RankedSizing> result;
    for (std::size_t i = 0; i < open.size(); ++i)
        result.push_back(ranked(open[i], scores, static_cast<Index>(i)));
    std::stable_sort(result.begin(), result.end(), [](const RankedSizing& a, const RankedSizing& b) {
        return a.logProbability > b.logProbability;
    });
    return result;
}

} // namespace headroom::sizing
