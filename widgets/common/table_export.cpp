#include "widgets/common/table_export.h"

#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QSet>

#include "core/base/csv.h"
#include "widgets/common/icons.h"
#include "widgets/common/table_columns.h"

namespace headroom::widgets {
namespace {

/// The columns that the view shows, in its order.
std::vector<int> shownColumns(const QAbstractItemView& view) {
    std::vector<int> columns;
    const QHeaderView* header = headerOf(view);
    for (int position = 0; position < view.model()->columnCount(); ++position) {
        const int column = header != nullptr ? header->logicalIndex(position) : position;
        if (header == nullptr || !header->isSectionHidden(column)) columns.push_back(column);
    }
    return columns;
}

QString cellText(const QModelIndex& index, bool exact) {
    if (exact) {
        const QVariant text = index.data(ExportTextRole);
        if (text.isValid()) return text.toString();
    }
    return index.data(Qt::DisplayRole).toString();
}

QString headingText(const QAbstractItemModel& model, int column, bool exact) {
    if (exact) {
        const QVariant text = model.headerData(column, Qt::Horizontal, ExportTextRole);
        if (text.isValid()) return text.toString();
    }
    return model.headerData(column, Qt::Horizontal).toString().replace(QLatin1Char('\n'), QLatin1Char(' '));
}

void collect(const QAbstractItemModel& model, const QModelIndex& parent, int level,
             const std::vector<int>& columns, bool exact, const QSet<QModelIndex>* only,
             std::vector<std::vector<std::string>>& rows) {
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex first = model.index(row, 0, parent);
        const bool wanted = only == nullptr || only->contains(first);
        if (wanted) {
            std::vector<std::string> cells;
            for (const int column : columns) {
                QString text = cellText(model.index(row, column, parent), exact);
                if (cells.empty() && level > 0) text.prepend(QString(level * 2, QLatin1Char(' ')));
                cells.push_back(text.toStdString());
            }
            rows.push_back(std::move(cells));
        }
        collect(model, first, level + 1, columns, exact, only, rows);
    }
}

} // namespace

QByteArray tableCsv(const QAbstractItemView& view) {
    CsvTable table;
    const std::vector<int> columns = shownColumns(view);
    for (const int column : columns)
        table.columns.push_back(headingText(*view.model(), column, true).toStdString());
    collect(*view.model(), {}, 0, columns, true, nullptr, table.rows);
    return QByteArray::fromStdString(writeCsv(table));
}

QString tableText(const QAbstractItemView& view) {
    const std::vector<int> columns = shownColumns(view);
    const QModelIndexList rowsSelected = view.selectionModel()->selectedRows(0);
    const QSet<QModelIndex> selected(rowsSelected.begin(), rowsSelected.end());
    QStringList lines;
    QStringList heading;
    for (const int column : columns)
        heading << headingText(*view.model(), column, false);
    lines << heading.join(QLatin1Char('\t'));
    std::vector<std::vector<std::string>> rows;
    collect(*view.model(), {}, 0, columns, false, selected.isEmpty() ? nullptr : &selected, rows);
    for (const auto& row : rows) {
        QStringList cells;
        for (const std::string& cell : row) {
            cells << QString::fromStdString(cell).replace(QLatin1Char('\t'), QLatin1Char(' '));
        }
        lines << cells.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

QAction* addCopyAction(QAbstractItemView* view) {
    auto* copy = new QAction(icon(QStringLiteral("copy")), QApplication::translate("Table", "Copy"), view);
    copy->setObjectName(QStringLiteral("copy"));
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    QObject::connect(copy, &QAction::triggered, view,
                     [view] { QApplication::clipboard()->setText(tableText(*view)); });
    view->addAction(copy);
    view->setContextMenuPolicy(Qt::ActionsContextMenu);
    return copy;
}

QAction* addExportAction(QAbstractItemView* view, std::function<void(const QByteArray& csv)> handOver) {
    auto* action = new QAction(icon(QStringLiteral("export")),
                               QApplication::translate("Table", "Export as CSV..."), view);
    action->setObjectName(QStringLiteral("exportCsv"));
    QObject::connect(action, &QAction::triggered, view,
                     [view, handOver = std::move(handOver)] { handOver(tableCsv(*view)); });
    view->addAction(action);
    view->setContextMenuPolicy(Qt::ActionsContextMenu);
    return action;
}

} // namespace headroom::widgets
