#include "core/delay/refined_generator.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "core/base/stage_context.h"

namespace headroom::delay {
namespace {

constexpr const char* kLabels = "labels"; ///< in a generator's state: what the regressor knows
constexpr double kInputsShare = 0.7;      ///< of the time
/// Rows drawn over those wanted, before inputs without targets count as useless.
constexpr std::size_t kMostDraws = 2;

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
        if (!m_regressor) return {};
        StageContext labels(context, kInputsShare, 1);
        return m_regressor->fit(rows, *target, labels);
    }

    Result<Table> sample(std::size_t count, std::uint64_t seed, JobContext& context) override {
        // Row i of a sample depends on the seed and i alone: rows drawn in place of others are those after
        // them.
        std::vector<double> labels;
        for (std::size_t asked = count;; asked += count - usable(labels)) {
            auto table = m_inputs->sample(asked, seed, context);
            if (!table) return table;
            const Table fresh = table->pick(rowsFrom(labels.size(), asked));
            const auto own = m_regressor ? m_regressor->predict(fresh) : m_labeller(fresh, context);
            if (!own) return forward(own);
            if (own->size() != fresh.rows())
                return fail(ErrorCode::Internal, "Not every synthetic row was looked at.");
            labels.insert(labels.end(), own->begin(), own->end());
            if (usable(labels) >= count) return finished(std::move(*table), labels, seed);
            if (asked > kMostDraws * count)
                return fail(
                    ErrorCode::BadInput,
                    fmt::format("Of {} synthetic rows by {} only {} have a target by {}: its inputs are of "
                                "no use.",
                                asked, m_inputs->name(), usable(labels), m_origin));
        }
    }

    Result<GeneratorState> state() const override {
        if (!m_regressor) return Generator::state();
        auto state = m_inputs->state();
        if (!state) return state;
        const auto labels = m_regressor->state();
        if (!labels) return forward(labels);
        state->numbers.putPart(kLabels, *labels);
        return state;
    }

    Result<void> restore(const GeneratorState& state) override {
        if (!m_regressor) return Generator::restore(state);
        if (auto restored = m_inputs->restore(state); !restored) return restored;
        return m_regressor->restore(state.numbers.part(kLabels), state.columns);
    }

private:
    static std::size_t usable(const std::vector<double>& labels) {
        return static_cast<std::size_t>(
            std::count_if(labels.begin(), labels.end(), [](double x) { return std::isfinite(x); }));
    }

    static std::vector<std::size_t> rowsFrom(std::size_t first, std::size_t end) {
        std::vector<std::size_t> rows(end - first);
        std::iota(rows.begin(), rows.end(), first);
        return rows;
    }

    Result<Table> finished(Table table, const std::vector<double>& labels, std::uint64_t seed) const {
        const auto target = table.findColumn(m_target);
        if (!target) return forward(target);
        table.columns[*target].values = labels;
        std::vector<std::size_t> kept;
        for (std::size_t row = 0; row < labels.size(); ++row) {
            if (std::isfinite(labels[row])) kept.push_back(row);
        }
        Table rows = table.pick(kept);
        setProvenance(rows, name(), seed);
        return rows;
    }

    std::unique_ptr<Generator> m_inputs;
    std::string m_target;
    std::unique_ptr<Regressor> m_regressor; ///< or m_labeller
    Labeller m_labeller;
    std::string m_origin;
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
