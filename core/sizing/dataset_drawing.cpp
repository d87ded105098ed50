#include "core/sizing/dataset_drawing.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "core/base/stage_context.h"
#include "core/sizing/electrical_drawing.h"
#include "core/sizing/needed_extent.h"
#include "core/sizing/saturation_screen.h"

namespace headroom::sizing {
namespace {

/// Drawings per round; a multiple of any sensible worker count, small enough for prompt progress.
constexpr std::size_t kRound = 64;
/// Consecutive drawings without a single good one after which the circuit is given up.
constexpr std::size_t kHopeless = 6000;
/// Good drawings in multiples of those wanted after which what is beaten least is taken, too.
constexpr std::size_t kMostPerKept = 4;

/// Collects the good rows out of simulated drawings and counts the others.
class GoodRows {
public:
    GoodRows(const DatasetSettings& settings, const std::vector<Performance>& performances)
        : m_settings(settings)
        , m_performances(performances) {}

    /// Rows that are there already; drawn once more they are counted and not added.
    void know(const std::vector<DataRow>& present) {
        for (const DataRow& row : present) {
            m_known.insert(row.values);
            rows.push_back(row);
            margins.push_back(m_settings.saturationMargin);
        }
    }

    void add(const std::vector<double>& values, const simulation::Evaluation& evaluation) {
        ++statistics.drawn;
        const double margin = evaluation.operatingPoint.worstSaturationMargin;
        const bool isBiased = !evaluation.operatingPoint.devices.empty();
        if (!evaluation.ok()) {
            if (isBiased && margin < m_settings.saturationMargin && margin > farFromSaturation &&
                unsaturated.size() < m_settings.size)
                unsaturated.push_back({values, margin});
            ++(evaluation.error->code == ErrorCode::Infeasible ? statistics.notSaturated : statistics.failed);
            if (evaluation.error->code != ErrorCode::Infeasible)
                lastFailure = evaluation.error->message;
            else if (isBiased && margin < m_settings.saturationMargin)
                ++m_unsaturatedDevices[evaluation.operatingPoint.worstDevice];
            return;
        }
        if (!acceptable(evaluation.performances)) {
            ++statistics.rejected;
            return;
        }
        DataRow row{values, {}};
        for (const Performance performance : m_performances) {
            const auto found = evaluation.performances.find(performance);
            if (found == evaluation.performances.end() || !std::isfinite(found->second)) {
                ++statistics.failed;
                return;
            }
            row.performances.push_back(found->second);
        }
        ++statistics.good;
        if (!m_known.insert(values).second) return;
        rows.push_back(std::move(row));
        margins.push_back(margin);
    }

    /// " Most often M7 was not saturated (12 times)."; empty where nothing was told.
    std::string commonestProblem() const {
        const std::string failure =
            lastFailure.empty() ? std::string() : fmt::format(" The last one that failed: {}", lastFailure);
        const auto most = std::max_element(m_unsaturatedDevices.begin(), m_unsaturatedDevices.end(),
                                           [](const auto& a, const auto& b) { return a.second < b.second; });
        if (most == m_unsaturatedDevices.end()) return failure;
        return fmt::format(" Most often {} was not saturated ({} times).{}", most->first, most->second,
                           failure);
    }

    std::vector<DataRow> rows;
    std::vector<double> margins; ///< V, by row
    std::vector<SaturationRow> unsaturated;
    DrawStatistics statistics;
    std::string lastFailure;

private:
    /// An amplifier without a phase margin oscillates, or does not amplify.
    bool acceptable(const simulation::PerformanceMap& performances) const {
        const auto atLeast = [&](Performance performance, double limit) {
            const auto found = performances.find(performance);
            return found != performances.end() && found->second >= limit;
        };
        return atLeast(Performance::PhaseMargin, m_settings.minimumPhaseMargin) &&
               atLeast(Performance::GainDb, m_settings.minimumGainDb);
    }

