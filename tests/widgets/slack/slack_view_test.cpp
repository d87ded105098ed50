#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QTabWidget>
#include <QTableView>
#include <QTableWidget>
#include <QtTest>

#include <cmath>

#include "core/base/csv.h"
#include "widgets/common/picture_export.h"
#include "widgets/common/table_export.h"
#include "widgets/slack/signed_map.h"
#include "widgets/slack/slack_bars.h"
#include "widgets/slack/slack_model.h"
#include "widgets/slack/slack_view.h"

namespace headroom::widgets {

class SlackViewTest final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<SlackView> m_view;

    static std::shared_ptr<const SlackData> sample() {
        auto data = std::make_shared<SlackData>();
        data->origin = "candidate 12";
        data->held = "the specification within 5 %";
        data->rows = {
            {"M1,M2 w",
             {"M1", "M2"},
             "m",
             4e-6,
             3e-6,
             8e-6,
             false,
             false,
             2e-6,
             1e-5,
             4.2e-6,
             1e-6,
             2e-6,
             1.6e-5},
            {"M3 l", {"M3"}, "m", 2e-7, 2e-7, 2.4e-7, true, false, 2e-7, 4e-7, 2.5e-7, 5e-8, 2e-7, 4e-7},
            {"CC value",
             {"CC"},
             "F",
             1e-12,
             0.9e-12,
             1.1e-12,
             false,
             false,
             0.8e-12,
             1.3e-12,
             1e-12,
             1e-13,
             0.8e-12,
             1.3e-12}};
        data->correlation = {{1, -0.8, 0.1}, {-0.8, 1, 0}, {0.1, 0, 1}};
        data->directions = {{0.5, {0.8, -0.6, 0}}, {0.1, {0.6, 0.8, 0}}, {0.02, {0, 0, 1}}};
        data->samples = 100;
        data->checked = 32;
        data->confirmed = 30;
        data->simulations = 130;
        return data;
    }

    static std::shared_ptr<const MovedSizing> moved(std::optional<double> simulated) {
        MovedSizing sizing{0, {5e-6, 1.9e-7, 1e-12}, true, {}, false, {}};
        sizing.performances = {{simulation::Performance::GainDb, 61, simulated, 60, std::nullopt},
                               {simulation::Performance::Power, 1.2e-4, std::nullopt, std::nullopt, 1e-4}};
        return std::make_shared<const MovedSizing>(sizing);
    }

    template <class T>
    T* find(const char* name) const {
        return m_view->findChild<T*>(QString::fromLatin1(name));
    }

private slots:
    void init() {
        m_view = std::make_unique<SlackView>();
        m_view->resize(900, 700);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }
    void cleanup() { m_view.reset(); }

    void saysWhyItIsEmptyAndKeepsItsSettingsInReach() {
        m_view->setData(nullptr, "There is no model.", "Train");
        QCOMPARE(m_view->state(), Panel::State::Empty);
        QCOMPARE(m_view->stateText(), QString("There is no model."));
        m_view->setReady("Not looked for yet.");
        QCOMPARE(m_view->state(), Panel::State::Content);
        QCOMPARE(find<QLabel>("slackSummary")->text(), QString("Not looked for yet."));
        QVERIFY(find<QDoubleSpinBox>("slackTolerance")->isVisible());
        QVERIFY(!find<QTabWidget>("slackTabs")->isVisible());
        QSignalSpy asked(m_view.get(), &SlackView::findRequested);
        m_view->setFindable(true, "candidate 3");
        find<QPushButton>("slackFind")->click();
        QCOMPARE(asked.count(), 1);
        m_view->setFindable(false, {});
        QVERIFY(!find<QPushButton>("slackFind")->isEnabled());
    }

    void tellsItsSettings() {
        QSignalSpy changed(m_view.get(), &SlackView::settingsChanged);
        m_view->setSettings(SlackView::Held::OwnPerformances, 0.02);
        QCOMPARE(changed.count(), 0);
        QCOMPARE(m_view->held(), SlackView::Held::OwnPerformances);
        QVERIFY(std::abs(m_view->tolerance() - 0.02) < 1e-9);
        find<QDoubleSpinBox>("slackTolerance")->setValue(10);
        QCOMPARE(changed.count(), 1);
        QVERIFY(std::abs(m_view->tolerance() - 0.1) < 1e-9);
    }

    void showsRoomInUnitsAndPercent() {
        m_view->setData(sample());
        QVERIFY(find<QLabel>("slackSummary")->text().contains("30 of 32"));
        const auto* model = find<QTableView>("slackTable")->model();
        QCOMPARE(model->rowCount(), 3);
        QCOMPARE(model->index(0, SlackModel::Value).data().toString(), QString("4 \u00b5m"));
        QCOMPARE(model->index(0, SlackModel::Low).data().toString(), QString("3 \u00b5m (-25 %)"));
        QCOMPARE(model->index(0, SlackModel::High).data().toString(), QString("8 \u00b5m (+100 %)"));
        QVERIFY(model->index(1, SlackModel::Size).data(Qt::ToolTipRole).toString().contains("as small as"));
        QVERIFY(model->index(0, SlackModel::Moved).data().toString().isEmpty());
        const auto csv = parseCsv(tableCsv(*find<QTableView>("slackTable")).toStdString());
        QVERIFY(csv.has_value());
        QCOMPARE(csv->rows.size(), std::size_t{3});
        QVERIFY(csv->column("alone_low").has_value());
        QCOMPARE(barReach(*sample()), 2.5); // 10 um of 4 um
    }

