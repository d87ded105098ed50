#include "widgets/slack/slack_view.h"

#include <QAction>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

#include "widgets/common/icons.h"
#include "widgets/common/picture_export.h"
#include "widgets/common/table_columns.h"
#include "widgets/common/table_export.h"
#include "widgets/slack/signed_map.h"
#include "widgets/slack/slack_bars.h"
#include "widgets/slack/slack_model.h"
#include "widgets/slack/slack_mover.h"

namespace headroom::widgets {

SlackView::SlackView(QWidget* parent)
    : Panel(QStringLiteral("slackPanel"), tr("Slack"), parent) {
    auto* content = new QWidget(this);
    m_tabs = new QTabWidget(content);
    m_tabs->setObjectName(QStringLiteral("slackTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(buildSizes(), icon(QStringLiteral("slack")), tr("Sizes"));
    m_directions = new SignedMap;
    m_directions->setObjectName(QStringLiteral("slackDirections"));
    m_directions->setAccessibleName(tr("Principal directions"));
    m_correlation = new SignedMap;
    m_correlation->setObjectName(QStringLiteral("slackCorrelation"));
    m_correlation->setAccessibleName(tr("Correlation of sizes"));
    m_tabs->addTab(m_directions, icon(QStringLiteral("sizing")), tr("Directions"));
    m_tabs->addTab(m_correlation, icon(QStringLiteral("blocks")), tr("Correlation"));
    for (SignedMap* map : {m_directions, m_correlation})
        connect(map, &SignedMap::exportRequested, this, &Panel::exportRequested);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildBar());
    column->addWidget(m_tabs, 1);
    column->addStretch();
    setContent(content);
    setData(nullptr);
}

QWidget* SlackView::buildBar() {
    auto* bar = new QWidget;
    m_summary = new QLabel(bar);
    m_summary->setObjectName(QStringLiteral("slackSummary"));
    m_summary->setWordWrap(true);
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_summary->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_held = new QComboBox(bar);
    m_held->setObjectName(QStringLiteral("slackHeld"));
    m_held->addItem(tr("Hold the specification"), QVariant::fromValue(Held::Specification));
    m_held->addItem(tr("Hold what it achieves"), QVariant::fromValue(Held::OwnPerformances));
    m_held->setToolTip(tr("What every sizing of the room has to hold"));
    m_tolerance = new QDoubleSpinBox(bar);
    m_tolerance->setObjectName(QStringLiteral("slackTolerance"));
    m_tolerance->setAccessibleName(tr("Tolerance"));
    m_tolerance->setRange(0, 100);
    m_tolerance->setDecimals(1);
    m_tolerance->setSuffix(tr(" %"));
    m_tolerance->setPrefix(tr("within "));
    m_tolerance->setValue(5);
    m_tolerance->setToolTip(tr("How much worse than that still holds"));
    m_find = new QPushButton(icon(QStringLiteral("slack")), tr("&Find Slack"), bar);
    m_find->setObjectName(QStringLiteral("slackFind"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(6, 3, 6, 3);
    row->addWidget(m_summary, 1);
    row->addWidget(m_held);
    row->addWidget(m_tolerance);
    row->addWidget(m_find);
    connect(m_find, &QPushButton::clicked, this, &SlackView::findRequested);
    connect(m_held, &QComboBox::currentIndexChanged, this, &SlackView::settingsChanged);
    connect(m_tolerance, &QDoubleSpinBox::valueChanged, this, &SlackView::settingsChanged);
    return bar;
}

QWidget* SlackView::buildSizes() {
    m_splitter = new QSplitter(Qt::Vertical);
    m_splitter->setObjectName(QStringLiteral("slackSplitter"));
    m_splitter->setChildrenCollapsible(false);
    m_model = new SlackModel(this);
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("slackTable"));
    m_table->setAccessibleName(tr("Room of each size"));
    m_table->setModel(m_model);
    m_table->setItemDelegateForColumn(SlackModel::Room, new SlackBarDelegate(m_table));
    prepareRows(m_table);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 10);
    addExportAction(
        m_table, [this](const QByteArray& csv) { emit exportRequested(csv, QStringLiteral("slack.csv")); });
    auto* picture = new QAction(icon(QStringLiteral("export")), tr("Picture of the bars"), m_table);
    picture->setObjectName(QStringLiteral("slackPicture"));
    auto* formats = new QMenu(m_table);
    picture->setMenu(formats);
    connect(formats, &QMenu::aboutToShow, this, [this, formats] {
        formats->clear();
        if (!m_data) return;
        const auto render = [data = m_data](ExportFormat format) {
            return renderPicture(format, slackChartSize(*data), QStringLiteral("slack"),
                                 [&](QPainter& painter) { paintSlackChart(painter, *data); });
        };
        const auto handOver = [this](const QByteArray& contents, const QString& name) {
            emit exportRequested(contents, name);
        };
        addExportActions(*formats, *this, {QStringLiteral("slack"), render, handOver, false});
    });
    m_table->addAction(picture);
    addColumnMenu(m_table);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) { chooseRow(current.row()); });
    m_mover = new SlackMover;
    connect(m_mover, &SlackMover::moveRequested, this, &SlackView::moveRequested);
    connect(m_mover, &SlackMover::settled, this, &SlackView::moveSettled);
    connect(m_mover, &SlackMover::resetRequested, this, &SlackView::moveReset);
    connect(m_mover, &SlackMover::useRequested, this, &SlackView::useRequested);
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(m_mover);
    return m_splitter;
}

