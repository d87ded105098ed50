#pragma once

#include <QAbstractTableModel>

#include <optional>
#include <vector>

#include "widgets/sizing/specification_view.h"

namespace headroom::widgets {

/// The rows of a specification; limits are edited as text with units, and taken away by clearing it.
class SpecificationModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Title, Minimum, Maximum, Range, Weight, Chosen, Corners, Lock, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setRows(std::vector<SpecificationRow> rows);
    const std::vector<SpecificationRow>& rows() const { return m_rows; }
    void setRow(int row, const SpecificationRow& content);
    void setRequirement(int row, const sizing::Requirement& requirement);
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
    void requirementTyped(int row);
    /// Text that cannot be what is asked for; the old requirement stays.
    void rejected(int row, const QString& problem);

private:
    bool isOutside(const SpecificationRow& row) const;
    QString text(const SpecificationRow& row, int column) const;
    QString toolTip(const SpecificationRow& row, int column) const;
    QString exportText(const SpecificationRow& row, int column) const;
    std::optional<sizing::Requirement> read(const SpecificationRow& row, int column, const QString& text,
                                            QString& problem) const;

    std::vector<SpecificationRow> m_rows;
};

} // namespace headroom::widgets
