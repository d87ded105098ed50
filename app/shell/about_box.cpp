#include "app/shell/about_box.h"

#include <QCoreApplication>
#include <QMessageBox>

#include "widgets/common/icons.h"

namespace headroom::app {

void showAboutBox(QWidget* parent) {
    auto* box = new QMessageBox(
        QMessageBox::NoIcon, QCoreApplication::translate("AboutBox", "About Headroom"),
        QCoreApplication::translate(
            "AboutBox", "<h3>Headroom %1</h3><p>A workbench that shows how much room a circuit design has "
                        "left.</p>")
            .arg(HEADROOM_VERSION),
        QMessageBox::Close, parent);
    box->setObjectName("aboutBox");
    box->setIconPixmap(widgets::icon("headroom").pixmap(64, 64));
    box->setInformativeText(QCoreApplication::translate(
        "AboutBox", "Licensed under the GNU General Public License, version 3 or later. It stands on Qt, "
                    "QCustomPlot, ngspice, LibTorch, Eigen, SQLite, yaml-cpp and fmt."));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

} // namespace headroom::app
