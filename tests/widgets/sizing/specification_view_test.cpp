#include <QAbstractItemModelTester>
#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QToolButton>
#include <QtTest>

#include "tests/widgets/sample_data.h"
#include "widgets/sizing/range_slider.h"
#include "widgets/sizing/specification_model.h"
#include "widgets/sizing/specification_view.h"

namespace headroom::widgets {

using simulation::Performance;

class SpecificationViewTest final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<SpecificationView> m_view;

    QTableView* table() const { return m_view->findChild<QTableView*>(QStringLiteral("specificationTable")); }
    QLabel* message() const { return m_view->findChild<QLabel*>(QStringLiteral("specificationMessage")); }
    RangeSlider* slider(const char* performance) const {
        return m_view->findChild<RangeSlider*>(QStringLiteral("range_%1").arg(QLatin1String(performance)));
    }
    bool type(int row, const QString& text) const {
        return table()->model()->setData(table()->model()->index(row, ownColumn(row)), text, Qt::EditRole);
    }
    /// The column of the limit that the performance is to reach.
    static int ownColumn(int row) {
        const auto performance =
            samples::specification().rows[static_cast<std::size_t>(row)].requirement.performance;
        return simulation::info(performance).biggerIsBetter ? SpecificationModel::Minimum
                                                            : SpecificationModel::Maximum;
    }
    QString shown(int row) const { return table()->model()->index(row, ownColumn(row)).data().toString(); }
    double target(int row) const { return m_view->requirements()[static_cast<std::size_t>(row)].target(); }

private slots:
    void init() {
        m_view = std::make_unique<SpecificationView>();
        m_view->setData(samples::specification());
        m_view->resize(600, 500);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }
    void cleanup() { m_view.reset(); }

    void emptyWithoutRows() {
        SpecificationView view;
        QCOMPARE(view.state(), Panel::State::Empty);
    }

    void modelKeepsTheRules() {
        SpecificationModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows(samples::specification().rows);
        model.setRequirement(1, sizing::Requirement::reaching(Performance::TransitFrequency, 3e6));
        model.setLocked(1, true);
    }

    void showsLimitsWithUnitsOnTheirSide() {
        QCOMPARE(shown(1), QStringLiteral("12.3 MHz"));
        const auto cell = [&](int row, int column) {
            return table()->model()->index(row, column).data().toString();
        };
        QCOMPARE(cell(1, SpecificationModel::Maximum), QString());
        QCOMPARE(cell(3, SpecificationModel::Minimum), QString());
        QVERIFY(cell(3, SpecificationModel::Maximum).endsWith(QStringLiteral("W")));
        const QString tip =
            table()->model()->index(1, SpecificationModel::Title).data(Qt::ToolTipRole).toString();
        QVERIFY(tip.contains(QString::fromUtf8(simulation::info(Performance::TransitFrequency).definition)));
    }

