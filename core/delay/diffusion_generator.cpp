#include "core/delay/diffusion_generator.h"

#include <utility>

#include "core/base/random.h"
#include "core/base/stage_context.h"
#include "core/delay/table_import.h"

namespace headroom::delay {
namespace {

enum Stream : std::uint64_t { kWeights, kTraining, kConditions, kNoise };

/// Some columns as a table of their own.
Table columnsOf(const Table& table, const std::vector<std::size_t>& columns) {
    Table part;
    for (const std::size_t c : columns)
        part.columns.push_back(table.columns[c]);
    return part;
}

class DiffusionGenerator final : public Generator {
public:
    DiffusionGenerator(DiffusionSettings settings, std::string name)
        : m_settings(std::move(settings))
        , m_name(std::move(name)) {}

    std::string name() const override { return m_name; }

    Result<void> fit(const Table& rows, std::uint64_t seed, JobContext& context) override {
        if (auto enough = checkRows(rows); !enough) return enough;
        std::vector<std::size_t> given;
        for (const std::string& name : m_settings.conditions) {
            const auto found = rows.findColumn(name);
            if (!found) return forward(found);
            given.push_back(*found);
        }
        const auto made = columnsExcept(rows, given);
        if (made.empty())
            return fail(ErrorCode::BadInput,
                        "All columns are conditions: there is nothing left to generate.");
        const TableScaler data = TableScaler::fit(rows, made, m_settings.scaling);
        const TableScaler conditions = TableScaler::fit(rows, given, m_settings.scaling);
        RowDiffusionConfig config = m_settings.network;
        config.columns = static_cast<int>(data.width());
        config.conditions = static_cast<int>(conditions.width());
        auto model = createRowDiffusion(config, deriveSeed(seed, kWeights), m_settings.device);
        if (!model) return forward(model);
        RowTraining training = m_settings.training;
        training.seed = deriveSeed(seed, kTraining);
        training.previewSampling = m_settings.sampling;
        if (m_settings.watch) {
            training.watch = [&](const RowPreview& preview) {
                m_settings.watch({preview.epoch, training.epochs, preview.epochLoss,
                                  previewTable(rows, given, data, preview.samples)});
            };
        }
        const auto report = (*model)->train(data.apply(rows).cast<float>(),
                                            conditions.apply(rows).cast<float>(), training, context);
        if (!report) return forward(report);
        if (!given.empty()) {
            QuietContext quiet(context);
            const Table part = columnsOf(rows, given);
            if (auto fitted = m_copula->fit(part, deriveSeed(seed, kConditions), quiet); !fitted)
                return fitted;
        }
        m_columns = rows.withoutRows();
        m_data = data;
        m_conditions = conditions;
        m_model = std::move(*model);
        return {};
    }

    Result<Table> sample(std::size_t count, std::uint64_t seed, JobContext& context) override {
        if (const auto ready = checkFitted(m_model != nullptr); !ready) return forward(ready);
        Table table = m_columns;
        for (Column& column : table.columns)
            column.values.resize(count);
        const auto& given = m_conditions.columns();
        if (!given.empty()) {
            auto drawn = m_copula->sample(count, deriveSeed(seed, kConditions), context);
            if (!drawn) return drawn;
            for (std::size_t i = 0; i < given.size(); ++i)
                table.columns[given[i]].values = std::move(drawn->columns[i].values);
        }
        const MatrixF conditions = m_conditions.apply(table).cast<float>();
        RowSampling sampling = m_settings.sampling;
        sampling.seed = deriveSeed(seed, kNoise);
        const auto samples = m_model->sample(conditions, sampling, context);
        if (!samples) return forward(samples);
        m_data.restore(samples->cast<double>(), table);
        setProvenance(table, name(), seed);
        return table;
    }

    Result<GeneratorState> state() const override {
        if (const auto ready = checkFitted(m_model != nullptr); !ready) return forward(ready);
        GeneratorState state{m_columns, {}, m_model->weights()};
        state.numbers.putPart("data", m_data.numbers());
        state.numbers.putPart("conditions", m_conditions.numbers());
        if (m_conditions.columns().empty()) return state;
        const auto copula = m_copula->state();
        if (!copula) return forward(copula);
        state.numbers.putPart("copula", copula->numbers);
        return state;
    }

    Result<void> restore(const GeneratorState& state) override {
        auto data = TableScaler::fromNumbers(state.numbers.part("data"), state.columns);
        if (!data) return forward(data);
        auto conditions = TableScaler::fromNumbers(state.numbers.part("conditions"), state.columns);
        if (!conditions) return forward(conditions);
        if (!conditions->columns().empty()) {
            const auto copula = m_copula->restore(
                {columnsOf(state.columns, conditions->columns()), state.numbers.part("copula"), {}});
            if (!copula) return forward(copula);
        }
        RowDiffusionConfig config = m_settings.network;
        config.columns = static_cast<int>(data->width());
        config.conditions = static_cast<int>(conditions->width());
        auto model = createRowDiffusion(config, 0, m_settings.device);
        if (!model) return forward(model);
        if (auto read = (*model)->setWeights(state.weights); !read) return read;
        m_columns = state.columns;
        m_data = std::move(*data);
        m_conditions = std::move(*conditions);
        m_model = std::move(*model);
        return {};
    }

private:
    static Table previewTable(const Table& rows, const std::vector<std::size_t>& given,
                              const TableScaler& data, const MatrixF& samples) {
        Table table = rows.withoutRows();
        for (const std::size_t c : given) {
            const auto& known = rows.columns[c].values;
            table.columns[c].values.assign(known.begin(), known.begin() + samples.rows());
        }
        data.restore(samples.cast<double>(), table);
        return table;
    }

    DiffusionSettings m_settings;
    std::string m_name;
    Table m_columns; ///< without rows
    TableScaler m_data, m_conditions;
    std::unique_ptr<Generator> m_copula = makeCopulaGenerator();
    std::unique_ptr<RowDiffusion> m_model;
};

} // namespace

DiffusionSettings DiffusionSettings::paper() {
    DiffusionSettings settings;
    settings.network.network = RowNetwork::EncoderDecoder;
    settings.network.prediction = RowPrediction::Noise;
    settings.network.width = 128;
    settings.network.depth = 3;
    settings.network.diffusionSteps = 1000;
    settings.network.firstBeta = 0.001;
    settings.network.lastBeta = 0.02;
    settings.training.epochs = 2000;
    settings.training.batchSize = 64;
    settings.training.learningRate = 1e-3;
    settings.training.averageDecay = 0;
    settings.sampling.steps = 1000;
    settings.sampling.stochasticity = 1;
    settings.sampling.order = 1;
    return settings;
}

DiffusionSettings DiffusionSettings::strong() {
    return {};
}

DiffusionSettings DiffusionSettings::conditional(const Table& table, std::size_t target) {
    DiffusionSettings settings = strong();
    for (const std::size_t input : columnsExcept(table, {target}))
        settings.conditions.push_back(table.columns[input].name);
    return settings;
}

std::unique_ptr<Generator> makeDiffusionGenerator(const DiffusionSettings& settings, std::string name) {
    return std::make_unique<DiffusionGenerator>(settings, std::move(name));
}

} // namespace headroom::delay
