#include "widgets/common/table_columns.h"

#include <QAbstractItemView>
#include <QHeaderView>
#include <QMenu>
#include <QTableView>
#include <QTreeView>

#include <algorithm>
#include <vector>

#include "widgets/common/table_export.h"

namespace headroom::widgets {

QHeaderView* headerOf(const QAbstractItemView& view) {
    if (const auto* table = qobject_cast<const QTableView*>(&view)) return table->horizontalHeader();
    if (const auto* tree = qobject_cast<const QTreeView*>(&view)) return tree->header();
    return nullptr;
}

void prepareRows(QTableView* table) {
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setAlternatingRowColors(true);
    table->setShowGrid(false);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
    // Rows of one height, or a hundred thousand of them would be measured one by one.
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->verticalHeader()->setDefaultSectionSize(table->fontMetrics().height() + 6);
    table->horizontalHeader()->setHighlightSections(false);
    addCopyAction(table);
}

void fitColumns(QAbstractItemView* view) {
    QHeaderView* header = headerOf(*view);
    if (header == nullptr || view->model() == nullptr) return;
    header->setResizeContentsPrecision(100);
    const int air = view->fontMetrics().averageCharWidth() * 2;
    std::vector<int> columns;
    int total = 0;
    for (int column = 0; column < view->model()->columnCount(); ++column) {
        if (header->isSectionHidden(column)) continue;
        if (auto* table = qobject_cast<QTableView*>(view)) table->resizeColumnToContents(column);
        if (auto* tree = qobject_cast<QTreeView*>(view)) tree->resizeColumnToContents(column);
        header->resizeSection(column, header->sectionSize(column) + air);
        total += header->sectionSize(column);
        columns.push_back(column);
    }
    const int left = view->viewport()->width() - total;
    if (left <= 0 || columns.empty()) return;
    const int share =
        std::min(left / static_cast<int>(columns.size()), view->fontMetrics().averageCharWidth() * 8);
    for (const int column : columns)
        header->resizeSection(column, header->sectionSize(column) + share);
}

void addColumnMenu(QAbstractItemView* view, int firstHideable) {
    QHeaderView* header = headerOf(*view);
    if (header == nullptr) return;
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    QObject::connect(
        header, &QWidget::customContextMenuRequested, view, [view, header, firstHideable](const QPoint& at) {
            QMenu menu(view);
            for (int column = firstHideable; column < view->model()->columnCount(); ++column) {
                QAction* action =
                    menu.addAction(view->model()->headerData(column, Qt::Horizontal).toString());
                action->setCheckable(true);
                action->setChecked(!header->isSectionHidden(column));
                QObject::connect(action, &QAction::toggled, header,
                                 [header, column](bool shown) { header->setSectionHidden(column, !shown); });
            }
            menu.exec(header->mapToGlobal(at));
        });
}

} // namespace headroom::widgets
