#include "widgets/sizing/histogram_grid.h"

#include <QGridLayout>
#include <QScrollBar>

#include <algorithm>

#include "widgets/common/plot_view.h"

namespace headroom::widgets {

HistogramGrid::HistogramGrid(QWidget* parent)
    : QScrollArea(parent)
    , m_grid(new QGridLayout) {
    auto* inside = new QWidget;
    inside->setLayout(m_grid);
    m_grid->setContentsMargins(4, 4, 4, 4);
    m_grid->setSpacing(4);
    setWidget(inside);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

void HistogramGrid::setHistograms(std::vector<HistogramData> histograms) {
    m_pending = std::move(histograms);
    m_dataPending = true;
    m_brushed.clear();
    m_chosen = -1;
    showPending();
}

void HistogramGrid::setBrushed(const std::vector<int>& candidates) {
    m_brushed = candidates;
    m_marksPending = m_marksPending || !isVisible();
    if (m_dataPending || m_marksPending) return;
    for (HistogramCell* cell : m_cells)
        cell->setBrushed(candidates);
}

void HistogramGrid::setChosen(int candidate) {
    m_chosen = candidate;
    m_marksPending = m_marksPending || !isVisible();
    if (m_dataPending || m_marksPending) return;
    for (HistogramCell* cell : m_cells)
        cell->setChosen(candidate);
}

void HistogramGrid::matchCells() {
    const auto count = static_cast<int>(m_pending.size());
    const bool changed = count != this->count();
    while (this->count() > count) {
        delete m_cells.back();
        m_cells.pop_back();
    }
    while (this->count() < count) {
        auto* cell = new HistogramCell;
        connect(cell, &HistogramCell::brushed, this, &HistogramGrid::brushed);
        connect(cell->plot(), &PlotView::exportRequested, this, &HistogramGrid::exportRequested);
        m_cells.push_back(cell);
    }
    if (changed) {
        m_columns = 0;
        layOut();
    }
}

void HistogramGrid::showPending() {
    if (!isVisible()) return;
    const bool fresh = m_dataPending, marks = m_marksPending;
    m_dataPending = m_marksPending = false;
    if (fresh) matchCells();
    for (std::size_t index = 0; index < m_cells.size(); ++index) {
        if (fresh) m_cells[index]->setData(std::move(m_pending[index]));
        if (marks || (fresh && !m_brushed.empty())) m_cells[index]->setBrushed(m_brushed);
        if (marks || (fresh && m_chosen >= 0)) m_cells[index]->setChosen(m_chosen);
    }
    m_pending.clear();
}

void HistogramGrid::layOut() {
    if (m_cells.empty()) return;
    const int cellWidth = std::max(m_cells.front()->minimumSizeHint().width(), 1) + m_grid->spacing();
    const int fitting = std::clamp(viewport()->width() / cellWidth, 1, count());
    // As few rows as the width allows, filled evenly.
    const int rows = (count() + fitting - 1) / fitting;
    const int columns = (count() + rows - 1) / rows;
    if (columns == m_columns) return;
    for (int column = 0; column < m_grid->columnCount(); ++column)
        m_grid->setColumnStretch(column, 0);
    m_columns = columns;
    for (int index = 0; index < count(); ++index) {
        m_grid->addWidget(m_cells[static_cast<std::size_t>(index)], index / columns, index % columns);
    }
    for (int column = 0; column < columns; ++column)
        m_grid->setColumnStretch(column, 1);
}

void HistogramGrid::resizeEvent(QResizeEvent* event) {
    QScrollArea::resizeEvent(event);
    layOut();
}

void HistogramGrid::showEvent(QShowEvent* event) {
    QScrollArea::showEvent(event);
    layOut();
    showPending();
}

} // namespace headroom::widgets