    void typedTargetsAreReadWithTheirUnits_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<double>("value");
        QTest::newRow("unit") << "15.5 MHz" << 15.5e6;
        QTest::newRow("prefix") << "15.5M" << 15.5e6;
        QTest::newRow("exponent") << "2e7" << 2e7;
        QTest::newRow("spice") << "3meg" << 3e6;
    }

    void typedTargetsAreReadWithTheirUnits() {
        QFETCH(QString, text);
        QFETCH(double, value);
        QSignalSpy edited(m_view.get(), &SpecificationView::requirementEdited);
        QVERIFY(type(1, text));
        QCOMPARE(target(1), value);
        QCOMPARE(edited.count(), 1);
        QVERIFY(edited[0][0].value<sizing::Requirement>() ==
                sizing::Requirement::reaching(Performance::TransitFrequency, value));
        QCOMPARE(slider("transit_frequency")->value(), value);
    }

    void typingInTheTableWorksFromTheKeyboard() {
        table()->setCurrentIndex(table()->model()->index(1, SpecificationModel::Minimum));
        table()->edit(table()->currentIndex());
        auto* editor = table()->findChild<QLineEdit*>();
        QVERIFY(editor != nullptr);
        editor->setText(QStringLiteral("20 MHz"));
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE(target(1), 20e6);
    }

    void nonsenseIsRejectedWithASentence() {
        QSignalSpy edited(m_view.get(), &SpecificationView::requirementEdited);
        QVERIFY(!type(1, QStringLiteral("fast")));
        QCOMPARE(edited.count(), 0);
        QCOMPARE(shown(1), QStringLiteral("12.3 MHz"));
        QVERIFY(message()->isVisible());
        QVERIFY2(message()->text().contains(QStringLiteral("Transit frequency")),
                 qPrintable(message()->text()));
        QVERIFY(!type(1, QStringLiteral("3 dB")));
        QVERIFY(type(1, QStringLiteral("10 MHz")));
        QVERIFY(!message()->isVisible());
    }

    void leavingTheEditorUntouchedDoesNotRound() {
        SpecificationData data = samples::specification();
        data.rows[1].requirement.minimum = 12.345678e6;
        m_view->setData(data);
        QSignalSpy edited(m_view.get(), &SpecificationView::requirementEdited);
        QVERIFY(type(1, shown(1)));
        QCOMPARE(target(1), 12.345678e6);
        QCOMPARE(edited.count(), 0);
    }

    void theSliderAndTheTypedValueStayInStep() {
        QSignalSpy previewed(m_view.get(), &SpecificationView::requirementPreviewed);
        QSignalSpy edited(m_view.get(), &SpecificationView::requirementEdited);
        RangeSlider* gain = slider("gain_db");
        const QPoint from(gain->pixelOf(62.4), gain->height() / 2);
        const QPoint to(gain->pixelOf(50), gain->height() / 2);
        QTest::mousePress(gain, Qt::LeftButton, {}, from);
        QTest::mouseMove(gain, (from + to) / 2);
        QTest::mouseMove(gain, to);
        QCOMPARE(edited.count(), 0);
        QVERIFY(previewed.count() >= 2);
        QTest::mouseRelease(gain, Qt::LeftButton, {}, to);
        QCOMPARE(edited.count(), 1);
        QVERIFY(std::abs(target(0) - 50) < 0.5);
        QCOMPARE(edited[0][0].value<sizing::Requirement>().minimum, target(0));
        QVERIFY(shown(0).startsWith(QString::number(target(0), 'g', 4)));
        QTest::keyClick(gain, Qt::Key_End);
        QCOMPARE(target(0), 78.0);
    }

    void targetsOutsideTheDataSetAreNamed() {
        QVERIFY(type(1, QStringLiteral("500 MHz")));
        QVERIFY(message()->isVisible());
        QVERIFY(message()->text().contains(QStringLiteral("extrapolate")));
        QVERIFY(!slider("transit_frequency")->isInside());
        QVERIFY(type(1, QStringLiteral("50 MHz")));
        QVERIFY(!message()->isVisible());
    }

    void aRangeThatEndsBeforeItBeginsIsNamed() {
        QVERIFY(type(8, QStringLiteral("0.39 V")));
        QVERIFY(type(9, QStringLiteral("0.35 V")));
        QVERIFY2(message()->text().contains(QStringLiteral("swing")), qPrintable(message()->text()));
    }

    void settingDataEmitsNothing() {
        QSignalSpy edited(m_view.get(), &SpecificationView::requirementEdited);
        QSignalSpy locked(m_view.get(), &SpecificationView::lockToggled);
        m_view->setData(samples::specification());
        QCOMPARE(edited.count() + locked.count(), 0);
    }

    void aSecondLimitMakesARangeAndClearingTakesItAway() {
        QSignalSpy edited(m_view.get(), &SpecificationView::requirementEdited);
        QAbstractItemModel* model = table()->model();
        const QModelIndex maximum = model->index(0, SpecificationModel::Maximum);
        QVERIFY(model->setData(maximum, QStringLiteral("70 dB")));
        QVERIFY(m_view->requirements()[0].isRange());
        QCOMPARE(m_view->requirements()[0].maximum, 70.0);
        // The slider moves the lower limit, though not across the upper one.
        QTest::keyClick(slider("gain_db"), Qt::Key_End);
        QCOMPARE(m_view->requirements()[0].minimum, 70.0);
        QVERIFY(!model->setData(maximum, QStringLiteral("50 dB")));
        QVERIFY2(message()->text().contains(QStringLiteral("contradicts")), qPrintable(message()->text()));
        QVERIFY(model->setData(maximum, QString()));
        QVERIFY(type(0, {}));
        QVERIFY(m_view->requirements()[0].isFree());
        QCOMPARE(edited.count(), 4);
        // From free, the slider asks again.
        QTest::keyClick(slider("gain_db"), Qt::Key_Home);
        QVERIFY(m_view->requirements()[0].hasMinimum());
    }

    void weightsAreOnShowWhereTheyMatter() {
        QVERIFY(table()->isColumnHidden(SpecificationModel::Weight));
        m_view->findChild<QAction*>(QStringLiteral("specificationWeights"))->trigger();
        QVERIFY(!table()->isColumnHidden(SpecificationModel::Weight));
        QAbstractItemModel* model = table()->model();
        QVERIFY(!model->setData(model->index(0, SpecificationModel::Weight), QStringLiteral("-1")));
        QVERIFY(!model->setData(model->index(0, SpecificationModel::Weight), QString()));
        QVERIFY(model->setData(model->index(0, SpecificationModel::Weight), QStringLiteral("3")));
        QCOMPARE(m_view->requirements()[0].weight, 3.0);
        m_view->findChild<QAction*>(QStringLiteral("specificationWeights"))->trigger();
        QVERIFY(!table()->isColumnHidden(SpecificationModel::Weight)); // one is not ordinary
    }

    void showsHowTheChosenCandidateStands() {
        QVERIFY(table()->isColumnHidden(SpecificationModel::Chosen));
        SpecificationData data = samples::specification();
        data.rows[0].chosen = 58;
        data.rows[0].shortfall = 0.07;
        m_view->setData(data);
        QVERIFY(!table()->isColumnHidden(SpecificationModel::Chosen));
        const QModelIndex chosen = table()->model()->index(0, SpecificationModel::Chosen);
        QCOMPARE(chosen.data().toString(), QStringLiteral("58 dB"));
        QVERIFY(chosen.data(Qt::ToolTipRole).toString().contains(QStringLiteral("7 %")));
        QVERIFY(chosen.data(Qt::DecorationRole).isValid());
    }

    void showsTheWorstCornerOfEachRow() {
        QVERIFY(table()->isColumnHidden(SpecificationModel::Corners));
        SpecificationData data = samples::specification();
        data.rows[0].cornerWorst = 58;
        data.rows[0].cornerShortfall = 0.07;
        data.rows[0].cornerName = QStringLiteral("ss, 1 V, 125 \u00b0C");
        m_view->setData(data);
        QVERIFY(!table()->isColumnHidden(SpecificationModel::Corners));
        const QModelIndex worst = table()->model()->index(0, SpecificationModel::Corners);
        QCOMPARE(worst.data().toString(), QStringLiteral("58 dB"));
        QVERIFY(worst.data(Qt::ToolTipRole).toString().contains(QStringLiteral("ss, 1 V")));
        QVERIFY(worst.data(Qt::DecorationRole).isValid());
        QVERIFY(table()->model()->index(1, SpecificationModel::Corners).data().toString().isEmpty());
    }

    void aRowsCornersAreChosenInItsMenu() {
        SpecificationData data = samples::specification();
        data.corners = {QStringLiteral("nom"), QStringLiteral("ss"), QStringLiteral("ff")};
        m_view->setData(data);
        QSignalSpy edited(m_view.get(), &SpecificationView::requirementEdited);
        auto* menu = m_view->findChild<QMenu*>(QStringLiteral("specificationCorners"));
        const auto entry = [&](const QString& title) -> QAction* {
            emit menu->aboutToShow();
            for (QAction* action : menu->actions())
                if (action->text() == title) return action;
            return nullptr;
        };
        const auto corners = [&] { return m_view->requirements()[0].corners; };
        table()->setCurrentIndex(table()->model()->index(0, 0));
        QVERIFY(entry(QStringLiteral("All"))->isChecked());
        QVERIFY(entry(QStringLiteral("ss"))->isChecked());
        entry(QStringLiteral("ff"))->trigger();
        QCOMPARE(corners(), (std::vector<std::string>{"nom", "ss"}));
        QCOMPARE(edited.count(), 1);
        QVERIFY(!table()->isColumnHidden(SpecificationModel::Corners));
        const QModelIndex cell = table()->model()->index(0, SpecificationModel::Corners);
        QCOMPARE(cell.data().toString(), QStringLiteral("nom, ss"));
        QVERIFY(!entry(QStringLiteral("ff"))->isChecked());
        entry(QStringLiteral("nom"))->trigger();
        QCOMPARE(corners(), (std::vector<std::string>{"ss"}));
        QVERIFY(!entry(QStringLiteral("ss"))->isEnabled()); // none at all is no choice
        entry(QStringLiteral("All"))->trigger();
        QCOMPARE(corners(), std::vector<std::string>());
        entry(QStringLiteral("ss"))->trigger();
        entry(QStringLiteral("ss"))->trigger(); // all again
        QVERIFY(corners().empty());
        QVERIFY(table()->isColumnHidden(SpecificationModel::Corners));
        data.rows[0].requirement.corners = {"ss"};
        data.rows[0].cornerWorst = 58;
        data.rows[0].cornerShortfall = 0.07;
        data.rows[0].cornerName = QStringLiteral("ss, 1 V, 125 \u00b0C");
        m_view->setData(data);
        QCOMPARE(cell.data().toString(), QStringLiteral("58 dB of ss"));
    }

    void pinnedSizesAreNamedAndAskedFor() {
        SpecificationData data = samples::specification();
        auto* pins = m_view->findChild<QPushButton*>(QStringLiteral("specificationPins"));
        QVERIFY(!pins->isEnabled());
        data.canPin = true;
        data.pinned = {QStringLiteral("M1,M2 w = 12 \u00b5m")};
        m_view->setData(data);
        QSignalSpy requested(m_view.get(), &SpecificationView::pinsRequested);
        pins->click();
        QCOMPARE(requested.count(), 1);
        QVERIFY(pins->toolTip().contains(data.pinned[0]));
    }

    void locksAreToggled() {
        auto* lock = m_view->findChild<QToolButton*>(QStringLiteral("lock_gain_db"));
        QSignalSpy toggled(m_view.get(), &SpecificationView::lockToggled);
        QVERIFY(!m_view->locked()[0]);
        QVERIFY(m_view->locked()[3]);
        lock->click();
        QVERIFY(m_view->locked()[0]);
        QCOMPARE(toggled.count(), 1);
        QCOMPARE(toggled[0][0].value<Performance>(), Performance::GainDb);
    }

    void buttonsAskForTargetsAndSamples() {
        QSignalSpy row(m_view.get(), &SpecificationView::dataRowRequested);
        QSignalSpy random(m_view.get(), &SpecificationView::randomTargetRequested);
        QSignalSpy sample(m_view.get(), &SpecificationView::sampleRequested);
        QCOMPARE(m_view->findChild<QSpinBox*>(QStringLiteral("specificationDataRow"))->value(), 17);
        m_view->findChild<QPushButton*>(QStringLiteral("specificationFromRow"))->click();
        m_view->findChild<QPushButton*>(QStringLiteral("specificationRandom"))->click();
        m_view->setSampleCount(250);
        QTest::keyClick(table(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(row[0][0].toInt(), 16);
        QCOMPARE(random.count(), 1);
        QCOMPARE(sample.count(), 1);
        QCOMPARE(sample[0][0].toInt(), 250);
    }

    void withoutDataOrModelTheButtonsAreOff() {
        SpecificationData data = samples::specification();
        data.dataRows = 0;
        data.dataRow.reset();
        data.canSample = false;
        data.hint = QStringLiteral("There are no trained networks for this circuit.");
        for (SpecificationRow& row : data.rows)
            row.low = row.high = 0;
        m_view->setData(data);
        QVERIFY(!m_view->findChild<QPushButton*>(QStringLiteral("specificationFromRow"))->isEnabled());
        QVERIFY(!m_view->findChild<QPushButton*>(QStringLiteral("specificationSample"))->isEnabled());
        auto* keep = m_view->findChild<QToolButton*>(QStringLiteral("specificationKeepSampling"));
        QVERIFY(!keep->isEnabled());
        data.canSample = true;
        m_view->setData(data);
        QSignalSpy kept(m_view.get(), &SpecificationView::keepSamplingRequested);
        keep->click();
        QCOMPARE(kept.count(), 1);
        data.canSample = false;
        m_view->setData(data);
        QVERIFY(!slider("gain_db")->isEnabled());
        QVERIFY(message()->text().contains(QStringLiteral("no trained networks")));
        QVERIFY(type(0, QStringLiteral("70 dB")));
    }

    void wideRangesAreLogarithmic() {
        RangeSlider slider;
        slider.resize(400, 24);
        slider.setRange(1e6, 1e8, QStringLiteral("Hz"));
        const int middle = (slider.pixelOf(1e6) + slider.pixelOf(1e8)) / 2;
        QVERIFY(std::abs(slider.pixelOf(1e7) - middle) <= 1);
        slider.setRange(0.2, 0.8, QStringLiteral("V"));
        QVERIFY(std::abs(slider.pixelOf(0.5) - middle) <= 1);
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::SpecificationViewTest)
#include "specification_view_test.moc"
