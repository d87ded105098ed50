#pragma once

#include <QAbstractTableModel>

#include <vector>

#include "widgets/powergrid/power_grid_data.h"

namespace headroom::widgets {

/// The places with the largest drops, worst first.
class WorstModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Rank, Drop, Share, Place, ColumnCount };

    explicit WorstModel(QObject* parent = nullptr);

    /// @param limit V; those above are marked
    void setData(std::vector<WorstPlace> places, double supplyVolts, std::optional<double> limit);
    const std::vector<WorstPlace>& places() const { return m_places; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<WorstPlace> m_places;
    double m_supplyVolts = 0;
    std::optional<double> m_limit;
};

} // namespace headroom::widgets
