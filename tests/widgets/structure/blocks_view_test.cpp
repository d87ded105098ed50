#include <QAbstractItemModelTester>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTableWidget>
#include <QTextBrowser>
#include <QTreeView>
#include <QtTest>

#include "tests/widgets/sample_data.h"
#include "widgets/structure/block_tree_model.h"
#include "widgets/structure/blocks_view.h"
#include "widgets/structure/comparison_view.h"
#include "widgets/structure/device_table_model.h"

namespace headroom::widgets {
namespace {

std::shared_ptr<const netlist::Circuit> circuit() {
    const auto netlist = samples::foldedCascode();
    return {netlist, &netlist->circuit};
}

} // namespace

class BlocksViewTest final : public QObject {
    Q_OBJECT

private:
    static QTreeView* treeOf(const BlocksView& view) {
        return view.findChild<QTreeView*>(QStringLiteral("blocksTree"));
    }
    static QTableView* tableOf(const BlocksView& view) {
        return view.findChild<QTableView*>(QStringLiteral("blocksDevices"));
    }
    static int rowOf(const BlocksView& view, const QString& device) {
        const QAbstractItemModel* model = tableOf(view)->model();
        for (int row = 0; row < model->rowCount(); ++row) {
            if (model->index(row, DeviceTableModel::Name).data().toString() == device) return row;
        }
        return -1;
    }
    static QString cell(const BlocksView& view, const QString& device, int column) {
        return tableOf(view)->model()->index(rowOf(view, device), column).data().toString();
    }

private slots:
    void modelsKeepTheRulesOfItemModels() {
        BlockTreeModel tree;
        QAbstractItemModelTester treeTester(&tree, QAbstractItemModelTester::FailureReportingMode::QtTest);
        tree.setData(circuit(), samples::foldedCascodeStructure());
        DeviceTableModel table;
        QAbstractItemModelTester tableTester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        table.setData(circuit(), samples::foldedCascodeStructure());
        table.setSizing({{"M1", "w", 3e-6}}, QStringLiteral("candidate 1"));
        tree.setData(nullptr, nullptr);
        table.setData(nullptr, nullptr);
        QCOMPARE(table.rowCount(), 0);
    }

    void emptyWithoutACircuit() {
        BlocksView view;
        QCOMPARE(view.state(), Panel::State::Empty);
        view.setData(circuit(), samples::foldedCascodeStructure());
        QCOMPARE(view.state(), Panel::State::Content);
        view.setData(nullptr, nullptr);
        QCOMPARE(view.state(), Panel::State::Empty);
    }

    void blocksHoldTheirDevices() {
        BlocksView view;
        view.setData(circuit(), samples::foldedCascodeStructure());
        const QAbstractItemModel* model = treeOf(view)->model();
        bool pair = false;
        for (int row = 0; row < model->rowCount(); ++row) {
            const QModelIndex block = model->index(row, 0);
            if (!block.data().toString().startsWith(QStringLiteral("Differential pair"))) continue;
            pair = true;
            QCOMPARE(block.data(BlockTreeModel::DevicesRole).toStringList(),
                     (QStringList{QStringLiteral("M1"), QStringLiteral("M2")}));
            QCOMPARE(model->rowCount(block), 2);
            QVERIFY(!block.data(BlockTreeModel::ReasonRole).toString().isEmpty());
            QCOMPARE(model->index(row, BlockTreeModel::Function).data().toString(),
                     QStringLiteral("Transconductance"));
        }
        QVERIFY(pair);
        // The load capacitor belongs to no block, yet is listed.
        QCOMPARE(model->index(model->rowCount() - 1, 0).data().toString(), QStringLiteral("In no block"));
    }

    void devicesShowFunctionGroupAndSize() {
        BlocksView view;
        view.setData(circuit(), samples::foldedCascodeStructure());
        QCOMPARE(tableOf(view)->model()->rowCount(), 16);
        QCOMPARE(cell(view, QStringLiteral("M1"), DeviceTableModel::Function),
                 QStringLiteral("Transconductance"));
        QCOMPARE(cell(view, QStringLiteral("M1"), DeviceTableModel::Matched),
                 cell(view, QStringLiteral("M2"), DeviceTableModel::Matched));
        QCOMPARE(cell(view, QStringLiteral("M1"), DeviceTableModel::Width), QStringLiteral("8 \u00b5m"));
        QCOMPARE(cell(view, QStringLiteral("M1"), DeviceTableModel::Length), QStringLiteral("200 nm"));
        QCOMPARE(cell(view, QStringLiteral("CL"), DeviceTableModel::Value), QStringLiteral("2 pF"));
        QCOMPARE(cell(view, QStringLiteral("CL"), DeviceTableModel::Width), QString());
    }

