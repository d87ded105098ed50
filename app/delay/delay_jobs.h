#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/compute/device.h"
#include "core/delay/kept_table.h"
#include "core/delay/table_import.h"
#include "widgets/delay/cell_form.h"
#include "widgets/delay/delay_data.h"
#include "widgets/delay/generator_form.h"
#include "widgets/delay/study_dialog.h"

namespace headroom::app {

using TablePointer = std::shared_ptr<const delay::TableDocument>;

struct CellJob {
    widgets::CellWishes wishes;
    std::string technology, corner;
    int workers = 0;           ///< simulators; 0: as many as the budget allows
    std::string cacheFile;     ///< of what was simulated before; may be empty
    double heldOutShare = 0.3; ///< of the rows to come
};

/// Simulates a cell. Errors: those of loadTechnology(), loadCell() and characterise(); BadInput where too few
/// rows could be simulated to learn anything from.
Result<delay::TableDocument> simulateTable(const CellJob& job, JobContext& context);

/// Rows for the table, and how their generator came to know them.
struct MadeRows {
    delay::TableDocument document; ///< with the new synthetic rows, without older ones
    std::shared_ptr<const widgets::TrainingData> training; ///< null where nothing was trained
};

/// Fits a generator to the rows that are learned from, samples it.
/// @param onTraining told on this thread how far a network's training is
Result<MadeRows>
makeRows(const delay::TableDocument& document, const widgets::GeneratorWishes& wishes,
         compute::DeviceChoice device, JobContext& context,
         const std::function<void(std::shared_ptr<const widgets::TrainingData>)>& onTraining);

/// Synthetic rows with the right targets, and how far off those were that they had.
struct SimulatedTargets {
    delay::TableDocument document;
    double percentage = 0;                             ///< mean absolute error of the targets before, %
    std::size_t simulated = 0, cached = 0, failed = 0; ///< rows; those that failed are left out
};

/// Simulates the cell at the synthetic rows' inputs. Errors: those of CellLabels; BadInput where no row can
/// be simulated. @pre the table comes from a cell
Result<SimulatedTargets> simulateTargets(const delay::TableDocument& document, int workers,
                                         const std::string& cacheFile, JobContext& context);

/// How the synthetic rows look beside the real ones. Errors: those of compareRows().
/// @param note what is known of their targets
Result<std::shared_ptr<const widgets::ResemblanceData>>
compareTables(const delay::TableDocument& document, const QString& note, JobContext& context);

using JudgementPointer = std::shared_ptr<const widgets::JudgementData>;

/// A study of the table's rows, by defaultJudges(), as the panel shows it.
JudgementPointer judgementOf(const delay::TableDocument& document, delay::Study study);

/// What learning from the table's rows is worth. Errors: those of judgeRows().
Result<JudgementPointer> judgeTable(const delay::TableDocument& document, JobContext& context);

/// The same for several generators, sizes and repeats. Errors: those of makeGenerator() and runStudy().
Result<JudgementPointer> studyTable(const delay::TableDocument& document, const widgets::StudyWishes& wishes,
                                    compute::DeviceChoice device, JobContext& context);

} // namespace headroom::app
