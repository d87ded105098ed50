#pragma once

#include <QAbstractTableModel>

#include <memory>
#include <vector>

#include "widgets/common/sample_table.h"

namespace headroom::widgets {

/// A few candidates side by side: one line per quantity, one column per candidate, and for each after the
/// first how much it differs from the first, in percent of its magnitude.
class ComparisonModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    /// @param candidates rows of the table, the first is what others are compared to
    void setCandidates(std::shared_ptr<const SampleTable> table, std::vector<int> candidates);
    const std::vector<int>& candidates() const { return m_candidates; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    /// Of a column: which candidate, and whether it holds the difference.
    std::pair<std::size_t, bool> contentOf(int column) const;
    double number(const QModelIndex& index) const;

    std::shared_ptr<const SampleTable> m_table;
    std::vector<int> m_candidates;
    std::vector<int> m_quantities; ///< columns of the table that some of them have
};

} // namespace headroom::widgets
