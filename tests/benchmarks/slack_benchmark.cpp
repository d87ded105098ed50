// What looking for slack costs beside the simulations: the Gaussian processes of a forward model.

#include <memory>

#include <benchmark/benchmark.h>

#include "core/base/random.h"
#include "core/regression/gaussian_process.h"

namespace headroom::sizing {
namespace {

constexpr Eigen::Index kRows = 1000, kInputs = 14;

Eigen::MatrixXd randomPoints(Eigen::Index rows, std::uint64_t seed) {
    RandomEngine engine(seed);
    Eigen::MatrixXd points(rows, kInputs);
    for (double& value : points.reshaped())
        value = normal(engine);
    return points;
}

std::shared_ptr<const regression::GaussianProcess> process() {
    const auto inputs = std::make_shared<const Eigen::MatrixXd>(randomPoints(kRows, 1));
    regression::Covariance covariance;
    covariance.lengths = Eigen::VectorXd::Constant(kInputs, 6.0);
    const Eigen::VectorXd outputs = inputs->rowwise().sum().array().sin();
    return std::make_shared<const regression::GaussianProcess>(
        *regression::GaussianProcess::condition(inputs, outputs, covariance));
}

/// The mean at 64 points: one step of 64 chains for one performance.
void meanOf64Points(benchmark::State& state) {
    regression::UpdatedProcess updated(process());
    for (int i = 0; i < state.range(0); ++i)
        updated.add(randomPoints(1, 100 + static_cast<std::uint64_t>(i)).row(0).transpose(), 0.1);
    const Eigen::MatrixXd points = randomPoints(64, 2);
    for (auto _ : state)
        benchmark::DoNotOptimize(updated.mean(points));
}
BENCHMARK(meanOf64Points)->ArgName("added")->Arg(0)->Arg(170)->Unit(benchmark::kMicrosecond);

/// What a process learns from the simulations of one search.
void learnFrom170Simulations(benchmark::State& state) {
    const auto fitted = process();
    const Eigen::MatrixXd points = randomPoints(170, 3);
    for (auto _ : state) {
        regression::UpdatedProcess updated(fitted);
        for (Eigen::Index row = 0; row < points.rows(); ++row)
            updated.add(points.row(row).transpose(), 0.1);
        benchmark::DoNotOptimize(updated);
    }
}
BENCHMARK(learnFrom170Simulations)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace headroom::sizing
