#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/sizing/evaluation.h"
#include "core/sizing/exploration.h"
#include "core/sizing/variety.h"

namespace headroom::sizing {

/// The settings of the inverse-sizing paper: every step of the schedule, ancestral, no guidance beyond the
/// conditions, temperature 1.
diffusion::SamplingConfig paperSampling();

struct PaperReportSettings {
    diffusion::SamplingConfig sampling = paperSampling();
    std::size_t count = 100; ///< samples for one target
    std::optional<std::size_t>
        row; ///< of the data set, that target's; absent: the most ordinary held-out one
    /// Of the models beside the first, of which the most varied one that is as accurate is compared.
    std::vector<double> temperatures{0.25, 0.5, 0.65, 0.8, 1};
};

/// A model whose figures are wanted.
struct ReportedModel {
    std::string name;
    std::shared_ptr<SizingModel> model;
};

/// What stands in the paper: the differences of one sample for each held-out target (figure 6), many samples
/// for one of them (figure 7), and how varied these are (table I).
struct PaperReport {
    EvaluationReport boxes;
    std::size_t row = 0;                   ///< of the data set, that `exploration` is for
    Exploration exploration;               ///< of the first model, with the row as ground truth
    std::vector<VarietyScore> variety;     ///< the first is the first model's
    std::vector<std::string> lessAccurate; ///< models that are so at every temperature
};

/// Works the report out for the first model, with the others beside it. @param models at least one, all of
/// the same circuit and performances as @p dataset Errors: BadInput (no held-out rows), those of sampling,
/// Cancelled.
Result<PaperReport> reproducePaper(const std::vector<ReportedModel>& models, const DesignSpace& space,
                                   const Dataset& dataset, simulation::EvaluationPool& pool,
                                   const PaperReportSettings& settings, double supplyVoltage,
                                   JobContext& context);

} // namespace headroom::sizing