    void movesTheChosenSizeAlongTheSlider() {
        m_view->setData(sample());
        QSignalSpy moves(m_view.get(), &SlackView::moveRequested);
        QSignalSpy settled(m_view.get(), &SlackView::moveSettled);
        auto* slider = find<QSlider>("slackSlider");
        slider->setValue(slider->maximum());
        QCOMPARE(moves.count(), 1);
        QCOMPARE(moves[0][0].toInt(), 0);
        QVERIFY(std::abs(moves[0][1].toDouble() / 1.6e-5 - 1) < 1e-9);
        m_view->setMoved(moved(std::nullopt));
        QTRY_COMPARE(settled.count(), 1); // the keyboard has left it alone
        const auto* table = find<QTableView>("slackTable")->model();
        QCOMPARE(table->index(0, SlackModel::Moved).data().toString(), QString("5 \u00b5m (+25 %)"));
        auto* performances = find<QTableWidget>("slackPerformances");
        QCOMPARE(performances->rowCount(), 2);
        QCOMPARE(performances->item(0, 2)->text(), QString("61 dB"));
        QVERIFY(performances->item(0, 3)->text().isEmpty());
        QVERIFY(!performances->item(1, 2)->icon().isNull()); // predicted beyond its limit
        m_view->setMoved(moved(59.0));
        QCOMPARE(performances->item(0, 3)->text(), QString("59 dB"));
        QVERIFY(!performances->item(0, 3)->icon().isNull());
        QSignalSpy used(m_view.get(), &SlackView::useRequested);
        QSignalSpy reset(m_view.get(), &SlackView::moveReset);
        find<QPushButton>("slackUse")->click();
        find<QPushButton>("slackReset")->click();
        QCOMPARE(used.count(), 1);
        QCOMPARE(reset.count(), 1);
        m_view->setMoved(nullptr);
        QCOMPARE(slider->value(), slider->maximum() / 2); // the sizing itself
        QVERIFY(!find<QPushButton>("slackUse")->isEnabled());
    }

    void takesTypedValues() {
        m_view->setData(sample());
        QSignalSpy moves(m_view.get(), &SlackView::moveRequested);
        auto* value = find<QLineEdit>("slackValue");
        value->setText("6u");
        QTest::keyClick(value, Qt::Key_Return);
        QCOMPARE(moves.count(), 1);
        QVERIFY(std::abs(moves[0][1].toDouble() - 6e-6) < 1e-12);
        value->setText("1 m"); // beyond the room: its end
        QTest::keyClick(value, Qt::Key_Return);
        QVERIFY(std::abs(moves[1][1].toDouble() - 1.6e-5) < 1e-12);
        value->setText("wide");
        QTest::keyClick(value, Qt::Key_Return);
        QCOMPARE(moves.count(), 2);
        QVERIFY(find<QLabel>("slackMoverState")->text().contains("wide"));
        value->setText("-3u");
        QTest::keyClick(value, Qt::Key_Return);
        QCOMPARE(moves.count(), 2);
    }

    void sharesTheSelectionOfDevices() {
        m_view->setData(sample());
        QSignalSpy selected(m_view.get(), &SlackView::devicesSelected);
        m_view->selectDevices({"m3"});
        QCOMPARE(selected.count(), 0);
        QCOMPARE(find<QTableView>("slackTable")->currentIndex().row(), 1);
        find<QTableView>("slackTable")->selectRow(2);
        QCOMPARE(selected.count(), 1);
        QCOMPARE(selected[0][0].toStringList(), QStringList{"CC"});
    }

    void showsDirectionsAndCorrelations() {
        m_view->setData(sample());
        const auto directions = parseCsv(find<SignedMap>("slackDirections")->csv().toStdString());
        QVERIFY(directions.has_value());
        QCOMPARE(directions->columns[1], std::string("1: 64.9 %")); // exp(0.5) - 1
        QCOMPARE(directions->rows[1][0], std::string("M3 l"));
        QCOMPARE(directions->rows[1][1], std::string("-0.6"));
        auto* map = find<SignedMap>("slackCorrelation");
        const auto csv = parseCsv(map->csv().toStdString());
        QVERIFY(csv.has_value());
        QCOMPARE(csv->rows[0][2], std::string("-0.8"));
        map->resize(400, 400);
        QCOMPARE(map->cellAt({395 - 10, 395 - 10}), QPoint(2, 2));
        QCOMPARE(map->cellAt({1, 1}), QPoint(-1, -1));
    }

    void writesPictures() {
        const auto data = sample();
        const auto paint = [&](QPainter& painter) { paintSlackChart(painter, *data); };
        QVERIFY(renderPicture(ExportFormat::Svg, slackChartSize(*data), "slack", paint).contains("M1,M2 w"));
        QVERIFY(renderPicture(ExportFormat::Pdf, slackChartSize(*data), "slack", paint).startsWith("%PDF"));
        QImage image;
        QVERIFY(image.loadFromData(renderPicture(ExportFormat::Png, slackChartSize(*data), "slack", paint)));
        QCOMPARE(image.size(), slackChartSize(*data) * 2);
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::SlackViewTest)
#include "slack_view_test.moc"
