#include "widgets/common/dropped_files.h"

#include <QMimeData>
#include <QUrl>

namespace headroom::widgets {

QStringList droppedFiles(const QMimeData* data) {
    QStringList files;
    for (const QUrl& url : data->urls())
        if (url.isLocalFile()) files << url.toLocalFile();
    return files;
}

} // namespace headroom::widgets