    void aProposedSizingReplacesTheNetlistsValues() {
        BlocksView view;
        view.setData(circuit(), samples::foldedCascodeStructure());
        view.setSizing({{"M1", "w", 3.5e-6}, {"cl", "value", 1e-12}}, QStringLiteral("candidate 12"));
        QCOMPARE(cell(view, QStringLiteral("M1"), DeviceTableModel::Width), QStringLiteral("3.5 \u00b5m"));
        QCOMPARE(cell(view, QStringLiteral("CL"), DeviceTableModel::Value), QStringLiteral("1 pF"));
        const QModelIndex width =
            tableOf(view)->model()->index(rowOf(view, QStringLiteral("M1")), DeviceTableModel::Width);
        QVERIFY(width.data(Qt::ToolTipRole).toString().contains(QStringLiteral("candidate 12")));
        QVERIFY(width.data(Qt::FontRole).value<QFont>().bold());
        view.setSizing({{"M1", "w", 400e-9}, {"M1", "m", 9}}, QStringLiteral("candidate 13"));
        QCOMPARE(cell(view, QStringLiteral("M1"), DeviceTableModel::Width),
                 QStringLiteral("9 \u00d7 400 nm"));
        view.setSizing({}, {});
        QCOMPARE(cell(view, QStringLiteral("M1"), DeviceTableModel::Width), QStringLiteral("8 \u00b5m"));
    }

    void sortsNamesNaturallyAndSizesAsNumbers() {
        BlocksView view;
        view.setData(circuit(), samples::foldedCascodeStructure());
        QVERIFY(rowOf(view, QStringLiteral("M2")) < rowOf(view, QStringLiteral("M10")));
        tableOf(view)->sortByColumn(DeviceTableModel::Length, Qt::DescendingOrder);
        QVERIFY(rowOf(view, QStringLiteral("M3")) < rowOf(view, QStringLiteral("M1")));
    }

    void filterKeepsMatchesInTreeAndTable() {
        BlocksView view;
        view.setData(circuit(), samples::foldedCascodeStructure());
        auto* filter = view.findChild<QLineEdit*>(QStringLiteral("blocksFilter"));
        filter->setText(QStringLiteral("transcond"));
        QCOMPARE(tableOf(view)->model()->rowCount(), 2);
        filter->setText(QStringLiteral("no such thing"));
        QCOMPARE(tableOf(view)->model()->rowCount(), 0);
        QCOMPARE(treeOf(view)->model()->rowCount(), 0);
        filter->clear();
        QCOMPARE(tableOf(view)->model()->rowCount(), 16);
    }

    void selectingABlockTellsItsDevicesAndReason() {
        BlocksView view;
        view.setData(circuit(), samples::foldedCascodeStructure());
        QSignalSpy selected(&view, &BlocksView::devicesSelected);
        QTreeView* tree = treeOf(view);
        tree->setCurrentIndex(tree->model()->index(0, 0));
        QCOMPARE(selected.count(), 1);
        QCOMPARE(selected[0][0].toStringList(),
                 tree->model()->index(0, 0).data(BlockTreeModel::DevicesRole).toStringList());
        const auto* why = view.findChild<QTextBrowser*>(QStringLiteral("blocksDetail"));
        QVERIFY(!why->toPlainText().isEmpty());
        tableOf(view)->selectRow(rowOf(view, QStringLiteral("M4")));
        QCOMPARE(selected.last()[0].toStringList(), QStringList{QStringLiteral("M4")});
        QVERIFY(why->toPlainText().startsWith(QStringLiteral("M4: ")));
    }

