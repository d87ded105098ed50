#pragma once

#include <QObject>
#include <QStringList>

namespace headroom::app {

/// The selected devices, one selection for all panels: netlist text, block tree, tables and schematic.
class Selection final : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    /// Names as in the source.
    const QStringList& devices() const { return m_devices; }

    /// @param origin who selected: shows it already and need not follow
    void select(const QStringList& names, const QObject* origin);

    /// Lets a panel take part: it tells by @p signal what the user selected, and follows by
    /// selectDevices(names), which must emit nothing.
    template <class View, class Signal>
    void connectView(View& view, Signal signal) {
        connect(&view, signal, this, [this, &view](const auto& names) { select(QStringList(names), &view); });
        connect(this, &Selection::changed, &view, [&view](const QStringList& names, const QObject* origin) {
            if (origin != &view) view.selectDevices(names);
        });
    }

signals:
    void changed(const QStringList& names, const QObject* origin);

private:
    QStringList m_devices;
};

} // namespace headroom::app
