#pragma once

#include <QString>
#include <QStringList>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/delay/resemblance.h"
#include "core/delay/study.h"
#include "widgets/common/sample_table.h"

namespace headroom::delay {
struct TableDocument;
}

namespace headroom::widgets {

/// A table as the panel shows it. Immutable once handed over.
struct DelayTableData {
    /// Three classes: learned from, held out, synthetic; in this order.
    std::shared_ptr<const SampleTable> samples;
    std::size_t known = 0, heldOut = 0, synthetic = 0; ///< rows
    QString name;
    QString synthesis; ///< "ddpm, seed 1"
    QStringList targets;
    QString target;
    QString unit; ///< of the target
    double heldOutShare = 0.3;
    bool isSimulated = false; ///< its rows come from a cell
};

/// @param whose rows are sorted: real ones first
std::shared_ptr<const DelayTableData> delayTableData(const delay::TableDocument& document);

/// Densities of one column, real and synthetic.
struct DensityData {
    QString title, unit;
    QStringList categories; ///< of a category; the densities are shares then
    delay::ColumnDensity density;
};

/// @param synthetic with the columns of @p real; rows beyond some thousand are thinned out
std::vector<DensityData> densityData(const delay::Table& real, const delay::Table& synthetic);

/// Of a training that is under way, or was.
struct TrainingData {
    int epoch = 0, epochs = 0;
    std::vector<double> losses; ///< by epoch
    std::vector<DensityData> densities;
};

/// How the synthetic rows look beside the real ones.
struct ResemblanceData {
    delay::Resemblance resemblance;
    std::vector<DensityData> densities;
    QString note; ///< what is known of their targets; may be empty
};

/// What learning from them is worth.
struct JudgementData {
    delay::Study study;
    std::vector<delay::Verdict> verdicts;
    QString unit;       ///< of the target
    QString errorUnit;  ///< of StudyResult::errors
    bool isOld = false; ///< about rows that have changed since
};

} // namespace headroom::widgets