    const DatasetSettings& m_settings;
    const std::vector<Performance>& m_performances;
    std::set<std::vector<double>> m_known;
    std::map<std::string, std::size_t> m_unsaturatedDevices;
};

/// What decides whether a drawing is good, beside the performances that are asked for.
const std::vector<Performance> kGuards{Performance::PhaseMargin, Performance::GainDb};

/// Draws and simulates round by round.
class Drawing {
public:
    Drawing(simulation::EvaluationPool& pool, const simulation::AmplifierUnderTest& amplifier,
            const DesignSpace& space, const DatasetSettings& settings, JobContext& context)
        : good(settings, pool.settings().performances)
        , m_pool(pool)
        , m_space(space)
        , m_settings(settings)
        , m_context(context)
        , m_drawing(amplifier, space, biasCurrent(pool, amplifier))
        , m_screen(ElectricalCoordinates::create(unowned(amplifier), space, biasCurrent(pool, amplifier)),
                   settings.saturationMargin, exemptDevices(amplifier))
        , m_extent(neededExtent(pool, kGuards)) {}

    std::size_t wanted() const {
        return static_cast<std::size_t>(
            std::ceil(static_cast<double>(m_settings.size) * m_settings.selectivity));
    }

    /// Whether to draw on for @p needed non-dominated rows, of which there are @p found: with few
    /// performances they become so rare that others must do.
    bool wantsMore(std::size_t found, std::size_t needed) const {
        if (good.statistics.good < wanted() || good.rows.size() < m_settings.size) return true;
        return found < needed && good.statistics.good < kMostPerKept * wanted();
    }

    /// Passes over drawings that were simulated before, or turned down.
    void skip(std::size_t drawings) {
        for (std::size_t passed = 0; passed < drawings;) {
            if (m_drawing.draw(m_settings.seed, m_index++)) ++passed;
        }
    }

    Result<void> drawRound() {
        m_rested += m_context.waitWhilePaused();
        std::vector<std::vector<double>> drawn;
        std::vector<simulation::EvaluationRequest> requests;
        m_screen.fit();
        std::multimap<double, std::vector<double>> unlikely; // the likeliest of them, by chance
        for (std::size_t tries = 0; drawn.size() < kRound && tries < kRound * 200; ++tries) {
            if (m_context.cancelled()) return failCancelled();
            auto values = m_drawing.draw(m_settings.seed, m_index++);
            if (!values) continue;
            if (!m_screen.passes(*values)) {
                ++good.statistics.screened;
                unlikely.emplace(m_screen.chance(*values), std::move(*values));
                if (unlikely.size() > kRound) unlikely.erase(unlikely.begin());
                continue;
            }
            requests.push_back({m_space.expand(*values), {}, m_extent});
            drawn.push_back(std::move(*values));
        }
        // Where none is likely the likeliest are tried: what is foreseen is a rough guess.
        if (drawn.empty()) {
            for (auto& [chance, values] : unlikely) {
                requests.push_back({m_space.expand(values), {}, m_extent});
                drawn.push_back(std::move(values));
            }
            good.statistics.screened -= drawn.size();
        }
        if (drawn.empty()) {
            return fail(ErrorCode::Infeasible, "No sizing of this circuit can be drawn. " +
                                                   m_drawing.whyNone(m_settings.seed, m_index));
        }
        QuietContext batch(m_context); // what counts are good sizings
        std::size_t done = 0, working = 0;
        const auto evaluations =
            m_pool.evaluate(requests, batch, [&](std::size_t, const simulation::Evaluation& evaluation) {
                ++done;
                working += evaluation.ok() ? 1 : 0;
                report(good.statistics.good + working, good.statistics.drawn + done);
            });
        if (!evaluations) return forward(evaluations);
        const std::size_t before = good.statistics.good;
        for (std::size_t i = 0; i < drawn.size(); ++i) {
            good.add(drawn[i], (*evaluations)[i]);
            m_screen.learn(drawn[i], (*evaluations)[i].operatingPoint);
        }
        m_roundsWithoutGood = good.statistics.good == before ? m_roundsWithoutGood + 1 : 0;
        if (good.statistics.drawn >= m_settings.maximumDraws || m_roundsWithoutGood * kRound > kHopeless) {
            return fail(ErrorCode::Infeasible,
                        fmt::format("Of {} drawn sizings only {} work; {} are wanted.{}",
                                    good.statistics.drawn, good.statistics.good, wanted(),
                                    good.commonestProblem()),
                        good.lastFailure);
        }
        report(good.statistics.good, good.statistics.drawn);
        return {};
    }

    void finish(std::size_t nonDominated, DrawStatistics* statistics) {
        if (statistics == nullptr) return;
        const double before = good.statistics.seconds;
        *statistics = good.statistics;
        statistics->nonDominated = nonDominated;
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - m_start;
        statistics->seconds = before + passed.count() - m_rested;
    }

