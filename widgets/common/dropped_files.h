#pragma once

#include <QStringList>

class QMimeData;

namespace headroom::widgets {

/// Paths of the files on this machine among what is dragged.
QStringList droppedFiles(const QMimeData* data);

} // namespace headroom::widgets
