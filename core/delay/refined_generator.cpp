#include "core/delay/refined_generator.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/base/stage_context.h"

namespace headroom::delay {
namespace {

constexpr double kInputsShare = 0.7; ///< of the time

class RefinedGenerator final : public Generator {
public:
    RefinedGenerator(std::unique_ptr<Generator> inputs, std::string target,
                     std::unique_ptr<Regressor> regressor, Labeller labeller, std::string origin)
        : m_inputs(std::move(inputs))
        , m_target(std::move(target))
        , m_regressor(std::move(regressor))
        , m_labeller(std::move(labeller))
        , m_origin(std::move(origin)) {}

    std::string name() const override { return fmt::format("{}+{}", m_inputs->name(), m_origin); }

    Result<void> fit(const Table& rows, std::uint64_t seed, JobContext& context) override {
        const auto target = rows.findColumn(m_target);
        if (!target) return forward(target);
        StageContext inputs(context, 0, m_regressor ? kInputsShare : 1);
        if (auto fitted = m_inputs->fit(rows, seed, inputs); !fitted) return fitted;
        m_column = *target;
        if (!m_regressor) return {};
        StageContext labels(context, kInputsShare, 1);
        return m_regressor->fit(rows, *target, labels);
    }

    Result<Table> sample(std::size_t count, std::uint64_t seed, JobContext& context) override {
        auto table = m_inputs->sample(count, seed, context);
        if (!table) return table;
        auto labels = m_regressor ? m_regressor->predict(*table) : m_labeller(*table, context);
        if (!labels) return forward(labels);
        const bool isWhole =
            labels->size() == count &&
            std::all_of(labels->begin(), labels->end(), [](double x) { return std::isfinite(x); });
        if (!isWhole) return fail(ErrorCode::BadInput, "Not every synthetic row got a finite target.");
        table->columns[m_column].values = std::move(*labels);
        setProvenance(*table, name(), seed);
        return table;
    }

private:
    std::unique_ptr<Generator> m_inputs;
    std::string m_target;
    std::unique_ptr<Regressor> m_regressor; ///< or m_labeller
    Labeller m_labeller;
    std::string m_origin;
    std::size_t m_column = 0; ///< of the target
};

} // namespace

std::unique_ptr<Generator> makeRefinedGenerator(std::unique_ptr<Generator> inputs, std::string target,
                                                std::unique_ptr<Regressor> labels) {
    std::string origin = labels->name();
    return std::make_unique<RefinedGenerator>(std::move(inputs), std::move(target), std::move(labels),
                                              nullptr, std::move(origin));
}

std::unique_ptr<Generator> makeLabelledGenerator(std::unique_ptr<Generator> inputs, std::string target,
                                                 Labeller labeller, std::string origin) {
    return std::make_unique<RefinedGenerator>(std::move(inputs), std::move(target), nullptr,
                                              std::move(labeller), std::move(origin));
}

} // namespace headroom::delay
