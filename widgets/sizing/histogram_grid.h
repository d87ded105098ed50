#pragma once

#include <QScrollArea>

#include <vector>

#include "widgets/sizing/histogram.h"

class QGridLayout;

namespace headroom::widgets {

/// Histograms side by side, in as many columns as there is room for. Draws only while it is visible, so that
/// a hidden page costs nothing while results come in.
class HistogramGrid final : public QScrollArea {
    Q_OBJECT

public:
    explicit HistogramGrid(QWidget* parent = nullptr);

    void setHistograms(std::vector<HistogramData> histograms);
    void setBrushed(const std::vector<int>& candidates);
    void setChosen(int candidate);

    /// Cells that are there: as many as histograms, once the grid has been visible.
    int count() const { return static_cast<int>(m_cells.size()); }
    HistogramCell* cell(int index) const { return m_cells[static_cast<std::size_t>(index)]; }
    int columnCount() const { return m_columns; }

signals:
    void brushed(const QString& key, const std::vector<int>& candidates, Qt::KeyboardModifiers modifiers);
    void exportRequested(const QByteArray& contents, const QString& suggestedFileName);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void layOut();
    /// A hidden grid costs nothing: cells are made and filled when they can be seen.
    void showPending();
    void matchCells();

    std::vector<HistogramData> m_pending;
    bool m_dataPending = false;
    bool m_marksPending = false; ///< brushed and chosen candidates
    std::vector<int> m_brushed;
    int m_chosen = -1;
    int m_columns = 0;
    std::vector<HistogramCell*> m_cells;
    QGridLayout* m_grid;
};

} // namespace headroom::widgets
