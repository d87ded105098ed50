#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/powergrid/laid_grid.h"
#include "core/powergrid/random_sheet.h"
#include "core/powergrid/unet.h"

namespace headroom::powergrid {

/// What a network imitates.
enum class DropTask {
    Formula, ///< formulaDrop(), as the seed paper has it: no unit, at most 1
    Sheet,   ///< drops of a resistive sheet, solved exactly, V
    /// The same, from the drops after one step of the exact solver's iteration: what is left to add, V.
    Correction,
    /// Drops of a grid rebuilt from maps, from those after a few iterations of multigrid: what is left, V.
    Grid,
};
inline constexpr DropTask kDropTasks[] = {DropTask::Formula, DropTask::Sheet, DropTask::Correction,
                                          DropTask::Grid};
const char* toString(DropTask task); ///< "formula", "sheet", "correction", "grid"
std::optional<DropTask> dropTaskFromName(std::string_view name);
std::string unitOf(DropTask task); ///< "V", empty for the formula

/// The right answers of tasks on sheets.
AnswerSheet rightAnswers(DropTask task);
/// What a network of this task starts from; null where it starts from the maps alone.
AnswerSheet roughAnswers(DropTask task);

struct DropTraining {
    DropTask task = DropTask::Sheet;
    std::size_t sheets = 400;             ///< random ones to train on, or grids
    std::size_t side = 64;                ///< cells, of each
    std::string technology = "iccad2023"; ///< of grids: the name of a shipped one, or a file
    int roughIterations = 2;              ///< that a grid's correction starts from
    std::uint64_t seed = 1;               ///< of sheets and weights
    UnetConfig network;                   ///< its inputs are the task's
    UnetTraining unet;
};

/// How a network does on sheets that it has not seen.
struct DropScore {
    std::size_t sheets = 0;
    double meanSquaredError = 0, meanAbsoluteError = 0, largestError = 0; ///< unit of the task
    double psnr = 0;                          ///< dB, against each sheet's largest drop; mean over sheets
    double precision = 0, recall = 0, f1 = 0; ///< of hot spots: at least 90 % of the sheet's largest drop
    double milliseconds = 0;                  ///< per sheet
};

/// Where a network comes from and what it is worth.
struct DropModelCard {
    DropTraining training;
    double outputScale = 1;                      ///< unit of the task, of an output of 1
    double roughScale = 1;                       ///< V, of a 1 in the image of rough drops
    double currentScale = 1, imbalanceScale = 1; ///< A per cell, of a 1 in the images of a grid's
    double trainingSeconds = 0;
    int bestEpoch = 0;
    std::string device, command, weightsHash;
    std::string technology; ///< name of that of the grids
    std::map<std::string, double> metrics;
    std::string metricsCommand;
};

/// A U-Net from a block's maps to its drops.
class DropModel {
public:
    /// Trains on random blocks. Errors: BadInput, Unsupported (too much memory), those of the right answers
    /// and of Unet::train().
    static Result<DropModel> train(const DropTraining& training, compute::DeviceChoice device,
                                   JobContext& context);

    /// A folder with model.yaml and weights.safetensors. Errors: NotFound, Corrupt (file and line),
    /// Unsupported.
    static Result<DropModel> load(const std::filesystem::path& folder, compute::DeviceChoice device);
    Result<void> save(const std::filesystem::path& folder) const;

    const DropModelCard& card() const { return m_card; }
    std::size_t parameterCount() const;
    void setCommand(const std::string& command) { m_card.command = command; }
    void setMetrics(std::map<std::string, double> metrics, const std::string& command);

    /// Maps of any size. Errors: BadInput (maps of different sizes, values that are not finite), Unsupported
    /// (a network for grids), Cancelled.
    Result<Map> predict(const SheetMaps& maps, int threads, JobContext& context);

    /// The drops of a rebuilt grid, V in pixels of 1 um, from a solution after the training's iterations. One
    /// that has settled by then, as those of small grids have, stays as it is.
    /// @param rough the map of this solution  Errors: Unsupported (a network for sheets, another technology),
    /// Cancelled.
    Result<Map> correct(const LaidGrid& grid, const GridDrops& rough, int threads, JobContext& context);

private:
    DropModel(DropModelCard card, std::unique_ptr<Unet> network);

    DropModelCard m_card;
    std::unique_ptr<Unet> m_network;
};

/// A block and the right answer to it.
struct AnsweredSheet {
    SheetMaps maps;
    Map golden;
};

/// Random sheets of seeds that no training uses. Errors: Unsupported (too much memory), those of the label,
/// Cancelled.
Result<std::vector<AnsweredSheet>> judgingSheets(const AnswerSheet& label, std::size_t sheets,
                                                 std::size_t side, JobContext& context);

struct AnsweredGrid {
    LaidGrid grid;
    Map golden;
};

/// Random grids of such seeds, solved exactly. @param side cells of kViewUm  Errors: as above.
Result<std::vector<AnsweredGrid>> judgingGrids(const GridTechnology& technology, std::size_t grids,
                                               std::size_t side, JobContext& context);

/// Judges guesses. Errors: those of @p guess, Cancelled.
Result<DropScore> scoreDrops(const AnswerSheet& guess, const std::vector<AnsweredSheet>& sheets,
                             JobContext& context);
Result<DropScore> scoreDrops(const AnswerGrid& guess, const std::vector<AnsweredGrid>& grids,
                             JobContext& context);

} // namespace headroom::powergrid
