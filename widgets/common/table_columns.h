#pragma once

class QAbstractItemView;
class QHeaderView;

namespace headroom::widgets {

/// The horizontal header of a table or tree view; null for other views.
QHeaderView* headerOf(const QAbstractItemView& view);

/// Makes columns as wide as what is in them plus air, and shares out room that is left over. Asks only the
/// first rows of long tables.
void fitColumns(QAbstractItemView* view);

/// Gives a header the menu that hides and shows columns; @p firstHideable columns on the left always stay.
void addColumnMenu(QAbstractItemView* view, int firstHideable = 1);

} // namespace headroom::widgets
