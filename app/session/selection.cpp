#include "app/session/selection.h"

namespace headroom::app {

void Selection::select(const QStringList& names, const QObject* origin) {
    if (names == m_devices) return;
    m_devices = names;
    emit changed(m_devices, origin);
}

} // namespace headroom::app
