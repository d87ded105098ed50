#include "core/powergrid/drop_lessons.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "core/base/random.h"
#include "core/base/stage_context.h"
#include "core/powergrid/laid_grid.h"
#include "core/powergrid/random_grid.h"

namespace headroom::powergrid {
namespace {

void put(const Map& map, double scale, float* to) {
    std::transform(map.values.begin(), map.values.end(), to,
                   [scale](double value) { return static_cast<float>(value * scale); });
}

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

std::uint64_t seedOf(const DropTraining& training, std::int64_t image) {
    return deriveSeed(deriveSeed(training.seed, kTrainingStream), static_cast<std::uint64_t>(image));
}

/// One sheet and what is to be added to what the network starts from.
Result<void> addSheet(const DropModelCard& card, std::int64_t image, Lessons& lessons, JobContext& context) {
    const DropTraining& training = card.training;
    const SheetMaps maps = randomSheet(training.side, training.side, seedOf(training, image));
    auto drop = rightAnswers(training.task)(maps, context);
    if (!drop) return forward(drop);
    const auto start = startOf(maps, roughAnswers(training.task), context);
    if (!start) return forward(start);
    putInputs(maps, *start, card, lessons.inputs, image);
    std::transform(drop->values.begin(), drop->values.end(), start->values.begin(), drop->values.begin(),
                   std::minus<>());
    put(*drop, 1, lessons.targets.channel(image, 0));
    return {};
}

Result<void> addGrid(const DropModelCard& card, const GridTechnology& technology, std::int64_t image,
                     Lessons& lessons, JobContext& context) {
    const DropTraining& training = card.training;
    const std::size_t side = training.side * kViewUm;
    const auto grid =
        layGrid(randomGridMaps(side, side, technology, seedOf(training, image)), technology, context);
    if (!grid) return forward(grid);
    auto exact = dropsOf(*grid, 0, context);
    if (!exact) return forward(exact);
    const auto rough = dropsOf(*grid, training.roughIterations, context);
    if (!rough) return forward(rough);
    putInputs(viewOf(grid->maps, technology, rough->solution, rough->map), card, lessons.inputs, image);
    std::transform(exact->map.values.begin(), exact->map.values.end(), rough->map.values.begin(),
                   exact->map.values.begin(), std::minus<>());
    put(inCells(exact->map), 1, lessons.targets.channel(image, 0));
    return {};
}

} // namespace

int inputsOf(DropTask task) {
    switch (task) {
    case DropTask::Formula:
        return 3;
    case DropTask::Sheet:
        return 4;
    case DropTask::Correction:
    case DropTask::Grid:
        return 5;
    }
    return 0;
}

Result<Map> startOf(const SheetMaps& maps, const AnswerSheet& rough, JobContext& context) {
    if (rough) return rough(maps, context);
    const Map& any = maps.strength;
    return Map{any.rows, any.columns, std::vector<double>(any.values.size())};
}

void putInputs(const SheetMaps& maps, const Map& start, const DropModelCard& card, ImageBatch& batch,
               std::int64_t image) {
    put(maps.strength, 1, batch.channel(image, 0));
    put(maps.density, 1, batch.channel(image, 1));
    put(maps.activity, 1, batch.channel(image, 2));
    if (card.training.task == DropTask::Formula) return;
    put(nearnessOfPads(maps.pads), 1, batch.channel(image, 3));
    if (card.training.task == DropTask::Correction) put(start, 1 / card.roughScale, batch.channel(image, 4));
}

void putInputs(const GridView& view, const DropModelCard& card, ImageBatch& batch, std::int64_t image) {
    put(view.straps, 1, batch.channel(image, 0));
    put(view.current, 1 / card.currentScale, batch.channel(image, 1));
    put(view.imbalance, 1 / card.imbalanceScale, batch.channel(image, 2));
    put(nearnessOfPads(view.pads), 1, batch.channel(image, 3));
    put(view.drop, 1 / card.roughScale, batch.channel(image, 4));
}

Result<Lessons> makeLessons(DropModelCard& card, JobContext& context) {
    const DropTraining& training = card.training;
    const auto count = static_cast<std::int64_t>(training.sheets);
    const auto side = static_cast<std::int64_t>(training.side);
    const bool isOfGrids = training.task == DropTask::Grid;
    GridTechnology technology;
    if (isOfGrids) {
        auto loaded = loadGridTechnology(training.technology);
        if (!loaded) return forward(loaded);
        technology = std::move(*loaded);
        card.technology = technology.name;
    }
    Lessons lessons{{count, training.network.inputs, side, side}, {count, 1, side, side}};
    QuietContext quiet(context);
    for (std::int64_t image = 0; image < count; ++image) {
        if (context.cancelled()) return failCancelled();
        const auto added = isOfGrids ? addGrid(card, technology, image, lessons, quiet)
                                     : addSheet(card, image, lessons, quiet);
        if (!added) return forward(added);
        context.progress(static_cast<double>(image + 1) / static_cast<double>(count),
                         fmt::format("Solving {} {} of {}", isOfGrids ? "grid" : "sheet", image + 1, count));
    }
    card.outputScale = takeScale(lessons.targets, 0);
    if (isOfGrids || training.task == DropTask::Correction) card.roughScale = takeScale(lessons.inputs, 4);
    if (isOfGrids) {
        card.currentScale = takeScale(lessons.inputs, 1);
        card.imbalanceScale = takeScale(lessons.inputs, 2);
    }
    return lessons;
}

} // namespace headroom::powergrid
