#include "core/powergrid/drop_model.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "core/base/quantity.h"
#include "core/base/random.h"
#include "core/base/stage_context.h"
#include "core/powergrid/drop_lessons.h"
#include "core/powergrid/drop_model_card.h"
#include "core/powergrid/map_comparison.h"
#include "core/powergrid/random_grid.h"
#include "core/powergrid/sheet_plan.h"

namespace headroom::powergrid {
namespace {

/// Share of the progress bar that making the sheets gets.
constexpr double kSheetsShare = 0.1;
/// Steps of the exact solver's iteration that a correction starts from.
constexpr int kRoughSteps = 1;
/// Side of the pieces in which large maps are predicted, cells.
constexpr std::int64_t kTile = 256;

/// Residual, relative, of a solution that leaves nothing to correct.
constexpr double kSettled = 1e-6;

/// What images of training, and what blocks to judge on, may take before they are refused.
constexpr double kMemoryLimit = 16e9;
/// Of a square micrometre of a grid, with its maps and equations; of a sheet's cell.
constexpr double kGridBytes = 200, kSheetBytes = 60;

Result<void> checkMemory(std::size_t blocks, std::size_t side, double bytesPerCell) {
    const double cells = static_cast<double>(side) * static_cast<double>(side);
    const double bytes = static_cast<double>(blocks) * cells * bytesPerCell;
    if (bytes <= kMemoryLimit) return {};
    return fail(ErrorCode::Unsupported,
                fmt::format("{} blocks of {} x {} cells take some {} of memory; the limit is {}.", blocks,
                            side, side, formatQuantity(bytes, "B", 3), formatQuantity(kMemoryLimit, "B", 3)));
}

/// A drop is never negative; what a network adds may make it so, a little.
void addDrop(Map& drop, const Map& more, double scale) {
    std::transform(drop.values.begin(), drop.values.end(), more.values.begin(), drop.values.begin(),
                   [scale](double start, double value) { return std::max(0.0, start + value * scale); });
}

/// @param cases blocks with their golden maps
template <class Guess, class Case, class BlockOf>
Result<DropScore> score(const Guess& guess, const std::vector<Case>& cases, const BlockOf& blockOf,
                        JobContext& context) {
    DropScore score;
    double seconds = 0;
    QuietContext quiet(context);
    for (const Case& each : cases) {
        if (context.cancelled()) return failCancelled();
        const auto start = std::chrono::steady_clock::now();
        const auto made = guess(blockOf(each), quiet);
        seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        if (!made) return forward(made);
        const auto compared = compareMaps(*made, each.golden);
        if (!compared) return forward(compared);
        double squares = 0;
        for (std::size_t i = 0; i < made->values.size(); ++i)
            squares += std::pow(made->values[i] - each.golden.values[i], 2);
        score.meanSquaredError += squares / static_cast<double>(made->values.size());
        score.meanAbsoluteError += compared->meanAbsoluteError;
        score.largestError = std::max(score.largestError, compared->largestError);
        score.psnr += compared->psnr;
        score.precision += compared->precision;
        score.recall += compared->recall;
        score.f1 += compared->f1;
        ++score.sheets;
        context.progress(static_cast<double>(score.sheets) / static_cast<double>(cases.size()),
                         fmt::format("Judging block {} of {}", score.sheets, cases.size()));
    }
    const double count = static_cast<double>(std::max<std::size_t>(1, score.sheets));
    for (double* mean : {&score.meanSquaredError, &score.meanAbsoluteError, &score.psnr, &score.precision,
                         &score.recall, &score.f1})
        *mean /= count;
    score.milliseconds = 1e3 * seconds / count;
    return score;
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
                    fmt::format("Training takes at least one block, whose side is a multiple of {} cells.",
                                network.alignment()));
    // Once as made, and once as the network's own.
    if (const auto fits =
            checkMemory(training.sheets, training.side, 2 * sizeof(float) * (network.inputs + 1.0));
        !fits)
        return forward(fits);
    // Layers run along x and y in turn: a grid that is turned is another one.
    if (training.task == DropTask::Grid) card.training.unet.turns = false;
    auto unet = createUnet(network, training.seed, device);
    if (!unet) return forward(unet);
    StageContext making(context, 0, kSheetsShare);
    const auto lessons = makeLessons(card, making);
    if (!lessons) return forward(lessons);
    UnetTraining passes = card.training.unet;
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
    if (m_card.training.task == DropTask::Grid)
        return fail(ErrorCode::Unsupported,
                    "This network corrects grids that are rebuilt from maps, and knows nothing of sheets.");
    if (const auto valid = checkSheetMaps(maps); !valid) return forward(valid);
    auto drop = startOf(maps, roughAnswers(m_card.training.task), context);
    if (!drop) return forward(drop);
    ImageBatch image(1, m_card.training.network.inputs, static_cast<std::int64_t>(drop->rows),
                     static_cast<std::int64_t>(drop->columns));
    putInputs(maps, *drop, m_card, image, 0);
    const auto made = predictLarge(*m_network, image, kTile, threads, context);
    if (!made) return forward(made);
    addDrop(*drop, {drop->rows, drop->columns, {made->values.begin(), made->values.end()}},
            m_card.outputScale);
    return drop;
}

Result<Map> DropModel::correct(const LaidGrid& grid, const GridDrops& rough, int threads,
                               JobContext& context) {
    if (m_card.training.task != DropTask::Grid)
        return fail(
            ErrorCode::Unsupported,
            "This network answers for sheets, and knows nothing of grids that are rebuilt from maps.");
    if (grid.technology.name != m_card.technology)
        return fail(ErrorCode::Unsupported,
                    fmt::format("This network has learned grids of the technology {} and not of {}.",
                                m_card.technology, grid.technology.name));
    if (rough.solution.residual < kSettled) return rough.map;
    const GridView view = viewOf(grid.maps, grid.technology, rough.solution, rough.map);
    ImageBatch image(1, m_card.training.network.inputs, static_cast<std::int64_t>(view.drop.rows),
                     static_cast<std::int64_t>(view.drop.columns));
    putInputs(view, m_card, image, 0);
    const auto made = predictLarge(*m_network, image, kTile, threads, context);
    if (!made) return forward(made);
    Map drop = rough.map;
    const Map cells{view.drop.rows, view.drop.columns, {made->values.begin(), made->values.end()}};
    addDrop(drop, inPixels(cells, drop.rows, drop.columns), m_card.outputScale);
    return drop;
}

Result<std::vector<AnsweredSheet>> judgingSheets(const AnswerSheet& label, std::size_t sheets,
                                                 std::size_t side, JobContext& context) {
    if (const auto fits = checkMemory(sheets, side, kSheetBytes); !fits) return forward(fits);
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

Result<std::vector<AnsweredGrid>> judgingGrids(const GridTechnology& technology, std::size_t grids,
                                               std::size_t side, JobContext& context) {
    const std::size_t pixels = side * kViewUm;
    if (const auto fits = checkMemory(grids, pixels, kGridBytes); !fits) return forward(fits);
    std::vector<AnsweredGrid> answered;
    QuietContext quiet(context);
    for (std::size_t number = 0; number < grids; ++number) {
        if (context.cancelled()) return failCancelled();
        auto grid = layGrid(randomGridMaps(pixels, pixels, technology, deriveSeed(kJudgingStream, number)),
                            technology, quiet);
        if (!grid) return forward(grid);
        auto golden = solvedGrids(0)(*grid, quiet);
        if (!golden) return forward(golden);
        answered.push_back({std::move(*grid), std::move(*golden)});
        context.progress(static_cast<double>(number + 1) / static_cast<double>(grids),
                         fmt::format("Solving grid {} of {}", number + 1, grids));
    }
    return answered;
}

Result<DropScore> scoreDrops(const AnswerSheet& guess, const std::vector<AnsweredSheet>& sheets,
                             JobContext& context) {
    return score(
        guess, sheets, [](const AnsweredSheet& each) -> const SheetMaps& { return each.maps; }, context);
}

Result<DropScore> scoreDrops(const AnswerGrid& guess, const std::vector<AnsweredGrid>& grids,
                             JobContext& context) {
    return score(
        guess, grids, [](const AnsweredGrid& each) -> const LaidGrid& { return each.grid; }, context);
}

} // namespace headroom::powergrid
