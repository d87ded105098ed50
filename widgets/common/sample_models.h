#pragma once

#include <QAbstractTableModel>

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/statistics.h"
#include "widgets/common/sample_table.h"

namespace headroom::widgets {

/// One line per quantity: count, mean, deviation, percentiles, limits, how many reach them, process
/// capability; of all samples, or of the marked ones.
class StatisticsModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column {
        Title,
        Count,
        Mean,
        Deviation,
        Minimum,
        Fifth,
        Median,
        NinetyFifth,
        Maximum,
        Limits,
        Reached,
        Capability,
        ColumnCount
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// @param marked 0 or 1 by row; empty: all samples count
    void setSamples(std::shared_ptr<const SampleTable> table, const std::vector<std::uint8_t>& marked);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Line {
        Summary summary;
        double reached = 0;    ///< share of those that have a value; NaN without limits
        double capability = 0; ///< NaN without limits
    };
    double number(int row, int column) const;
    QString limitsText(const SampleColumn& column) const;

    std::shared_ptr<const SampleTable> m_table;
    std::vector<Line> m_lines; ///< by column of the table
};

/// Rank correlations of all pairs of quantities, tinted by their strength. The first column names the
/// quantity.
class CorrelationModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    void setSamples(std::shared_ptr<const SampleTable> table);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    double correlation(int row, int column) const;

    std::shared_ptr<const SampleTable> m_table;
    mutable std::vector<double> m_known; ///< by pair; infinite where it was not asked for yet
};

/// The samples themselves, sorted by itself so that a hundred thousand rows stay fluid.
class SampleRowsModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum FixedColumn { Number, Class, FirstQuantity };
    static constexpr int SampleRole = Qt::UserRole; ///< index of the sample

    using QAbstractTableModel::QAbstractTableModel;

    void setSamples(std::shared_ptr<const SampleTable> table);
    /// @param marked 0 or 1 by row @param only whether others are left out
    void setMarked(const std::vector<std::uint8_t>& marked, bool only);

    int sampleAt(int row) const { return m_order[static_cast<std::size_t>(row)]; }
    int rowOf(int sample) const; ///< -1 where it is left out

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    double number(int sample, int column) const;
    void arrange();

    std::shared_ptr<const SampleTable> m_table;
    std::vector<std::uint8_t> m_marked;
    std::vector<int> m_order; ///< samples shown
    bool m_onlyMarked = false;
    int m_sortColumn = Number;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

} // namespace headroom::widgets
