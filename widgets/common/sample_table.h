#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "widgets/common/axis_scale.h"
#include "widgets/common/theme.h"

namespace headroom::widgets {

/// One quantity of all samples, SI units.
struct SampleColumn {
    QString key;                ///< stable name, also the heading of exports: "gain_db", "M1,M2 w"
    QString title;              ///< "Transit frequency"
    QString symbol;             ///< "f_t": where there is little room
    QString unit;               ///< as in PerformanceInfo::unit
    QString definition;         ///< tool tip
    std::vector<double> values; ///< by row; NaN where there is none or the row is left out
    std::optional<double> minimum, maximum;         ///< what a specification asks for
    std::optional<double> truth;                    ///< of the sizing that the specification was taken from
    std::optional<std::pair<double, double>> range; ///< what the technology allows
    bool shownAtFirst = true;                       ///< until the user chooses columns
    QStringList categories = {}; ///< of a quantity that is one of these; values are their numbers

    /// A value of it with unit, or the category; a dash where there is none.
    QString text(double value) const;
    /// The same with all its digits, for files; empty where there is none.
    QString exactText(double value) const;

    /// The least and the largest of values, limits and truth; (0, 1) where there are none.
    std::pair<double, double> extent() const;
};

/// Rows of one kind, e.g. simulated ones and those that were only proposed.
struct SampleClass {
    QString name;
    ColorRole color = ColorRole::Simulated;
};

/// Many samples of many quantities, as plots and tables show them. Immutable once handed over.
struct SampleTable {
    std::vector<SampleColumn> columns;
    std::vector<SampleClass> classes{SampleClass{}};
    std::vector<std::uint8_t> classOf; ///< by row, index into classes
    QString rowTitle;                  ///< of one row, with its number as %1: "Candidate %1"

    std::size_t rowCount() const { return classOf.size(); }
    /// -1 where there is no such column.
    int columnOf(const QString& key) const;
};

/// Rows as CSV: number, class, and these columns with all digits. @param rows indices
QByteArray sampleCsv(const SampleTable& table, const std::vector<int>& columns, const std::vector<int>& rows);

/// Figures of one row for a tool tip: "Candidate 3", then the columns' values.
QString sampleText(const SampleTable& table, int row, const std::vector<int>& columns);

/// Spearman's rank correlation of two columns over the rows that have both; NaN with fewer than three of
/// them or where one is constant. Of more than @p mostRows rows so many are taken, evenly.
double rankCorrelation(const SampleColumn& first, const SampleColumn& second, std::size_t mostRows = 5000);

} // namespace headroom::widgets
