#pragma once

class QAbstractItemView;
class QHeaderView;
class QTableView;

namespace headroom::widgets {

/// The horizontal header of a table or tree view; null for other views.
QHeaderView* headerOf(const QAbstractItemView& view);

/// The look that tables share: whole rows are selected and copied (Ctrl+C), rows have one height and shades
/// instead of a grid, and Tab leaves the table.
void prepareRows(QTableView* table);

/// Makes columns as wide as what is in them plus air, and shares out room that is left over. Asks only the
/// first rows of long tables.
void fitColumns(QAbstractItemView* view);

/// Gives a header the menu that hides and shows columns; @p firstHideable columns on the left always stay.
void addColumnMenu(QAbstractItemView* view, int firstHideable = 1);

} // namespace headroom::widgets
