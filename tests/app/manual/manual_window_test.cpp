#include "app/manual/manual_window.h"

#include <QFile>
#include <QLineEdit>
#include <QRegularExpression>
#include <QTest>
#include <QTextBrowser>

#include "core/simulation/performance.h"
#include "widgets/jobs/jobs_view.h"
#include "widgets/netlist/netlist_view.h"
#include "widgets/schematic/schematic_view.h"
#include "widgets/sizing/sizing_view.h"
#include "widgets/sizing/specification_view.h"
#include "widgets/structure/blocks_view.h"

namespace headroom::app {
namespace {

QString sourceOf(const QString& page) {
    QFile file(QString::fromStdString((ManualWindow::folder() / (page.toStdString() + ".md")).string()));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace

class ManualWindowTest : public QObject {
    Q_OBJECT

private slots:
    void everyLinkLeadsSomewhere();
    void everyPageIsReachedFromTheContents();
    void everyPanelHasItsPage();
    void everyPerformanceIsDefined();
    void followsLinksAndGoesBack();
    void findsWordsInOtherPages();
};

void ManualWindowTest::everyLinkLeadsSomewhere() {
    const QStringList pages = ManualWindow::pages();
    QVERIFY(pages.size() > 5);
    static const QRegularExpression link(R"(\]\(([^)#]+)\))");
    for (const QString& page : pages) {
        auto matches = link.globalMatch(sourceOf(page));
        while (matches.hasNext()) {
            const std::string target = matches.next().captured(1).toStdString();
            QVERIFY2(std::filesystem::exists(ManualWindow::folder() / target),
                     qPrintable(page + " -> " + QString::fromStdString(target)));
        }
    }
}

void ManualWindowTest::everyPageIsReachedFromTheContents() {
    const QString contents = sourceOf("index");
    for (const QString& page : ManualWindow::pages()) {
        if (page != "index") QVERIFY2(contents.contains("(" + page + ".md)"), qPrintable(page));
    }
}

void ManualWindowTest::everyPanelHasItsPage() {
    const widgets::NetlistView netlist;
    const widgets::BlocksView blocks;
    const widgets::SpecificationView specification;
    const widgets::SizingView sizing;
    const widgets::JobsView jobs;
    const widgets::SchematicView schematic;
    for (const widgets::Panel* panel : std::initializer_list<const widgets::Panel*>{
             &netlist, &blocks, &specification, &sizing, &jobs, &schematic}) {
        const QString page = ManualWindow::pageFor(panel->objectName());
        QVERIFY2(sourceOf(page).startsWith("# " + panel->title()), qPrintable(panel->objectName()));
    }
    QCOMPARE(ManualWindow::pageFor("history"), QString("index"));
}

void ManualWindowTest::everyPerformanceIsDefined() {
    const QString text = sourceOf("performances");
    for (const simulation::PerformanceInfo& info : simulation::performanceInfos()) {
        const QString row = QString("| `%1` | %2 | %3 | %4 |")
                                .arg(info.name, info.title, info.unit, info.biggerIsBetter ? "more" : "less");
        QVERIFY2(text.contains(row), qPrintable(row));
    }
}

void ManualWindowTest::followsLinksAndGoesBack() {
    ManualWindow window;
    auto* text = window.findChild<QTextBrowser*>("manualText");
    QCOMPARE(window.page(), QString("index"));
    emit text->anchorClicked(QUrl("sizing.md"));
    QCOMPARE(window.page(), QString("sizing"));
    QVERIFY(text->toPlainText().startsWith("Sizing"));
    text->backward();
    QCOMPARE(window.page(), QString("index"));
    QVERIFY(text->toPlainText().startsWith("Headroom"));
    window.showPage("no such page");
    QCOMPARE(window.page(), QString("index"));
}

void ManualWindowTest::findsWordsInOtherPages() {
    ManualWindow window;
    auto* search = window.findChild<QLineEdit*>("manualSearch");
    search->setText("slew_rate");
    QTest::keyClick(search, Qt::Key_Return);
    QCOMPARE(window.page(), QString("performances"));
    auto* text = window.findChild<QTextBrowser*>("manualText");
    QCOMPARE(text->textCursor().selectedText(), QString("slew_rate"));
    search->setText("no such word anywhere");
    QTest::keyClick(search, Qt::Key_Return);
    QCOMPARE(window.page(), QString("performances"));
}

} // namespace headroom::app

QTEST_MAIN(headroom::app::ManualWindowTest)
#include "manual_window_test.moc"
