#include "tests/flows/powergrid_window.h"

#include <QFile>

#include <algorithm>

#include "app/document/document.h"
#include "app/shell/dock_layout.h"

namespace headroom::app {

PowerGridWindow::PowerGridWindow() {
    raise();
}

PowerGridWindow::PowerGridWindow(const PowerGridWindow& before)
    : FlowWindow(before, Settings::Mode::Normal) {
    raise();
}

void PowerGridWindow::raise() {
    (**this).resize(1400, 900);
    (**this).show();
    (**this).layouts().raise(view().objectName());
}

float PowerGridWindow::worst() {
    return *std::max_element(drop().values->begin(), drop().values->end());
}

bool PowerGridWindow::answered() {
    return QTest::qWaitFor([this] { return !controller().isBusy() && !view().canvas().isPainting(); }, 30000);
}

bool PowerGridWindow::import(const std::vector<std::filesystem::path>& files) {
    controller().importFiles(files);
    return settle() && answered();
}

std::filesystem::path PowerGridWindow::write(const char* name, const QByteArray& text) {
    const auto file = path(name);
    QFile out(QString::fromStdString(file.string()));
    if (out.open(QIODevice::WriteOnly)) out.write(text);
    return file;
}

bool PowerGridWindow::openSmallNetlist() {
    return import({write("small.sp", "V1 n1_m1_0_0 0 1.1\nR1 n1_m1_0_0 n1_m1_2000_0 10\n"
                                     "R2 n1_m1_2000_0 n1_m1_4000_0 20\nR3 n1_m1_0_2000 n1_m1_0_0 1\n"
                                     "I1 n1_m1_4000_0 0 1m\n.op\n.end\n")});
}

} // namespace headroom::app
