#include "core/sizing/forward_model.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include <fmt/format.h>

#include "core/compute/thread_team.h"

namespace headroom::sizing {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t kSaturationRows = 900; ///< at most, of which the cost grows with the third power
constexpr double kConstant = 1e-6;           ///< deviation below which a coordinate does not vary
constexpr double kNoiseAlone = 0.95;         ///< share of a performance's deviation
constexpr double kSameMeaning = 0.9999;      ///< correlation above which two coordinates are one

compute::Weights tensorOf(const MatrixXd& matrix) {
    compute::Weights weights{{matrix.rows(), matrix.cols()}, {}};
    for (Index r = 0; r < matrix.rows(); ++r) {
        for (Index c = 0; c < matrix.cols(); ++c)
            weights.values.push_back(static_cast<float>(matrix(r, c)));
    }
    return weights;
}

Result<MatrixXd> matrixOf(const compute::WeightFile& file, const std::string& name) {
    const auto found = file.tensors.find(name);
    if (found == file.tensors.end() || found->second.shape.size() != 2)
        return fail(ErrorCode::Corrupt, fmt::format("The forward model has no matrix \"{}\".", name));
    const compute::Weights& weights = found->second;
    MatrixXd matrix(weights.shape[0], weights.shape[1]);
    for (Index r = 0; r < matrix.rows(); ++r) {
        for (Index c = 0; c < matrix.cols(); ++c)
            matrix(r, c) =
                static_cast<double>(weights.values[static_cast<std::size_t>(r * matrix.cols() + c)]);
    }
    return matrix;
}

tl::unexpected<Error> misfit() {
    return fail(ErrorCode::Corrupt, "The forward model's rows and covariances do not fit together.");
}

MatrixXd matrixOf(const std::vector<std::vector<double>>& rows) {
    MatrixXd matrix(static_cast<Index>(rows.size()), static_cast<Index>(rows.front().size()));
    for (std::size_t r = 0; r < rows.size(); ++r)
        matrix.row(static_cast<Index>(r)) =
            Eigen::Map<const Eigen::RowVectorXd>(rows[r].data(), matrix.cols());
    return matrix;
}

Eigen::RowVectorXd rowOf(const regression::Covariance& covariance) {
    Eigen::RowVectorXd row(covariance.lengths.size() + 3);
    row << covariance.lengths.transpose(), covariance.amplitude, covariance.slope, covariance.noise;
    return row;
}

struct SavedSaturation {
    std::vector<SaturationRow> rows;
    MatrixXd covariance;
    double limit = 0;
};

Result<SavedSaturation> saturationOf(const compute::WeightFile& weights, Index variables, Index parameters) {
    const auto values = matrixOf(weights, "saturation_values");
    const auto margins = matrixOf(weights, "saturation_margins");
    const auto covariance = matrixOf(weights, "saturation_covariance");
    const auto limit = matrixOf(weights, "saturation_limit");
    for (const auto* each : {&values, &margins, &covariance, &limit}) {
        if (!*each) return forward(*each);
    }
    if (values->rows() != margins->rows() || margins->cols() != 1 || values->cols() != variables ||
        covariance->rows() != 1 || covariance->cols() != parameters || limit->size() != 1 ||
        values->rows() < 1 || !(values->minCoeff() > 0)) {
        return misfit();
    }
    SavedSaturation saved{{}, *covariance, (*limit)(0, 0)};
    for (Index r = 0; r < values->rows(); ++r) {
        const VectorXd row = values->row(r).transpose();
        saved.rows.push_back({{row.begin(), row.end()}, (*margins)(r, 0)});
    }
    return saved;
}

} // namespace

void ForwardModel::takeRows(const std::vector<std::vector<double>>& values) {
    m_values = values;
    MatrixXd all(static_cast<Index>(values.size()), static_cast<Index>(m_coordinates->size()));
    for (std::size_t r = 0; r < values.size(); ++r)
        all.row(static_cast<Index>(r)) = m_coordinates->of(values[r]).transpose();
    const Eigen::RowVectorXd mean = all.colwise().mean();
    all.rowwise() -= mean;
    std::vector<double> deviations;
    const double root = std::sqrt(static_cast<double>(values.size()));
    for (Index c = 0; c < all.cols(); ++c) {
        const double norm = all.col(c).norm();
        const bool repeated = std::any_of(m_kept.begin(), m_kept.end(), [&](Index other) {
            return std::abs(all.col(c).dot(all.col(other))) > kSameMeaning * norm * all.col(other).norm();
        });
        if (norm < kConstant * root || repeated) continue;
        m_kept.push_back(c);
        deviations.push_back(norm / root);
    }
    m_shift = VectorXd(static_cast<Index>(m_kept.size()));
    m_scale = m_shift;
    MatrixXd inputs(all.rows(), m_shift.size());
    for (Index k = 0; k < m_shift.size(); ++k) {
        const Index column = m_kept[static_cast<std::size_t>(k)];
        m_shift[k] = mean[column];
        m_scale[k] = 1 / deviations[static_cast<std::size_t>(k)];
        inputs.col(k) = all.col(column) * m_scale[k];
    }
    m_inputs = std::make_shared<const MatrixXd>(std::move(inputs));
}

