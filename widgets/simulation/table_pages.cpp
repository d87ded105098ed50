#include "widgets/simulation/table_pages.h"

#include <QAction>
#include <QBoxLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QTableView>

#include <algorithm>

#include "widgets/common/icons.h"
#include "widgets/common/quantity_text.h"
#include "widgets/common/table_columns.h"
#include "widgets/common/table_export.h"
#include "widgets/simulation/device_point_model.h"
#include "widgets/simulation/performance_model.h"
#include "widgets/simulation/table_setup.h"

namespace headroom::widgets {
namespace {

QVBoxLayout* plainColumn(QWidget* parent) {
    auto* column = new QVBoxLayout(parent);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    return column;
}

} // namespace

OperatingPointPage::OperatingPointPage(QWidget* parent)
    : QWidget(parent)
    , m_devices(new DevicePointModel(this))
    , m_nets(new NetVoltageModel(this))
    , m_deviceTable(new QTableView)
    , m_netTable(new QTableView) {
    buildTables();
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_deviceTable);
    splitter->addWidget(m_netTable);
    splitter->setStretchFactor(0, 7);
    splitter->setStretchFactor(1, 3);
    auto* column = plainColumn(this);
    column->addWidget(buildHead());
    column->addWidget(splitter, 1);
}

QWidget* OperatingPointPage::buildHead() {
    auto* head = new QWidget(this);
    m_summary = new QLabel(head);
    m_summary->setObjectName(QStringLiteral("simulationPointSummary"));
    m_summary->setWordWrap(true);
    m_filter = new QLineEdit(head);
    m_filter->setObjectName(QStringLiteral("simulationFilter"));
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setPlaceholderText(tr("Filter by name, function or region"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_deviceFilter->setFilterFixedString(text);
        m_netFilter->setFilterFixedString(text);
    });
    auto* find = new QAction(this);
    find->setShortcut(QKeySequence::Find);
    find->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QAction::triggered, this, &OperatingPointPage::focusFilter);
    addAction(find);
    auto* column = new QVBoxLayout(head);
    column->setContentsMargins(6, 4, 6, 4);
    column->setSpacing(3);
    column->addWidget(m_summary);
    column->addWidget(m_filter);
    return head;
}

void OperatingPointPage::buildTables() {
    m_deviceTable->setObjectName(QStringLiteral("simulationDevices"));
    m_deviceTable->setAccessibleName(tr("MOSFETs at the operating point"));
    m_netTable->setObjectName(QStringLiteral("simulationNets"));
    m_netTable->setAccessibleName(tr("Net voltages"));
    m_deviceFilter = prepareTable(m_deviceTable, m_devices);
    m_netFilter = prepareTable(m_netTable, m_nets);
    m_deviceTable->setMinimumHeight(fontMetrics().height() * 5);
    m_netTable->setMinimumHeight(fontMetrics().height() * 4);
    const int side = fontMetrics().height();
    m_deviceTable->setIconSize(QSize(side * 3 / 2, side));
    m_netTable->horizontalHeader()->setStretchLastSection(true);
    addExportAction(m_deviceTable, [this](const QByteArray& csv) {
        emit exportRequested(csv, QStringLiteral("operating_point.csv"));
    });
    addExportAction(m_netTable, [this](const QByteArray& csv) {
        emit exportRequested(csv, QStringLiteral("net_voltages.csv"));
    });
    addColumnMenu(m_deviceTable);
    auto* header = m_deviceTable->horizontalHeader();
    header->setSectionsMovable(true);
    for (const auto changed : {&QHeaderView::sectionMoved, &QHeaderView::sectionResized})
        connect(header, changed, this, &OperatingPointPage::columnsChanged);
    connect(header, &QHeaderView::sortIndicatorChanged, this, &OperatingPointPage::columnsChanged);
    connect(m_deviceTable->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &OperatingPointPage::selectionChanged);
}

