#pragma once

#include <QScrollArea>

#include <vector>

#include "widgets/delay/delay_data.h"

class QGridLayout;

namespace headroom::widgets {

class PlotView;

/// Densities of all columns, real ones over synthetic ones, as many side by side as there is room for.
class DensityGrid final : public QScrollArea {
    Q_OBJECT

public:
    explicit DensityGrid(QWidget* parent = nullptr);

    void setDensities(const std::vector<DensityData>& densities);
    const std::vector<PlotView*>& plots() const { return m_plots; }

signals:
    void exportRequested(const QByteArray& contents, const QString& suggestedFileName);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();

    QWidget* m_content;
    QGridLayout* m_grid;
    std::vector<PlotView*> m_plots;
    std::size_t m_shown = 0; ///< of the plots
    int m_columns = 0;
};

} // namespace headroom::widgets
