#pragma once

#include <QByteArray>
#include <QModelIndex>
#include <QString>

#include <functional>

class QAbstractItemModel;
class QAbstractItemView;
class QAction;

namespace headroom::widgets {

/// Role under which a model gives a cell's full-precision text for export; where it gives none,
/// Qt::DisplayRole is taken.
inline constexpr int ExportTextRole = Qt::UserRole + 100;

/// The whole table as CSV (RFC 4180, LF): headings, then all rows of the top level in the order shown.
/// Columns that the view hides are left out. Trees come indented by level.
QByteArray tableCsv(const QAbstractItemView& view);

/// The selected cells, or all rows where nothing is selected, as text that spreadsheets take:
/// tab-separated with headings.
QString tableText(const QAbstractItemView& view);

/// Gives a view the Copy action (Ctrl+C and context menu), which puts tableText() on the clipboard.
QAction* addCopyAction(QAbstractItemView* view);

/// Gives a view the action "Export as CSV..." in its context menu, which hands over tableCsv().
QAction* addExportAction(QAbstractItemView* view, std::function<void(const QByteArray& csv)> handOver);

} // namespace headroom::widgets
