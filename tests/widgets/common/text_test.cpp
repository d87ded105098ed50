// Numbers, durations, names and tables as text.

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTableView>
#include <QTreeView>
#include <QtTest>

#include <cmath>

#include "widgets/common/elided_label.h"
#include "widgets/common/natural_order.h"
#include "widgets/common/quantity_text.h"
#include "widgets/common/table_columns.h"
#include "widgets/common/table_export.h"

namespace headroom::widgets {
namespace {

void fill(QStandardItemModel& model) {
    model.setHorizontalHeaderLabels({QStringLiteral("Device"), QStringLiteral("W"), QStringLiteral("Note")});
    const auto row = [&](const QString& name, double width, const QString& note) {
        auto* number = new QStandardItem(QStringLiteral("%1 \u00b5m").arg(width * 1e6));
        number->setData(QString::number(width, 'g', 17), ExportTextRole);
        model.appendRow({new QStandardItem(name), number, new QStandardItem(note)});
    };
    row(QStringLiteral("M1"), 2e-6, QStringLiteral("says \"hello\", twice"));
    row(QStringLiteral("M2"), 4e-6, {});
    row(QStringLiteral("M3"), 8e-6, {});
}

} // namespace

class TextTest final : public QObject {
    Q_OBJECT

private slots:
    void quantities() {
        QCOMPARE(quantityText(12.3e6, "Hz"), QStringLiteral("12.3 MHz"));
        QCOMPARE(quantityText(std::nan(""), "V"), QStringLiteral("\u2014"));
        QCOMPARE(fixedText(-0.004, 2), QStringLiteral("0.00"));
        QCOMPARE(fixedText(-0.006, 2), QStringLiteral("-0.01"));
        QCOMPARE(fixedText(0.5, 3), QStringLiteral("0.500"));
        QCOMPARE(parsedQuantity(QStringLiteral("12.3 MHz"), "Hz").value(), 12.3e6);
        QString problem;
        QVERIFY(!parsedQuantity(QStringLiteral("fast"), "Hz", &problem));
        QVERIFY(problem.contains(QStringLiteral("fast")));
    }

    void displayUnits_data() {
        QTest::addColumn<double>("magnitude");
        QTest::addColumn<QString>("unit");
        QTest::addColumn<QString>("text");
        QTest::newRow("frequency") << 12.3e6 << "Hz"
                                   << "MHz";
        QTest::newRow("edge of a prefix") << 1e6 << "Hz"
                                          << "MHz";
        QTest::newRow("width") << 3e-6 << "m" << QStringLiteral("\u00b5m");
        QTest::newRow("zero") << 0.0 << "V"
                              << "V";
        QTest::newRow("area") << 1e-10 << "m2" << QStringLiteral("\u00b5m\u00b2");
        QTest::newRow("slew rate") << 1e7 << "V/s" << QStringLiteral("V/\u00b5s");
        QTest::newRow("decibel") << 4000.0 << "dB"
                                 << "dB";
        QTest::newRow("degree") << 70.0 << "deg" << QStringLiteral("\u00b0");
        QTest::newRow("bare") << 70000.0 << ""
                              << "";
    }

    void displayUnits() {
        QFETCH(double, magnitude);
        QFETCH(QString, unit);
        QFETCH(QString, text);
        const DisplayUnit shown = displayUnit(magnitude, unit);
        QCOMPARE(shown.text, text);
        // The same number, written by formatQuantity, must read the same.
        const QString number = QString::number(magnitude * shown.perUnit, 'g', 4);
        if (!text.isEmpty()) QVERIFY(quantityText(magnitude, unit.toUtf8().constData()).startsWith(number));
    }

    void durations() {
        QCOMPARE(durationText(0.04), QStringLiteral("40 ms"));
        QCOMPARE(durationText(4.21), QStringLiteral("4.2 s"));
        QCOMPARE(durationText(59.6), QStringLiteral("1 min 00 s"));
        QCOMPARE(durationText(80), QStringLiteral("1 min 20 s"));
        QCOMPARE(durationText(2 * 3600 + 5 * 60), QStringLiteral("2 h 05 min"));
        QCOMPARE(durationText(-1), QStringLiteral("\u2014"));
    }

    void namesInNaturalOrder() {
        QVERIFY(naturalKey(QStringLiteral("M2")) < naturalKey(QStringLiteral("M10")));
        QVERIFY(naturalKey(QStringLiteral("X1/M9")) < naturalKey(QStringLiteral("X2/M1")));
        QCOMPARE(naturalKey(QStringLiteral("m1")), naturalKey(QStringLiteral("M1")));
    }

    void csvIsExactAndSkipsHiddenColumns() {
        QStandardItemModel model;
        fill(model);
        QTableView view;
        view.setModel(&model);
        QCOMPARE(tableCsv(view).split('\n').value(1),
                 QByteArray("M1,1.9999999999999999e-06,\"says \"\"hello\"\", twice\""));
        view.setColumnHidden(2, true);
        QCOMPARE(tableCsv(view).split('\n').value(0), QByteArray("Device,W"));
    }

    void copyTakesTheSelectionOrEverything() {
        QStandardItemModel model;
        fill(model);
        QTableView view;
        view.setModel(&model);
        view.setSelectionBehavior(QAbstractItemView::SelectRows);
        QAction* copy = addCopyAction(&view);
        copy->trigger();
        QCOMPARE(QApplication::clipboard()->text().split(QLatin1Char('\n')).size(), 5);
        view.selectRow(1);
        copy->trigger();
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("Device\tW\tNote\nM2\t4 \u00b5m\t\n"));
    }

    void treesAreIndented() {
        QStandardItemModel model;
        model.setHorizontalHeaderLabels({QStringLiteral("Block")});
        auto* block = new QStandardItem(QStringLiteral("pair"));
        block->appendRow(new QStandardItem(QStringLiteral("M1")));
        model.appendRow(block);
        QTreeView view;
        view.setModel(&model);
        QCOMPARE(tableCsv(view), QByteArray("Block\npair\n  M1\n"));
    }

    void exportHandsOverTheTable() {
        QStandardItemModel model;
        fill(model);
        QTableView view;
        view.setModel(&model);
        QByteArray received;
        addExportAction(&view, [&](const QByteArray& csv) { received = csv; })->trigger();
        QCOMPARE(received, tableCsv(view));
    }

    void columnsFitTheirContentsAndShareTheRest() {
        QStandardItemModel model;
        fill(model);
        QTableView view;
        view.setModel(&model);
        view.resize(900, 200);
        view.show();
        fitColumns(&view);
        const QFontMetrics metrics = view.fontMetrics();
        QVERIFY(view.columnWidth(2) > metrics.horizontalAdvance(QStringLiteral("says \"hello\", twice")));
        QVERIFY(view.horizontalHeader()->length() <= view.viewport()->width());
    }

    void longLabelsAreElided() {
        ElidedLabel label;
        label.setText(QStringLiteral("a rather long line of text"));
        label.resize(40, 20);
        QVERIFY(label.isElided());
        label.resize(800, 20);
        QVERIFY(!label.isElided());
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::TextTest)
#include "text_test.moc"
