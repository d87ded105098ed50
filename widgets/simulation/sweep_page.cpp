#include "widgets/simulation/sweep_page.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QRegularExpression>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/common/icons.h"
#include "widgets/common/quantity_text.h"
#include "widgets/simulation/curve_plots.h"
#include "widgets/simulation/sweep_form.h"

namespace headroom::widgets {
namespace {

constexpr int kPerMille = 1000;

} // namespace

SweepPage::SweepPage(QWidget* parent)
    : QWidget(parent)
    , m_form(new SweepForm(this))
    , m_empty(new QLabel(this)) {
    m_empty->setWordWrap(true);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setMargin(16);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_form);
    column->addWidget(m_empty, 1);
    column->addWidget(buildBottom());
    connect(m_form, &SweepForm::startRequested, this, &SweepPage::start);
    connect(m_form, &SweepForm::stopRequested, this, &SweepPage::sweepCancelRequested);
    connect(m_form, &SweepForm::performancesChanged, this, &SweepPage::rebuildPlots);
    connect(m_form, &SweepForm::settingsChanged, this, &SweepPage::settingsChanged);
    rebuildPlots();
}

QWidget* SweepPage::buildBottom() {
    auto* bottom = new QWidget(this);
    m_status = new QLabel(bottom);
    m_status->setObjectName(QStringLiteral("sweepStatus"));
    m_status->setWordWrap(true);
    m_status->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_progress = new QProgressBar(bottom);
    m_progress->setObjectName(QStringLiteral("sweepProgress"));
    m_progress->setRange(0, kPerMille);
    m_progress->setTextVisible(false);
    m_progress->setMaximumHeight(fontMetrics().height() / 2);
    m_progress->hide();
    m_use = new QPushButton(icon(QStringLiteral("met")), tr("&Use This Value"), bottom);
    m_use->setObjectName(QStringLiteral("sweepUse"));
    m_use->setToolTip(tr("Puts the chosen point's value into the netlist or the conditions; can be undone"));
    m_export = new QPushButton(icon(QStringLiteral("export")), tr("E&xport…"), bottom);
    m_export->setObjectName(QStringLiteral("sweepExport"));
    m_export->setToolTip(tr("All performances of all points as CSV"));
    connect(m_export, &QPushButton::clicked, this, &SweepPage::exportCsv);
    connect(m_use, &QPushButton::clicked, this, [this] {
        if (m_data && m_chosen >= 0)
            emit valueChosen(m_data->variable, m_data->positions[static_cast<std::size_t>(m_chosen)]);
    });
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_status, 1);
    row->addWidget(m_use);
    row->addWidget(m_export);
    auto* column = new QVBoxLayout(bottom);
    column->setContentsMargins(6, 4, 6, 4);
    column->setSpacing(3);
    column->addWidget(m_progress);
    column->addLayout(row);
    return bottom;
}

void SweepPage::start() {
    if (const auto settings = m_form->settings()) emit sweepRequested(*settings);
}

void SweepPage::setTargets(const Targets& targets) {
    if (m_targets == targets) return;
    m_targets = targets;
    fillPlots();
}

void SweepPage::setSweep(std::shared_ptr<const SweepData> data) {
    const bool another = !m_data || !data || m_data->positions != data->positions ||
                         m_data->variable.id() != data->variable.id();
    m_data = std::move(data);
    if (another) {
        m_chosen = -1;
        rebuildPlots();
    } else {
        fillPlots();
    }
}

void SweepPage::setRunning(bool running) {
    m_form->setRunning(running);
    m_progress->setVisible(running);
    if (running) m_problem.clear();
    if (running) setProgress(-1, {});
    if (!running) describe();
}

void SweepPage::setProgress(double fraction, const QString& activity) {
    m_progress->setRange(0, fraction < 0 ? 0 : kPerMille);
    m_progress->setValue(static_cast<int>(fraction * kPerMille));
    m_status->setText(activity);
}

void SweepPage::setProblem(const QString& sentence) {
    m_problem = sentence;
    describe();
}

