#include "widgets/structure/blocks_view.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelection>
#include <QLabel>
#include <QLineEdit>
#include <QSet>
#include <QSortFilterProxyModel>
#include <QTabWidget>
#include <QTableView>
#include <QTreeView>
#include <QVBoxLayout>

#include "widgets/common/icons.h"
#include "widgets/common/table_columns.h"
#include "widgets/common/table_export.h"
#include "widgets/structure/block_tree_model.h"
#include "widgets/structure/device_table_model.h"

namespace headroom::widgets {

BlocksView::BlocksView(QWidget* parent)
    : Panel(QStringLiteral("blocksPanel"), tr("Blocks"), parent) {
    buildContent();
    setData(nullptr, nullptr);
}

void BlocksView::buildContent() {
    auto* content = new QWidget(this);
    m_filter = new QLineEdit(content);
    m_filter->setObjectName(QStringLiteral("blocksFilter"));
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setPlaceholderText(tr("Filter by name, function or stage"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    auto* find = new QAction(this);
    find->setShortcut(QKeySequence::Find);
    find->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QAction::triggered, this, [this] {
        m_filter->setFocus(Qt::ShortcutFocusReason);
        m_filter->selectAll();
    });
    addAction(find);
    m_summary = new QLabel(content);
    m_summary->setObjectName(QStringLiteral("blocksSummary"));
    m_summary->setWordWrap(true);
    m_detail = new QLabel(content);
    m_detail->setObjectName(QStringLiteral("blocksDetail"));
    m_detail->setWordWrap(true);
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_detail->setContentsMargins(6, 4, 6, 4);

    m_tabs = new QTabWidget(content);
    m_tabs->setObjectName(QStringLiteral("blocksTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(buildTreePage(), tr("Blocks"));
    m_tabs->addTab(buildTablePage(), tr("Devices"));
    auto* bar = new QVBoxLayout;
    bar->setContentsMargins(6, 3, 6, 3);
    bar->addWidget(m_summary);
    bar->addWidget(m_filter);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addWidget(m_tabs, 1);
    column->addWidget(m_detail);
    setContent(content);
    connect(m_filter, &QLineEdit::textChanged, this, &BlocksView::applyFilter);
}

QWidget* BlocksView::buildTreePage() {
    m_treeModel = new BlockTreeModel(this);
    m_treeFilter = new QSortFilterProxyModel(this);
    m_treeFilter->setSourceModel(m_treeModel);
    m_treeFilter->setFilterRole(BlockTreeModel::SearchRole);
    m_treeFilter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_treeFilter->setRecursiveFilteringEnabled(true);
    m_treeFilter->setAutoAcceptChildRows(true);
    m_tree = new QTreeView;
    m_tree->setObjectName(QStringLiteral("blocksTree"));
    m_tree->setAccessibleName(tr("Building blocks"));
    m_tree->setModel(m_treeFilter);
    m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_tree->setUniformRowHeights(true);
    m_tree->setAlternatingRowColors(true);
    const int side = fontMetrics().height();
    m_tree->setIconSize(QSize(side * 3 / 2, side));
    addCopyAction(m_tree);
    addExportAction(
        m_tree, [this](const QByteArray& csv) { emit exportRequested(csv, QStringLiteral("blocks.csv")); });
    connect(m_tree->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &BlocksView::treeSelectionChanged);
    return m_tree;
}

QWidget* BlocksView::buildTablePage() {
    m_tableModel = new DeviceTableModel(this);
    m_tableFilter = new QSortFilterProxyModel(this);
    m_tableFilter->setSourceModel(m_tableModel);
    m_tableFilter->setFilterRole(DeviceTableModel::SearchRole);
    m_tableFilter->setSortRole(DeviceTableModel::SortRole);
    m_tableFilter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("blocksDevices"));
    m_table->setAccessibleName(tr("Devices"));
    m_table->setModel(m_tableFilter);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setAlternatingRowColors(true);
    m_table->setShowGrid(false);
    m_table->verticalHeader()->hide();
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(DeviceTableModel::Name, Qt::AscendingOrder);
    m_table->setIconSize(m_tree->iconSize());
    addCopyAction(m_table);
    addExportAction(
        m_table, [this](const QByteArray& csv) { emit exportRequested(csv, QStringLiteral("devices.csv")); });
    addColumnMenu(m_table);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &BlocksView::tableSelectionChanged);
    return m_table;
}

void BlocksView::setData(std::shared_ptr<const netlist::Circuit> circuit,
                         std::shared_ptr<const structure::Structure> structure) {
    m_circuit = std::move(circuit);
    m_structure = std::move(structure);
    m_selecting = true;
    m_treeModel->setData(m_circuit, m_structure);
    m_tableModel->setData(m_circuit, m_structure);
    m_selecting = false;
    showDetail({});
    if (!m_circuit || !m_structure) {
        setContentPresent(false,
                          tr("No circuit yet. Its building blocks appear here once a netlist is read."));
        return;
    }
    m_tree->expandAll();
    fitColumns(m_tree);
    fitColumns(m_table);
    summarise();
    setContentPresent(true);
}

void BlocksView::setSizing(const netlist::Sizing& sizing, const QString& origin) {
    m_tableModel->setSizing(sizing, origin);
    for (int column = DeviceTableModel::Width; column <= DeviceTableModel::Value; ++column) {
        m_table->resizeColumnToContents(column);
    }
}

void BlocksView::summarise() {
    int blocks = 0;
    for (const structure::Block& block : m_structure->blocks)
        blocks += block.level >= 2 ? 1 : 0;
    QString text = tr("%1 blocks, %2 devices, %3 matched groups")
                       .arg(blocks)
                       .arg(m_circuit->devices.size())
                       .arg(m_structure->matchedGroups.size());
    const std::size_t unexplained = m_structure->unexplained.size();
    if (unexplained > 0) text += tr(", %1 unexplained").arg(unexplained);
    if (!m_structure->ports && !m_structure->portsProblem.empty()) {
        text += QLatin1Char('\n') + QString::fromStdString(m_structure->portsProblem);
    }
    m_summary->setText(text);
}

void BlocksView::applyFilter(const QString& text) {
    m_treeFilter->setFilterFixedString(text);
    m_tableFilter->setFilterFixedString(text);
    m_tree->expandAll();
}

void BlocksView::showDetail(const QString& text) {
    m_detail->setText(text);
    m_detail->setVisible(!text.isEmpty());
}

void BlocksView::treeSelectionChanged() {
    if (m_selecting) return;
    QStringList names;
    QStringList reasons;
    for (const QModelIndex& index : m_tree->selectionModel()->selectedRows(0)) {
        for (const QString& name : index.data(BlockTreeModel::DevicesRole).toStringList()) {
            if (!names.contains(name)) names << name;
        }
        reasons << index.data(BlockTreeModel::ReasonRole).toString();
    }
    showDetail(reasons.size() == 1 ? reasons.front() : QString());
    emit devicesSelected(names);
}

void BlocksView::tableSelectionChanged() {
    if (m_selecting) return;
    QStringList names;
    QStringList reasons;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows(0)) {
        names << index.data(DeviceTableModel::DeviceRole).toString();
        reasons << index.data(DeviceTableModel::ReasonRole).toString();
    }
    showDetail(reasons.size() == 1 ? reasons.front() : QString());
    emit devicesSelected(names);
}

void BlocksView::selectDevices(const QStringList& names) {
    m_selecting = true;
    const auto rows = QItemSelectionModel::Select | QItemSelectionModel::Rows;
    m_tree->selectionModel()->clearSelection();
    m_table->selectionModel()->clearSelection();
    QModelIndex firstInTree, firstInTable;
    for (const QString& name : names) {
        for (const QModelIndex& source : m_treeModel->indexesOf(name)) {
            const QModelIndex index = m_treeFilter->mapFromSource(source);
            if (!index.isValid()) continue;
            m_tree->selectionModel()->select(index, rows);
            if (!firstInTree.isValid()) firstInTree = index;
        }
        const int row = m_tableModel->rowOf(name);
        const QModelIndex index = m_tableFilter->mapFromSource(m_tableModel->index(std::max(row, 0), 0));
        if (row < 0 || !index.isValid()) continue;
        m_table->selectionModel()->select(index, rows);
        if (!firstInTable.isValid()) firstInTable = index;
    }
    if (firstInTree.isValid()) m_tree->scrollTo(firstInTree);
    if (firstInTable.isValid()) m_table->scrollTo(firstInTable);
    showDetail(names.size() == 1 && firstInTree.isValid()
                   ? firstInTree.data(BlockTreeModel::ReasonRole).toString()
                   : QString());
    m_selecting = false;
}

} // namespace headroom::widgets
