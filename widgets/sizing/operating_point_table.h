#pragma once

#include <QAbstractTableModel>
#include <QWidget>

#include <memory>
#include <vector>

#include "core/simulation/simulator.h"

class QLabel;
class QTableView;

namespace headroom::widgets {

/// MOSFETs at their operating point.
class OperatingPointModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Device, Region, Id, Gm, GmOverId, Gds, Overdrive, Vds, Vdsat, Margin, ColumnCount };
    static constexpr int SortRole = Qt::UserRole;

    using QAbstractTableModel::QAbstractTableModel;

    void setPoint(std::shared_ptr<const simulation::OperatingPoint> point);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    double number(int row, int column) const;
    QString text(int row, int column) const;

    std::shared_ptr<const simulation::OperatingPoint> m_point;
    std::vector<std::pair<QString, simulation::DeviceOperatingPoint>> m_devices;
};

/// The operating point of one candidate, with the totals above.
class OperatingPointTable final : public QWidget {
    Q_OBJECT

public:
    explicit OperatingPointTable(QWidget* parent = nullptr);

    /// @param caption e.g. "Candidate 12"; with a null point it says why there is none
    void setPoint(const QString& caption, std::shared_ptr<const simulation::OperatingPoint> point);

    QTableView* view() const { return m_view; }

signals:
    void exportRequested(const QByteArray& contents, const QString& suggestedFileName);

private:
    OperatingPointModel* m_model;
    QTableView* m_view;
    QLabel* m_caption;
};

} // namespace headroom::widgets
