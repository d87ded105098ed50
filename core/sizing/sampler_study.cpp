#include "core/sizing/sampler_study.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/base/random.h"
#include "core/base/stage_context.h"
#include "core/base/statistics.h"

namespace headroom::sizing {
namespace {

/// Sizes that vary less than this are pinned: their distance says nothing. In logarithms.
constexpr double kPinned = 1e-6;

/// Logarithms of one variable, ascending.
std::vector<double> logarithms(const std::vector<std::vector<double>>& sizings, std::size_t variable) {
    std::vector<double> values;
    for (const std::vector<double>& sizing : sizings)
        values.push_back(std::log(sizing[variable]));
    std::sort(values.begin(), values.end());
    return values;
}

double spreadOf(const SizingsByTarget& samples, const DesignSpace& space) {
    std::vector<double> deviations;
    for (const auto& ofTarget : samples) {
        for (std::size_t v = 0; v < space.size(); ++v) {
            if (space.variables()[v].parameter == "w")
                deviations.push_back(summarise(logarithms(ofTarget, v)).deviation);
        }
    }
    return summarise(deviations).mean;
}

double distanceOf(const SizingsByTarget& samples, const SizingsByTarget& reference,
                  const DesignSpace& space) {
    std::vector<double> distances;
    for (std::size_t t = 0; t < samples.size(); ++t) {
        for (std::size_t v = 0; v < space.size(); ++v) {
            const std::vector<double> known = logarithms(reference[t], v);
            const std::vector<double> own = logarithms(samples[t], v);
            const double deviation = summarise(known).deviation;
            if (deviation < kPinned) continue;
            double sum = 0;
            for (std::size_t i = 0; i < own.size(); ++i)
                sum += std::abs(own[i] - known[i]);
            distances.push_back(sum / static_cast<double>(own.size()) / deviation);
        }
    }
    return summarise(distances).mean;
}

Targets someOf(const Targets& targets, std::size_t count) {
    Targets some;
    some.performances = targets.performances;
    some.saturationMargin = targets.saturationMargin;
    count = std::min(count, targets.rows.size());
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t chosen = i * targets.rows.size() / count;
        some.rows.push_back(targets.rows[chosen]);
        if (!targets.asksForAll()) some.asked.push_back(targets.asked[chosen]);
    }
    return some;
}

class Study {
public:
    Study(SizingModel& model, const DesignSpace& space, const Targets& targets,
          const SamplerStudySettings& settings, simulation::EvaluationPool* pool, double supplyVoltage,
          JobContext& context)
        : m_model(model)
        , m_space(space)
        , m_targets(targets)
        , m_some(someOf(targets, settings.spreadTargets))
        , m_settings(settings)
        , m_pool(pool)
        , m_judgement{1, supplyVoltage, {}}
        , m_context(context) {}

    Result<SamplerStudy> run() {
        SamplerStudy study;
        diffusion::SamplingConfig sampling = m_settings.sampling;
        if (const auto known = diffusion::chooseSampler(sampling, "ddpm"); !known) return forward(known);
        sampling.steps = m_settings.referenceSteps;
        // Another seed: with the same one samples would start from the same noise.
        sampling.seed = deriveSeed(m_settings.sampling.seed, 1);
        m_context.progress(0, "Sampling with many steps");
        auto reference = sample(m_some, m_settings.spreadSamples, sampling);
        if (!reference) return forward(reference);
        m_reference = std::move(*reference);
        auto own = score("ddpm", m_settings.referenceSteps);
        if (!own) return forward(own);
        study.reference = *own;
        const std::size_t count = m_settings.samplers.size() * m_settings.steps.size();
        for (const std::string& sampler : m_settings.samplers) {
            for (const int steps : m_settings.steps) {
                m_context.progress(static_cast<double>(study.scores.size()) / static_cast<double>(count),
                                   fmt::format("Sampling by {} in {} steps", sampler, steps));
                auto scored = score(sampler, steps);
                if (!scored) return forward(scored);
                study.scores.push_back(*scored);
            }
        }
        return study;
    }

private:
    Result<SizingsByTarget> sample(const Targets& targets, std::size_t count,
                                   const diffusion::SamplingConfig& sampling) {
        QuietContext part(m_context);
        return sampleTargets(m_model, targets, count, sampling, part);
    }

    Result<SamplerScore> score(const std::string& sampler, int steps) {
        SamplerScore result{.sampler = sampler, .steps = steps};
        diffusion::SamplingConfig sampling = m_settings.sampling;
        if (const auto known = diffusion::chooseSampler(sampling, sampler); !known) return forward(known);
        sampling.steps = steps;
        const auto start = std::chrono::steady_clock::now();
        const auto samples = sample(m_some, m_settings.spreadSamples, sampling);
        if (!samples) return forward(samples);
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        result.secondsPerThousand =
            1000 * seconds / static_cast<double>(m_some.rows.size() * m_settings.spreadSamples);
        result.spread = spreadOf(*samples, m_space);
        result.distance = distanceOf(*samples, m_reference, m_space);
        result.metAt5 = result.metAt10 = result.saturated = std::numeric_limits<double>::quiet_NaN();
        if (m_pool == nullptr) return result;
        const auto answers = sample(m_targets, 1, sampling);
        if (!answers) return forward(answers);
        QuietContext part(m_context);
        const auto judged = scoreSamples(sampler, *answers, m_space, m_targets, *m_pool, m_judgement, part);
        if (!judged) return forward(judged);
        result.metAt5 = judged->metAt5.at(1);
        result.metAt10 = judged->metAt10.at(1);
        result.saturated = judged->saturated;
        return result;
    }

    SizingModel& m_model;
    const DesignSpace& m_space;
    const Targets& m_targets;
    Targets m_some;
    const SamplerStudySettings& m_settings;
    simulation::EvaluationPool* m_pool;
    Judgement m_judgement;
    JobContext& m_context;
    SizingsByTarget m_reference;
};

} // namespace

Result<SamplerStudy> studySamplers(SizingModel& model, const DesignSpace& space, const Targets& targets,
                                   const SamplerStudySettings& settings, simulation::EvaluationPool* pool,
                                   double supplyVoltage, JobContext& context) {
    if (targets.rows.empty()) return fail(ErrorCode::BadInput, "There are no targets to sample for.");
    return Study(model, space, targets, settings, pool, supplyVoltage, context).run();
}

} // namespace headroom::sizing
