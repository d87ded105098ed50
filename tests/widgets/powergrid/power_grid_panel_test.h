#pragma once

#include <QtTest>

#include <memory>

#include "tests/widgets/powergrid/map_samples.h"
#include "widgets/powergrid/power_grid_view.h"

namespace headroom::widgets {

/// A panel on show for each test.
class PowerGridPanelTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_view = std::make_unique<PowerGridView>();
        m_view->resize(1000, 700);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }
    void cleanup() { m_view.reset(); }

protected:
    template <class T>
    T* find(const char* name) const {
        return m_view->findChild<T*>(QString::fromLatin1(name));
    }
    HeatMapView& canvas() const { return m_view->canvas(); }
    static std::shared_ptr<const PowerGridData> plain() { return samples::plainSheet(); }

    std::unique_ptr<PowerGridView> m_view;
};

} // namespace headroom::widgets
