#pragma once

#include <QAbstractTableModel>

#include <memory>
#include <vector>

#include "widgets/sizing/exploration_data.h"

namespace headroom::widgets {

/// Which candidates the table shows.
enum class CandidateFilter { All, Met, MetOrNearly, Brushed };

/// Candidates of an exploration, sorted and filtered by itself so that a hundred thousand rows stay fluid.
/// Columns: number, status, shortfall, each performance as simulated, saturation margin, area; what the
/// forward model said: probability, each performance as predicted; the user's note. Pinned candidates stand
/// first and are shown whatever the filter says.
class CandidateModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum FixedColumn { Number, Status, Shortfall, FirstPerformance };
    static constexpr int CandidateIndexRole = Qt::UserRole; ///< index into ExplorationData::candidates

    using QAbstractTableModel::QAbstractTableModel;

    void setData(std::shared_ptr<const ExplorationData> data);
    void setFilter(CandidateFilter filter);
    void setBrushed(const std::vector<int>& candidates);

    int candidateAt(int row) const { return m_order[static_cast<std::size_t>(row)]; }
    int rowOf(int candidate) const; ///< -1 where filtered out
    const CandidateRow& candidateRow(int candidate) const {
        return m_data->candidates[static_cast<std::size_t>(candidate)];
    }
    int marginColumn() const { return FirstPerformance + performanceCount(); }
    int areaColumn() const { return marginColumn() + 1; }
    int probabilityColumn() const { return areaColumn() + 1; }
    int firstPrediction() const { return probabilityColumn() + 1; }
    int noteColumn() const { return firstPrediction() + performanceCount(); }
    bool hasPredictions() const { return m_hasPredictions; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    /// Of a note: emits noteEdited(), and the application answers with new data.
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

signals:
    void noteEdited(int candidate, const QString& note);

private:
    int performanceCount() const;
    /// The performance that a column is about, simulated or predicted; -1 for other columns.
    int performanceAt(int column) const;
    bool isPrediction(int column) const;
    QVariant fixedHeader(int section, int role) const;
    QVariant performanceHeader(int section, int role) const;
    QVariant font(const CandidateRow& row, int column) const;
    double number(const CandidateRow& row, int column) const;
    const char* unit(int column) const;
    enum class Miss { None, TooLow, TooHigh };
    Miss missOf(const CandidateRow& row, int column) const;
    QString text(const CandidateRow& row, int column) const;
    QString toolTip(const CandidateRow& row, int column) const;
    QVariant foreground(const CandidateRow& row, int column) const;
    void arrange();

    std::shared_ptr<const ExplorationData> m_data;
    std::vector<int> m_order; ///< candidates shown, in order
    std::vector<int> m_rows;  ///< row by candidate, -1 where not shown
    std::vector<bool> m_brushed;
    CandidateFilter m_filter = CandidateFilter::All;
    int m_sortColumn = Number;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
    bool m_hasPredictions = false;
};

} // namespace headroom::widgets
