#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QtTest>

#include "tests/widgets/sample_data.h"
#include "widgets/common/plot_view.h"
#include "widgets/simulation/sweep_form.h"
#include "widgets/simulation/sweep_page.h"

namespace headroom::widgets {

class SweepPageTest final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<SweepPage> m_page;

    template <class T>
    T* find(const char* name) const {
        return m_page->findChild<T*>(QString::fromLatin1(name));
    }

private slots:
    void init() {
        m_page = std::make_unique<SweepPage>();
        m_page->form().setVariables(samples::sweepVariables());
        m_page->resize(800, 700);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    }
    void cleanup() { m_page.reset(); }

    void asksForWhatTheFormSays() {
        QSignalSpy requested(m_page.get(), &SweepPage::sweepRequested);
        find<QLineEdit>("sweepFrom")->setText("5u");
        find<QLineEdit>("sweepTo")->setText("10 um");
        find<QSpinBox>("sweepPoints")->setValue(6);
        find<QPushButton>("sweepStart")->click();
        QCOMPARE(requested.count(), 1);
        const auto settings = requested[0][0].value<SweepSettings>();
        QCOMPARE(settings.variable, QString("M1, M2 w"));
        QCOMPARE(settings.from, 5e-6);
        QVERIFY(std::abs(settings.to - 10e-6) < 1e-12);
        QCOMPARE(settings.points, 6);
    }

    void refusesWhatIsNoSweep() {
        auto* start = find<QPushButton>("sweepStart");
        QVERIFY(start->isEnabled());
        find<QLineEdit>("sweepFrom")->setText("wide");
        QVERIFY(!start->isEnabled());
        QVERIFY(start->toolTip().contains("wide"));
        find<QLineEdit>("sweepFrom")->setText("-1u");
        QVERIFY(!start->isEnabled());
        find<QLineEdit>("sweepFrom")->setText(find<QLineEdit>("sweepTo")->text());
        QVERIFY(!start->isEnabled());
    }

    void suggestsARangeForEachVariable() {
        find<QComboBox>("sweepOwner")->setCurrentText("Conditions");
        QCOMPARE(find<QComboBox>("sweepParameter")->currentText(), QString("Temperature"));
        QCOMPARE(find<QLineEdit>("sweepFrom")->text(), QString("-40 \u00b0C"));
        QVERIFY(find<QPushButton>("sweepStart")->isEnabled());
        find<QComboBox>("sweepParameter")->setCurrentText("Corner");
        QVERIFY(!find<QLineEdit>("sweepFrom")->isEnabled());
        QCOMPARE(m_page->form().settings()->points, 3);
    }

    void followsTheSelectedDevice() {
        m_page->form().chooseDevice("M3");
        QCOMPARE(m_page->form().variable()->id(), QString("M3 w"));
        m_page->form().chooseDevice("M2");
        QCOMPARE(m_page->form().variable()->id(), QString("M1, M2 w"));
        m_page->form().chooseDevice("M99");
        QCOMPARE(m_page->form().variable()->id(), QString("M1, M2 w"));
    }

    void keepsTheSettingsOfAVariableThatIsNotThereYet() {
        SweepPage later;
        later.form().setSettings({"M3 w", 1.5e-6, 3e-6, 7, true});
        QCOMPARE(later.form().remembered()->variable, QString("M3 w"));
        later.form().setVariables(samples::sweepVariables());
        const auto settings = later.form().settings();
        QVERIFY(settings.has_value());
        QCOMPARE(settings->variable, QString("M3 w"));
        QCOMPARE(settings->from, 1.5e-6);
        QCOMPARE(settings->points, 7);
        QVERIFY(settings->logarithmic);
    }

    void curvesFillInAsPointsArrive() {
        m_page->setRunning(true);
        QVERIFY(find<QPushButton>("sweepStop")->isVisible());
        m_page->setSweep(samples::sweep(3));
        auto* gain = find<PlotView>("sweep_gain_db");
        QVERIFY(gain != nullptr);
        QCOMPARE(gain->csv().count('\n'), 4);
        m_page->setSweep(samples::sweep(21));
        QCOMPARE(find<PlotView>("sweep_gain_db"), gain);
        QCOMPARE(gain->csv().count('\n'), 22);
        m_page->setRunning(false);
        QVERIFY(find<QLabel>("sweepStatus")->text().contains("1 without result: The operating point"));
    }

    void aChosenPointCanBeTakenOver() {
        m_page->setSweep(samples::sweep(21));
        QSignalSpy chosen(m_page.get(), &SweepPage::valueChosen);
        auto* use = find<QPushButton>("sweepUse");
        QVERIFY(!use->isEnabled());
        auto* gain = find<PlotView>("sweep_gain_db");
        QTest::qWait(20);
        const auto sweep = samples::sweep(21);
        const SweepData& data = *sweep;
        const QPoint at = gain->placeOf(data.positions[10],
                                        data.results[10]->performances.at(simulation::Performance::GainDb));
        QWidget* canvas = gain->childAt(gain->rect().center());
        QTest::mouseClick(canvas, Qt::LeftButton, {}, canvas->mapFrom(gain, at));
        QCOMPARE(m_page->chosenPoint(), 10);
        QVERIFY(find<QLabel>("sweepStatus")->text().contains("W of M1, M2 = 10 \u00b5m"));
        use->click();
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen[0][0].value<SweepVariable>().devices, (QStringList{"M1", "M2"}));
        QCOMPARE(chosen[0][1].toDouble(), data.positions[10]);
    }

    void cursorsStepFromPointToPoint() {
        m_page->setSweep(samples::sweep(21));
        m_page->setCursorsVisible(true);
        auto* gain = find<PlotView>("sweep_gain_db");
        const double before = gain->cursorPosition(PlotCursor::A);
        const std::vector<double> positions = samples::sweep(21)->positions;
        const auto at = std::find(positions.begin(), positions.end(), before);
        QVERIFY(at != positions.end());
        QTest::keyClick(gain, Qt::Key_Right);
        QCOMPARE(gain->cursorPosition(PlotCursor::A), *(at + 1));
        QCOMPARE(m_page->chosenPoint(), static_cast<int>(at - positions.begin()) + 1);
    }

    void exportsAllPoints() {
        QSignalSpy exported(m_page.get(), &SweepPage::exportRequested);
        m_page->setSweep(samples::sweep(21));
        find<QPushButton>("sweepExport")->click();
        QCOMPARE(exported.count(), 1);
        const QByteArray csv = exported[0][0].toByteArray();
        QVERIFY(csv.startsWith(
            "\"W of M1, M2 (m)\",gain_db,transit_frequency,phase_margin,power,error\n4e-06,55,"));
        QVERIFY(csv.contains("did not converge"));
        QCOMPARE(exported[0][1].toString(), QString("sweep_W_of_M1_M2.csv"));
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::SweepPageTest)
#include "sweep_page_test.moc"
