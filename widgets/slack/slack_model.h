#pragma once

#include <QAbstractTableModel>

#include <memory>

#include "widgets/slack/slack_data.h"

namespace headroom::widgets {

/// The sizes of a circuit and how far each may move.
class SlackModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Size, Value, Room, Low, High, TogetherLow, TogetherHigh, Deviation, Moved, ColumnCount };
    enum Role {
        RowRole = Qt::UserRole, ///< const SlackRow*
        ReachRole,              ///< largest multiple that bars show
        MovedRole,              ///< double: where the size was moved to; invalid: nowhere
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setData(std::shared_ptr<const SlackData> data);
    /// Where the sizes have been moved to, by row; empty: nowhere.
    void setMoved(const std::vector<double>& values);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const SlackRow& row, int column, std::size_t index) const;
    QString toolTip(const SlackRow& row) const;
    double number(const SlackRow& row, int column, std::size_t index) const;

    std::shared_ptr<const SlackData> m_data;
    std::vector<double> m_moved;
    double m_reach = 2;
};

} // namespace headroom::widgets

Q_DECLARE_METATYPE(const headroom::widgets::SlackRow*)
