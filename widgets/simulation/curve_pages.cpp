#include "widgets/simulation/curve_pages.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSplitter>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <algorithm>

#include "widgets/common/quantity_text.h"
#include "widgets/simulation/curve_figures.h"
#include "widgets/simulation/curve_plots.h"

namespace headroom::widgets {
namespace {

constexpr double kBeyondCrossing = 30;

enum BodePlot { GainPlot, PhasePlot, NoisePlot };

QLabel* summaryLabel(const QString& name, QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

std::optional<double> performance(const simulation::Evaluation& evaluation, simulation::Performance which) {
    const auto found = evaluation.performances.find(which);
    if (found == evaluation.performances.end()) return std::nullopt;
    return found->second;
}

QString noCurves(const simulation::Evaluation* evaluation, const QString& what) {
    if (evaluation != nullptr && evaluation->error)
        return CurvePage::tr("%1 was not simulated: %2")
            .arg(what, QString::fromStdString(evaluation->error->message));
    return CurvePage::tr("The simulation brought no %1.").arg(what.toLower());
}

} // namespace

CurvePage::CurvePage(QWidget* parent)
    : QWidget(parent)
    , m_sentence(new QLabel(this))
    , m_stack(new QStackedLayout(this)) {
    m_sentence->setWordWrap(true);
    m_sentence->setAlignment(Qt::AlignCenter);
    m_sentence->setMargin(24);
    m_stack->addWidget(m_sentence);
}

void CurvePage::setContent(QWidget* content) {
    m_stack->addWidget(content);
}

void CurvePage::setData(const SimulationData& data) {
    QString sentence;
    const bool something = show(data, &sentence);
    m_sentence->setText(sentence);
    m_stack->setCurrentIndex(something ? 1 : 0);
}

FrequencyPage::FrequencyPage(QWidget* parent)
    : CurvePage(parent)
    , m_plots(new CurvePlots(
          {QStringLiteral("gainPlot"), QStringLiteral("phasePlot"), QStringLiteral("noisePlot")}))
    , m_summary(summaryLabel(QStringLiteral("frequencySummary"), this))
    , m_noise(new QCheckBox(tr("Input &noise"), this)) {
    m_noise->setObjectName(QStringLiteral("noiseVisible"));
    m_noise->setToolTip(tr("Shows the noise density referred to the differential input as a third plot"));
    auto* head = new QHBoxLayout;
    head->setContentsMargins(6, 3, 6, 3);
    head->addWidget(m_summary, 1);
    head->addWidget(m_noise, 0, Qt::AlignTop);
    auto* content = new QWidget(this);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_plots, 1);
    setContent(content);
    m_plots->setPlotVisible(NoisePlot, false);
    m_plots->plot(GainPlot)->setTitle(tr("Gain"));
    m_plots->plot(PhasePlot)->setTitle(tr("Phase"));
    m_plots->plot(NoisePlot)->setTitle(tr("Input noise density"));
    m_plots->setReadings(
        {{m_plots->plot(GainPlot), tr("Gain"), tr("gain"), QStringLiteral("dB")},
         {m_plots->plot(PhasePlot), tr("Phase"), tr("phase"), QStringLiteral("deg")},
         {m_plots->plot(NoisePlot), tr("Input noise density"), tr("noise"), QStringLiteral("V/sqrt(Hz)")}});
    connect(m_plots, &CurvePlots::exportRequested, this, &CurvePage::exportRequested);
    connect(m_noise, &QCheckBox::toggled, this, [this](bool on) {
        setNoiseVisible(on);
        emit settingsChanged();
    });
}

bool FrequencyPage::noiseVisible() const {
    return m_noise->isChecked();
}

void FrequencyPage::setNoiseVisible(bool on) {
    const QSignalBlocker blocker(m_noise);
    m_noise->setChecked(on);
    const bool there = m_evaluation && m_evaluation->curves && m_evaluation->curves->noise;
    m_plots->setPlotVisible(NoisePlot, on && there);
    if (m_evaluation && m_evaluation->curves && m_evaluation->curves->gain) {
        fillGain(*m_evaluation->curves->gain);
        m_plots->refresh();
    }
}

void FrequencyPage::setCursorsVisible(bool on) {
    m_plots->setCursorsVisible(on);
}

bool FrequencyPage::show(const SimulationData& data, QString* sentence) {
    m_evaluation = data.evaluation;
    const bool there = m_evaluation && m_evaluation->curves && m_evaluation->curves->gain &&
                       m_evaluation->curves->gain->frequencies.size() > 1;
    if (!there) {
        *sentence = noCurves(m_evaluation.get(), tr("Frequency response"));
        return false;
    }
    m_noise->setEnabled(m_evaluation->curves->noise.has_value());
    m_plots->setPlotVisible(NoisePlot, m_noise->isChecked() && m_evaluation->curves->noise);
    fillGain(*m_evaluation->curves->gain);
    fillNoise();
    m_plots->refresh();
    return true;
}

void FrequencyPage::fillGain(const simulation::FrequencyResponse& response) {
    BodeCurves curves = bodeCurves(response);
    // The simulator looks between the samples as well; the table and the plot are to say the same.
    if (const auto margin = performance(*m_evaluation, simulation::Performance::GainMargin))
        curves.gainMargin = margin;
    PlotAxis axis{tr("Frequency"), QStringLiteral("Hz"), true, false};
    // Far beyond the crossings there is nothing left to see.
    double end = curves.frequencies.back();
    if (curves.transitFrequency)
        end = std::min(end, kBeyondCrossing *
                                std::max(*curves.transitFrequency, curves.phaseCrossover.value_or(0)));
    axis.extent = {curves.frequencies.front(), end};
    m_plots->setHorizontalAxis(axis, QStringLiteral("f"));
    PlotView* gain = m_plots->plot(GainPlot);
    PlotView* phase = m_plots->plot(PhasePlot);
    gain->clearData();
    phase->clearData();
    gain->setAxes(m_plots->axisFor(GainPlot), {tr("Gain"), QStringLiteral("dB")});
    phase->setAxes(m_plots->axisFor(PhasePlot), {tr("Phase"), QStringLiteral("deg")});
    gain->addPoints({tr("Gain"), curves.frequencies, curves.gain, ColorRole::Curve, true});
    phase->addPoints({tr("Phase"), curves.frequencies, curves.phase, ColorRole::Curve, true});
    using Side = PlotLine::GoodSide;
    const PlotLine unity{0, Qt::Horizontal, Side::None, ColorRole::Muted, true, tr("0 dB"), false, true};
    const double turned = curves.phase.front() - 180;
    const PlotLine halfTurn{
        turned, Qt::Horizontal, Side::None, ColorRole::Muted, true, tr("turned by 180\u00b0"), false, true};
    QStringList summary{tr("A_0 %1").arg(quantityText(curves.gain.front(), "dB"))};
    gain->addLine(unity);
    phase->addLine(halfTurn);
    const auto mark = [](PlotView* plot, double f, double y, const QString& text, ColorRole role) {
        plot->addLine({f, Qt::Vertical, Side::None, role, true, text, false, true});
        plot->addMarker({f, y, MarkerShape::Disc, role, text, true});
    };
    if (curves.transitFrequency) {
        const QString frequency = tr("f_t %1").arg(quantityText(*curves.transitFrequency, "Hz"));
        const QString margin = tr("PM %1").arg(quantityText(*curves.phaseMargin, "deg"));
        mark(gain, *curves.transitFrequency, 0, frequency, ColorRole::Target);
        mark(phase, *curves.transitFrequency, *curves.phaseMargin - 180, margin, ColorRole::Target);
        summary << frequency << margin;
    } else {
        summary << tr("the gain does not cross 0 dB");
    }
    if (curves.gainMargin && curves.phaseCrossover) {
        const QString margin = tr("GM %1").arg(quantityText(*curves.gainMargin, "dB"));
        mark(gain, *curves.phaseCrossover, -*curves.gainMargin, margin, ColorRole::NearlyMet);
        mark(phase, *curves.phaseCrossover, turned,
             tr("f_180 %1").arg(quantityText(*curves.phaseCrossover, "Hz")), ColorRole::NearlyMet);
        summary << margin;
    }
    if (const auto noise = performance(*m_evaluation, simulation::Performance::NoiseInput))
        summary << tr("input noise %1 rms").arg(quantityText(*noise, "V"));
    m_summary->setText(summary.join(QStringLiteral(", ")));
}

void FrequencyPage::fillNoise() {
    PlotView* plot = m_plots->plot(NoisePlot);
    plot->clearData();
    plot->setAxes(m_plots->axisFor(NoisePlot), {tr("Noise"), QStringLiteral("V/sqrt(Hz)"), true, false});
    const auto& noise = m_evaluation->curves->noise;
    if (!noise) return;
    plot->addPoints({tr("Input noise density"), noise->frequencies, noise->density, ColorRole::Curve, true});
}

StepPage::StepPage(QWidget* parent)
    : CurvePage(parent)
    , m_plots(new CurvePlots({QStringLiteral("risingPlot"), QStringLiteral("fallingPlot")}))
    , m_summary(summaryLabel(QStringLiteral("stepSummary"), this)) {
    auto* content = new QWidget(this);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_summary->setContentsMargins(6, 4, 6, 4);
    column->addWidget(m_summary);
    column->addWidget(m_plots, 1);
    setContent(content);
    m_plots->setSlopes(true);
    m_plots->setReadings({{m_plots->plot(0), tr("Output"), tr("rising"), QStringLiteral("V")},
                          {m_plots->plot(1), tr("Output"), tr("falling"), QStringLiteral("V")}});
    connect(m_plots, &CurvePlots::exportRequested, this, &CurvePage::exportRequested);
}

void StepPage::setCursorsVisible(bool on) {
    m_plots->setCursorsVisible(on);
}

bool StepPage::show(const SimulationData& data, QString* sentence) {
    const auto* evaluation = data.evaluation.get();
    const auto usable = [](const std::optional<simulation::StepResponse>& response) {
        return response && response->times.size() > 1 && response->times.size() == response->output.size();
    };
    const bool rising = evaluation != nullptr && evaluation->curves && usable(evaluation->curves->rising);
    const bool falling = evaluation != nullptr && evaluation->curves && usable(evaluation->curves->falling);
    if (!rising && !falling) {
        *sentence = noCurves(evaluation, tr("Step response"));
        return false;
    }
    PlotAxis axis{tr("Time"), QStringLiteral("s")};
    double end = 0;
    if (rising) end = std::max(end, evaluation->curves->rising->times.back());
    if (falling) end = std::max(end, evaluation->curves->falling->times.back());
    axis.extent = {-0.02 * end, end * 1.02};
    m_plots->setHorizontalAxis(axis, QStringLiteral("t"));
    m_plots->setPlotVisible(0, rising);
    m_plots->setPlotVisible(1, falling);
    QStringList summary;
    if (rising) summary << fill(0, tr("Rising"), evaluation->curves->rising);
    if (falling) summary << fill(1, tr("Falling"), evaluation->curves->falling);
    const auto slew = [&](simulation::Performance which, const QString& symbol) {
        if (const auto value = performance(*evaluation, which))
            summary << QStringLiteral("%1 %2").arg(symbol, quantityText(*value, "V/s"));
    };
    slew(simulation::Performance::SlewRateRising, QStringLiteral("SR+"));
    slew(simulation::Performance::SlewRateFalling, QStringLiteral("SR\u2212"));
    m_summary->setText(summary.join(QStringLiteral(", ")));
    m_plots->refresh();
    return true;
}

QString StepPage::fill(int index, const QString& title,
                       const std::optional<simulation::StepResponse>& response) {
    PlotView* plot = m_plots->plot(index);
    const Settling settling = settlingOf(*response);
    plot->clearData();
    plot->setTitle(tr("%1 step").arg(title));
    plot->setAxes(m_plots->axisFor(index), {title, QStringLiteral("V")});
    plot->addBand({settling.value - settling.band, settling.value + settling.band, Qt::Horizontal,
                   ColorRole::Target, tr("1 % band")});
    const double end = response->times.back();
    plot->addPoints({tr("Reference"),
                     {-0.02 * end, 0, 0, end},
                     {response->from, response->from, response->to, response->to},
                     ColorRole::Muted,
                     true,
                     false,
                     true});
    plot->addPoints({tr("Output"), response->times, response->output, ColorRole::Curve, true});
    QString text = tr("%1: does not settle").arg(title.toLower());
    if (settling.time) {
        text = tr("%1: settles to 1 % in %2").arg(title.toLower(), quantityText(*settling.time, "s"));
        plot->addLine({*settling.time, Qt::Vertical, PlotLine::GoodSide::None, ColorRole::Target, true,
                       tr("1 % settled %1").arg(quantityText(*settling.time, "s")), true, true});
    }
    return text;
}

RangePage::RangePage(QWidget* parent)
    : CurvePage(parent)
    , m_input(new CurvePlots({QStringLiteral("inputRangePlot")}))
    , m_output(new CurvePlots({QStringLiteral("outputRangePlot")})) {
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(2);
    for (CurvePlots* plots : {m_input, m_output}) {
        splitter->addWidget(plots);
        plots->setReadings({{plots->plot(0), tr("Margin"), tr("margin"), QStringLiteral("V")}});
        connect(plots, &CurvePlots::exportRequested, this, &CurvePage::exportRequested);
    }
    setContent(splitter);
}

void RangePage::setCursorsVisible(bool on) {
    m_input->setCursorsVisible(on);
    m_output->setCursorsVisible(on);
}

bool RangePage::show(const SimulationData& data, QString* sentence) {
    using simulation::Performance;
    const auto* evaluation = data.evaluation.get();
    const auto* curves = evaluation != nullptr ? evaluation->curves.get() : nullptr;
    Range input{tr("Common-mode input"),
                QStringLiteral("V_CM"),
                QStringLiteral("V_CM,min"),
                QStringLiteral("V_CM,max"),
                {},
                {},
                {},
                data.commonModeVoltage};
    Range output{tr("Output level"),
                 QStringLiteral("V_out"),
                 QStringLiteral("V_out,min"),
                 QStringLiteral("V_out,max"),
                 {},
                 {},
                 {},
                 data.outputVoltage};
    if (curves != nullptr) {
        input.curve = joined(curves->commonModeDown, curves->commonModeUp);
        output.curve = joined(curves->outputDown, curves->outputUp);
        input.from = performance(*evaluation, Performance::IcmrMin);
        input.to = performance(*evaluation, Performance::IcmrMax);
        output.from = performance(*evaluation, Performance::VoutMin);
        output.to = performance(*evaluation, Performance::VoutMax);
    }
    const bool hasInput = input.curve.positions.size() > 1, hasOutput = output.curve.positions.size() > 1;
    m_input->setVisible(hasInput);
    m_output->setVisible(hasOutput);
    if (!hasInput && !hasOutput) {
        *sentence = noCurves(evaluation, tr("Ranges"));
        return false;
    }
    if (hasInput) fill(*m_input, input);
    if (hasOutput) fill(*m_output, output);
    return true;
}

void RangePage::fill(CurvePlots& plots, const Range& range) {
    PlotView* plot = plots.plot(0);
    plot->clearData();
    plot->setTitle(range.title);
    PlotAxis axis{range.title, QStringLiteral("V")};
    axis.extent = {range.curve.positions.front(), range.curve.positions.back()};
    plots.setHorizontalAxis(axis, range.symbol);
    plot->setAxes(plots.axisFor(0), {tr("Worst margin"), QStringLiteral("V")});
    plot->addPoints({tr("Margin"), range.curve.positions, range.curve.margins, ColorRole::Curve, true});
    using Side = PlotLine::GoodSide;
    plot->addLine(
        {0, Qt::Horizontal, Side::None, ColorRole::Failed, true, tr("edge of saturation"), false, true});
    if (range.from && range.to)
        plot->addBand({*range.from, *range.to, Qt::Vertical, ColorRole::Met, tr("all saturated")});
    const auto limit = [&](const std::optional<double>& at, const QString& name) {
        if (!at) return;
        plot->addLine({*at, Qt::Vertical, Side::None, ColorRole::Target, true,
                       QStringLiteral("%1 %2").arg(name, quantityText(*at, "V")), true});
    };
    limit(range.from, range.low);
    limit(range.to, range.high);
    if (range.nominal) {
        plot->addLine({*range.nominal, Qt::Vertical, Side::None, ColorRole::Muted, true,
                       tr("nominal %1").arg(quantityText(*range.nominal, "V")), true, true});
    }
    plots.refresh();
}

} // namespace headroom::widgets
