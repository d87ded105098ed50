#pragma once

#include <QIcon>
#include <QString>
#include <QStringList>

#include "widgets/common/theme.h"

namespace headroom::widgets {

/// An icon of resources/icons by its file's base name: "explore", "cancel", "export", "copy", "lock", ...
/// Drawn in the palette's text colour at paint time, so it follows the theme, at any size and density.
/// A name that does not exist gives a null icon.
QIcon icon(const QString& name);

/// As above, in a colour of the theme.
QIcon icon(const QString& name, ColorRole role);

/// All names that icon() knows.
QStringList iconNames();

} // namespace headroom::widgets
