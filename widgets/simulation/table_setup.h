#pragma once

#include <QString>

class QAbstractItemModel;
class QSortFilterProxyModel;
class QTableView;
class QWidget;

namespace headroom::widgets {

/// Roles that the panel's table models share.
inline constexpr int SortRole = Qt::UserRole;
inline constexpr int SearchRole = Qt::UserRole + 1;
inline constexpr int NameRole = Qt::UserRole + 2; ///< QString: device or net

/// A read-only table over a model as this panel has them: whole rows, sorted, filtered over SearchRole;
/// copied with Ctrl+C. @return the proxy between model and table
QSortFilterProxyModel* prepareTable(QTableView* table, QAbstractItemModel* model);

} // namespace headroom::widgets
