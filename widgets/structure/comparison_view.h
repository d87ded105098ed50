#pragma once

#include <QWidget>

#include "core/structure/comparison.h"

class QLabel;
class QTabWidget;
class QTableWidget;

namespace headroom::widgets {

/// Two circuits side by side: stages, kinds of blocks, and devices that do something else in each. What
/// differs is marked by sign and weight.
class ComparisonView final : public QWidget {
    Q_OBJECT

public:
    explicit ComparisonView(QWidget* parent = nullptr);

    void setData(const QString& first, const QString& second, const structure::Comparison& comparison);

signals:
    /// The table on show, as CSV, with a name to propose.
    void exportRequested(const QByteArray& csv, const QString& name);

private:
    QTableWidget* addTable(const char* objectName, const QString& title);
    static void addRow(QTableWidget& table, const QStringList& cells, bool same);

    QLabel* m_summary = nullptr;
    QTabWidget* m_tabs = nullptr;
    QTableWidget* m_stages = nullptr;
    QTableWidget* m_blocks = nullptr;
    QTableWidget* m_devices = nullptr;
};

} // namespace headroom::widgets
