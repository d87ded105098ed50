#pragma once

#include <functional>
#include <memory>

#include "app/session/circuit.h"
#include "app/session/data_source.h"
#include "app/session/shared_model.h"
#include "app/session/shared_pool.h"
#include "core/project/result_store.h"
#include "widgets/robustness/robustness_data.h"

namespace headroom::app {

class JobMonitor;

/// All that a run needs, taken when it starts.
struct ExplorationInput {
    std::shared_ptr<const Circuit> circuit;
    std::shared_ptr<const DataSource> data;
    std::shared_ptr<SharedModel> model;
    std::shared_ptr<SharedPool> pool;
    project::SpecificationState specification;
    project::SamplingState sampling;
    std::string conditions; ///< project::toString() of those that the pool simulates under
};

/// Called on the worker thread with what there is so far, as often as previews are shown.
using OnPartial = std::function<void(const sizing::Exploration& partial)>;

/// Samples, snaps and simulates. The same core calls as `headroom-cli explore`, with the same numbers.
Result<std::shared_ptr<const project::StoredExploration>>
runExploration(const ExplorationInput& input, JobMonitor& monitor, const OnPartial& onPartial);

/// More sizings than this are not kept at once: each brings its operating point, and all are on show.
inline constexpr std::size_t mostKeptSizings = 5000;

/// What sampling on and on has come to.
struct KeptSampling {
    std::shared_ptr<const project::StoredExploration> exploration;
    bool goesOn = false;        ///< it begins with all the candidates that there were before
    std::uint64_t lastSeed = 0; ///< of the last batch that was begun
};

/// Samples and simulates batch after batch, each with the next seed, until it is cancelled, which is its
/// usual end, or mostKeptSizings are there. @param before candidates that stay where the same model answers
/// the same specification under the same conditions; may be null. Error Cancelled where nothing was
/// simulated.
Result<KeptSampling> runKeepSampling(const ExplorationInput& input,
                                     const std::shared_ptr<const project::StoredExploration>& before,
                                     JobMonitor& monitor, const OnPartial& onPartial);

/// Simulates the netlist with its own sizes: an exploration of one candidate. Error NotFound where a device
/// has no size.
Result<std::shared_ptr<const project::StoredExploration>> runAsDrawn(const ExplorationInput& input,
                                                                     JobMonitor& monitor);

/// What a search for the nearest sizing found.
struct FoundReach {
    std::shared_ptr<const project::StoredExploration>
        exploration;                    ///< all that was simulated, the nearest first
    std::vector<std::string> sentences; ///< sizing::sentencesOf()
};

/// Looks for sizings that hold the specification, or miss it least, and for what blocks it. Errors: those of
/// sizing::findReach; NotFound where the model has no forward model.
Result<FoundReach> runReach(const ExplorationInput& input, JobMonitor& monitor);

/// What a search for a sizing that holds at all corners found.
struct FoundHardening {
    std::shared_ptr<const project::StoredExploration>
        exploration; ///< all that was simulated, the one that misses least at its corners first
    std::shared_ptr<const widgets::RobustnessData> robustness; ///< of the first
    std::vector<std::string> sentences;                        ///< sizing::sentencesOf()
};

/// Looks for a sizing that holds the specification at sizing::usualPlaces(), each row at the corners that it
/// is about. The same core calls as `headroom-cli sizing harden`. Errors: those of sizing::harden; NotFound
/// where the model has no forward model.
Result<FoundHardening> runHardening(const ExplorationInput& input, JobMonitor& monitor);

} // namespace headroom::app
