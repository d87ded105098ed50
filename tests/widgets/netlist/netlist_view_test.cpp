#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTextBlock>
#include <QTextLayout>
#include <QTreeView>
#include <QtTest>

#include <fmt/format.h>

#include "tests/widgets/sample_data.h"
#include "widgets/netlist/diagnostic_model.h"
#include "widgets/netlist/netlist_edit.h"
#include "widgets/netlist/netlist_syntax.h"
#include "widgets/netlist/netlist_view.h"

namespace headroom::widgets {
namespace {

using netlist::Dialect;

/// "c|d  n" style map of a line's colours: one letter per coloured character.
QString coloured(const QString& line, Dialect dialect = Dialect::Spice) {
    QString map(line.size(), QLatin1Char('.'));
    for (const SyntaxSpan& span : netlistSyntax(line, dialect)) {
        QLatin1Char letter('?');
        switch (span.role) {
        case ColorRole::SyntaxComment:
            letter = QLatin1Char('c');
            break;
        case ColorRole::SyntaxKeyword:
            letter = QLatin1Char('k');
            break;
        case ColorRole::SyntaxDevice:
            letter = QLatin1Char('d');
            break;
        case ColorRole::SyntaxNumber:
            letter = QLatin1Char('n');
            break;
        case ColorRole::SyntaxParameter:
            letter = QLatin1Char('p');
            break;
        case ColorRole::SyntaxString:
            letter = QLatin1Char('s');
            break;
        default:
            break;
        }
        map.replace(span.start, span.length, QString(span.length, letter));
    }
    return map;
}

std::shared_ptr<const netlist::Netlist> twoFiles() {
    auto netlist = std::make_shared<netlist::Netlist>();
    netlist->circuit.name = "top";
    netlist->files = {{"/a/top.sp", "* title\n.include sub.sp\nM1 a b c d nmos\n+ W=1u\n+ L=2u\nR1 a b 1k\n"},
                      {"/a/sub.sp", "* included\nM2 a b c d pmos W=1u\n"}};
    const auto add = [&](const char* name, int file, std::size_t offset, std::size_t length, int line) {
        netlist::Device device;
        device.name = name;
        device.span = {file, offset, length, line, 1};
        netlist->circuit.devices.push_back(device);
    };
    const std::string& top = netlist->files[0].text;
    add("M1", 0, top.find("M1"), top.find("R1") - top.find("M1"), 3);
    add("R1", 0, top.find("R1"), 10, 6);
    add("M2", 1, netlist->files[1].text.find("M2"), 21, 2);
    netlist->diagnostics = {{netlist::Severity::Warning, "/a/sub.sp", 2, 1, "No bulk.", "M2"},
                            {netlist::Severity::Error, "/a/top.sp", 6, 1, "Bad value.", "R1"},
                            {netlist::Severity::Note, "/a/top.sp", 6, 1, "Look here.", "R1"}};
    return netlist;
}

} // namespace

class NetlistViewTest final : public QObject {
    Q_OBJECT

private:
    static NetlistEdit* editOf(const NetlistView& view) {
        return view.findChild<NetlistEdit*>(QStringLiteral("netlistText"));
    }
    static int cursorLine(const NetlistView& view) { return editOf(view)->textCursor().blockNumber() + 1; }

private slots:
    void coloursLines_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("expected");
        QTest::addColumn<int>("dialect");
        const auto row = [](const char* name, const char* line, const char* expected,
                            Dialect dialect = Dialect::Spice) {
            QTest::newRow(name) << QString::fromUtf8(line) << QString::fromUtf8(expected)
                                << static_cast<int>(dialect);
        };
        row("comment", "* M1 a b", "cccccccc");
        row("device", "M1 d g s b nch W=2u l = 0.5u", "dd.............p.nn.p...nnnn");
        row("dot card", ".param w1=2e-6 ; note", "kkkkkk.pp.nnnn.cccccc");
        row("continuation", "+ W='2*w' $ end", "k.p.sssss.ccccc");
        row("braces", "R1 a 0 {r * 2}", "dd...n.sssssss");
        row("cdl parameter", "MM1 a b c $W=2u", "ddd........p.nn", Dialect::Cdl);
        row("spectre", "subckt amp (a b)", "kkkkkk..........", Dialect::Spectre);
        row("negative exponent", "C1 a b -1.5e-12", "dd.....nnnnnnnn");
        row("unclosed quote", "R1 a b 'w", "dd.....ss");
        row("blank", "   ", "...");
        row("empty", "", "");
    }

