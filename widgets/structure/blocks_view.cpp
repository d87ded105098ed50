#include "widgets/structure/blocks_view.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelection>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSet>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QTextBrowser>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include "widgets/common/function_style.h"
#include "widgets/common/icons.h"
#include "widgets/common/table_columns.h"
#include "widgets/common/table_export.h"
#include "widgets/structure/block_tree_model.h"
#include "widgets/structure/device_table_model.h"
#include "widgets/structure/explanation_text.h"

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
    m_detail = new QTextBrowser(content);
    m_detail->setObjectName(QStringLiteral("blocksDetail"));
    m_detail->setAccessibleName(tr("Why"));
    m_detail->setFrameShape(QFrame::NoFrame);
    m_detail->setMinimumHeight(fontMetrics().lineSpacing() * 3);

    m_tabs = new QTabWidget(content);
    m_tabs->setObjectName(QStringLiteral("blocksTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(buildTreePage(), tr("Blocks"));
    m_tabs->addTab(buildTablePage(), tr("Devices"));
    auto* bar = new QVBoxLayout;
    bar->setContentsMargins(6, 3, 6, 3);
    bar->addWidget(buildHead());
    bar->addWidget(m_filter);
    auto* split = new QSplitter(Qt::Vertical, content);
    split->setChildrenCollapsible(false);
    split->addWidget(m_tabs);
    split->addWidget(m_detail);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 1);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addWidget(split, 1);
    setContent(content);
    connect(m_filter, &QLineEdit::textChanged, this, &BlocksView::applyFilter);
}

QWidget* BlocksView::buildHead() {
    auto* head = new QWidget;
    m_summary = new QLabel(head);
    m_summary->setObjectName(QStringLiteral("blocksSummary"));
    m_summary->setWordWrap(true);
    const auto button = [&](const char* name, const char* icon, const QString& title, auto signal) {
        auto* tool = new QToolButton(head);
        tool->setObjectName(QString::fromLatin1(name));
        tool->setIcon(widgets::icon(QString::fromLatin1(icon)));
        tool->setToolTip(title);
        tool->setAccessibleName(title);
        tool->setAutoRaise(true);
        connect(tool, &QToolButton::clicked, this, signal);
        return tool;
    };
    m_supply = new QPushButton(head);
    m_supply->setObjectName(QStringLiteral("blocksSupply"));
    m_supply->hide();
    connect(m_supply, &QPushButton::clicked, this, [this] {
        if (!m_structure || m_structure->proposedSupply < 0) return;
        const auto net = static_cast<std::size_t>(m_structure->proposedSupply);
        const bool positive = m_structure->portsProblem.find("No positive") != std::string::npos;
        emit supplyChosen(QString::fromStdString(m_circuit->nets[net]), positive);
    });
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_summary, 1);
    row->addWidget(button("blocksCompare", "columns", tr("Compare with another circuit…"),
                          &BlocksView::compareRequested),
                   0, Qt::AlignTop);
    row->addWidget(
        button("blocksReport", "export", tr("Export report or constraints…"), &BlocksView::reportRequested),
        0, Qt::AlignTop);
    auto* column = new QVBoxLayout(head);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(row);
    column->addWidget(m_supply, 0, Qt::AlignLeft);
    return head;
}

// Function, stage and back, for the selected devices, in the context menu.
void BlocksView::addCorrections(QAbstractItemView* view) {
    auto* functions = new QMenu(tr("Function"), view);
    for (int i = 0; i <= static_cast<int>(structure::Function::Unexplained); ++i) {
        const auto function = static_cast<structure::Function>(i);
        functions->addAction(functionIcon(function), functionTitle(function), this,
                             [this, view, function] { emit functionCorrected(devicesIn(*view), function); });
    }
    auto* stages = new QMenu(tr("Stage"), view);
    for (int i = 0; i <= static_cast<int>(structure::Stage::Bias); ++i) {
        const auto stage = static_cast<structure::Stage>(i);
        const QString title = stage == structure::Stage::None ? tr("None") : stageTitle(stage);
        stages->addAction(title, this, [this, view, stage] { emit stageCorrected(devicesIn(*view), stage); });
    }
    auto* back = new QAction(tr("As recognised"), view);
    back->setObjectName(QStringLiteral("asRecognised"));
    connect(back, &QAction::triggered, this, [this, view] { emit correctionsDropped(devicesIn(*view)); });
    auto* line = new QAction(view);
    line->setSeparator(true);
    view->addActions({line, functions->menuAction(), stages->menuAction(), back});
}

QStringList BlocksView::devicesIn(const QAbstractItemView& view) const {
    QStringList names;
    for (const QModelIndex& index : view.selectionModel()->selectedRows(0)) {
        const QStringList here = &view == m_table
                                     ? QStringList{index.data(DeviceTableModel::DeviceRole).toString()}
                                     : index.data(BlockTreeModel::DevicesRole).toStringList();
        for (const QString& name : here)
            if (!names.contains(name)) names << name;
    }
    return names;
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
    addCorrections(m_tree);
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
    prepareRows(m_table);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(DeviceTableModel::Name, Qt::AscendingOrder);
    m_table->setIconSize(m_tree->iconSize());
    addExportAction(
        m_table, [this](const QByteArray& csv) { emit exportRequested(csv, QStringLiteral("devices.csv")); });
    addColumnMenu(m_table);
    addCorrections(m_table);
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
    QStringList stages;
    for (const structure::StageDescription& stage : m_structure->stages)
        if (stage.stage != structure::Stage::Bias)
            stages << tr("%1: %2").arg(stageTitle(stage.stage), QString::fromStdString(stage.type));
    if (!stages.isEmpty()) text += QLatin1Char('\n') + stages.join(QStringLiteral(" · "));
    if (!m_structure->ports && !m_structure->portsProblem.empty())
        text += QLatin1Char('\n') + QString::fromStdString(m_structure->portsProblem);
    m_supply->setVisible(m_structure->proposedSupply >= 0);
    if (m_structure->proposedSupply >= 0)
        m_supply->setText(tr("Take “%1” as supply")
                              .arg(QString::fromStdString(
                                  m_circuit->nets[static_cast<std::size_t>(m_structure->proposedSupply)])));
    m_summary->setText(text);
}

void BlocksView::applyFilter(const QString& text) {
    m_treeFilter->setFilterFixedString(text);
    m_tableFilter->setFilterFixedString(text);
    m_tree->expandAll();
}

void BlocksView::showDetail(const QString& text) {
    m_detail->setHtml(text);
    m_detail->setVisible(!text.isEmpty());
}

// One device in full, one block by its reason; more than one say nothing in particular.
void BlocksView::explain(const QStringList& devices, const QStringList& reasons) {
    if (reasons.size() != 1 || !m_circuit || !m_structure) return showDetail({});
    if (devices.size() != 1) return showDetail(reasons.front().toHtmlEscaped());
    const auto device = m_circuit->findDevice(devices.front().toStdString());
    showDetail(device
                   ? explanationHtml(devices.front(), structure::explain(*m_circuit, *m_structure, *device))
                   : reasons.front().toHtmlEscaped());
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
    explain(names, reasons);
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
    explain(names, reasons);
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
    explain(names, names.size() == 1 ? QStringList{firstInTree.data(BlockTreeModel::ReasonRole).toString()}
                                     : QStringList{});
    m_selecting = false;
}

} // namespace headroom::widgets
