#include "core/sizing/paper_report.h"

namespace headroom::sizing {
namespace {

class Reproduction {
public:
    Reproduction(const std::vector<ReportedModel>& models, const DesignSpace& space, const Dataset& dataset,
                 simulation::EvaluationPool& pool, const PaperReportSettings& settings, double supplyVoltage,
                 JobContext& context)
        : m_models(models)
        , m_space(space)
        , m_dataset(dataset)
        , m_pool(pool)
        , m_settings(settings)
        , m_supplyVoltage(supplyVoltage)
        , m_context(context) {}

    Result<PaperReport> make() {
        if (m_dataset.heldOutRows().empty())
            return fail(ErrorCode::BadInput, "The data set has no held-out rows, which are the targets.");
        m_report.row = m_settings.row.value_or(m_dataset.centralHeldOutRow());
        if (const auto done = judgeHeldOut(); !done) return forward(done);
        if (const auto done = exploreOne(); !done) return forward(done);
        if (const auto done = compareVariety(); !done) return forward(done);
        return std::move(m_report);
    }

private:
    diffusion::SamplingConfig samplingAt(double temperature) const {
        diffusion::SamplingConfig sampling = m_settings.sampling;
        sampling.temperature = temperature;
        return sampling;
    }

    /// One sample for every held-out row.
    Result<void> judgeHeldOut() {
        const Targets targets = heldOutTargets(m_dataset);
        m_report.boxes.performances = targets.performances;
        m_report.boxes.targets = targets.rows.size();
        for (const ReportedModel& model : m_models) {
            const auto samples = sampleTargets(*model.model, targets, 1, m_settings.sampling, m_context);
            if (!samples) return forward(samples);
            auto score = scoreSamples(model.name, *samples, m_space, targets, m_pool,
                                      {1, m_supplyVoltage, {}}, m_context);
            if (!score) return forward(score);
            m_report.boxes.methods.push_back(std::move(*score));
        }
        return {};
    }

    Result<Exploration> exploreWith(const ReportedModel& model, double temperature) {
        const DataRow& truth = m_dataset.rows[m_report.row];
        auto exploration = explore(*model.model, m_space, m_pool,
                                   Specification::reaching(m_dataset.performances, truth.performances),
                                   {m_settings.count, samplingAt(temperature)}, m_supplyVoltage, m_context);
        if (exploration) exploration->groundTruth = truth;
        return exploration;
    }

    /// Many samples for one held-out row.
    Result<void> exploreOne() {
        auto exploration = exploreWith(m_models.front(), m_settings.sampling.temperature);
        if (!exploration) return forward(exploration);
        m_report.exploration = std::move(*exploration);
        m_report.variety.push_back(scoreVariety(m_models.front().name, m_settings.sampling.temperature,
                                                m_report.exploration, m_space));
        return {};
    }

    /// The others as varied as they can be without being less accurate.
    Result<void> compareVariety() {
        for (std::size_t m = 1; m < m_models.size(); ++m) {
            std::vector<VarietyScore> scores;
            for (const double temperature : m_settings.temperatures) {
                const auto exploration = exploreWith(m_models[m], temperature);
                if (!exploration) return forward(exploration);
                scores.push_back(scoreVariety(m_models[m].name, temperature, *exploration, m_space));
            }
            const VarietyScore* chosen = mostVaried(scores, m_report.variety.front().accuracy);
            if (chosen != nullptr)
                m_report.variety.push_back(*chosen);
            else
                m_report.lessAccurate.push_back(m_models[m].name);
        }
        return {};
    }

    const std::vector<ReportedModel>& m_models;
    const DesignSpace& m_space;
    const Dataset& m_dataset;
    simulation::EvaluationPool& m_pool;
    const PaperReportSettings& m_settings;
    double m_supplyVoltage;
    JobContext& m_context;
    PaperReport m_report;
};

} // namespace

diffusion::SamplingConfig paperSampling() {
    diffusion::SamplingConfig sampling;
    sampling.steps = diffusion::DenoiserConfig{}.diffusionSteps;
    return sampling;
}

Result<PaperReport> reproducePaper(const std::vector<ReportedModel>& models, const DesignSpace& space,
                                   const Dataset& dataset, simulation::EvaluationPool& pool,
                                   const PaperReportSettings& settings, double supplyVoltage,
                                   JobContext& context) {
    return Reproduction(models, space, dataset, pool, settings, supplyVoltage, context).make();
}

} // namespace headroom::sizing