void SweepPage::setCursorsVisible(bool on) {
    m_cursors = on;
    if (m_plots != nullptr) m_plots->setCursorsVisible(on);
}

void SweepPage::rebuildPlots() {
    m_drawn.assign(m_form->shownPerformances().begin(), m_form->shownPerformances().end());
    const bool something = m_data && m_data->positions.size() > 1 && !m_drawn.empty();
    if (m_plots != nullptr) {
        m_plots->hide();
        m_plots->deleteLater();
        m_plots = nullptr;
    }
    m_empty->setVisible(!something);
    if (!something) {
        m_empty->setText(m_drawn.empty()
                             ? tr("Choose the performances to draw under Curves.")
                             : tr("Choose what to sweep and run it: the curves appear as the points "
                                  "are simulated."));
        describe();
        return;
    }
    QStringList names;
    for (const simulation::Performance performance : m_drawn)
        names << QStringLiteral("sweep_%1").arg(QLatin1String(simulation::info(performance).name));
    m_plots = new CurvePlots(names, CurvePlots::Overflow::Scroll);
    connect(m_plots, &CurvePlots::exportRequested, this, &SweepPage::exportRequested);
    std::vector<CurvePlots::Reading> readings;
    for (std::size_t i = 0; i < m_drawn.size(); ++i) {
        PlotView* plot = m_plots->plot(static_cast<int>(i));
        const simulation::PerformanceInfo& info = simulation::info(m_drawn[i]);
        readings.push_back({plot, QString::fromUtf8(info.title), QString::fromUtf8(info.symbol),
                            QString::fromUtf8(info.unit)});
        connect(plot, &PlotView::cursorMoved, this, [this](PlotCursor cursor, double x) {
            if (!m_data || cursor != PlotCursor::A) return;
            const auto& all = m_data->positions;
            const auto at = std::find(all.begin(), all.end(), x);
            if (at != all.end()) choosePoint(static_cast<int>(at - all.begin()));
        });
        connect(plot, &PlotView::pointClicked, this, [this, plot](const QString&, int point) {
            // Of the points that have a value; the sweep's number follows from the place.
            std::vector<int> simulated;
            for (std::size_t k = 0; k < m_data->results.size(); ++k)
                if (m_data->results[k]) simulated.push_back(static_cast<int>(k));
            if (static_cast<std::size_t>(point) < simulated.size())
                choosePoint(simulated[static_cast<std::size_t>(point)]);
            plot->setFocus();
        });
    }
    m_plots->setReadings(std::move(readings));
    static_cast<QVBoxLayout*>(layout())->insertWidget(layout()->indexOf(m_empty) + 1, m_plots, 1);
    m_plots->show();
    fillPlots();
    m_plots->setCursorsVisible(m_cursors);
}

void SweepPage::fillPlots() {
    if (m_plots == nullptr || !m_data) {
        describe();
        return;
    }
    const SweepVariable& variable = m_data->variable;
    PlotAxis axis{variable.heading(), variable.unit, m_data->logarithmic, variable.wholeNumbers};
    if (variable.kind == SweepVariable::Kind::Corner) {
        axis.categories = variable.choices;
    } else if (m_data->logarithmic) {
        const double air = std::pow(m_data->positions.back() / m_data->positions.front(), 0.03);
        axis.extent = {m_data->positions.front() / air, m_data->positions.back() * air};
    } else {
        const double air = (m_data->positions.back() - m_data->positions.front()) * 0.03;
        axis.extent = {m_data->positions.front() - air, m_data->positions.back() + air};
    }
    m_plots->setHorizontalAxis(axis, variable.title);
    for (std::size_t i = 0; i < m_drawn.size(); ++i)
        fillPlot(static_cast<int>(i), m_drawn[i]);
    m_plots->refresh();
    describe();
}

