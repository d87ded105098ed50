#include "app/sizing/exploration_job.h"

#include <chrono>

#include "app/jobs/job_monitor.h"
#include "core/base/stage_context.h"

namespace headroom::app {
namespace {

using Stored = std::shared_ptr<const project::StoredExploration>;

/// Share of the progress bar that sampling gets; simulation takes the rest.
constexpr double kSamplingShare = 0.2;

project::Provenance provenanceOf(const ExplorationInput& input) {
    project::Provenance provenance;
    provenance.headroomVersion = HEADROOM_VERSION;
    provenance.circuit = input.circuit->hash;
    provenance.technology = input.circuit->amplifier->technology.name;
    provenance.technologyFingerprint = input.circuit->technologyFingerprint;
    if (input.data) provenance.datasetHash = input.data->hash;
    if (input.model) {
        provenance.modelHash = input.model->weightsHash();
        provenance.device = compute::toString(input.model->resolvedDevice());
    }
    provenance.conditions = input.conditions;
    provenance.supplyVoltage = input.pool->supplyVoltage();
    return provenance;
}

Stored keep(const ExplorationInput& input, sizing::Exploration exploration) {
    auto stored = std::make_shared<project::StoredExploration>();
    stored->exploration = std::move(exploration);
    for (const sizing::Variable& variable : input.circuit->space->variables()) {
        stored->variableNames.push_back(variable.name);
    }
    stored->provenance = provenanceOf(input);
    return stored;
}

sizing::SizingSampling samplingOf(const project::SamplingState& state) {
    sizing::SizingSampling sampling;
    sampling.count = state.count;
    sampling.sampling.steps = state.steps;
    sampling.sampling.guidance = state.guidance;
    sampling.sampling.temperature = state.temperature;
    sampling.sampling.stochasticity = state.stochasticity;
    sampling.sampling.seed = state.seed;
    return sampling;
}

} // namespace

Result<Stored> runExploration(const ExplorationInput& input, JobMonitor& monitor,
                              const OnPartial& onPartial) {
    const auto specification = toSpecification(input.data->dataset, input.specification);
    if (!specification) return forward(specification);
    const sizing::SizingSampling sampling = samplingOf(input.sampling);
    StageContext samplingStage(monitor, 0, kSamplingShare);
    samplingStage.progress(0, "Sampling");
    const auto truth = groundTruth(input.data->dataset, input.specification);
    const auto pool = input.pool->get();
    if (!pool) return forward(pool);
    const auto show = [&](const sizing::Exploration& partial) {
        if (!monitor.wantsPreview()) return;
        sizing::Exploration shown = partial;
        shown.groundTruth = truth;
        onPartial(shown);
    };
    auto ranked = input.model->use<std::optional<sizing::Exploration>>(
        [&](sizing::SizingModel& model) -> Result<std::optional<sizing::Exploration>> {
            const auto forwardModel = model.forwardModel(input.circuit->amplifier, *input.circuit->space);
            if (!forwardModel && forwardModel.error().code == ErrorCode::NotFound) return std::nullopt;
            if (!forwardModel) return forward(forwardModel);
            sizing::RankedSettings settings;
            settings.sampling = sampling;
            settings.simulatesRest = true;
            auto made =
                sizing::exploreRanked(model, *forwardModel, *input.circuit->space, *pool, *specification,
                                      settings, input.pool->supplyVoltage(), monitor, show);
            if (!made) return forward(made);
            return std::optional(std::move(*made));
        });
    if (!ranked) return forward(ranked);
    if (*ranked) {
        (*ranked)->groundTruth = truth;
        return keep(input, std::move(**ranked));
    }
    auto exploration = input.model->use<sizing::Exploration>([&](sizing::SizingModel& model) {
        return sizing::propose(model, *input.circuit->space, *specification, sampling, samplingStage);
    });
    if (!exploration) return forward(exploration);
    exploration->groundTruth = truth;
    onPartial(*exploration);
    StageContext simulationStage(monitor, kSamplingShare, 1);
    const auto simulated = sizing::simulateCandidates(
        *exploration, *input.circuit->space, **pool, exploration->candidates.size(),
        input.pool->supplyVoltage(), simulationStage, [&](std::size_t, const sizing::Candidate&) {
            if (monitor.wantsPreview()) onPartial(*exploration);
        });
    if (!simulated) return forward(simulated);
    return keep(input, std::move(*exploration));
}

Result<Stored> runAsDrawn(const ExplorationInput& input, JobMonitor& monitor) {
    monitor.progress(-1, "Simulating");
    auto values =
        input.circuit->space->collapse(input.circuit->amplifier->netlist, input.circuit->acceptedSizing);
    if (!values) return forward(values);
    const auto pool = input.pool->get();
    if (!pool) return forward(pool);
    const auto start = std::chrono::steady_clock::now();
    auto evaluation = (*pool)->evaluateOne(input.circuit->acceptedSizing, monitor);
    if (!evaluation) return forward(evaluation);
    sizing::Exploration exploration;
    for (const project::Target& target : input.specification.targets) {
        exploration.specification.performances.push_back(target.performance);
        exploration.specification.targets.push_back(target.value);
    }
    if (exploration.specification.performances.empty()) {
        exploration.specification.performances = simulation::standardPerformances();
    }
    sizing::Candidate candidate;
    candidate.values = std::move(*values);
    candidate.evaluation = std::move(*evaluation);
    if (!exploration.specification.targets.empty()) {
        candidate.shortfall = sizing::worstShortfall(exploration.specification, candidate.evaluation,
                                                     input.pool->supplyVoltage());
    }
    exploration.candidates.push_back(std::move(candidate));
    exploration.simulationSeconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return keep(input, std::move(exploration));
}

} // namespace headroom::app
