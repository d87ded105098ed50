#pragma once

#include <QWidget>

#include "widgets/simulation/simulation_data.h"

class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QSplitter;
class QTableView;
class QToolButton;

namespace headroom::widgets {

class DevicePointModel;
class NetVoltageModel;
class PerformanceModel;

/// The operating point: MOSFETs above, nets below (or beside, where there is room), one filter for both.
class OperatingPointPage final : public QWidget {
    Q_OBJECT

public:
    explicit OperatingPointPage(QWidget* parent = nullptr);

    void setData(const SimulationData& data);
    /// Emits nothing.
    void selectDevices(const QStringList& names);
    void focusFilter();

    QByteArray columnState() const;
    void restoreColumnState(const QByteArray& state);

signals:
    void devicesSelected(const QStringList& names);
    void exportRequested(const QByteArray& contents, const QString& suggestedFileName);
    void columnsChanged();

private:
    QWidget* buildHead();
    void buildTables();
    void selectionChanged();
    void fitDeviceColumns();
    void summarise(const SimulationData& data);

    DevicePointModel* m_devices;
    NetVoltageModel* m_nets;
    QTableView* m_deviceTable;
    QTableView* m_netTable;
    QSortFilterProxyModel* m_deviceFilter = nullptr;
    QSortFilterProxyModel* m_netFilter = nullptr;
    QLineEdit* m_filter = nullptr;
    QLabel* m_summary = nullptr;
    bool m_selecting = false;
    bool m_fitted = false;
    bool m_restored = false;
};

/// The performances with their definitions, and what the simulator had to say.
class PerformancePage final : public QWidget {
    Q_OBJECT

public:
    explicit PerformancePage(QWidget* parent = nullptr);

    void setData(const SimulationData& data);

signals:
    void exportRequested(const QByteArray& contents, const QString& suggestedFileName);

private:
    PerformanceModel* m_model;
    QTableView* m_table;
    QLabel* m_origin;
    QLabel* m_notes;
    bool m_fitted = false;
};

} // namespace headroom::widgets
