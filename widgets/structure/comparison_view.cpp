#include "widgets/structure/comparison_view.h"

#include <QHeaderView>
#include <QLabel>
#include <QTabWidget>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

#include "widgets/common/function_style.h"
#include "widgets/common/table_export.h"
#include "widgets/structure/block_tree_model.h"

namespace headroom::widgets {
namespace {

QString orNone(const std::string& text) {
    return text.empty() ? QStringLiteral("–") : QString::fromStdString(text);
}

QString blockList(const std::vector<std::string>& devices) {
    if (devices.empty()) return QStringLiteral("–");
    QStringList parts;
    for (const std::string& each : devices)
        parts << QString::fromStdString(each);
    return QStringLiteral("%1 × (%2)").arg(devices.size()).arg(parts.join(QStringLiteral("; ")));
}

} // namespace

ComparisonView::ComparisonView(QWidget* parent)
    : QWidget(parent) {
    setObjectName(QStringLiteral("comparisonView"));
    m_summary = new QLabel(this);
    m_summary->setObjectName(QStringLiteral("comparisonSummary"));
    m_summary->setWordWrap(true);
    m_tabs = new QTabWidget(this);
    m_tabs->setDocumentMode(true);
    m_stages = addTable("comparisonStages", tr("Stages"));
    m_blocks = addTable("comparisonBlocks", tr("Blocks"));
    m_devices = addTable("comparisonDevices", tr("Devices"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_summary);
    column->addWidget(m_tabs, 1);
}

QTableWidget* ComparisonView::addTable(const char* objectName, const QString& title) {
    auto* table = new QTableWidget(this);
    table->setObjectName(QString::fromLatin1(objectName));
    table->setAccessibleName(title);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setAlternatingRowColors(true);
    table->setShowGrid(false);
    table->verticalHeader()->hide();
    table->setTabKeyNavigation(false);
    table->horizontalHeader()->setHighlightSections(false);
    table->setWordWrap(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    addCopyAction(table);
    const QString name = QString::fromLatin1(objectName) + QStringLiteral(".csv");
    addExportAction(table, [this, name](const QByteArray& csv) { emit exportRequested(csv, name); });
    m_tabs->addTab(table, title);
    return table;
}

void ComparisonView::addRow(QTableWidget& table, const QStringList& cells, bool same) {
    const int row = table.rowCount();
    table.insertRow(row);
    for (int column = 0; column < cells.size(); ++column) {
        auto* item = new QTableWidgetItem(cells[column]);
        item->setToolTip(cells[column]);
        QFont font = item->font();
        font.setBold(!same);
        item->setFont(font);
        table.setItem(row, column, item);
    }
}

void ComparisonView::setData(const QString& first, const QString& second,
                             const structure::Comparison& comparison) {
    for (QTableWidget* table : {m_stages, m_blocks, m_devices})
        table->setRowCount(0);
    const auto heads = [&](QTableWidget* table, const QStringList& own) {
        const QStringList all = QStringList{QString()} + own + QStringList{first, second};
        table->setColumnCount(static_cast<int>(all.size()));
        table->setHorizontalHeaderLabels(all);
    };
    const auto sign = [](bool same) { return same ? QStringLiteral("=") : QStringLiteral("≠"); };
    heads(m_stages, {tr("Stage")});
    heads(m_blocks, {tr("Block"), tr("Function"), tr("Stage")});
    heads(m_devices, {tr("Device")});
    for (const structure::StageDifference& each : comparison.stages) {
        const bool same = each.first == each.second;
        addRow(*m_stages, {sign(same), stageTitle(each.stage), orNone(each.first), orNone(each.second)},
               same);
    }
    for (const structure::BlockDifference& each : comparison.blocks)
        addRow(*m_blocks,
               {sign(each.same()), blockTitle(each.type), functionTitle(each.function),
                stageTitle(each.stage), blockList(each.firstDevices), blockList(each.secondDevices)},
               each.same());
    for (const structure::RoleDifference& each : comparison.roles)
        addRow(*m_devices,
               {sign(false), QString::fromStdString(each.device), orNone(each.first), orNone(each.second)},
               false);
    // The two circuits share what the fixed columns leave; tool tips hold what does not fit.
    for (QTableWidget* table : {m_stages, m_blocks, m_devices}) {
        QHeaderView* header = table->horizontalHeader();
        for (int column = 0; column < table->columnCount(); ++column)
            header->setSectionResizeMode(column, column < table->columnCount() - 2
                                                     ? QHeaderView::ResizeToContents
                                                     : QHeaderView::Stretch);
    }
    const auto differing = std::count_if(comparison.blocks.begin(), comparison.blocks.end(),
                                         [](const auto& each) { return !each.same(); });
    m_summary->setText(comparison.same()
                           ? tr("Both have the same stages and blocks, and every device does the same.")
                           : tr("%1 kinds of blocks and %2 devices differ.")
                                 .arg(differing)
                                 .arg(comparison.roles.size()));
    const int devices = m_tabs->indexOf(m_devices);
    m_tabs->setTabText(devices, tr("Devices (%1)").arg(comparison.roles.size()));
}

} // namespace headroom::widgets