    void coloursLines() {
        QFETCH(QString, line);
        QFETCH(QString, expected);
        QFETCH(int, dialect);
        QCOMPARE(coloured(line, static_cast<Dialect>(dialect)), expected);
    }

    void emptyAsksForANetlist() {
        NetlistView view;
        QCOMPARE(view.state(), Panel::State::Empty);
        QSignalSpy wanted(&view, &NetlistView::importRequested);
        emit view.actionRequested();
        QCOMPARE(wanted.count(), 1);
    }

    void showsTheTextAsItIs() {
        NetlistView view;
        view.setData(samples::foldedCascode());
        QCOMPARE(view.state(), Panel::State::Content);
        QCOMPARE(editOf(view)->toPlainText().toStdString(), samples::foldedCascode()->files.front().text);
        const QString summary = view.findChild<QLabel*>(QStringLiteral("netlistSummary"))->text();
        QVERIFY2(summary.contains(QStringLiteral("15 MOSFETs")), qPrintable(summary));
        QVERIFY(!view.findChild<QComboBox*>(QStringLiteral("netlistFile"))->isVisibleTo(&view));
    }

    void selectingADeviceMarksAllItsLines() {
        NetlistView view;
        view.setData(twoFiles());
        QSignalSpy selected(&view, &NetlistView::deviceSelected);
        view.selectDevices({QStringLiteral("m1"), QStringLiteral("nobody")});
        QCOMPARE(view.selectedDevices(), QStringList{QStringLiteral("M1")});
        QCOMPARE(editOf(view)->markedLines(), (std::vector<NetlistEdit::LineRange>{{3, 5}}));
        QCOMPARE(cursorLine(view), 3);
        QCOMPARE(selected.count(), 0);
        view.selectDevices({});
        QVERIFY(editOf(view)->markedLines().empty());
    }

    void selectingADeviceOfAnIncludedFileShowsThatFile() {
        NetlistView view;
        view.setData(twoFiles());
        view.selectDevices({QStringLiteral("M2")});
        QVERIFY(editOf(view)->toPlainText().startsWith(QStringLiteral("* included")));
        QCOMPARE(view.findChild<QComboBox*>(QStringLiteral("netlistFile"))->currentText(),
                 QStringLiteral("sub.sp"));
    }

    void theCursorOnAContinuationTellsTheDevice() {
        NetlistView view;
        view.setData(twoFiles());
        view.resize(400, 500);
        view.show();
        QSignalSpy selected(&view, &NetlistView::deviceSelected);
        NetlistEdit* edit = editOf(view);
        const QRect place = edit->cursorRect(QTextCursor(edit->document()->findBlockByNumber(3)));
        QTest::mouseClick(edit->viewport(), Qt::LeftButton, {}, place.center());
        QCOMPARE(selected.count(), 1);
        QCOMPARE(selected[0][0].toString(), QStringLiteral("M1"));
        QTest::keyClick(edit, Qt::Key_Down);
        QTest::keyClick(edit, Qt::Key_Down);
        QCOMPARE(selected.last()[0].toString(), QStringLiteral("R1"));
    }

    void findingsAreListedCountedAndJumpedTo() {
        NetlistView view;
        view.setData(twoFiles());
        QCOMPARE(view.findChild<QLabel*>(QStringLiteral("netlistFindingCount"))->text(),
                 QStringLiteral("1 error, 1 warning, 1 note"));
        auto* list = view.findChild<QTreeView*>(QStringLiteral("netlistFindings"));
        QCOMPARE(list->model()->rowCount(), 3);
        QCOMPARE(list->model()->index(0, DiagnosticModel::Place).data().toString(),
                 QStringLiteral("sub.sp:2"));
        emit list->activated(list->model()->index(0, 0));
        QVERIFY(editOf(view)->toPlainText().startsWith(QStringLiteral("* included")));
        QCOMPARE(cursorLine(view), 2);
        list->sortByColumn(DiagnosticModel::Severity, Qt::DescendingOrder);
        QCOMPARE(list->model()->index(0, DiagnosticModel::Message).data().toString(),
                 QStringLiteral("Bad value."));
        emit list->activated(list->model()->index(0, 0));
        QCOMPARE(cursorLine(view), 6);
    }