    GoodRows good;

private:
    static double biasCurrent(const simulation::EvaluationPool& pool,
                              const simulation::AmplifierUnderTest& amplifier) {
        return pool.settings().biasCurrent.value_or(amplifier.technology.biasCurrent);
    }
    static std::shared_ptr<const simulation::AmplifierUnderTest>
    unowned(const simulation::AmplifierUnderTest& amplifier) {
        return {std::shared_ptr<const simulation::AmplifierUnderTest>(), &amplifier};
    }

    static std::vector<std::string> exemptDevices(const simulation::AmplifierUnderTest& amplifier) {
        const auto& devices = amplifier.netlist.circuit.devices;
        const std::vector<bool> can = structure::canSaturate(amplifier.structure, devices.size());
        std::vector<std::string> exempt;
        for (std::size_t id = 0; id < devices.size(); ++id) {
            if (!can[id]) exempt.push_back(devices[id].name);
        }
        return exempt;
    }

    void report(std::size_t working, std::size_t drawn) {
        const double share =
            static_cast<double>(working) / static_cast<double>(std::max<std::size_t>(1, wanted()));
        m_context.progress(std::min(1.0, share),
                           fmt::format("{} of {} good sizings, {} drawn", working, wanted(), drawn));
    }

    simulation::EvaluationPool& m_pool;
    const DesignSpace& m_space;
    const DatasetSettings& m_settings;
    JobContext& m_context;
    ElectricalDrawing m_drawing;
    SaturationScreen m_screen;
    std::optional<simulation::Extent> m_extent; ///< where more is asked for than the pool's settings say
    std::uint64_t m_index = 0;
    std::size_t m_roundsWithoutGood = 0;
    double m_rested = 0; ///< seconds of pause
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

/// A row of the data set, and which good row it becomes.
struct Placement {
    std::size_t row = 0;
    std::size_t source = 0;
};

/// Gives held-out places, which are to be targets, non-dominated rows as far as there are any; the rest goes
/// in drawing order.
std::vector<Placement> place(const std::vector<std::size_t>& places,
                             const std::vector<std::size_t>& nonDominated, std::vector<std::size_t> others) {
    std::vector<Placement> placed;
    std::size_t taken = 0;
    const auto isHeldOut = [](std::size_t row) {
        return row % Dataset::heldOutEvery == Dataset::heldOutEvery - 1;
    };
    for (const std::size_t row : places) {
        if (isHeldOut(row) && taken < nonDominated.size()) placed.push_back({row, nonDominated[taken++]});
    }
    others.insert(others.end(), nonDominated.begin() + static_cast<std::ptrdiff_t>(taken),
                  nonDominated.end());
    std::sort(others.begin(), others.end());
    auto next = others.begin();
    taken = placed.size();
    const auto isPlaced = [&](std::size_t row) {
        return std::any_of(placed.begin(), placed.begin() + static_cast<std::ptrdiff_t>(taken),
                           [&](const Placement& placement) { return placement.row == row; });
    };
    for (const std::size_t row : places) {
        if (next != others.end() && !isPlaced(row)) placed.push_back({row, *next++});
    }
    return placed;
}

std::vector<std::size_t> numbers(std::size_t from, std::size_t to) {
    std::vector<std::size_t> all(to > from ? to - from : 0);
    std::iota(all.begin(), all.end(), from);
    return all;
}

/// The good rows from number @p from on that are not among @p kept: those nearest to being non-dominated.
std::vector<std::size_t> nextBest(const GoodRows& good, const std::vector<Performance>& performances,
                                  const std::vector<std::size_t>& kept, std::size_t from, std::size_t count) {
    std::vector<std::size_t> candidates;
    for (const std::size_t row : numbers(from, good.rows.size())) {
        if (!std::binary_search(kept.begin(), kept.end(), row)) candidates.push_back(row);
    }
    return leastBeatenRows(good.rows, candidates, performances, count);
}

} // namespace

Result<Dataset> buildDataset(simulation::EvaluationPool& pool,
                             const simulation::AmplifierUnderTest& amplifier, const DesignSpace& space,
                             const DatasetSettings& settings, JobContext& context,
                             DrawStatistics* statistics) {
    Drawing drawing(pool, amplifier, space, settings, context);
    const std::vector<Performance>& performances = pool.settings().performances;
    const GoodRows& good = drawing.good;
    std::vector<std::size_t> kept;
    while (drawing.wantsMore(kept.size(), settings.size)) {
        if (const auto drawn = drawing.drawRound(); !drawn) return forward(drawn);
        if (good.statistics.good >= drawing.wanted()) kept = nonDominatedRows(good.rows, performances);
    }
    Dataset dataset;
    dataset.performances = performances;
    dataset.seed = settings.seed;
    for (const Variable& variable : space.variables())
        dataset.variableNames.push_back(variable.name);
    dataset.rows.resize(settings.size);
    std::vector<double> margins(settings.size);
    std::vector<Placement> placements;
    if (kept.size() < settings.size) {
        placements = place(numbers(0, settings.size), kept,
                           nextBest(good, performances, kept, 0, settings.size - kept.size()));
    } else {
        for (std::size_t i = 0; i < settings.size; ++i)
            placements.push_back({i, kept[i]});
    }
    for (const Placement& placement : placements) {
        dataset.rows[placement.row] = good.rows[placement.source];
        margins[placement.row] = good.margins[placement.source];
    }
    dataset.saturationMargin = settings.saturationMargin;
    for (const std::size_t row : dataset.trainingRows())
        dataset.saturation.push_back({dataset.rows[row].values, margins[row]});
    dataset.saturation.insert(dataset.saturation.end(), good.unsaturated.begin(), good.unsaturated.end());
    drawing.finish(kept.size(), statistics);
    return dataset;
}

Result<Dataset> extendDataset(simulation::EvaluationPool& pool,
                              const simulation::AmplifierUnderTest& amplifier, const DesignSpace& space,
                              const DatasetExtension& extension, const DatasetSettings& settings,
                              JobContext& context, DrawStatistics* statistics) {
    const Dataset& present = extension.present;
    if (settings.size <= present.rows.size()) {
        return fail(
            ErrorCode::BadInput,
            fmt::format("The data set has {} rows already; ask for more than that.", present.rows.size()));
    }
    Drawing drawing(pool, amplifier, space, settings, context);
    GoodRows& good = drawing.good;
    good.know(present.rows);
    if (!extension.isCached) {
        drawing.skip(extension.drawn.drawn + extension.drawn.screened);
        good.statistics = extension.drawn;
    }
    std::vector<std::size_t> kept, fresh, places;
    do {
        if (const auto drawn = drawing.drawRound(); !drawn) return forward(drawn);
        if (good.statistics.good < drawing.wanted()) continue;
        kept = nonDominatedRows(good.rows, present.performances);
        fresh.assign(std::lower_bound(kept.begin(), kept.end(), present.rows.size()), kept.end());
        places = numbers(present.rows.size(), settings.size);
        for (const std::size_t row : present.trainingRows()) {
            if (!std::binary_search(kept.begin(), kept.end(), row)) places.push_back(row);
        }
    } while (places.empty() || drawing.wantsMore(fresh.size(), places.size()));
    const std::size_t added = settings.size - present.rows.size();
    std::vector<std::size_t> others;
    if (fresh.size() < added)
        others = nextBest(good, present.performances, kept, present.rows.size(), added - fresh.size());
    Dataset dataset = present;
    dataset.rows.resize(settings.size);
    std::vector<std::pair<std::size_t, double>> margins; // of new training rows
    for (const Placement& placement : place(places, fresh, others)) {
        dataset.rows[placement.row] = good.rows[placement.source];
        margins.emplace_back(placement.row, good.margins[placement.source]);
    }
    std::set<std::vector<double>> known;
    for (const SaturationRow& row : present.saturation)
        known.insert(row.values);
    for (const auto& [row, margin] : margins) {
        const bool isHeldOut = row % Dataset::heldOutEvery == Dataset::heldOutEvery - 1;
        if (!isHeldOut && known.insert(dataset.rows[row].values).second)
            dataset.saturation.push_back({dataset.rows[row].values, margin});
    }
    for (const SaturationRow& row : good.unsaturated) {
        if (known.insert(row.values).second) dataset.saturation.push_back(row);
    }
    drawing.finish(kept.size(), statistics);
    return dataset;
}

} // namespace headroom::sizing
