#include "core/delay/booster.h"

#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <xgboost/c_api.h>

namespace headroom::delay {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using MatrixF = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Result<void> check(int code) {
    if (code == 0) return {};
    return fail(ErrorCode::Internal, "The gradient boosting library failed.", XGBGetLastError());
}

/// Rows in the library's own form.
class Data {
public:
    static Result<Data> of(const MatrixXd& inputs, const VectorXd* target) {
        Data data;
        const MatrixF values = inputs.cast<float>();
        if (const auto made = check(XGDMatrixCreateFromMat_omp(
                values.data(), static_cast<bst_ulong>(values.rows()), static_cast<bst_ulong>(values.cols()),
                std::numeric_limits<float>::quiet_NaN(), &data.m_handle, 1));
            !made)
            return forward(made);
        if (target == nullptr) return data;
        const Eigen::VectorXf labels = target->cast<float>();
        if (const auto set = check(XGDMatrixSetFloatInfo(data.m_handle, "label", labels.data(),
                                                         static_cast<bst_ulong>(labels.size())));
            !set)
            return forward(set);
        return data;
    }

    Data(Data&& other) noexcept
        : m_handle(std::exchange(other.m_handle, nullptr)) {}
    Data& operator=(Data&&) = delete;
    ~Data() {
        if (m_handle != nullptr) XGDMatrixFree(m_handle);
    }

    DMatrixHandle handle() const { return m_handle; }

private:
    Data() = default;
    DMatrixHandle m_handle = nullptr;
};

} // namespace

struct Booster::Impl {
    BoosterHandle handle = nullptr;

    ~Impl() {
        if (handle != nullptr) XGBoosterFree(handle);
    }
};

Booster::Booster(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}
Booster::Booster(Booster&&) noexcept = default;
Booster& Booster::operator=(Booster&&) noexcept = default;
Booster::~Booster() = default;

Result<Booster> Booster::fit(const MatrixXd& inputs, const VectorXd& target, const BoosterSettings& settings,
                             JobContext& context) {
    const bool isRegression = settings.task == BoostingTask::Regression;
    const auto data = Data::of(inputs, &target);
    if (!data) return forward(data);
    auto impl = std::make_unique<Impl>();
    const DMatrixHandle handle = data->handle();
    if (const auto made = check(XGBoosterCreate(&handle, 1, &impl->handle)); !made) return forward(made);
    const std::map<std::string, std::string> parameters{
        {"objective", isRegression ? "reg:squarederror" : "binary:logistic"},
        {"base_score", fmt::format("{}", isRegression ? target.mean() : 0.5)},
        {"eta", fmt::format("{}", settings.learningRate)},
        {"max_depth", fmt::format("{}", settings.depth)},
        {"tree_method", "exact"},
        {"lambda", isRegression ? "0" : "1"}, // without it a leaf of one class has an infinite value
        {"min_child_weight", isRegression ? "1" : "0.1"},
        {"nthread", "1"},
        {"verbosity", "0"}};
    for (const auto& [name, value] : parameters) {
        if (const auto set = check(XGBoosterSetParam(impl->handle, name.c_str(), value.c_str())); !set)
            return forward(set);
    }
    for (int tree = 0; tree < settings.trees; ++tree) {
        if (context.cancelled()) return failCancelled();
        if (const auto grown = check(XGBoosterUpdateOneIter(impl->handle, tree, handle)); !grown)
            return forward(grown);
    }
    return Booster(std::move(impl));
}

Result<VectorXd> Booster::predict(const MatrixXd& inputs) const {
    const auto data = Data::of(inputs, nullptr);
    if (!data) return forward(data);
    bst_ulong count = 0;
    const float* values = nullptr;
    if (const auto made = check(XGBoosterPredict(m_impl->handle, data->handle(), 0, 0, 0, &count, &values));
        !made)
        return forward(made);
    return Eigen::Map<const Eigen::VectorXf>(values, static_cast<Index>(count)).cast<double>();
}

} // namespace headroom::delay