void SweepPage::fillPlot(int index, simulation::Performance performance) {
    const simulation::PerformanceInfo& info = simulation::info(performance);
    PlotView* plot = m_plots->plot(index);
    plot->clearData();
    plot->setTitle(
        QStringLiteral("%1 over %2").arg(QString::fromUtf8(info.title), m_data->variable.heading()));
    plot->setAxes(m_plots->axisFor(index), {QString::fromUtf8(info.symbol), QString::fromUtf8(info.unit)});
    PlotPoints curve{QString::fromUtf8(info.title), {}, {}, ColorRole::Curve, true, true};
    for (std::size_t i = 0; i < m_data->positions.size(); ++i) {
        if (!m_data->results[i]) continue;
        const auto value = m_data->results[i]->performances.find(performance);
        curve.x.push_back(m_data->positions[i]);
        curve.y.push_back(value == m_data->results[i]->performances.end()
                              ? std::numeric_limits<double>::quiet_NaN()
                              : value->second);
    }
    plot->addPoints(curve);
    if (const auto target = m_targets.find(performance); target != m_targets.end()) {
        plot->addLine({target->second, Qt::Horizontal,
                       info.biggerIsBetter ? PlotLine::GoodSide::Above : PlotLine::GoodSide::Below,
                       ColorRole::Target, true,
                       tr("specification %1").arg(quantityText(target->second, info.unit)), true});
    }
    if (m_data->variable.present) {
        plot->addLine({*m_data->variable.present, Qt::Vertical, PlotLine::GoodSide::None, ColorRole::Muted,
                       true, tr("present"), index == 0, true});
    }
    if (m_chosen < 0) return;
    const auto chosen = static_cast<std::size_t>(m_chosen);
    const auto& result = m_data->results[chosen];
    if (!result) return;
    const auto value = result->performances.find(performance);
    if (value != result->performances.end()) {
        plot->addMarker({m_data->positions[chosen], value->second, MarkerShape::Diamond, ColorRole::Chosen,
                         quantityText(value->second, info.unit), true});
    }
}

void SweepPage::choosePoint(int point) {
    if (!m_data || point >= static_cast<int>(m_data->positions.size())) point = -1;
    if (point >= 0 && !m_data->results[static_cast<std::size_t>(point)]) point = -1;
    if (m_chosen == point) return;
    m_chosen = point;
    fillPlots();
}

void SweepPage::describe() {
    const bool chosen = m_data && m_chosen >= 0;
    m_use->setEnabled(chosen);
    m_export->setEnabled(m_data && m_data->done() > 0);
    if (!m_progress->isHidden()) return;
    if (!m_problem.isEmpty()) {
        m_status->setText(m_problem);
        return;
    }
    if (!m_data) {
        m_status->clear();
        return;
    }
    if (chosen) {
        const auto index = static_cast<std::size_t>(m_chosen);
        const auto& result = m_data->results[index];
        QString text =
            tr("%1 = %2").arg(m_data->variable.heading(), m_data->variable.text(m_data->positions[index]));
        if (result && result->error)
            text += QStringLiteral(": ") + QString::fromStdString(result->error->message);
        m_status->setText(text);
        return;
    }
    std::size_t failed = 0;
    QString first;
    for (const auto& result : m_data->results) {
        if (!result || !result->error) continue;
        if (failed++ == 0) first = QString::fromStdString(result->error->message);
    }
    QString text = m_data->done() == m_data->positions.size()
                       ? tr("%1 points").arg(m_data->done())
                       : tr("%1 of %2 points").arg(m_data->done()).arg(m_data->positions.size());
    if (failed > 0)
        text += tr(", %1 without result: %2").arg(failed).arg(first);
    else if (m_data->done() > 0)
        text += tr("; click one to take its value over");
    m_status->setText(text);
}

void SweepPage::exportCsv() {
    if (!m_data) return;
    QString name = QStringLiteral("sweep_%1").arg(m_data->variable.heading());
    name.replace(QRegularExpression(QStringLiteral("[^\\w.-]+")), QStringLiteral("_"));
    emit exportRequested(sweepCsv(*m_data), name + QStringLiteral(".csv"));
}

} // namespace headroom::widgets
