#pragma once

#include "core/powergrid/drop_model.h"
#include "core/powergrid/grid_view.h"

namespace headroom::powergrid {

/// Random blocks as a network sees them.
struct Lessons {
    ImageBatch inputs, targets;
};

/// Random blocks of training and of judging never share a seed.
inline constexpr std::uint64_t kTrainingStream = 1, kJudgingStream = 2;

/// Channels of a task's images.
int inputsOf(DropTask task);

/// Makes and answers a training's blocks, and finds the card's scales. Errors: those of the right and the
/// rough answers, Cancelled.
Result<Lessons> makeLessons(DropModelCard& card, JobContext& context);

/// What a network's answer is added to, V: zeros where the task starts from the maps alone.
Result<Map> startOf(const SheetMaps& maps, const AnswerSheet& rough, JobContext& context);

/// Writes a block's maps into one image of a batch. @param start as of startOf()
void putInputs(const SheetMaps& maps, const Map& start, const DropModelCard& card, ImageBatch& batch,
               std::int64_t image);
/// The same of a rebuilt grid.
void putInputs(const GridView& view, const DropModelCard& card, ImageBatch& batch, std::int64_t image);

} // namespace headroom::powergrid