void SlackView::setData(std::shared_ptr<const SlackData> data, const QString& sentence,
                        const QString& action) {
    const bool isThere = data != nullptr;
    fill(std::move(data));
    setContentPresent(isThere, sentence, action);
}

void SlackView::setReady(const QString& sentence) {
    fill(nullptr);
    m_summary->setText(sentence);
    setContentPresent(true);
}

void SlackView::fill(std::shared_ptr<const SlackData> data) {
    const QString before = m_mover->row() >= 0 && m_data
                               ? m_data->rows[static_cast<std::size_t>(m_mover->row())].name
                               : QString();
    m_data = std::move(data);
    m_following = true;
    m_model->setData(m_data);
    fillMaps();
    int row = -1;
    if (m_data) {
        for (std::size_t index = 0; index < m_data->rows.size(); ++index)
            if (m_data->rows[index].name == before) row = static_cast<int>(index);
        if (row < 0 && !m_data->rows.empty()) row = 0;
    }
    m_mover->setRow(m_data, row);
    if (row >= 0) m_table->selectRow(row);
    m_following = false;
    if (m_data) {
        m_summary->setText(tr("Slack of %1, holding %2. %3 of %4 samples that were simulated hold it; %5 "
                              "simulations.")
                               .arg(m_data->origin, m_data->held)
                               .arg(m_data->confirmed)
                               .arg(m_data->checked)
                               .arg(m_data->simulations));
        fitColumns(m_table);
        m_table->setColumnWidth(SlackModel::Room, std::max(200, m_table->columnWidth(SlackModel::Room)));
    }
    m_tabs->setVisible(m_data != nullptr);
    if (m_data && !m_placed) {
        m_placed = true;
        m_splitter->setSizes({58, 42});
    }
}

void SlackView::setMoved(std::shared_ptr<const MovedSizing> moved) {
    m_model->setMoved(moved ? moved->values : std::vector<double>());
    m_mover->setMoved(std::move(moved));
}

void SlackView::setFindable(bool findable, const QString& what) {
    m_find->setEnabled(findable);
    m_find->setToolTip(what.isEmpty() ? tr("How far each size may move")
                                      : tr("Look for the slack of %1").arg(what));
}

SlackView::Held SlackView::held() const {
    return m_held->currentData().value<Held>();
}

double SlackView::tolerance() const {
    return m_tolerance->value() / 100;
}

void SlackView::setSettings(Held held, double tolerance) {
    const QSignalBlocker quietHeld(m_held), quietTolerance(m_tolerance);
    m_held->setCurrentIndex(std::max(0, m_held->findData(QVariant::fromValue(held))));
    m_tolerance->setValue(100 * tolerance);
}

void SlackView::chooseRow(int row) {
    if (!m_data || m_following) return;
    m_mover->setRow(m_data, row);
    m_model->setMoved({});
    emit moveReset();
    if (row >= 0) emit devicesSelected(m_data->rows[static_cast<std::size_t>(row)].devices);
}

void SlackView::selectDevices(const QStringList& names) {
    if (!m_data || names.isEmpty()) return;
    const auto shares = [&](const SlackRow& row) {
        return std::any_of(names.begin(), names.end(), [&](const QString& name) {
            return row.devices.contains(name, Qt::CaseInsensitive);
        });
    };
    const int present = m_mover->row();
    if (present >= 0 && shares(m_data->rows[static_cast<std::size_t>(present)])) return;
    const auto found = std::find_if(m_data->rows.begin(), m_data->rows.end(), shares);
    if (found == m_data->rows.end()) return;
    const int row = static_cast<int>(found - m_data->rows.begin());
    m_following = true;
    m_table->selectRow(row);
    m_following = false;
    m_mover->setRow(m_data, row);
    m_model->setMoved({});
    emit moveReset();
}

void SlackView::fillMaps() {
    SignedMapData correlation{QStringLiteral("correlation"), QStringLiteral("size"), {}, {}, {}};
    SignedMapData directions{QStringLiteral("directions"), QStringLiteral("size"), {}, {}, {}};
    if (m_data) {
        for (const SlackRow& row : m_data->rows)
            correlation.rows << row.name;
        correlation.columns = directions.rows = correlation.rows;
        correlation.values = m_data->correlation;
        directions.values.assign(m_data->rows.size(), {});
        for (std::size_t index = 0; index < m_data->directions.size(); ++index) {
            const SlackDirectionRow& direction = m_data->directions[index];
            const double percent = 100 * std::expm1(direction.deviation);
            directions.columns << tr("%1: %2 %").arg(index + 1).arg(QString::number(percent, 'f', 1));
            for (std::size_t row = 0; row < m_data->rows.size(); ++row)
                directions.values[row].push_back(direction.components[row]);
        }
    }
    m_correlation->setData(std::move(correlation));
    m_directions->setData(std::move(directions));
}

} // namespace headroom::widgets
