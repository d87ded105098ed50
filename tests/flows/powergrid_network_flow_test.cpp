#include <QAction>
#include <QComboBox>
#include <QDialog>
#include <QDoubleSpinBox>
#include <QProcess>
#include <QPushButton>
#include <QTest>

#include <algorithm>
#include <cmath>

#include "tests/flows/powergrid_window.h"
#include "widgets/common/quantity_text.h"
#include "widgets/powergrid/answer_bar.h"

namespace headroom::app {

/// A network beside the solver in the panel IR Drop of the real window: it answers when asked, the badge says
/// so, and its error is told on demand.
class PowerGridNetworkFlow : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_window = std::make_unique<PowerGridWindow>(); }
    void cleanup() { m_window.reset(); }
    void theNetworkAnswersWhenAsked();
    void itsErrorIsToldOnDemand();
    void itAnswersStrokesToo();
    void itRefusesMetalThatItDoesNotKnow();
    void withoutANetworkThereIsNoneToChoose();

private:
    void ask(widgets::GridAnswer answer) {
        auto* box = m_window->find<QComboBox>("powergridAnswer");
        box->setCurrentIndex(static_cast<int>(answer));
        emit box->activated(box->currentIndex());
    }
    QString badge() { return m_window->view().findChild<widgets::AnswerBar*>()->badge(); }
    QPushButton& check() { return *m_window->find<QPushButton>("powergridCheck"); }

    std::unique_ptr<FlowWindow::OwnResources> m_resources;
    std::unique_ptr<PowerGridWindow> m_window;
};

// A network that knows next to nothing, trained for seconds: what it says differs from the truth for sure.
void PowerGridNetworkFlow::initTestCase() {
    m_resources = std::make_unique<FlowWindow::OwnResources>();
    const auto folder = m_resources->models() / "ir_drop_sheet";
    QProcess cli;
    cli.start(HEADROOM_CLI,
              {"--device", "cpu",      "powergrid", "train",  "--task",
               "sheet",    "--sheets", "8",         "--side", "32",
               "--epochs", "1",        "--width",   "4",      "--levels",
               "2",        "--judge",  "1",         "--out",  QString::fromStdString(folder.string())});
    QVERIFY(cli.waitForFinished(120000));
    QVERIFY2(cli.exitCode() == 0, cli.readAllStandardError().constData());
}

void PowerGridNetworkFlow::theNetworkAnswersWhenAsked() {
    m_window->controller().startExample("block64");
    QVERIFY(m_window->answered());
    QVERIFY2(badge().startsWith("Exact solver, residual "), qPrintable(badge()));
    QVERIFY(!check().isVisible());
    const auto exact = *m_window->drop().values;
    ask(widgets::GridAnswer::Network);
    QVERIFY(m_window->answered());
    QVERIFY2(badge().startsWith("Network ir_drop_sheet, "), qPrintable(badge()));
    QVERIFY(check().isVisible());
    QVERIFY(*m_window->drop().values != exact);
    ask(widgets::GridAnswer::Exact);
    QVERIFY(m_window->answered());
    QVERIFY2(badge().startsWith("Exact solver, residual "), qPrintable(badge()));
    for (std::size_t i = 0; i < exact.size(); ++i)
        QVERIFY(std::abs((*m_window->drop().values)[i] - exact[i]) < 1e-6F);
}

void PowerGridNetworkFlow::itsErrorIsToldOnDemand() {
    m_window->controller().startExample("block64");
    QVERIFY(m_window->answered());
    const auto exact = *m_window->drop().values;
    ask(widgets::GridAnswer::Network);
    QVERIFY(m_window->answered());
    QVERIFY2(!badge().contains("error"), qPrintable(badge()));
    check().click();
    QVERIFY(m_window->answered());
    const auto guess = *m_window->drop().values;
    float error = 0;
    for (std::size_t i = 0; i < exact.size(); ++i)
        error = std::max(error, std::abs(guess[i] - exact[i]));
    const QString told = QString("error against the solver %1 max")
                             .arg(widgets::quantityText(static_cast<double>(error), "V", 2));
    QVERIFY2(badge().contains(told), qPrintable(badge() + " but " + told));
    QVERIFY(!check().isVisible());
}

void PowerGridNetworkFlow::itAnswersStrokesToo() {
    m_window->controller().startExample("block64");
    QVERIFY(m_window->answered());
    ask(widgets::GridAnswer::Network);
    QVERIFY(m_window->answered());
    const auto before = *m_window->drop().values;
    auto& canvas = m_window->view().canvas();
    m_window->view().setPaintedLayer(widgets::GridLayer::Density);
    m_window->view().setTool(widgets::CanvasTool::Square);
    QTest::mouseClick(&canvas, Qt::LeftButton, {}, canvas.placeOf(30, 30));
    QVERIFY(m_window->answered());
    QVERIFY2(badge().startsWith("Network ir_drop_sheet, "), qPrintable(badge()));
    QVERIFY(*m_window->drop().values != before);
}

void PowerGridNetworkFlow::itRefusesMetalThatItDoesNotKnow() {
    m_window->controller().startBlank(32, 32);
    QVERIFY(m_window->answered());
    auto* action = m_window->view().findChild<QAction*>("powergridProperties");
    action->trigger();
    auto* dialog = m_window->find<QDialog>("powergridPropertiesDialog");
    dialog->findChild<QDoubleSpinBox*>("powergridMostOhms")->setValue(50);
    dialog->accept();
    QVERIFY(m_window->answered());
    ask(widgets::GridAnswer::Network);
    QVERIFY(m_window->answered());
    QVERIFY2(m_window->notice().contains("The network knows only sheets"), qPrintable(m_window->notice()));
    QVERIFY(!m_window->drop().isPresent());
    QVERIFY2(badge().contains("No drop"), qPrintable(badge()));
    ask(widgets::GridAnswer::Exact);
    QVERIFY(m_window->answered());
    QVERIFY(m_window->drop().isPresent());
}

void PowerGridNetworkFlow::withoutANetworkThereIsNoneToChoose() {
    m_window.reset();
    const auto models = m_resources->models(), away = models.parent_path() / "away";
    std::filesystem::rename(models, away);
    m_window = std::make_unique<PowerGridWindow>();
    auto* box = m_window->find<QComboBox>("powergridAnswer");
    const auto index = box->model()->index(static_cast<int>(widgets::GridAnswer::Network), 0);
    QVERIFY(!box->model()->flags(index).testFlag(Qt::ItemIsEnabled));
    QVERIFY(index.data(Qt::ToolTipRole).toString().contains("No network"));
    m_window.reset();
    std::filesystem::rename(away, models);
}

} // namespace headroom::app

QTEST_MAIN(headroom::app::PowerGridNetworkFlow)
#include "powergrid_network_flow_test.moc"
