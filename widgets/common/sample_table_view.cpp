#include "widgets/common/sample_table_view.h"

#include <QAbstractTableModel>
#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/common/table_columns.h"
#include "widgets/common/table_export.h"

namespace headroom::widgets {

SampleTableView::SampleTableView(const QString& name, const QString& title, QAbstractTableModel* model,
                                 const QString& fileName, QWidget* parent)
    : QWidget(parent)
    , m_view(new QTableView(this))
    , m_bar(new QHBoxLayout) {
    model->setParent(this);
    m_view->setObjectName(name);
    m_view->setAccessibleName(title);
    m_view->setModel(model);
    prepareRows(m_view);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setWordWrap(false);
    QAction* exportTable = addExportAction(
        m_view, [this, fileName](const QByteArray& csv) { emit exportRequested(csv, fileName); });
    addColumnMenu(m_view);
    auto* button = new QToolButton(this);
    button->setDefaultAction(exportTable);
    button->setAutoRaise(true);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_bar->setContentsMargins(6, 2, 4, 2);
    m_bar->addStretch(0);
    m_bar->addWidget(button);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(m_bar);
    column->addWidget(m_view, 1);
}

void SampleTableView::refresh(std::function<void()> fill) {
    m_pending = std::move(fill);
    if (isVisible()) fillPending();
}

void SampleTableView::fillPending() {
    if (!m_pending) return;
    const auto fill = std::move(m_pending);
    m_pending = nullptr;
    fill();
    const int columns = m_view->model()->columnCount();
    if (columns == m_fittedColumns || m_view->model()->rowCount() == 0) return;
    fitColumns(m_view);
    m_fittedColumns = columns;
}

void SampleTableView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    fillPending();
}

} // namespace headroom::widgets
