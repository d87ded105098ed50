#pragma once

#include <QByteArray>

#include <filesystem>

#include "app/powergrid/power_grid_controller.h"
#include "tests/flows/flow_window.h"
#include "widgets/powergrid/power_grid_view.h"

namespace headroom::app {

/// The real main window with the panel IR Drop in front.
class PowerGridWindow : public FlowWindow {
public:
    PowerGridWindow();
    /// The next start of the program.
    explicit PowerGridWindow(const PowerGridWindow& before);

    PowerGridController& controller() { return (**this).powerGrid(); }
    widgets::PowerGridView& view() { return *find<widgets::PowerGridView>("powergridPanel"); }
    const widgets::HeatMapData& drop() { return view().canvas().map(widgets::GridLayer::Drop); }
    float worst();
    std::string sheetNumber() { return (**this).document().project().powerGrid; }

    /// Waits until what is on show is answered and kept. @return whether that happened in time
    bool answered();
    /// Imports files and waits until that is done.
    bool import(const std::vector<std::filesystem::path>& files);
    /// A file in the test's own folder.
    std::filesystem::path write(const char* name, const QByteArray& text);
    /// 1 mA through 10 and then 20 ohms.
    bool openSmallNetlist();

private:
    void raise();
};

} // namespace headroom::app
