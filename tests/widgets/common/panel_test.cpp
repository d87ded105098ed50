#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>

#include "widgets/common/panel.h"

namespace headroom::widgets {
namespace {

class SamplePanel final : public Panel {
public:
    SamplePanel()
        : Panel(QStringLiteral("samplePanel"), QStringLiteral("Sample")) {
        m_content = new QLabel(QStringLiteral("content"));
        setContent(m_content);
    }
    void setData(bool present) {
        setContentPresent(present, QStringLiteral("Nothing yet."), QStringLiteral("Make some"));
    }
    bool showsContent() const { return m_content->isVisible(); }

private:
    QLabel* m_content;
};

} // namespace

class PanelTest final : public QObject {
    Q_OBJECT

private slots:
    void namesItself() {
        SamplePanel panel;
        QCOMPARE(panel.objectName(), QStringLiteral("samplePanel"));
        QCOMPARE(panel.title(), QStringLiteral("Sample"));
        QCOMPARE(panel.accessibleName(), QStringLiteral("Sample"));
    }

    void emptyOffersItsAction() {
        SamplePanel panel;
        panel.setData(false);
        panel.show();
        QCOMPARE(panel.state(), Panel::State::Empty);
        QCOMPARE(panel.stateText(), QStringLiteral("Nothing yet."));
        QVERIFY(!panel.showsContent());
        QSignalSpy wanted(&panel, &Panel::actionRequested);
        auto* button = panel.findChild<QPushButton*>(QStringLiteral("stateAction"));
        QVERIFY(button->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(wanted.count(), 1);
    }

    void busyWithoutContentFillsThePanel() {
        SamplePanel panel;
        panel.show();
        panel.showBusy(QStringLiteral("Reading"), true);
        panel.setProgress(0.25, QStringLiteral("a quarter"));
        QVERIFY(!panel.showsContent());
        auto* progress = panel.findChild<QProgressBar*>(QStringLiteral("stateProgress"));
        QCOMPARE(progress->value() * 4, progress->maximum());
        panel.setProgress(-1, {});
        QCOMPARE(progress->maximum(), 0);
        QSignalSpy cancelled(&panel, &Panel::cancelRequested);
        QTest::mouseClick(panel.findChild<QPushButton*>(QStringLiteral("stateCancel")), Qt::LeftButton);
        QCOMPARE(cancelled.count(), 1);
    }

    void dataThatArriveWhileBusyAreShownAndLeaveItBusy() {
        SamplePanel panel;
        panel.show();
        panel.showBusy(QStringLiteral("Simulating"));
        panel.setData(true);
        QCOMPARE(panel.state(), Panel::State::Busy);
        QVERIFY(panel.showsContent());
        QVERIFY(panel.findChild<QWidget*>(QStringLiteral("stateBar"))->isVisible());
        panel.setProgress(0.5, QStringLiteral("50 of 100"));
        QCOMPARE(panel.stateText(), QStringLiteral("50 of 100"));
        panel.showContent();
        QCOMPARE(panel.state(), Panel::State::Content);
        QVERIFY(!panel.findChild<QWidget*>(QStringLiteral("stateBar"))->isVisible());
    }

    void errorBesideContentCanBeDismissed() {
        SamplePanel panel;
        panel.show();
        panel.setData(true);
        QSignalSpy states(&panel, &Panel::stateChanged);
        panel.showError(QStringLiteral("The disk is full."), QStringLiteral("/dev/sda1"));
        QCOMPARE(panel.state(), Panel::State::Error);
        QVERIFY(panel.showsContent());
        QCOMPARE(panel.stateText(), QStringLiteral("The disk is full."));
        QTest::mouseClick(panel.findChild<QToolButton*>(QStringLiteral("barDismiss")), Qt::LeftButton);
        QCOMPARE(panel.state(), Panel::State::Content);
        QCOMPARE(states.count(), 2);
    }

    void errorWithoutContentNamesTheDetail() {
        SamplePanel panel;
        panel.show();
        panel.showError(QStringLiteral("The file does not exist."), QStringLiteral("amp.sp"),
                        QStringLiteral("Choose another..."));
        QVERIFY(!panel.showsContent());
        QCOMPARE(panel.findChild<QLabel*>(QStringLiteral("stateDetail"))->text(), QStringLiteral("amp.sp"));
        panel.showContent();
        QCOMPARE(panel.state(), Panel::State::Empty);
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::PanelTest)
#include "panel_test.moc"
