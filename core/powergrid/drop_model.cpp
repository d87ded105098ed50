#include "core/powergrid/drop_model.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "core/base/random.h"
#include "core/base/stage_context.h"
#include "core/powergrid/drop_model_card.h"
#include "core/powergrid/map_comparison.h"

namespace headroom::powergrid {
namespace {

/// Sheets of training and of judging never share a seed.
constexpr std::uint64_t kTrainingStream = 1, kJudgingStream = 2;
/// Share of the progress bar that making the sheets gets.
constexpr double kSheetsShare = 0.1;
/// Side of the pieces in which large maps are predicted, cells.
constexpr std::int64_t kTile = 256;

int inputsOf(DropTask task) {
    return task == DropTask::Formula ? 3 : 4;
}

/// Writes a block's maps into one image of a batch.
void putInputs(const SheetMaps& maps, DropTask task, ImageBatch& batch, std::int64_t image) {
    std::int64_t channel = 0;
    const auto put = [&](const Map& map) {
        float* to = batch.channel(image, channel++);
        for (const double value : map.values)
            *to++ = static_cast<float>(value);
    };
    put(maps.strength);
    put(maps.density);
    put(maps.activity);
    if (task == DropTask::Sheet) put(nearnessOfPads(maps.pads));
}

double rootMeanSquare(const std::vector<float>& values) {
    double sum = 0;
    for (const float value : values)
        sum += static_cast<double>(value) * static_cast<double>(value);
    return std::sqrt(sum / static_cast<double>(std::max<std::size_t>(1, values.size())));
}

} // namespace

DropModel::DropModel(DropModelCard card, std::unique_ptr<Unet> network)
    : m_card(std::move(card))
    , m_network(std::move(network)) {}

Result<DropModel> DropModel::train(const DropTraining& training, const AnswerSheet& label,
                                   compute::DeviceChoice device, JobContext& context) {
    DropModelCard card;
    card.training = training;
    UnetConfig& network = card.training.network;
    network.inputs = inputsOf(training.task);
    if (training.sheets < 1 || training.side < 8 ||
        training.side % static_cast<std::size_t>(network.alignment()) != 0)
        return fail(ErrorCode::BadInput,
                    fmt::format("Training takes at least one sheet, whose side is a multiple of {} cells.",
                                network.alignment()));
    auto unet = createUnet(network, training.seed, device);
    if (!unet) return forward(unet);
    const auto count = static_cast<std::int64_t>(training.sheets);
    const auto side = static_cast<std::int64_t>(training.side);
    ImageBatch inputs(count, network.inputs, side, side), targets(count, 1, side, side);
    StageContext making(context, 0, kSheetsShare);
    for (std::int64_t image = 0; image < count; ++image) {
        if (context.cancelled()) return failCancelled();
        const SheetMaps maps = randomSheet(
            training.side, training.side,
            deriveSeed(deriveSeed(training.seed, kTrainingStream), static_cast<std::uint64_t>(image)));
        putInputs(maps, training.task, inputs, image);
        const auto drop = label(maps, context);
        if (!drop) return forward(drop);
        std::transform(drop->values.begin(), drop->values.end(), targets.channel(image, 0),
                       [](double value) { return static_cast<float>(value); });
        making.progress(static_cast<double>(image + 1) / static_cast<double>(count),
                        fmt::format("Solving sheet {} of {}", image + 1, count));
    }
    card.outputScale = std::max(rootMeanSquare(targets.values), 1e-12);
    for (float& value : targets.values)
        value = static_cast<float>(static_cast<double>(value) / card.outputScale);
    UnetTraining passes = training.unet;
    passes.seed = training.seed;
    StageContext learning(context, kSheetsShare, 1);
    const auto report = (*unet)->train(inputs, targets, passes, learning);
    if (!report) return forward(report);
    card.trainingSeconds = report->seconds;
    card.bestEpoch = report->bestEpoch;
    const auto where = compute::resolveDevice(device);
    card.device = where ? compute::toString(*where) : "";
    return DropModel(std::move(card), std::move(*unet));
}

Result<DropModel> DropModel::load(const std::filesystem::path& folder, compute::DeviceChoice device) {
    auto stored = readDropModel(folder);
    if (!stored) return forward(stored);
    auto network = loadUnet(stored->card.training.network, stored->weights, device);
    if (!network) return forward(network);
    return DropModel(std::move(stored->card), std::move(*network));
}

Result<void> DropModel::save(const std::filesystem::path& folder) const {
    return writeDropModel(folder, m_card, m_network->weights());
}

std::size_t DropModel::parameterCount() const {
    std::size_t count = 0;
    for (const auto& [name, tensor] : m_network->weights().tensors)
        count += tensor.values.size();
    return count;
}

void DropModel::setMetrics(std::map<std::string, double> metrics, const std::string& command) {
    m_card.metrics = std::move(metrics);
    m_card.metricsCommand = command;
}

Result<Map> DropModel::predict(const SheetMaps& maps, int threads, JobContext& context) {
    if (const auto valid = checkSheetMaps(maps); !valid) return forward(valid);
    const Map& any = maps.strength;
    ImageBatch image(1, m_card.training.network.inputs, static_cast<std::int64_t>(any.rows),
                     static_cast<std::int64_t>(any.columns));
    putInputs(maps, m_card.training.task, image, 0);
    const auto made = predictLarge(*m_network, image, kTile, threads, context);
    if (!made) return forward(made);
    Map drop{any.rows, any.columns, std::vector<double>(any.values.size())};
    // A drop is never negative; the network may be, a little.
    std::transform(made->values.begin(), made->values.end(), drop.values.begin(), [&](float value) {
        return std::max(0.0, static_cast<double>(value) * m_card.outputScale);
    });
    return drop;
}

Result<std::vector<AnsweredSheet>> judgingSheets(const AnswerSheet& label, std::size_t sheets,
                                                 std::size_t side, JobContext& context) {
    std::vector<AnsweredSheet> answered;
    for (std::size_t number = 0; number < sheets; ++number) {
        if (context.cancelled()) return failCancelled();
        SheetMaps maps = randomSheet(side, side, deriveSeed(kJudgingStream, number));
        auto golden = label(maps, context);
        if (!golden) return forward(golden);
        answered.push_back({std::move(maps), std::move(*golden)});
    }
    return answered;
}

Result<DropScore> scoreDrops(const AnswerSheet& guess, const std::vector<AnsweredSheet>& sheets,
                             JobContext& context) {
    DropScore score;
    double seconds = 0;
    for (const auto& [maps, golden] : sheets) {
        if (context.cancelled()) return failCancelled();
        const auto start = std::chrono::steady_clock::now();
        const auto made = guess(maps, context);
        seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        if (!made) return forward(made);
        const auto compared = compareMaps(*made, golden);
        if (!compared) return forward(compared);
        double squares = 0;
        for (std::size_t i = 0; i < made->values.size(); ++i)
            squares += std::pow(made->values[i] - golden.values[i], 2);
        score.meanSquaredError += squares / static_cast<double>(made->values.size());
        score.meanAbsoluteError += compared->meanAbsoluteError;
        score.largestError = std::max(score.largestError, compared->largestError);
        score.psnr += compared->psnr;
        score.precision += compared->precision;
        score.recall += compared->recall;
        score.f1 += compared->f1;
        ++score.sheets;
        context.progress(static_cast<double>(score.sheets) / static_cast<double>(sheets.size()),
                         fmt::format("Judging sheet {} of {}", score.sheets, sheets.size()));
    }
    const double count = static_cast<double>(std::max<std::size_t>(1, score.sheets));
    for (double* mean : {&score.meanSquaredError, &score.meanAbsoluteError, &score.psnr, &score.precision,
                         &score.recall, &score.f1})
        *mean /= count;
    score.milliseconds = 1e3 * seconds / count;
    return score;
}

Result<void> checkSheetMaps(const SheetMaps& maps) {
    if (maps.strength.empty()) return fail(ErrorCode::BadInput, "The map of the grid's strength is empty.");
    for (const auto& [name, map] : {std::pair{"grid strength", &maps.strength},
                                    {"cell density", &maps.density},
                                    {"switching activity", &maps.activity},
                                    {"pads", &maps.pads}}) {
        if (map->rows != maps.strength.rows || map->columns != maps.strength.columns)
            return fail(ErrorCode::BadInput,
                        fmt::format("The map of {} is {} x {} cells, that of grid strength {} x {}.", name,
                                    map->rows, map->columns, maps.strength.rows, maps.strength.columns));
        const auto odd = std::find_if(map->values.begin(), map->values.end(),
                                      [](double value) { return !std::isfinite(value) || value < 0; });
        if (odd == map->values.end()) continue;
        const auto at = static_cast<std::size_t>(odd - map->values.begin());
        return fail(ErrorCode::BadInput,
                    fmt::format("The map of {} is {} at row {}, column {}; it should be 0 or more.", name,
                                *odd, at / map->columns, at % map->columns));
    }
    if (!(maps.pads.maximum() > 0))
        return fail(ErrorCode::BadInput, "There is no pad: nothing supplies the sheet.");
    return {};
}

} // namespace headroom::powergrid
