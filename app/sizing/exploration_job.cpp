#include "app/sizing/exploration_job.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "app/jobs/job_monitor.h"
#include "core/base/stage_context.h"
#include "core/sizing/reachability.h"

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
    provenance.mirrorUnits = input.sampling.mirrorUnits;
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
    sampling.sampling.order = state.order;
    sampling.sampling.seed = state.seed;
    return sampling;
}

sizing::DesignSpace spaceOf(const ExplorationInput& input) {
    return input.circuit->space->withUnitTransistors(input.sampling.mirrorUnits);
}

/// At which corners a requirement is to hold does not matter here: everything is simulated at one.
Result<sizing::Specification> sampledSpecification(const ExplorationInput& input) {
    auto specification = toSpecification(input.data->dataset, *input.circuit->space, input.specification);
    if (!specification) return specification;
    for (sizing::Requirement& requirement : specification->requirements)
        requirement.corners.clear();
    return specification;
}

/// Samples and simulates once. @param onPartial called whenever a candidate has been simulated
Result<sizing::Exploration> explore(const ExplorationInput& input, const sizing::Specification& specification,
                                    JobContext& context, const OnPartial& onPartial) {
    const sizing::SizingSampling sampling = samplingOf(input.sampling);
    const double supply = input.pool->supplyVoltage();
    const sizing::DesignSpace space = spaceOf(input);
    StageContext samplingStage(context, 0, kSamplingShare);
    samplingStage.progress(0, "Sampling");
    const auto pool = input.pool->get();
    if (!pool) return forward(pool);
    auto ranked = input.model->use<std::optional<sizing::Exploration>>(
        [&](sizing::SizingModel& model) -> Result<std::optional<sizing::Exploration>> {
            const auto forwardModel = model.forwardModel(input.circuit->amplifier, space);
            if (!forwardModel && forwardModel.error().code == ErrorCode::NotFound) return std::nullopt;
            if (!forwardModel) return forward(forwardModel);
            sizing::RankedSettings settings;
            settings.sampling = sampling;
            settings.simulatesRest = true;
            auto made = sizing::exploreRanked(model, *forwardModel, space, *pool, specification, settings,
                                              supply, context, onPartial);
            if (!made) return forward(made);
            return std::optional(std::move(*made));
        });
    if (!ranked) return forward(ranked);
    if (*ranked) return std::move(**ranked);
    auto exploration = input.model->use<sizing::Exploration>([&](sizing::SizingModel& model) {
        return sizing::propose(model, space, specification, sampling, samplingStage);
    });
    if (!exploration) return forward(exploration);
    onPartial(*exploration);
    StageContext simulationStage(context, kSamplingShare, 1);
    const auto simulated = sizing::simulateCandidates(
        *exploration, space, **pool, exploration->candidates.size(), supply, simulationStage,
        [&](std::size_t, const sizing::Candidate&) { onPartial(*exploration); });
    if (!simulated) return forward(simulated);
    return exploration;
}

/// Previews of much take long to prepare: they get a tenth of the time at most.
class PreviewPace {
public:
    explicit PreviewPace(const JobMonitor& monitor)
        : m_monitor(monitor) {}

    template <class Show>
    void show(const Show& prepare) {
        const auto start = Clock::now();
        if (start < m_next || !m_monitor.wantsPreview()) return;
        prepare();
        m_next = Clock::now() + 9 * (Clock::now() - start);
    }

private:
    using Clock = std::chrono::steady_clock;
    const JobMonitor& m_monitor;
    Clock::time_point m_next;
};

std::string describe(const sizing::Exploration& exploration) {
    const auto met = std::count_if(exploration.candidates.begin(), exploration.candidates.end(),
                                   [](const sizing::Candidate& each) { return each.shortfall <= 0; });
    return fmt::format("{} sizings, {} hold the specification", exploration.candidates.size(), met);
}

/// With how many units at most (see DesignSpace::withUnitTransistors()) the accepted sizing comes out as it
/// is.
std::size_t unitsOf(const Circuit& circuit, const std::vector<double>& values) {
    double most = 0;
    for (const netlist::Assignment& assignment : circuit.acceptedSizing) {
        if (assignment.parameter == "m") most = std::max(most, assignment.value);
    }
    if (most == 0) return 0;
    const auto units = static_cast<std::size_t>(std::lround(most));
    const netlist::Sizing made = circuit.space->withUnitTransistors(units).expand(values);
    const auto isAccepted = [&](const netlist::Assignment& each) {
        return std::any_of(circuit.acceptedSizing.begin(), circuit.acceptedSizing.end(),
                           [&](const netlist::Assignment& other) {
                               return each.device == other.device && each.parameter == other.parameter &&
                                      std::abs(each.value / other.value - 1) < 1e-9;
                           });
    };
    return std::all_of(made.begin(), made.end(), isAccepted) ? units : 0;
}

/// Batches in a row that bring no new sizing, after which there are none to be expected.
constexpr int kMostBarrenBatches = 3;

} // namespace