    void correctionsAreAskedForTheSelectedDevices() {
        BlocksView view;
        view.setData(circuit(), samples::foldedCascodeStructure());
        view.findChild<QTabWidget*>(QStringLiteral("blocksTabs"))->setCurrentIndex(1);
        tableOf(view)->selectRow(rowOf(view, QStringLiteral("M4")));
        QSignalSpy functions(&view, &BlocksView::functionCorrected);
        QSignalSpy stages(&view, &BlocksView::stageCorrected);
        for (QAction* action : tableOf(view)->actions())
            if (action->menu()) action->menu()->actions().at(1)->trigger();
        QCOMPARE(functions.count(), 1);
        QCOMPARE(functions[0][0].toStringList(), QStringList{QStringLiteral("M4")});
        QVERIFY(functions[0][1].value<structure::Function>() == structure::Function::Load);
        QCOMPARE(stages.count(), 1);
        QVERIFY(stages[0][1].value<structure::Stage>() == structure::Stage::First);
    }

    void comparisonMarksWhatDiffers() {
        ComparisonView view;
        const auto shown = circuit();
        const auto structure = samples::foldedCascodeStructure();
        view.setData(QStringLiteral("a"), QStringLiteral("b"),
                     structure::compare({*shown, *structure}, {*shown, *structure}));
        const auto* summary = view.findChild<QLabel*>(QStringLiteral("comparisonSummary"));
        QVERIFY(summary->text().contains(QStringLiteral("same")));
        structure::Comparison comparison;
        comparison.stages = {{structure::Stage::First, "simple", "telescopic"}};
        comparison.roles = {{"M1", "load, first stage", ""}};
        view.setData(QStringLiteral("a"), QStringLiteral("b"), comparison);
        const auto* stages = view.findChild<QTableWidget*>(QStringLiteral("comparisonStages"));
        QCOMPARE(stages->rowCount(), 1);
        QCOMPARE(stages->item(0, 0)->text(), QStringLiteral("≠"));
        QVERIFY(stages->item(0, 0)->font().bold());
        const auto* devices = view.findChild<QTableWidget*>(QStringLiteral("comparisonDevices"));
        QCOMPARE(devices->item(0, 3)->text(), QStringLiteral("–"));
    }

    void selectingFromOutsideEmitsNothing() {
        BlocksView view;
        view.setData(circuit(), samples::foldedCascodeStructure());
        QSignalSpy selected(&view, &BlocksView::devicesSelected);
        view.selectDevices({QStringLiteral("m1"), QStringLiteral("M2"), QStringLiteral("nobody")});
        QCOMPARE(selected.count(), 0);
        QCOMPARE(tableOf(view)->selectionModel()->selectedRows().size(), 2);
        QVERIFY(treeOf(view)->selectionModel()->selectedRows().size() >= 2);
        view.selectDevices({});
        QVERIFY(!tableOf(view)->selectionModel()->hasSelection());
    }

    void theUnexplainedIsMarked() {
        auto circuit = std::make_shared<netlist::Circuit>();
        circuit->devices.resize(1);
        circuit->devices[0].name = "M1";
        circuit->devices[0].type = netlist::DeviceType::Mosfet;
        auto structure = std::make_shared<structure::Structure>();
        structure->roles.resize(1);
        structure->unexplained = {0};
        structure->portsProblem = "The circuit has no output.";
        BlocksView view;
        view.setData(circuit, structure);
        const QModelIndex name = tableOf(view)->model()->index(0, DeviceTableModel::Name);
        QVERIFY(!name.data(Qt::DecorationRole).value<QIcon>().isNull());
        QCOMPARE(cell(view, QStringLiteral("M1"), DeviceTableModel::Function), QStringLiteral("Unexplained"));
        const QString summary = view.findChild<QLabel*>(QStringLiteral("blocksSummary"))->text();
        QVERIFY(summary.contains(QStringLiteral("1 unexplained")));
        QVERIFY(summary.contains(QStringLiteral("no output")));
    }

    void blockNamesAreWords() {
        QCOMPARE(blockTitle("SimpleCurrentMirror"), QStringLiteral("Simple current mirror"));
        QCOMPARE(blockTitle("DifferentialPair"), QStringLiteral("Differential pair"));
        QCOMPARE(blockTitle(""), QString());
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::BlocksViewTest)
#include "blocks_view_test.moc"