void ForwardModel::takeSaturation(const std::vector<SaturationRow>& rows) {
    const std::size_t count = std::min(rows.size(), kSaturationRows);
    std::vector<std::vector<double>> values;
    std::vector<double> margins;
    for (std::size_t i = 0; i < count; ++i) {
        m_saturationRows.push_back(rows[i * rows.size() / count]);
        values.push_back(m_saturationRows.back().values);
        margins.push_back(m_saturationRows.back().margin);
    }
    m_saturationNormaliser = regression::Normaliser::fit(margins, false);
    m_saturationInputs = std::make_shared<const MatrixXd>(inputsOf(values));
    m_saturationOutputs.resize(static_cast<Index>(count));
    for (std::size_t i = 0; i < count; ++i)
        m_saturationOutputs[static_cast<Index>(i)] = m_saturationNormaliser.normalise(margins[i]);
}

const regression::Normaliser& ForwardModel::normaliser(std::size_t output) const {
    return output < m_performances.size() ? m_normalisation.performances[output] : m_saturationNormaliser;
}

std::optional<std::size_t> ForwardModel::saturation() const {
    return m_saturationRows.empty() ? std::nullopt : std::optional(m_performances.size());
}

Result<std::shared_ptr<const ForwardModel>>
ForwardModel::fit(std::shared_ptr<const simulation::AmplifierUnderTest> amplifier, const DesignSpace& space,
                  const Dataset& dataset, const std::vector<std::size_t>& rows,
                  const Normalisation& normalisation, const regression::GaussianProcessFit& settings,
                  JobContext& context) {
    std::shared_ptr<ForwardModel> model(new ForwardModel);
    const double bias = amplifier->technology.biasCurrent;
    model->m_coordinates = ElectricalCoordinates::create(std::move(amplifier), space, bias);
    model->m_performances = dataset.performances;
    model->m_normalisation = normalisation;
    std::vector<std::vector<double>> values;
    model->m_outputs.resize(static_cast<Index>(rows.size()), static_cast<Index>(dataset.performances.size()));
    for (const std::size_t row : rows) {
        const auto outputs = normalisation.normalisePerformances(dataset.rows[row].performances);
        model->m_outputs.row(static_cast<Index>(values.size())) =
            Eigen::Map<const Eigen::RowVectorXd>(outputs.data(), static_cast<Index>(outputs.size()));
        values.push_back(dataset.rows[row].values);
    }
    model->takeRows(values);
    // With fewer rows than a process needs there is no saying what saturates.
    if (dataset.saturation.size() >= 8) model->takeSaturation(dataset.saturation);
    model->m_saturationLimit = dataset.saturationMargin;
    const std::size_t count = dataset.performances.size() + (model->saturation() ? 1 : 0);
    model->m_processes.resize(count);
    std::atomic<std::size_t> done = 0;
    const auto fitted = compute::inParallel(count, [&](std::size_t p) -> Result<void> {
        const bool ofMargin = model->saturation() == p;
        auto process =
            ofMargin ? regression::GaussianProcess::fit(model->m_saturationInputs, model->m_saturationOutputs,
                                                        settings, context)
                     : regression::GaussianProcess::fit(
                           model->m_inputs, model->m_outputs.col(static_cast<Index>(p)), settings, context);
        if (!process) return forward(process);
        model->m_processes[p] = std::make_shared<const regression::GaussianProcess>(std::move(*process));
        context.progress(static_cast<double>(++done) / static_cast<double>(count),
                         "Fitting the forward model");
        return {};
    });
    if (!fitted) return forward(fitted);
    return model;
}

