#pragma once

#include <QWidget>

#include <memory>

#include "widgets/delay/delay_data.h"

class QLabel;
class QTableWidget;

namespace headroom::widgets {

class DensityGrid;

/// How synthetic rows look beside real ones: a sentence or two, a line per column, densities.
class ResemblancePage final : public QWidget {
    Q_OBJECT

public:
    explicit ResemblancePage(QWidget* parent = nullptr);

    /// Null: nothing is known, and @p sentence says why.
    void setResemblance(std::shared_ptr<const ResemblanceData> data, const QString& sentence = {});

signals:
    void exportRequested(const QByteArray& contents, const QString& suggestedFileName);

private:
    QLabel* m_summary;
    QTableWidget* m_table;
    DensityGrid* m_densities;
};

} // namespace headroom::widgets
