#include "app/delay/delay_jobs.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/base/stage_context.h"
#include "core/delay/cell.h"
#include "core/delay/cell_labels.h"
#include "core/delay/generator_choice.h"
#include "core/technology/technology.h"

namespace headroom::app {
namespace {

/// A share of the work that fits the generator; the rest samples it.
constexpr double kFittingShare = 0.95;

/// Behind the provenance of rows whose targets were simulated.
constexpr const char* kSimulatedOrigin = ", targets simulated";

} // namespace

Result<delay::TableDocument> simulateTable(const CellJob& job, JobContext& context) {
    const auto technology = technology::loadTechnology(job.technology);
    if (!technology) return forward(technology);
    const auto cell = delay::loadCell(job.wishes.cell.toStdString());
    if (!cell) return forward(cell);
    delay::CharacterisationSettings settings;
    settings.ranges = job.wishes.ranges;
    settings.corner = job.corner;
    settings.samples = static_cast<std::size_t>(job.wishes.samples);
    settings.seed = static_cast<std::uint64_t>(job.wishes.seed);
    settings.threads = job.workers;
    settings.cacheFile = job.cacheFile;
    const auto samples = delay::characterise(*cell, *technology, settings, context);
    if (!samples) return forward(samples);
    if (!samples->unvaried.empty()) context.log(samples->unvaried);
    delay::TableImport import;
    import.dropsDuplicates = false;
    auto table = delay::parseTable(delay::delayCsv(*samples), cell->name, import);
    if (!table) return forward(table);
    if (const std::size_t failed = samples->failed(); failed > 0) {
        const auto first = std::find_if(samples->errors.begin(), samples->errors.end(),
                                        [](const auto& error) { return error.has_value(); });
        context.log(fmt::format("{} of {} rows failed and are left out, the first of them: {}", failed,
                                settings.samples, (*first)->describe()));
    }
    delay::TableDocument document;
    document.name = cell->name;
    document.table = std::move(table->table);
    document.target = document.table.columns.back().name;
    auto record =
        delay::makeCellRecord(job.wishes.cell.toStdString(), job.technology, job.corner, job.wishes.ranges);
    if (!record) return forward(record);
    document.origin = std::move(*record);
    document.heldOutShare = job.heldOutShare;
    return document;
}

Result<MadeRows>
makeRows(const delay::TableDocument& document, const widgets::GeneratorWishes& wishes,
         compute::DeviceChoice device, JobContext& context,
         const std::function<void(std::shared_ptr<const widgets::TrainingData>)>& onTraining) {
    const delay::Table known = document.split().first;
    MadeRows made{document, nullptr};
    delay::GeneratorOptions options = wishes.options;
    options.device = device;
    options.watch = [&](const delay::TrainingPreview& preview) {
        auto training = std::make_shared<widgets::TrainingData>();
        training->epoch = preview.epoch;
        training->epochs = preview.epochs;
        training->losses.assign(preview.epochLoss.begin(), preview.epochLoss.end());
        training->densities = widgets::densityData(known, preview.rows);
        made.training = training;
        onTraining(training);
    };
    const std::size_t target = document.targetColumn();
    auto generator = delay::makeGenerator(wishes.method.toStdString(), known, target, options);
    if (!generator) return forward(generator);
    const auto seed = static_cast<std::uint64_t>(wishes.seed);
    StageContext fitting(context, 0, kFittingShare), sampling(context, kFittingShare, 1);
    if (const auto fitted = (*generator)->fit(known, seed, fitting); !fitted) return forward(fitted);
    const auto rows = (*generator)->sample(static_cast<std::size_t>(wishes.count), seed, sampling);
    if (!rows) return forward(rows);
    auto all = delay::joined(document.realRows(), *rows);
    if (!all) return forward(all);
    made.document.table = std::move(*all);
    return made;
}

Result<SimulatedTargets> simulateTargets(const delay::TableDocument& document, int workers,
                                         const std::string& cacheFile, JobContext& context) {
    delay::LabelSettings settings;
    settings.threads = workers;
    settings.cacheFile = cacheFile;
    auto cell = delay::CellLabels::create(*document.origin, settings);
    if (!cell) return forward(cell);
    delay::Table synthetic = document.syntheticRows();
    const auto labels = cell->label(synthetic, document.target, context);
    if (!labels) return forward(labels);
    SimulatedTargets result{document, 0, labels->simulated, labels->cached, labels->failed()};
    result.document.study.reset(); // it was about other targets
    std::vector<std::size_t> kept;
    std::vector<double> before, right;
    delay::Column& target = synthetic.columns[document.targetColumn()];
    for (std::size_t row = 0; row < synthetic.rows(); ++row) {
        if (labels->errors[row]) continue;
        kept.push_back(row);
        before.push_back(target.values[row]);
        right.push_back(labels->values[row]);
        target.values[row] = labels->values[row];
        synthetic.provenance[row] += kSimulatedOrigin;
    }
    if (kept.empty()) return tl::unexpected<Error>(*labels->errors.front());
    result.percentage = delay::scorePredictions(before, right).meanAbsolutePercentage;
    auto all = delay::joined(document.realRows(), synthetic.pick(kept));
    if (!all) return forward(all);
    result.document.table = std::move(*all);
    return result;
}

Result<std::shared_ptr<const widgets::ResemblanceData>>
compareTables(const delay::TableDocument& document, const QString& note, JobContext& context) {
    const auto [known, heldOut] = document.split();
    const delay::Table synthetic = document.syntheticRows();
    const auto resemblance = delay::compareRows(
        known, synthetic,
        {heldOut.rows() < delay::fewestRows ? nullptr : &heldOut, document.targetColumn(), nullptr}, {},
        context);
    if (!resemblance) return forward(resemblance);
    auto data = std::make_shared<widgets::ResemblanceData>();
    data->resemblance = *resemblance;
    for (const delay::ColumnResemblance& column : resemblance->columns)
        data->densities.push_back(
            {QString::fromStdString(column.name), QString::fromStdString(column.unit), {}, column.density});
    for (std::size_t c = 0; c < known.columns.size(); ++c)
        for (const std::string& category : known.columns[c].categories)
            data->densities[c].categories << QString::fromStdString(category);
    data->note = note;
    return data;
}

JudgementPointer judgementOf(const delay::TableDocument& document, delay::Study study) {
    const auto judges = delay::defaultJudges();
    auto data = std::make_shared<widgets::JudgementData>();
    data->unit = QString::fromStdString(document.table.columns[document.targetColumn()].unit);
    const bool isRelative =
        !study.results.empty() && std::isfinite(study.results.front().meanAbsolutePercentage().mean);
    data->errorUnit = isRelative ? QStringLiteral("%") : data->unit;
    const bool hasSynthetic = std::any_of(study.results.begin(), study.results.end(), [](const auto& result) {
        return result.rows != delay::realOnly && result.rows != delay::sizeMatchedNull;
    });
    if (hasSynthetic) data->verdicts = delay::verdicts(study, judges);
    data->study = std::move(study);
    return data;
}

Result<JudgementPointer> judgeTable(const delay::TableDocument& document, JobContext& context) {
    const auto [known, heldOut] = document.split();
    const delay::Table synthetic = document.syntheticRows();
    const auto judges = delay::defaultJudges();
    auto study = delay::judgeRows(known, heldOut, synthetic.rows() > 0 ? &synthetic : nullptr,
                                  document.targetColumn(), judges, document.splitSeed, context);
    if (!study) return forward(study);
    return judgementOf(document, std::move(*study));
}

Result<JudgementPointer> studyTable(const delay::TableDocument& document, const widgets::StudyWishes& wishes,
                                    compute::DeviceChoice device, JobContext& context) {
    const auto [known, heldOut] = document.split();
    const std::size_t target = document.targetColumn();
    std::vector<delay::MakeGenerator> generators;
    for (const auto& [methods, refined] :
         {std::pair(wishes.methods, false), std::pair(wishes.refined, true)}) {
        for (const QString& method : methods) {
            delay::GeneratorOptions options;
            options.refined = refined;
            options.device = device;
            auto make = delay::generatorMaker(method.toStdString(), known, target, options);
            if (!make) return forward(make);
            generators.push_back(std::move(*make));
        }
    }
    delay::StudySettings settings;
    settings.sizes = wishes.sizes;
    settings.repeats = wishes.repeats;
    settings.synthetic = static_cast<std::size_t>(wishes.synthetic);
    settings.seed = static_cast<std::uint64_t>(wishes.seed);
    const auto judges = delay::defaultJudges();
    auto study = delay::runStudy(known, heldOut, target, generators, judges, settings, context);
    if (!study) return forward(study);
    return judgementOf(document, std::move(*study));
}

} // namespace headroom::app
