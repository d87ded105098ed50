#include <QApplication>
#include <QCommandLineParser>
#include <QTimer>

#include <cstdio>
#include <functional>

#include "app/delay/delay_controller.h"
#include "app/document/project_controller.h"
#include "app/powergrid/power_grid_controller.h"
#include "app/settings/settings.h"
#include "app/shell/dock_layout.h"
#include "app/shell/main_window.h"
#include "core/compute/network_library.h"
#include "widgets/common/theme.h"
#include "widgets/delay/delay_view.h"

namespace {

using namespace headroom;

struct Options {
    QString path;
    bool safeMode = false;
    QString technology;
    QString screenshot;
    QString size;
    QString theme;
    QString panel;
};

Options readOptions(const QApplication& application) {
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("main", "Shows how much room a circuit design has left."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(
        "path", QCoreApplication::translate("main", "A project folder or a netlist."), "[path]");
    const QCommandLineOption safe(
        "safe-mode",
        QCoreApplication::translate("main", "Start without saved settings, layout and session."));
    const QCommandLineOption technology(
        "technology", QCoreApplication::translate("main", "Technology of new projects."), "name");
    const QCommandLineOption screenshot(
        "screenshot",
        QCoreApplication::translate("main", "Propose sizings, write a picture of the window and quit."),
        "file");
    const QCommandLineOption size("window-size", QCoreApplication::translate("main", "Size of the window."),
                                  "WxH");
    const QCommandLineOption theme(
        "theme", QCoreApplication::translate("main", "system, light or dark, for this run."), "name");
    const QCommandLineOption panel(
        "panel", QCoreApplication::translate("main", "Panel to bring to the front: sizing, schematic, ..."),
        "name");
    parser.addOptions({safe, technology, screenshot, size, theme, panel});
    parser.process(application);
    Options options{{},
                    parser.isSet(safe),
                    parser.value(technology),
                    parser.value(screenshot),
                    parser.value(size),
                    parser.value(theme),
                    parser.value(panel)};
    if (!parser.positionalArguments().isEmpty()) options.path = parser.positionalArguments().constFirst();
    return options;
}

widgets::Appearance appearanceOf(const QString& name, widgets::Appearance otherwise) {
    if (name == "light") return widgets::Appearance::Light;
    if (name == "dark") return widgets::Appearance::Dark;
    if (name == "system") return widgets::Appearance::System;
    return otherwise;
}

/// Shows what the panel Delay Data does on a small table: simulates it, adds to it, judges that.
void demonstrateDelayData(app::MainWindow& window, const std::function<void()>& done) {
    auto& view = *window.findChild<widgets::DelayView*>();
    widgets::CellWishes cell;
    cell.samples = 150;
    view.cell().setWishes(cell);
    widgets::GeneratorWishes generator;
    generator.method = "copula";
    generator.options.refined = true;
    view.generator().setWishes(generator);
    app::DelayController& delay = window.delay();
    QObject::connect(&delay, &app::DelayController::finished, &window,
                     [&delay, &view, done, step = 0]() mutable {
                         switch (step++) {
                         case 0:
                             delay.make();
                             break;
                         case 1:
                             view.showPage(widgets::DelayView::Page::Verdict);
                             delay.judge();
                             break;
                         default:
                             done();
                         }
                     });
    delay.simulate();
}

/// Takes the picture once everything that a run changes has been painted.
void screenshotWhenDone(app::MainWindow& window, const QString& file, const QString& panel) {
    const auto grab = [&window, file] {
        QTimer::singleShot(1000, &window, [&window, file] {
            const bool written = window.grab().save(file);
            if (!written) std::fprintf(stderr, "headroom: %s cannot be written\n", qPrintable(file));
            QCoreApplication::exit(written ? 0 : 1);
        });
    };
    window.proposeWhenReady([&window, panel, grab] {
        if (panel == "delay") return demonstrateDelayData(window, grab);
        if (panel == "powergrid") window.powerGrid().startExample("block128");
        grab();
    });
}

} // namespace

int main(int argc, char* argv[]) {
    compute::prepareEnvironment();
    QApplication application(argc, argv);
    QApplication::setApplicationName("headroom");
    QApplication::setApplicationDisplayName("Headroom");
    QApplication::setApplicationVersion(HEADROOM_VERSION);
    const Options options = readOptions(application);
    const bool safe = options.safeMode || !options.screenshot.isEmpty();
    app::Settings settings(app::Settings::defaultFolder(),
                           safe ? app::Settings::Mode::Safe : app::Settings::Mode::Normal);
    if (!options.technology.isEmpty()) settings.overrideTechnology(options.technology);
    settings.beginStart();
    widgets::Theme::instance().apply(appearanceOf(options.theme, settings.appearance()));
    app::MainWindow window(settings, app::RecoveryFolder(app::RecoveryFolder::defaultRoot()));
    if (const auto parts = options.size.split('x'); parts.size() == 2) {
        window.resize(parts[0].toInt(), parts[1].toInt());
        window.layouts().reset();
    }
    window.show();
    QTimer::singleShot(0, &window, [&] {
        settings.endStart();
        if (!options.panel.isEmpty()) window.layouts().raise(options.panel + "Panel");
        window.start(options.path.toStdString());
        if (!options.screenshot.isEmpty()) {
            screenshotWhenDone(window, options.screenshot, options.panel);
        } else if (!options.safeMode) {
            window.projects().offerRecovery();
        }
    });
    const int code = QApplication::exec();
    settings.sync();
    return code;
}
