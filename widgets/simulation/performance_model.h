#pragma once

#include <QAbstractTableModel>

#include <vector>

#include "widgets/simulation/simulation_data.h"

namespace headroom::widgets {

/// Performances and the user's own measurements of one evaluation, against the specification where there is
/// one.
class PerformanceModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Title, Value, Target, Verdict, Symbol, Definition, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setData(const SimulationData& data);
    using QAbstractTableModel::setData;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        QString name, title, symbol, unit, definition;
        std::optional<double> value, target;
        bool biggerIsBetter = true;
    };
    bool isMet(const Row& row) const;
    QString text(const Row& row, int column) const;

    std::vector<Row> m_rows;
};

} // namespace headroom::widgets