    void textThatIsNoNetlistIsShownWithItsError() {
        NetlistView view;
        view.setSource(QStringLiteral("/a/broken.sp"), QStringLiteral("M1 a b\nnonsense\n"),
                       {{netlist::Severity::Error, "/a/broken.sp", 2, 1, "This is no card.", "nonsense"}});
        QCOMPARE(view.state(), Panel::State::Content);
        QCOMPARE(view.findChild<QTreeView*>(QStringLiteral("netlistFindings"))->model()->rowCount(), 1);
        view.selectDevices({QStringLiteral("M1")});
        QVERIFY(view.selectedDevices().isEmpty());
    }

    void otherEncodingsAreRead() {
        auto netlist = std::make_shared<netlist::Netlist>();
        netlist->files = {{"latin.sp", "* \xb5m\r\nR1 a b 1\xb5\r\n"}};
        NetlistView view;
        view.setData(netlist);
        QCOMPARE(editOf(view)->toPlainText(), QStringLiteral("* \u00b5m\nR1 a b 1\u00b5\n"));
    }

    void aLongFileArrivesInSlicesAndCanBeJumpedInto() {
        constexpr int kLines = 100000;
        auto netlist = std::make_shared<netlist::Netlist>();
        netlist->files.push_back({"long.sp", {}});
        std::string& text = netlist->files.front().text;
        for (int line = 1; line <= kLines; ++line) {
            netlist::Device device;
            device.name = fmt::format("M{}", line);
            device.span = {0, text.size(), 0, line, 1};
            text += fmt::format("M{} n{} n{} 0 0 nmos W=2u L=0.1u\n", line, line, line + 1);
            device.span.length = text.size() - device.span.offset;
            netlist->circuit.devices.push_back(std::move(device));
        }
        NetlistView view;
        view.resize(500, 500);
        view.show();
        view.setData(netlist);
        NetlistEdit* edit = editOf(view);
        QVERIFY(!edit->isComplete());
        QVERIFY(edit->blockCount() < kLines / 10);
        QCOMPARE(edit->lineCount(), kLines + 1);
        view.selectDevices({QStringLiteral("M90000")});
        QTRY_VERIFY_WITH_TIMEOUT(edit->isComplete(), 60000);
        QCOMPARE(cursorLine(view), 90000);
        QCOMPARE(edit->blockCount(), kLines + 1);
        QCOMPARE(edit->textCursor().block().text().left(6), QStringLiteral("M90000"));
        // Only what is on screen is coloured.
        QTest::qWait(20);
        QVERIFY(!edit->textCursor().block().layout()->formats().isEmpty());
        QVERIFY(edit->document()->findBlockByNumber(50000).layout()->formats().isEmpty());
    }

    void findWrapsAroundAndSaysWhenNothingIsThere() {
        NetlistView view;
        view.setData(samples::foldedCascode());
        view.show();
        auto* find = view.findChild<QLineEdit*>(QStringLiteral("netlistFind"));
        view.findChild<QAction*>(QStringLiteral("netlistOpenFind"))->trigger();
        QVERIFY(find->isVisible());
        find->setText(QStringLiteral("M15"));
        QTest::keyClick(find, Qt::Key_Return);
        QCOMPARE(editOf(view)->textCursor().selectedText(), QStringLiteral("M15"));
        find->setText(QStringLiteral("M8"));
        QTest::keyClick(find, Qt::Key_Return);
        QCOMPARE(editOf(view)->textCursor().selectedText(), QStringLiteral("M8"));
        find->setText(QStringLiteral("absent"));
        QTest::keyClick(find, Qt::Key_Return);
        QVERIFY(!find->toolTip().isEmpty());
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::NetlistViewTest)
#include "netlist_view_test.moc"
