#include "widgets/simulation/table_setup.h"

#include <QHeaderView>
#include <QSortFilterProxyModel>
#include <QTableView>

#include "widgets/common/table_columns.h"
#include "widgets/common/table_export.h"

namespace headroom::widgets {

QSortFilterProxyModel* prepareTable(QTableView* table, QAbstractItemModel* model) {
    auto* sorted = new QSortFilterProxyModel(table);
    sorted->setSourceModel(model);
    sorted->setSortRole(SortRole);
    sorted->setFilterRole(SearchRole);
    sorted->setFilterCaseSensitivity(Qt::CaseInsensitive);
    table->setModel(sorted);
    prepareRows(table);
    table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table->setWordWrap(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table->setSortingEnabled(true);
    table->sortByColumn(0, Qt::AscendingOrder);
    return sorted;
}

} // namespace headroom::widgets