void OperatingPointPage::focusFilter() {
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void OperatingPointPage::setData(const SimulationData& data) {
    QStringList selected;
    for (const QModelIndex& index : m_deviceTable->selectionModel()->selectedRows(0))
        selected << index.data(NameRole).toString();
    m_selecting = true;
    m_devices->setData(data);
    m_nets->setData(data);
    m_selecting = false;
    selectDevices(selected);
    summarise(data);
    if (m_fitted || m_devices->rowCount() == 0) return;
    m_fitted = true;
    if (!m_restored) fitDeviceColumns();
    fitColumns(m_netTable);
}

/// Many columns of short figures: as narrow as they can be read.
void OperatingPointPage::fitDeviceColumns() {
    fitColumns(m_deviceTable);
    const QAbstractItemView* view = m_deviceTable; // where the size hint is public
    const int air = fontMetrics().averageCharWidth() * 2;
    for (int column = DevicePointModel::Id; column < DevicePointModel::ColumnCount; ++column) {
        int width = view->sizeHintForColumn(column);
        for (const QString& line : m_devices->headerData(column, Qt::Horizontal, Qt::DisplayRole)
                                       .toString()
                                       .split(QLatin1Char('\n')))
            width = std::max(width, fontMetrics().horizontalAdvance(line));
        m_deviceTable->setColumnWidth(column, width + air);
    }
}

void OperatingPointPage::summarise(const SimulationData& data) {
    if (!data.evaluation) {
        m_summary->clear();
        return;
    }
    const simulation::OperatingPoint& point = data.evaluation->operatingPoint;
    if (point.devices.empty()) {
        m_summary->setText(tr("There is no operating point."));
        return;
    }
    QString text =
        tr("%1 MOSFETs, supply current %2, least saturation margin %3 (%4)")
            .arg(m_devices->rowCount())
            .arg(quantityText(point.supplyCurrent, "A"), quantityText(point.worstSaturationMargin, "V"),
                 QString::fromStdString(point.worstDevice));
    if (const int remarkable = m_devices->remarkable(); remarkable > 0)
        text += tr(", %1 to look at").arg(remarkable);
    m_summary->setText(text);
}

void OperatingPointPage::selectionChanged() {
    if (m_selecting) return;
    QStringList names;
    for (const QModelIndex& index : m_deviceTable->selectionModel()->selectedRows(0))
        names << index.data(NameRole).toString();
    emit devicesSelected(names);
}

void OperatingPointPage::selectDevices(const QStringList& names) {
    m_selecting = true;
    m_deviceTable->selectionModel()->clearSelection();
    QModelIndex first;
    for (const QString& name : names) {
        const int row = m_devices->rowOf(name);
        if (row < 0) continue;
        const QModelIndex index = m_deviceFilter->mapFromSource(m_devices->index(row, 0));
        if (!index.isValid()) continue;
        m_deviceTable->selectionModel()->select(index,
                                                QItemSelectionModel::Select | QItemSelectionModel::Rows);
        if (!first.isValid()) first = index;
    }
    if (first.isValid()) m_deviceTable->scrollTo(first);
    m_selecting = false;
}

QByteArray OperatingPointPage::columnState() const {
    return m_deviceTable->horizontalHeader()->saveState();
}

void OperatingPointPage::restoreColumnState(const QByteArray& state) {
    m_restored = m_deviceTable->horizontalHeader()->restoreState(state);
    // A state of another version may hide what can never be hidden here.
    if (m_restored) m_deviceTable->horizontalHeader()->setSectionHidden(DevicePointModel::Device, false);
}

PerformancePage::PerformancePage(QWidget* parent)
    : QWidget(parent)
    , m_model(new PerformanceModel(this))
    , m_table(new QTableView)
    , m_origin(new QLabel)
    , m_notes(new QLabel) {
    m_table->setObjectName(QStringLiteral("simulationPerformances"));
    m_table->setAccessibleName(tr("Performances"));
    prepareTable(m_table, m_model);
    m_table->horizontalHeader()->setStretchLastSection(true);
    addExportAction(m_table, [this](const QByteArray& csv) {
        emit exportRequested(csv, QStringLiteral("performances.csv"));
    });
    addColumnMenu(m_table);
    m_origin->setObjectName(QStringLiteral("simulationOrigin"));
    m_notes->setObjectName(QStringLiteral("simulationNotes"));
    for (QLabel* label : {m_origin, m_notes}) {
        label->setWordWrap(true);
        label->setContentsMargins(6, 4, 6, 4);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    auto* column = plainColumn(this);
    column->addWidget(m_origin);
    column->addWidget(m_table, 1);
    column->addWidget(m_notes);
}

void PerformancePage::setData(const SimulationData& data) {
    m_model->setData(data);
    if (!m_fitted && m_model->rowCount() > 0) {
        m_fitted = true;
        m_table->setColumnHidden(PerformanceModel::Definition, true); // takes what the others leave
        fitColumns(m_table);
        m_table->setColumnHidden(PerformanceModel::Definition, false);
    }
    QStringList notes;
    QString origin;
    if (data.evaluation) {
        const simulation::Evaluation& evaluation = *data.evaluation;
        origin = evaluation.fromCache ? tr("Taken from the cache: simulated before under the same conditions")
                                      : tr("Simulated by ngspice in %1, %2 analyses")
                                            .arg(durationText(evaluation.elapsedSeconds))
                                            .arg(evaluation.simulations);
        if (evaluation.error)
            notes << tr("No performances: %1").arg(QString::fromStdString(evaluation.error->message));
        for (const std::string& note : evaluation.notes)
            notes << QString::fromStdString(note);
    }
    m_origin->setText(origin);
    m_notes->setText(notes.join(QLatin1Char('\n')));
    m_notes->setVisible(!notes.isEmpty());
}

} // namespace headroom::widgets