Result<Stored> runExploration(const ExplorationInput& input, JobMonitor& monitor,
                              const OnPartial& onPartial) {
    const auto specification = sampledSpecification(input);
    if (!specification) return forward(specification);
    const auto truth = groundTruth(input.data->dataset, input.specification);
    auto exploration = explore(input, *specification, monitor, [&](const sizing::Exploration& partial) {
        if (!monitor.wantsPreview()) return;
        sizing::Exploration shown = partial;
        shown.groundTruth = truth;
        onPartial(shown);
    });
    if (!exploration) return forward(exploration);
    exploration->groundTruth = truth;
    return keep(input, std::move(*exploration));
}

Result<KeptSampling> runKeepSampling(const ExplorationInput& input, const Stored& before, JobMonitor& monitor,
                                     const OnPartial& onPartial) {
    const auto specification = sampledSpecification(input);
    if (!specification) return forward(specification);
    KeptSampling kept;
    kept.goesOn = before && before->provenance == provenanceOf(input) &&
                  before->exploration.specification == *specification;
    sizing::Exploration all;
    if (kept.goesOn)
        all = before->exploration;
    else
        all.seed = input.sampling.seed;
    all.specification = *specification;
    all.groundTruth = groundTruth(input.data->dataset, input.specification);
    const std::size_t first = all.candidates.size();
    QuietContext context(monitor);
    PreviewPace pace(monitor);
    ExplorationInput batch = input;
    if (kept.goesOn) ++batch.sampling.seed;
    for (int barren = 0; all.candidates.size() < mostKeptSizings && barren < kMostBarrenBatches;
         ++batch.sampling.seed) {
        kept.lastSeed = batch.sampling.seed;
        sizing::Exploration latest;
        const auto made = explore(batch, *specification, context, [&](const sizing::Exploration& partial) {
            pace.show([&] {
                latest = partial;
                sizing::Exploration shown = all;
                append(shown, partial);
                monitor.progress(-1, describe(shown));
                onPartial(shown);
            });
        });
        const bool wasStopped = !made && made.error().code == ErrorCode::Cancelled;
        if (!made && !wasStopped) {
            if (all.candidates.size() == first) return forward(made);
            monitor.log(made.error().describe());
            break;
        }
        const std::size_t added = append(all, made ? *made : latest);
        barren = added == 0 ? barren + 1 : 0;
        monitor.progress(-1, describe(all));
        if (wasStopped) break;
    }
    if (all.candidates.size() == first) return failCancelled();
    kept.exploration = keep(input, std::move(all));
    return kept;
}

Result<FoundReach> runReach(const ExplorationInput& input, JobMonitor& monitor) {
    const sizing::DesignSpace space = spaceOf(input);
    const auto specification = sampledSpecification(input);
    if (!specification) return forward(specification);
    if (!specification->asksForAnything())
        return fail(ErrorCode::BadInput,
                    "The specification asks for nothing: every sizing that works holds it.");
    const auto pool = input.pool->get();
    if (!pool) return forward(pool);
    StageContext samplingStage(monitor, 0, kSamplingShare);
    sizing::SizingSampling sampling = samplingOf(input.sampling);
    sampling.count = sizing::rankedCandidates;
    std::shared_ptr<const sizing::ForwardModel> forwardModel;
    const auto samples = input.model->use<std::vector<std::vector<double>>>(
        [&](sizing::SizingModel& model) -> Result<std::vector<std::vector<double>>> {
            auto fitted = model.forwardModel(input.circuit->amplifier, space);
            if (!fitted) return forward(fitted);
            forwardModel = *fitted;
            return model.sample(*specification, sampling, samplingStage);
        });
    if (!samples) return forward(samples);
    StageContext searchStage(monitor, kSamplingShare, 1);
    const double supply = input.pool->supplyVoltage();
    auto reach = sizing::findReach(forwardModel, space, sizing::simulatorOf(**pool, space), *samples,
                                   *specification, supply, {}, searchStage);
    if (!reach) return forward(reach);
    FoundReach found;
    found.sentences = sizing::sentencesOf(*reach, *specification, supply);
    sizing::Exploration exploration;
    exploration.specification = *specification;
    exploration.seed = sampling.sampling.seed;
    exploration.candidates = std::move(reach->tried);
    std::stable_sort(exploration.candidates.begin(), exploration.candidates.end(),
                     [](const sizing::Candidate& a, const sizing::Candidate& b) {
                         return std::isnan(b.weightedShortfall) ? !std::isnan(a.weightedShortfall)
                                                                : a.weightedShortfall < b.weightedShortfall;
                     });
    found.exploration = keep(input, std::move(exploration));
    return found;
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
        exploration.specification.requirements.push_back(target.requirement());
        exploration.specification.requirements.back().corners.clear();
    }
    if (exploration.specification.requirements.empty()) {
        for (const simulation::Performance performance : simulation::standardPerformances())
            exploration.specification.requirements.push_back(sizing::Requirement::free(performance));
    }
    sizing::Candidate candidate;
    candidate.values = std::move(*values);
    candidate.take(*evaluation, exploration.specification, input.pool->supplyVoltage());
    exploration.candidates.push_back(std::move(candidate));
    exploration.simulationSeconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    ExplorationInput drawn = input;
    drawn.sampling.mirrorUnits = unitsOf(*input.circuit, exploration.candidates.front().values);
    return keep(drawn, std::move(exploration));
}

} // namespace headroom::app
