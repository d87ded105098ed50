#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "core/compute/weight_file.h"
#include "core/regression/gaussian_process.h"
#include "core/sizing/dataset.h"
#include "core/sizing/electrical_coordinates.h"
#include "core/sizing/normalisation.h"

namespace headroom::sizing {

/// What is expected of sizings before they are simulated, normalised (see ForwardModel::normaliser).
struct PerformancePrediction {
    Eigen::MatrixXd mean;      ///< sizings x outputs
    Eigen::MatrixXd deviation; ///< standard, of what a simulation would say; sizings x outputs
};

/// Predicts performances from sizes, and whether every MOSFET is saturated: one Gaussian process per
/// performance and, where the data set has saturation rows, one for the saturation margin, over electrical
/// coordinates, fitted on the rows that the diffusion model was trained on. Immutable and thread-safe.
class ForwardModel {
public:
    /// Errors: BadInput (too few rows), Convergence, Cancelled.
    static Result<std::shared_ptr<const ForwardModel>>
    fit(std::shared_ptr<const simulation::AmplifierUnderTest> amplifier, const DesignSpace& space,
        const Dataset& dataset, const std::vector<std::size_t>& rows, const Normalisation& normalisation,
        const regression::GaussianProcessFit& settings, JobContext& context);

    /// The model back from weights(). Error Corrupt where tensors are missing or do not fit together.
    static Result<std::shared_ptr<const ForwardModel>>
    fromWeights(const compute::WeightFile& weights,
                std::shared_ptr<const simulation::AmplifierUnderTest> amplifier, const DesignSpace& space,
                const std::vector<Performance>& performances, const Normalisation& normalisation);

    /// The rows and the covariances: tensors "values", "performances" and "covariances", and with a
    /// saturation margin "saturation_values", "saturation_margins", "saturation_covariance" and
    /// "saturation_limit".
    compute::WeightFile weights() const;

    const std::vector<Performance>& performances() const { return m_performances; }
    const Normalisation& normalisation() const { return m_normalisation; }
    /// What is predicted: the performances, and the saturation margin last where saturation() says so.
    std::size_t outputs() const { return m_processes.size(); }
    const std::shared_ptr<const regression::GaussianProcess>& process(std::size_t output) const {
        return m_processes[output];
    }
    const regression::Normaliser& normaliser(std::size_t output) const;
    /// The output that is the saturation margin, in V; absent where the data set had no saturation rows.
    std::optional<std::size_t> saturation() const;
    double saturationLimit() const { return m_saturationLimit; } ///< V, least margin that counts as saturated

    /// Inputs of the processes. @param values by variable, SI units
    Eigen::VectorXd inputsOf(std::span<const double> values) const;
    /// @return sizings x inputs
    Eigen::MatrixXd inputsOf(const std::vector<std::vector<double>>& sizings) const;

    /// Performances that the processes take for noise nearly altogether: the sizes do not say them.
    std::vector<Performance> unexplained() const;

    PerformancePrediction predict(const std::vector<std::vector<double>>& sizings) const;

private:
    ForwardModel() = default;
    void takeRows(const std::vector<std::vector<double>>& values);
    void takeSaturation(const std::vector<SaturationRow>& rows);

    std::shared_ptr<const ElectricalCoordinates> m_coordinates;
    std::vector<Performance> m_performances;
    Normalisation m_normalisation;
    std::vector<std::vector<double>> m_values; ///< rows x variables, SI units
    Eigen::MatrixXd m_outputs;                 ///< rows x performances, normalised
    std::vector<Eigen::Index> m_kept;          ///< coordinates that vary and are no multiples of others
    Eigen::VectorXd m_shift, m_scale;          ///< of the kept coordinates
    std::shared_ptr<const Eigen::MatrixXd> m_inputs;
    std::vector<SaturationRow> m_saturationRows;
    std::shared_ptr<const Eigen::MatrixXd> m_saturationInputs;
    Eigen::VectorXd m_saturationOutputs; ///< normalised
    regression::Normaliser m_saturationNormaliser;
    double m_saturationLimit = 0;
    std::vector<std::shared_ptr<const regression::GaussianProcess>> m_processes; ///< by output
};

} // namespace headroom::sizing
