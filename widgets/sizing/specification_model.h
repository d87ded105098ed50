#pragma once

#include <QAbstractTableModel>

#include <vector>

#include "widgets/sizing/specification_view.h"

namespace headroom::widgets {

/// The rows of a specification; targets are edited as text with units.
class SpecificationModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Title, Sense, Target, Range, Lock, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setRows(std::vector<SpecificationRow> rows);
    const std::vector<SpecificationRow>& rows() const { return m_rows; }
    void setRow(int row, const SpecificationRow& content);
    void setTarget(int row, double target);
    void setLocked(int row, bool locked);

    /// What is odd about the targets, one sentence each: outside the data set, ends of a range swapped.
    QStringList remarks() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

signals:
    void targetTyped(int row, double target);
    /// Text that is no such quantity; the old target stays.
    void rejected(int row, const QString& problem);

private:
    bool isOutside(const SpecificationRow& row) const;

    std::vector<SpecificationRow> m_rows;
};

} // namespace headroom::widgets
