#include "widgets/slack/slack_mover.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QTableWidget>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

#include "widgets/common/icons.h"
#include "widgets/common/quantity_text.h"
#include "widgets/common/table_export.h"
#include "widgets/common/theme.h"

namespace headroom::widgets {
namespace {

constexpr int kSteps = 400;
/// How long the keyboard leaves the slider alone before the sizing is simulated.
constexpr int kRestMilliseconds = 400;

enum Column { Name, Limit, Predicted, Simulated, ColumnCount };

bool holds(const MovedPerformance& row, double value) {
    return !std::isnan(value) && (!row.minimum || value >= *row.minimum) &&
           (!row.maximum || value <= *row.maximum);
}

} // namespace

SlackMover::SlackMover(QWidget* parent)
    : QWidget(parent)
    , m_title(new QLabel(this))
    , m_slider(new QSlider(Qt::Horizontal, this))
    , m_value(new QLineEdit(this))
    , m_low(new QLabel(this))
    , m_high(new QLabel(this))
    , m_state(new QLabel(this))
    , m_performances(new QTableWidget(0, ColumnCount, this))
    , m_reset(new QPushButton(icon(QStringLiteral("undo")), tr("&Back"), this))
    , m_use(new QPushButton(icon(QStringLiteral("met")), tr("&Use This Sizing"), this))
    , m_rest(new QTimer(this)) {
    m_title->setObjectName(QStringLiteral("slackMoverTitle"));
    m_title->setWordWrap(true);
    m_slider->setObjectName(QStringLiteral("slackSlider"));
    m_slider->setAccessibleName(tr("Value of the chosen size"));
    m_slider->setRange(0, kSteps);
    m_slider->setPageStep(kSteps / 20);
    m_value->setObjectName(QStringLiteral("slackValue"));
    m_value->setMaximumWidth(fontMetrics().averageCharWidth() * 14);
    m_state->setObjectName(QStringLiteral("slackMoverState"));
    m_state->setWordWrap(true);
    m_performances->setObjectName(QStringLiteral("slackPerformances"));
    m_performances->setAccessibleName(tr("Performances of the moved sizing"));
    m_performances->setHorizontalHeaderLabels(
        {tr("Performance"), tr("Limit"), tr("Predicted"), tr("Simulated")});
    m_performances->verticalHeader()->hide();
    m_performances->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    m_performances->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_performances->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_performances->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_performances->setShowGrid(false);
    m_performances->setTabKeyNavigation(false);
    addCopyAction(m_performances);
    m_reset->setObjectName(QStringLiteral("slackReset"));
    m_reset->setToolTip(tr("Back to the sizing that the slack is of"));
    m_use->setObjectName(QStringLiteral("slackUse"));
    m_use->setToolTip(tr("Puts these sizes into the netlist; can be undone"));
    m_rest->setSingleShot(true);
    m_rest->setInterval(kRestMilliseconds);
    auto* ends = new QHBoxLayout;
    ends->addWidget(m_low);
    ends->addWidget(m_slider, 1);
    ends->addWidget(m_high);
    ends->addWidget(m_value);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_state, 1);
    buttons->addWidget(m_reset);
    buttons->addWidget(m_use);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(6, 4, 6, 4);
    column->addWidget(m_title);
    column->addLayout(ends);
    column->addWidget(m_performances, 1);
    column->addLayout(buttons);
    connect(m_slider, &QSlider::valueChanged, this, [this](int position) {
        const double value = valueAt(position);
        showValue(value);
        emit moveRequested(m_row, value);
        if (!m_slider->isSliderDown()) m_rest->start();
    });
    connect(m_slider, &QSlider::sliderReleased, this, [this] {
        m_rest->stop();
        if (m_moved) emit settled();
    });
    connect(m_rest, &QTimer::timeout, this, [this] {
        if (m_moved) emit settled();
    });
    connect(m_value, &QLineEdit::returnPressed, this, &SlackMover::typed);
    connect(m_reset, &QPushButton::clicked, this, &SlackMover::resetRequested);
    connect(m_use, &QPushButton::clicked, this, &SlackMover::useRequested);
    connect(&Theme::instance(), &Theme::changed, this, &SlackMover::showPerformances);
    setRow(nullptr, -1);
}

double SlackMover::valueAt(int position) const {
    const SlackRow& row = m_data->rows[static_cast<std::size_t>(m_row)];
    // The middle is the sizing itself, so that it can be found again.
    const double share = 2.0 * position / kSteps - 1;
    const double end = share < 0 ? row.reachLow : row.reachHigh;
    return row.value * std::pow(end / row.value, std::abs(share));
}

int SlackMover::positionOf(double value) const {
    const SlackRow& row = m_data->rows[static_cast<std::size_t>(m_row)];
    const double end = value < row.value ? row.reachLow : row.reachHigh;
    if (end == row.value || !(value > 0)) return kSteps / 2;
    const double share = std::min(1.0, std::log(value / row.value) / std::log(end / row.value));
    return static_cast<int>(std::lround(kSteps / 2.0 * (1 + (value < row.value ? -share : share))));
}

