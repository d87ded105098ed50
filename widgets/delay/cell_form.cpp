#include "widgets/delay/cell_form.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QToolButton>

#include <algorithm>

#include "core/delay/cell.h"
#include "widgets/common/icons.h"
#include "widgets/delay/range_edit.h"

namespace headroom::widgets {
namespace {

constexpr int kMostSamples = 1000000;
constexpr int kHighestSeed = 1000000000;
constexpr double kMostProcess = 4;

QVariantMap stateOf(const delay::Range& range) {
    return {{QStringLiteral("low"), range.low}, {QStringLiteral("high"), range.high}};
}

delay::Range rangeOf(const QVariant& state, const delay::Range& otherwise) {
    const QVariantMap map = state.toMap();
    bool isLow = false, isHigh = false;
    const delay::Range range{map.value(QStringLiteral("low")).toDouble(&isLow),
                             map.value(QStringLiteral("high")).toDouble(&isHigh)};
    return isLow && isHigh && range.low <= range.high ? range : otherwise;
}

} // namespace

CellForm::CellForm(QWidget* parent)
    : QWidget(parent)
    , m_cell(new QComboBox(this))
    , m_samples(new QSpinBox(this))
    , m_seed(new QSpinBox(this))
    , m_process(new QDoubleSpinBox(this))
    , m_supply(new RangeEdit(QStringLiteral("delaySupply"), tr("Supply"), "V", tr("\u00b1 10 %"), this))
    , m_temperature(new RangeEdit(QStringLiteral("delayTemperature"), tr("Temperature"), "C", {}, this))
    , m_load(new RangeEdit(QStringLiteral("delayLoad"), tr("Load"), "F", {}, this))
    , m_slew(new RangeEdit(QStringLiteral("delaySlew"), tr("Input slew"), "s", {}, this))
    , m_simulate(new QPushButton(icon(QStringLiteral("simulate")), tr("&Simulate"), this)) {
    m_cell->setObjectName(QStringLiteral("delayCell"));
    for (const std::string& name : delay::shippedCells())
        m_cell->addItem(QString::fromStdString(name), QString::fromStdString(name));
    m_cell->setToolTip(tr("A static cell in transistors of the project's technology"));
    m_cell->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_cell->setMinimumContentsLength(8);
    auto* file = new QToolButton(this);
    file->setObjectName(QStringLiteral("delayCellFile"));
    file->setIcon(icon(QStringLiteral("open")));
    file->setToolTip(tr("Take a cell of your own from a SPICE file"));
    file->setAccessibleName(tr("Open cell"));
    const auto prepare = [](auto* box, const char* name, auto low, auto high, const QString& tip) {
        box->setObjectName(QLatin1String(name));
        box->setRange(low, high);
        box->setToolTip(tip);
    };
    prepare(m_samples, "delaySamples", 1, kMostSamples,
            tr("Random conditions. A larger table begins with the rows of the smaller one"));
    m_samples->setSingleStep(100);
    prepare(m_seed, "delaySeed", 0, kHighestSeed, tr("Equal seeds give equal rows"));
    prepare(m_process, "delayProcess", 0.0, kMostProcess,
            tr("How far threshold, oxide, mobility, length, doping and junction depth vary, by the usual "
               "deviations; 0: nominal process"));
    m_process->setSingleStep(0.25);
    m_process->setPrefix(QStringLiteral("\u00d7 "));
    m_simulate->setObjectName(QStringLiteral("delaySimulate"));
    auto* cell = new QHBoxLayout;
    cell->addWidget(m_cell, 1);
    cell->addWidget(file);
    auto* form = new QFormLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    form->addRow(tr("Cell"), cell);
    form->addRow(tr("Rows"), m_samples);
    form->addRow(tr("Process"), m_process);
    form->addRow(tr("Supply"), m_supply);
    form->addRow(tr("Temperature"), m_temperature);
    form->addRow(tr("Load"), m_load);
    form->addRow(tr("Input slew"), m_slew);
    form->addRow(tr("Seed"), m_seed);
    form->addRow(m_simulate);
    setWishes({});
    connect(file, &QToolButton::clicked, this, &CellForm::cellFileRequested);
    connect(m_simulate, &QPushButton::clicked, this, &CellForm::simulateRequested);
    connect(m_cell, &QComboBox::currentIndexChanged, this, &CellForm::edited);
    connect(m_samples, &QSpinBox::valueChanged, this, &CellForm::edited);
    connect(m_seed, &QSpinBox::valueChanged, this, &CellForm::edited);
    connect(m_process, &QDoubleSpinBox::valueChanged, this, &CellForm::edited);
    for (RangeEdit* range : {m_supply, m_temperature, m_load, m_slew}) {
        connect(range, &RangeEdit::edited, this, &CellForm::edited);
        connect(range, &RangeEdit::edited, this, &CellForm::updateButton);
    }
}

std::optional<CellWishes> CellForm::wishes() const {
    const auto supply = m_supply->range(), temperature = m_temperature->range(), load = m_load->range(),
               slew = m_slew->range();
    if (!supply || !temperature || !load || !slew) return std::nullopt;
    return CellWishes{m_cell->currentData().toString(),
                      m_samples->value(),
                      m_seed->value(),
                      {m_process->value(), *supply, *temperature, *load, *slew}};
}

void CellForm::setWishes(const CellWishes& wishes) {
    const QSignalBlocker quiet[] = {QSignalBlocker(m_cell), QSignalBlocker(m_samples), QSignalBlocker(m_seed),
                                    QSignalBlocker(m_process)};
    int index = m_cell->findData(wishes.cell);
    if (index < 0 && !wishes.cell.isEmpty()) {
        m_cell->addItem(wishes.cell.section(QLatin1Char('/'), -1), wishes.cell);
        index = m_cell->count() - 1;
        m_cell->setItemData(index, wishes.cell, Qt::ToolTipRole);
    }
    m_cell->setCurrentIndex(std::max(0, index));
    m_samples->setValue(wishes.samples);
    m_seed->setValue(wishes.seed);
    m_process->setValue(wishes.ranges.processScale);
    m_supply->setRange(wishes.ranges.supplyVolts);
    m_temperature->setRange(wishes.ranges.temperature);
    m_load->setRange(wishes.ranges.loadFarads);
    m_slew->setRange(wishes.ranges.slewSeconds);
    updateButton();
}

void CellForm::setSimulatable(bool allowed, const QString& technology) {
    m_allowed = allowed;
    m_simulate->setToolTip(
        technology.isEmpty()
            ? QString()
            : tr("Simulate every arc and edge of the cell with ngspice in %1").arg(technology));
    updateButton();
}

void CellForm::updateButton() {
    m_simulate->setEnabled(m_allowed && wishes().has_value());
}

QVariantMap CellForm::state() const {
    const auto present = wishes();
    if (!present) return {};
    return {{QStringLiteral("cell"), present->cell},
            {QStringLiteral("samples"), present->samples},
            {QStringLiteral("seed"), present->seed},
            {QStringLiteral("process"), present->ranges.processScale},
            {QStringLiteral("supply"), stateOf(present->ranges.supplyVolts)},
            {QStringLiteral("temperature"), stateOf(present->ranges.temperature)},
            {QStringLiteral("load"), stateOf(present->ranges.loadFarads)},
            {QStringLiteral("slew"), stateOf(present->ranges.slewSeconds)}};
}

void CellForm::restoreState(const QVariantMap& state) {
    CellWishes wishes;
    wishes.cell = state.value(QStringLiteral("cell"), wishes.cell).toString();
    wishes.samples = state.value(QStringLiteral("samples"), wishes.samples).toInt();
    wishes.seed = state.value(QStringLiteral("seed"), wishes.seed).toInt();
    wishes.ranges.processScale =
        state.value(QStringLiteral("process"), wishes.ranges.processScale).toDouble();
    wishes.ranges.supplyVolts = rangeOf(state.value(QStringLiteral("supply")), wishes.ranges.supplyVolts);
    wishes.ranges.temperature =
        rangeOf(state.value(QStringLiteral("temperature")), wishes.ranges.temperature);
    wishes.ranges.loadFarads = rangeOf(state.value(QStringLiteral("load")), wishes.ranges.loadFarads);
    wishes.ranges.slewSeconds = rangeOf(state.value(QStringLiteral("slew")), wishes.ranges.slewSeconds);
    setWishes(wishes);
}

} // namespace headroom::widgets
