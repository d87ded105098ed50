#include "widgets/simulation/sweep_form.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

#include "widgets/common/icons.h"

namespace headroom::widgets {
namespace {

constexpr int kMostPoints = 501;
constexpr int kLeastWidth = 8; ///< characters of a figure with its unit

QLabel* labelFor(const QString& text, QWidget* buddy, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setBuddy(buddy);
    return label;
}

} // namespace

SweepForm::SweepForm(QWidget* parent)
    : QWidget(parent)
    , m_shown{simulation::Performance::GainDb, simulation::Performance::TransitFrequency,
              simulation::Performance::PhaseMargin, simulation::Performance::Power} {
    build();
}

void SweepForm::build() {
    m_owner = new QComboBox(this);
    m_owner->setObjectName(QStringLiteral("sweepOwner"));
    m_owner->setAccessibleName(tr("Device or condition to sweep"));
    m_owner->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_owner->setMinimumContentsLength(10);
    m_parameter = new QComboBox(this);
    m_parameter->setObjectName(QStringLiteral("sweepParameter"));
    m_parameter->setAccessibleName(tr("Parameter to sweep"));
    m_parameter->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    const auto edit = [this](const char* name, const QString& accessible) {
        auto* line = new QLineEdit(this);
        line->setObjectName(QString::fromLatin1(name));
        line->setAccessibleName(accessible);
        line->setMinimumWidth(fontMetrics().averageCharWidth() * kLeastWidth);
        line->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        connect(line, &QLineEdit::textChanged, this, &SweepForm::check);
        connect(line, &QLineEdit::editingFinished, this, &SweepForm::settingsChanged);
        return line;
    };
    m_from = edit("sweepFrom", tr("Sweep from"));
    m_to = edit("sweepTo", tr("Sweep to"));
    m_points = new QSpinBox(this);
    m_points->setObjectName(QStringLiteral("sweepPoints"));
    m_points->setAccessibleName(tr("Number of points"));
    m_points->setRange(2, kMostPoints);
    m_points->setValue(11);
    m_points->setSuffix(tr(" points"));
    m_logarithmic = new QCheckBox(tr("lo&garithmic"), this);
    m_logarithmic->setObjectName(QStringLiteral("sweepLogarithmic"));
    m_points->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    m_owner->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    buildButtons();
    const auto row = [](std::initializer_list<QWidget*> widgets) {
        auto* line = new QHBoxLayout;
        line->setSpacing(6);
        for (QWidget* widget : widgets)
            line->addWidget(widget);
        return line;
    };
    auto* first = row({labelFor(tr("S&weep"), m_owner, this), m_owner, m_parameter, m_points, m_logarithmic});
    auto* second = row({labelFor(tr("&from"), m_from, this), m_from, labelFor(tr("&to"), m_to, this), m_to,
                        m_performances, m_start, m_stop});
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(6, 4, 6, 4);
    column->setSpacing(4);
    column->addLayout(first);
    column->addLayout(second);
    connect(m_owner, &QComboBox::currentIndexChanged, this, &SweepForm::ownerChosen);
    connect(m_parameter, &QComboBox::currentIndexChanged, this, &SweepForm::variableChosen);
    connect(m_points, &QSpinBox::valueChanged, this, &SweepForm::settingsChanged);
    connect(m_logarithmic, &QCheckBox::toggled, this, &SweepForm::check);
    connect(m_logarithmic, &QCheckBox::toggled, this, &SweepForm::settingsChanged);
    check();
}

void SweepForm::buildButtons() {
    m_performances = new QToolButton(this);
    m_performances->setObjectName(QStringLiteral("sweepPerformances"));
    m_performances->setText(tr("C&urves"));
    m_performances->setToolTip(tr("The performances to draw over the sweep"));
    m_performances->setPopupMode(QToolButton::InstantPopup);
    buildPerformanceMenu();
    m_start = new QPushButton(icon(QStringLiteral("simulate")), tr("&Run Sweep"), this);
    m_start->setObjectName(QStringLiteral("sweepStart"));
    m_stop = new QPushButton(icon(QStringLiteral("cancel")), tr("&Cancel"), this);
    m_stop->setObjectName(QStringLiteral("sweepStop"));
    m_stop->hide();
    connect(m_start, &QPushButton::clicked, this, &SweepForm::startRequested);
    connect(m_stop, &QPushButton::clicked, this, &SweepForm::stopRequested);
}

void SweepForm::buildPerformanceMenu() {
    auto* menu = new QMenu(m_performances);
    for (const simulation::PerformanceInfo& info : simulation::performanceInfos()) {
        QAction* action = menu->addAction(QString::fromUtf8(info.title));
        action->setObjectName(QString::fromLatin1(info.name));
        action->setCheckable(true);
        action->setChecked(m_shown.contains(info.performance));
        action->setToolTip(QString::fromUtf8(info.definition));
        connect(action, &QAction::toggled, this, [this, performance = info.performance](bool on) {
            if (on)
                m_shown.insert(performance);
            else
                m_shown.erase(performance);
            emit performancesChanged();
            emit settingsChanged();
        });
    }
    m_performances->setMenu(menu);
}

void SweepForm::setShownPerformances(const std::set<simulation::Performance>& shown) {
    m_shown = shown;
    for (QAction* action : m_performances->menu()->actions()) {
        const QSignalBlocker blocker(action);
        const auto performance = simulation::performanceFromName(action->objectName().toStdString());
        action->setChecked(performance && shown.contains(*performance));
    }
    emit performancesChanged();
}

void SweepForm::setVariables(std::vector<SweepVariable> variables) {
    const SweepVariable* before = variable();
    const QString kept = m_wanted ? m_wanted->variable : before != nullptr ? before->id() : QString();
    m_filling = true;
    m_variables = std::move(variables);
    m_owner->clear();
    for (const SweepVariable& each : m_variables) {
        if (m_owner->findText(each.owner) < 0) m_owner->addItem(each.owner);
    }
    m_filling = false;
    const int index = indexOf(kept);
    choose(std::max(index, 0));
    if (m_wanted && index >= 0) setSettings(SweepSettings(*m_wanted));
    check();
}

int SweepForm::indexOf(const QString& id) const {
    const auto found = std::find_if(m_variables.begin(), m_variables.end(),
                                    [&](const SweepVariable& each) { return each.id() == id; });
    return found == m_variables.end() ? -1 : static_cast<int>(found - m_variables.begin());
}

void SweepForm::choose(int index) {
    if (index < 0 || static_cast<std::size_t>(index) >= m_variables.size()) {
        m_parameter->clear();
        return;
    }
    const SweepVariable& wanted = m_variables[static_cast<std::size_t>(index)];
    m_filling = true;
    m_owner->setCurrentText(wanted.owner);
    m_parameter->clear();
    for (const SweepVariable& each : m_variables) {
        if (each.owner == wanted.owner) m_parameter->addItem(each.title, each.id());
    }
    m_parameter->setCurrentIndex(m_parameter->findData(wanted.id()));
    m_filling = false;
    variableChosen();
}

void SweepForm::chooseDevice(const QString& device) {
    const SweepVariable* present = variable();
    if (present != nullptr && present->devices.contains(device)) return;
    for (std::size_t i = 0; i < m_variables.size(); ++i) {
        if (!m_variables[i].devices.contains(device)) continue;
        choose(static_cast<int>(i));
        return;
    }
}

void SweepForm::ownerChosen() {
    if (m_filling) return;
    m_wanted.reset();
    const QString parameter = m_parameter->currentText();
    int first = -1, same = -1;
    for (std::size_t i = 0; i < m_variables.size(); ++i) {
        if (m_variables[i].owner != m_owner->currentText()) continue;
        if (first < 0) first = static_cast<int>(i);
        if (m_variables[i].title == parameter) same = static_cast<int>(i);
    }
    choose(same >= 0 ? same : first);
}

void SweepForm::variableChosen() {
    if (m_filling) return;
    const SweepVariable* chosen = variable();
    if (chosen != nullptr && chosen->id() != m_ranged) suggestRange();
    const bool corner = chosen != nullptr && chosen->kind == SweepVariable::Kind::Corner;
    for (QWidget* widget : std::initializer_list<QWidget*>{m_from, m_to, m_points, m_logarithmic})
        widget->setEnabled(!corner && !m_running);
    m_parameter->setToolTip(
        chosen == nullptr || chosen->devices.size() < 2
            ? QString()
            : tr("%1 take the same value").arg(chosen->devices.join(QStringLiteral(", "))));
    check();
    emit settingsChanged();
}

void SweepForm::suggestRange() {
    const SweepVariable& chosen = *variable();
    m_ranged = chosen.id();
    m_from->setText(chosen.text(chosen.low));
    m_to->setText(chosen.text(chosen.high));
}

const SweepVariable* SweepForm::variable() const {
    const int index = indexOf(m_parameter->currentData().toString());
    return index < 0 ? nullptr : &m_variables[static_cast<std::size_t>(index)];
}

std::optional<SweepSettings> SweepForm::settings(QString* problem) const {
    const SweepVariable* chosen = variable();
    if (chosen == nullptr) return std::nullopt;
    SweepSettings settings{chosen->id(), chosen->low, chosen->high, m_points->value(),
                           m_logarithmic->isChecked()};
    if (chosen->kind == SweepVariable::Kind::Corner) {
        settings.points = static_cast<int>(chosen->choices.size());
        settings.logarithmic = false;
        return settings;
    }
    const auto from = chosen->parsed(m_from->text(), problem);
    if (!from) return std::nullopt;
    const auto to = chosen->parsed(m_to->text(), problem);
    if (!to) return std::nullopt;
    settings.from = std::min(*from, *to);
    settings.to = std::max(*from, *to);
    QString sentence;
    if (settings.from == settings.to) sentence = tr("A sweep needs two different ends.");
    if (settings.logarithmic && settings.from <= 0)
        sentence = tr("A logarithmic sweep needs ends above zero.");
    if (chosen->kind != SweepVariable::Kind::Temperature && settings.from <= 0)
        sentence = tr("%1 must be above zero.").arg(chosen->heading());
    if (sentence.isEmpty()) return settings;
    if (problem != nullptr) *problem = sentence;
    return std::nullopt;
}

void SweepForm::setSettings(const SweepSettings& settings) {
    m_points->setValue(settings.points);
    m_logarithmic->setChecked(settings.logarithmic);
    const int index = indexOf(settings.variable);
    if (index < 0) {
        m_wanted = settings;
        return;
    }
    m_wanted.reset();
    choose(index);
    const SweepVariable& chosen = m_variables[static_cast<std::size_t>(index)];
    m_ranged = chosen.id();
    m_from->setText(chosen.text(settings.from));
    m_to->setText(chosen.text(settings.to));
    check();
}

void SweepForm::check() {
    QString problem;
    const bool good = settings(&problem).has_value();
    m_start->setEnabled(good && !m_running);
    m_start->setToolTip(good ? tr("Simulates the points of the sweep") : problem);
    const SweepVariable* chosen = variable();
    for (QLineEdit* line : {m_from, m_to}) {
        const bool wrong = chosen != nullptr && line->isEnabled() && !chosen->parsed(line->text());
        QPalette colors = palette();
        if (wrong) colors.setColor(QPalette::Text, Theme::instance().color(ColorRole::Error));
        line->setPalette(colors);
        line->setToolTip(wrong ? problem : QString());
    }
}

void SweepForm::setRunning(bool running) {
    m_running = running;
    m_start->setVisible(!running);
    m_stop->setVisible(running);
    m_owner->setEnabled(!running);
    m_parameter->setEnabled(!running);
    variableChosen();
}

} // namespace headroom::widgets