void SlackMover::showValue(double value) {
    const SlackRow& row = m_data->rows[static_cast<std::size_t>(m_row)];
    m_value->setText(quantityText(value, row.unit.toUtf8().constData(), 4));
}

void SlackMover::setRow(std::shared_ptr<const SlackData> data, int row) {
    m_data = std::move(data);
    m_row = m_data && row >= 0 && row < static_cast<int>(m_data->rows.size()) ? row : -1;
    m_rest->stop();
    const bool isThere = m_row >= 0;
    for (QWidget* widget : std::initializer_list<QWidget*>{m_slider, m_value})
        widget->setEnabled(isThere);
    const QSignalBlocker quiet(m_slider);
    m_slider->setValue(kSteps / 2);
    if (!isThere) {
        m_title->setText(tr("Choose a size in the table to move it; the others follow."));
        m_low->clear();
        m_high->clear();
        m_value->clear();
    } else {
        const SlackRow& chosen = m_data->rows[static_cast<std::size_t>(m_row)];
        const QByteArray unit = chosen.unit.toUtf8();
        m_title->setText(tr("Move %1; the others follow.").arg(chosen.name));
        m_low->setText(quantityText(chosen.reachLow, unit.constData(), 3));
        m_high->setText(quantityText(chosen.reachHigh, unit.constData(), 3));
        showValue(chosen.value);
    }
    setMoved(nullptr);
}

void SlackMover::setMoved(std::shared_ptr<const MovedSizing> moved) {
    m_moved = std::move(moved);
    m_reset->setEnabled(m_moved != nullptr);
    m_use->setEnabled(m_moved != nullptr);
    if (m_row >= 0 && !m_slider->isSliderDown() && !m_moved) {
        const QSignalBlocker quiet(m_slider);
        m_slider->setValue(kSteps / 2);
        showValue(m_data->rows[static_cast<std::size_t>(m_row)].value);
    }
    showPerformances();
}

void SlackMover::typed() {
    if (m_row < 0) return;
    const SlackRow& row = m_data->rows[static_cast<std::size_t>(m_row)];
    QString problem;
    const auto value = parsedQuantity(m_value->text(), row.unit.toUtf8().constData(), &problem);
    if (!value || !(*value > 0)) {
        m_state->setText(problem.isEmpty() ? tr("A size is more than zero.") : problem);
        return;
    }
    const double within = std::clamp(*value, row.reachLow, row.reachHigh);
    {
        const QSignalBlocker quiet(m_slider);
        m_slider->setValue(positionOf(within));
    }
    showValue(within);
    emit moveRequested(m_row, within);
    emit settled();
}

void SlackMover::showPerformances() {
    m_performances->setRowCount(m_moved ? static_cast<int>(m_moved->performances.size()) : 0);
    m_state->clear();
    if (!m_moved) return;
    bool isSimulated = !m_moved->performances.empty(), allHold = true;
    for (int index = 0; index < m_performances->rowCount(); ++index) {
        const MovedPerformance& row = m_moved->performances[static_cast<std::size_t>(index)];
        const simulation::PerformanceInfo& info = simulation::info(row.performance);
        isSimulated = isSimulated && row.simulated.has_value();
        const bool held = !row.simulated || holds(row, *row.simulated);
        allHold = allHold && held;
        const auto set = [&](int column, const QString& text, bool good) {
            auto* item = new QTableWidgetItem(text);
            item->setTextAlignment(Qt::AlignVCenter | (column == Name ? Qt::AlignLeft : Qt::AlignRight));
            item->setToolTip(QString::fromUtf8(info.definition));
            if (!good) {
                item->setForeground(Theme::instance().color(ColorRole::Failed));
                item->setIcon(icon(QStringLiteral("failed"), ColorRole::Failed));
            }
            m_performances->setItem(index, column, item);
        };
        set(Name, QString::fromUtf8(info.title), true);
        set(Limit, limitsText(row.minimum, row.maximum, info.unit), true);
        set(Predicted, std::isnan(row.predicted) ? QString() : quantityText(row.predicted, info.unit),
            std::isnan(row.predicted) || holds(row, row.predicted));
        set(Simulated, row.simulated ? quantityText(*row.simulated, info.unit) : QString(), held);
    }
    if (!m_moved->problem.isEmpty())
        m_state->setText(m_moved->problem);
    else if (m_moved->isSimulating)
        m_state->setText(tr("Simulating..."));
    else if (isSimulated)
        m_state->setText(allHold ? tr("Simulated: it holds.") : tr("Simulated: it does not hold."));
    else
        m_state->setText(m_moved->isExpectedToHold ? tr("Predicted: it holds.")
                                                   : tr("Predicted: it does not hold."));
}

} // namespace headroom::widgets
