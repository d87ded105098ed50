#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/delay/generator.h"
#include "core/delay/row_diffusion.h"
#include "core/delay/table_scaler.h"

namespace headroom::delay {

/// Of a training that is under way.
struct TrainingPreview {
    int epoch = 0; ///< done
    int epochs = 0;
    std::vector<float> epochLoss; ///< so far
    /// As the model makes them now; columns that are conditions have the values of the first real rows.
    Table rows;
};

/// How a diffusion model of a table's rows is trained and sampled.
struct DiffusionSettings {
    RowDiffusionConfig network; ///< its numbers of columns and conditions follow from the table
    RowTraining training;
    RowSampling sampling;
    Scaling scaling = Scaling::Standard;
    /// Columns, by name, that are not diffused but given to the network: new ones are drawn by a Gaussian
    /// copula of these columns. Empty: all columns are diffused together.
    std::vector<std::string> conditions;
    compute::DeviceChoice device = compute::DeviceChoice::Auto;
    /// Told so often in the course of training (training.previews), on its thread. May be empty.
    std::function<void(const TrainingPreview&)> watch;

    /// The denoising diffusion probabilistic model of arXiv 2310.10691: beta from 0.001 to 0.02, an encoder
    /// and decoder with batch normalisation and leaky rectifiers that predicts the noise, ancestral sampling
    /// over all T steps. What the paper leaves open (widths, T, epochs) is chosen here.
    static DiffusionSettings paper();
    /// A residual network that predicts velocities on the cosine schedule, sampled in few steps.
    static DiffusionSettings strong();
    /// The same for the target alone, given all other columns: the network learns how the target follows from
    /// them, and not how they are distributed, which a copula knows better.
    static DiffusionSettings conditional(const Table& table, std::size_t target);
};

/// @param name under which its rows go ("ddpm")
std::unique_ptr<Generator> makeDiffusionGenerator(const DiffusionSettings& settings, std::string name);

} // namespace headroom::delay
