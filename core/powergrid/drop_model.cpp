#include "core/powergrid/drop_model.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "core/base/random.h"
#include "core/base/stage_context.h"
#include "core/powergrid/drop_model_card.h"
#include "core/powergrid/map_comparison.h"
#include "core/powergrid/sheet_plan.h"

namespace headroom::powergrid {
namespace {

/// Sheets of training and of judging never share a seed.
constexpr std::uint64_t kTrainingStream = 1, kJudgingStream = 2;
/// Share of the progress bar that making the sheets gets.
constexpr double kSheetsShare = 0.1;
/// Steps of the exact solver's iteration that a correction starts from.
constexpr int kRoughSteps = 1;
/// Side of the pieces in which large maps are predicted, cells.
constexpr std::int64_t kTile = 256;

int inputsOf(DropTask task) {
    switch (task) {
    case DropTask::Formula:
        return 3;
    case DropTask::Sheet:
        return 4;
    case DropTask::Correction:
        return 5;
    }
    return 0;
}

void put(const Map& map, double scale, float* to) {
    std::transform(map.values.begin(), map.values.end(), to,
                   [scale](double value) { return static_cast<float>(value * scale); });
}

/// What a network's answer is added to, V: zeros where the task starts from the maps alone.
Result<Map> startOf(const SheetMaps& maps, const AnswerSheet& rough, JobContext& context) {
    if (rough) return rough(maps, context);
    const Map& any = maps.strength;
    return Map{any.rows, any.columns, std::vector<double>(any.values.size())};
}

/// Writes a block's maps into one image of a batch. @param start as of startOf()
void putInputs(const SheetMaps& maps, const Map& start, const DropModelCard& card, ImageBatch& batch,
               std::int64_t image) {
    put(maps.strength, 1, batch.channel(image, 0));
    put(maps.density, 1, batch.channel(image, 1));
    put(maps.activity, 1, batch.channel(image, 2));
    if (card.training.task == DropTask::Formula) return;
    put(nearnessOfPads(maps.pads), 1, batch.channel(image, 3));
    if (card.training.task == DropTask::Correction) put(start, 1 / card.roughScale, batch.channel(image, 4));
}

/// Random sheets as a network sees them.
struct Lessons {
    ImageBatch inputs, targets;
};

/// Root mean square of one channel of all images, by which it is divided.
double takeScale(ImageBatch& images, std::int64_t channel) {
    const std::int64_t pixels = images.rows * images.columns;
    double sum = 0;
    const auto each = [&](const auto& visit) {
        for (std::int64_t image = 0; image < images.images; ++image)
            std::for_each_n(images.channel(image, channel), pixels, visit);
    };
    each([&](float value) { sum += static_cast<double>(value) * static_cast<double>(value); });
    const double scale = std::max(1e-12, std::sqrt(sum / static_cast<double>(images.images * pixels)));
    each([&](float& value) { value = static_cast<float>(static_cast<double>(value) / scale); });
    return scale;
}

/// Makes and answers a training's sheets, and finds the card's scales.
Result<Lessons> makeLessons(DropModelCard& card, JobContext& context) {
    const DropTraining& training = card.training;
    const auto count = static_cast<std::int64_t>(training.sheets);
    const auto side = static_cast<std::int64_t>(training.side);
    Lessons lessons{{count, training.network.inputs, side, side}, {count, 1, side, side}};
    const AnswerSheet right = rightAnswers(training.task), rough = roughAnswers(training.task);
    for (std::int64_t image = 0; image < count; ++image) {
        if (context.cancelled()) return failCancelled();
        const SheetMaps maps = randomSheet(
            training.side, training.side,
            deriveSeed(deriveSeed(training.seed, kTrainingStream), static_cast<std::uint64_t>(image)));
        auto drop = right(maps, context);
        if (!drop) return forward(drop);
        const auto start = startOf(maps, rough, context);
        if (!start) return forward(start);
        putInputs(maps, *start, card, lessons.inputs, image);
        std::transform(drop->values.begin(), drop->values.end(), start->values.begin(), drop->values.begin(),
                       std::minus<>());
        put(*drop, 1, lessons.targets.channel(image, 0));
        context.progress(static_cast<double>(image + 1) / static_cast<double>(count),
                         fmt::format("Solving sheet {} of {}", image + 1, count));
    }
    card.outputScale = takeScale(lessons.targets, 0);
    if (rough) card.roughScale = takeScale(lessons.inputs, 4);
    return lessons;
}

} // namespace

DropModel::DropModel(DropModelCard card, std::unique_ptr<Unet> network)
    : m_card(std::move(card))
    , m_network(std::move(network)) {}

AnswerSheet rightAnswers(DropTask task) {
    if (task != DropTask::Formula) return solvedSheets({});
    return [](const SheetMaps& maps, JobContext&) -> Result<Map> { return formulaDrop(maps); };
}

AnswerSheet roughAnswers(DropTask task) {
    return task == DropTask::Correction ? roughlySolvedSheets({}, kRoughSteps) : AnswerSheet();
}

Result<DropModel> DropModel::train(const DropTraining& training, compute::DeviceChoice device,
                                   JobContext& context) {
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
    StageContext making(context, 0, kSheetsShare);
    const auto lessons = makeLessons(card, making);
    if (!lessons) return forward(lessons);
    UnetTraining passes = training.unet;
    passes.seed = training.seed;
    StageContext learning(context, kSheetsShare, 1);
    const auto report = (*unet)->train(lessons->inputs, lessons->targets, passes, learning);
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
    auto drop = startOf(maps, roughAnswers(m_card.training.task), context);
    if (!drop) return forward(drop);
    ImageBatch image(1, m_card.training.network.inputs, static_cast<std::int64_t>(drop->rows),
                     static_cast<std::int64_t>(drop->columns));
    putInputs(maps, *drop, m_card, image, 0);
    const auto made = predictLarge(*m_network, image, kTile, threads, context);
    if (!made) return forward(made);
    // A drop is never negative; the network may be, a little.
    std::transform(drop->values.begin(), drop->values.end(), made->values.begin(), drop->values.begin(),
                   [&](double start, float value) {
                       return std::max(0.0, start + static_cast<double>(value) * m_card.outputScale);
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

} // namespace headroom::powergrid