Result<std::shared_ptr<const ForwardModel>>
ForwardModel::fromWeights(const compute::WeightFile& weights,
                          std::shared_ptr<const simulation::AmplifierUnderTest> amplifier,
                          const DesignSpace& space, const std::vector<Performance>& performances,
                          const Normalisation& normalisation) {
    const auto values = matrixOf(weights, "values");
    if (!values) return forward(values);
    const auto outputs = matrixOf(weights, "performances");
    if (!outputs) return forward(outputs);
    const auto covariances = matrixOf(weights, "covariances");
    if (!covariances) return forward(covariances);
    if (values->cols() != static_cast<Index>(space.size()) || values->rows() != outputs->rows() ||
        outputs->cols() != static_cast<Index>(performances.size()) ||
        covariances->rows() != outputs->cols() || !(values->minCoeff() > 0)) {
        return misfit();
    }
    std::shared_ptr<ForwardModel> model(new ForwardModel);
    const double bias = amplifier->technology.biasCurrent;
    model->m_coordinates = ElectricalCoordinates::create(std::move(amplifier), space, bias);
    model->m_performances = performances;
    model->m_normalisation = normalisation;
    model->m_outputs = *outputs;
    std::vector<std::vector<double>> rows;
    for (Index r = 0; r < values->rows(); ++r) {
        const VectorXd row = values->row(r).transpose();
        rows.emplace_back(row.begin(), row.end());
    }
    model->takeRows(rows);
    const Index inputs = model->m_inputs->cols();
    if (covariances->cols() != inputs + 3) return misfit();
    MatrixXd saturationCovariance;
    if (weights.tensors.contains("saturation_values")) {
        const auto saturated = saturationOf(weights, values->cols(), inputs + 3);
        if (!saturated) return forward(saturated);
        model->takeSaturation(saturated->rows);
        model->m_saturationLimit = saturated->limit;
        saturationCovariance = saturated->covariance;
    }
    const std::size_t count = performances.size() + (model->saturation() ? 1 : 0);
    model->m_processes.resize(count);
    const auto conditioned = compute::inParallel(count, [&](std::size_t p) -> Result<void> {
        const bool ofMargin = model->saturation() == p;
        const VectorXd row = ofMargin ? VectorXd(saturationCovariance.row(0).transpose())
                                      : VectorXd(covariances->row(static_cast<Index>(p)).transpose());
        const regression::Covariance covariance{row.head(inputs), row[inputs], row[inputs + 1],
                                                row[inputs + 2]};
        auto process = ofMargin ? regression::GaussianProcess::condition(
                                      model->m_saturationInputs, model->m_saturationOutputs, covariance)
                                : regression::GaussianProcess::condition(
                                      model->m_inputs, outputs->col(static_cast<Index>(p)), covariance);
        if (!process) return forward(process);
        model->m_processes[p] = std::make_shared<const regression::GaussianProcess>(std::move(*process));
        return {};
    });
    if (!conditioned) return forward(conditioned);
    return model;
}

compute::WeightFile ForwardModel::weights() const {
    MatrixXd covariances(static_cast<Index>(m_performances.size()), m_inputs->cols() + 3);
    for (Index p = 0; p < covariances.rows(); ++p)
        covariances.row(p) = rowOf(m_processes[static_cast<std::size_t>(p)]->covariance());
    compute::WeightFile file{{{"values", tensorOf(matrixOf(m_values))},
                              {"performances", tensorOf(m_outputs)},
                              {"covariances", tensorOf(covariances)}},
                             {}};
    if (!saturation()) return file;
    std::vector<std::vector<double>> values, margins;
    for (const SaturationRow& row : m_saturationRows) {
        values.push_back(row.values);
        margins.push_back({row.margin});
    }
    file.tensors["saturation_values"] = tensorOf(matrixOf(values));
    file.tensors["saturation_margins"] = tensorOf(matrixOf(margins));
    file.tensors["saturation_covariance"] = tensorOf(rowOf(m_processes.back()->covariance()));
    file.tensors["saturation_limit"] = tensorOf(MatrixXd::Constant(1, 1, m_saturationLimit));
    return file;
}

VectorXd ForwardModel::inputsOf(std::span<const double> values) const {
    const VectorXd all = m_coordinates->of(values);
    VectorXd inputs(m_shift.size());
    for (Index k = 0; k < inputs.size(); ++k)
        inputs[k] = (all[m_kept[static_cast<std::size_t>(k)]] - m_shift[k]) * m_scale[k];
    return inputs;
}

MatrixXd ForwardModel::inputsOf(const std::vector<std::vector<double>>& sizings) const {
    MatrixXd inputs(static_cast<Index>(sizings.size()), m_shift.size());
    for (std::size_t r = 0; r < sizings.size(); ++r)
        inputs.row(static_cast<Index>(r)) = inputsOf(sizings[r]).transpose();
    return inputs;
}

std::vector<Performance> ForwardModel::unexplained() const {
    std::vector<Performance> performances;
    for (std::size_t p = 0; p < m_performances.size(); ++p) {
        // Outputs are normalised: a noise of 1 is all there is.
        if (m_processes[p]->covariance().noise > kNoiseAlone) performances.push_back(m_performances[p]);
    }
    return performances;
}

PerformancePrediction ForwardModel::predict(const std::vector<std::vector<double>>& sizings) const {
    const MatrixXd inputs = inputsOf(sizings);
    PerformancePrediction prediction;
    prediction.mean.resize(inputs.rows(), static_cast<Index>(m_processes.size()));
    prediction.deviation = prediction.mean;
    for (std::size_t p = 0; p < m_processes.size(); ++p) {
        const regression::ProcessPrediction own = m_processes[p]->predict(inputs);
        const double noise = m_processes[p]->covariance().noise;
        prediction.mean.col(static_cast<Index>(p)) = own.mean;
        prediction.deviation.col(static_cast<Index>(p)) =
            (own.deviation.array().square() + noise * noise).sqrt();
    }
    return prediction;
}

} // namespace headroom::sizing
