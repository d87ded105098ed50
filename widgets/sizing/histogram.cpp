#include "widgets/sizing/histogram.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "widgets/common/axis_scale.h"
#include "widgets/common/elided_label.h"
#include "widgets/common/plot_view.h"
#include "widgets/common/quantity_text.h"

namespace headroom::widgets {
namespace {

enum Figure { Count, Mean, Deviation, Minimum, Median, Maximum, Fifth, NinetyFifth, Capability, FigureCount };

} // namespace

RowBrush brushOfBins(RowBrush brush, const SampleTable& table, const QString& key,
                     const std::vector<int>& rows, Qt::KeyboardModifiers modifiers) {
    const int column = table.columnOf(key);
    if (column < 0) return brush;
    const auto& values = table.columns[static_cast<std::size_t>(column)].values;
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    BrushInterval interval{key, kInfinity, -kInfinity};
    for (const int row : rows) {
        interval.low = std::min(interval.low, values[static_cast<std::size_t>(row)]);
        interval.high = std::max(interval.high, values[static_cast<std::size_t>(row)]);
    }
    if (rows.empty()) {
        if (brush.rows()) return {};
        brush.removeOver({{interval}});
    } else if (modifiers & Qt::ControlModifier) {
        brush.removeTouching({{interval}});
    } else if (modifiers & Qt::ShiftModifier) {
        brush.add({{interval}});
    } else {
        brush.replace({{interval}});
    }
    return brush;
}

HistogramCell::HistogramCell(QWidget* parent)
    : QFrame(parent) {
    setFrameShape(QFrame::StyledPanel);
    build();
}

void HistogramCell::build() {
    m_title = new ElidedLabel(this);
    m_title->setObjectName(QStringLiteral("histogramTitle"));
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_target = new QLabel(this);
    m_target->setObjectName(QStringLiteral("histogramTarget"));
    auto* head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_target);

    m_plot = new PlotView(this);
    m_plot->setBrushing(true);
    auto* figures = new QGridLayout;
    figures->setHorizontalSpacing(8);
    figures->setVerticalSpacing(0);
    for (int figure = 0; figure < FigureCount; ++figure) {
        auto* label = new QLabel(this);
        label->setObjectName(QStringLiteral("histogramFigure%1").arg(figure));
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        QFont small = label->font();
        if (small.pointSizeF() > 0) small.setPointSizeF(small.pointSizeF() * 0.9);
        label->setFont(small);
        figures->addWidget(label, figure / 3, figure % 3);
        m_figures.push_back(label);
    }
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(6, 4, 6, 4);
    column->setSpacing(2);
    column->addLayout(head);
    column->addWidget(m_plot, 1);
    column->addLayout(figures);

    connect(m_plot, &PlotView::binsBrushed, this,
            [this](int first, int last, Qt::KeyboardModifiers modifiers) {
                emit brushed(m_data.key, candidatesIn(first, last), modifiers);
            });
}

void HistogramCell::setData(HistogramData data) {
    m_data = std::move(data);
    std::vector<double> include;
    if (m_data.minimum) include.push_back(*m_data.minimum);
    if (m_data.maximum) include.push_back(*m_data.maximum);
    if (m_data.truth) include.push_back(*m_data.truth);
    const auto isPositive = [](double value) { return !std::isfinite(value) || value > 0; };
    m_isLogarithmic = m_data.logarithmic &&
                      std::all_of(m_data.values.begin(), m_data.values.end(), isPositive) &&
                      std::all_of(include.begin(), include.end(), isPositive);
    const auto places = [this](std::vector<double> values) {
        for (double& value : values)
            value = placeOf(value);
        return values;
    };
    m_histogram = makeHistogram(places(m_data.values), places(include));
    countBins();
    m_brushed.clear();
    m_chosen = -1;
    m_plot->clear();
    showHeader();
    showFigures();
    plotAll();
}

void HistogramCell::setBrushed(const std::vector<int>& candidates) {
    m_brushed = candidates;
    plotAll();
}

void HistogramCell::setChosen(int candidate) {
    m_chosen = candidate;
    plotAll();
}

std::vector<int> HistogramCell::candidatesIn(int firstBin, int lastBin) const {
    std::vector<int> candidates;
    if (firstBin < 0) return candidates;
    for (std::size_t candidate = 0; candidate < m_data.values.size(); ++candidate) {
        if (!std::isfinite(m_data.values[candidate])) continue;
        const auto bin = static_cast<int>(m_histogram.binOf(placeOf(m_data.values[candidate])));
        if (bin >= firstBin && bin <= lastBin) candidates.push_back(static_cast<int>(candidate));
    }
    return candidates;
}

bool HistogramCell::finiteAt(std::size_t candidate) const {
    return candidate < m_data.values.size() && std::isfinite(m_data.values[candidate]);
}

void HistogramCell::countBins() {
    m_firstHeights.assign(m_histogram.counts.size(), 0);
    m_secondHeights.clear();
    for (std::size_t candidate = 0; candidate < m_data.values.size(); ++candidate) {
        if (!finiteAt(candidate)) continue;
        const bool second = candidate < m_data.predicted.size() && m_data.predicted[candidate];
        if (second && m_secondHeights.empty()) m_secondHeights.assign(m_histogram.counts.size(), 0);
        (second ? m_secondHeights : m_firstHeights)[m_histogram.binOf(placeOf(m_data.values[candidate]))] +=
            1;
    }
}

/// Where a value lies among the bins.
double HistogramCell::placeOf(double value) const {
    return m_isLogarithmic ? std::log10(value) : value;
}

std::vector<double> HistogramCell::edges() const {
    std::vector<double> edges;
    for (std::size_t edge = 0; edge <= m_histogram.counts.size(); ++edge) {
        const double place = m_histogram.low + m_histogram.binWidth() * static_cast<double>(edge);
        edges.push_back(m_isLogarithmic ? std::pow(10.0, place) : place);
    }
    return edges;
}

void HistogramCell::plotAll() {
    const std::size_t bins = m_histogram.counts.size();
    const PlotBars first{m_data.firstKind.isEmpty() ? tr("simulated") : m_data.firstKind, edges(),
                         m_firstHeights, ColorRole::Simulated, false};
    const PlotBars second{m_data.secondKind.isEmpty() ? tr("proposed, not simulated") : m_data.secondKind,
                          edges(), m_secondHeights, ColorRole::Predicted, true};
    std::vector<double> brushedHeights;
    if (!m_brushed.empty()) {
        brushedHeights.assign(bins, 0);
        for (const int candidate : m_brushed) {
            const auto index = static_cast<std::size_t>(candidate);
            if (finiteAt(index)) brushedHeights[m_histogram.binOf(placeOf(m_data.values[index]))] += 1;
        }
    }
    m_plot->clearData();
    m_plot->setTitle(m_data.title);
    m_plot->setAxes({{}, m_data.unit, m_isLogarithmic}, {tr("count"), {}, false, true});
    m_plot->addBars(first);
    if (!m_secondHeights.empty()) m_plot->addBars(second);
    m_plot->setBrushedHeights(brushedHeights);
    const bool isRange = m_data.minimum && m_data.maximum;
    using GoodSide = PlotLine::GoodSide;
    if (m_data.minimum)
        m_plot->addLine({*m_data.minimum, Qt::Vertical, isRange ? GoodSide::None : GoodSide::Above,
                         ColorRole::Target, true, tr("at least")});
    if (m_data.maximum)
        m_plot->addLine({*m_data.maximum, Qt::Vertical, isRange ? GoodSide::None : GoodSide::Below,
                         ColorRole::Target, true, tr("at most")});
    if (m_chosen >= 0 && finiteAt(static_cast<std::size_t>(m_chosen))) {
        m_plot->addMarker({m_data.values[static_cast<std::size_t>(m_chosen)],
                           {},
                           MarkerShape::Diamond,
                           ColorRole::Chosen,
                           tr("chosen candidate")});
    }
    if (m_data.truth)
        m_plot->addMarker({*m_data.truth, {}, MarkerShape::Star, ColorRole::GroundTruth, tr("ground truth")});
    m_plot->refresh();
}

void HistogramCell::showHeader() {
    m_title->setText(m_data.title);
    m_title->setToolTip(m_data.definition);
    setAccessibleName(m_data.title);
    const bool isAsked = m_data.minimum || m_data.maximum;
    m_target->setVisible(isAsked || m_data.range);
    if (isAsked) {
        showLimits();
    } else if (m_data.range) {
        showCoverage();
    }
}

/// How much of what the technology allows the values span, along a logarithmic axis where it spans decades.
void HistogramCell::showCoverage() {
    const Summary summary = summarise(m_data.values);
    const AxisScale allowed(m_data.range->first, m_data.range->second,
                            spansDecades(m_data.range->first, m_data.range->second));
    const double covered =
        std::clamp(allowed.shareOf(summary.maximum) - allowed.shareOf(summary.minimum), 0.0, 1.0);
    m_target->setText(std::isfinite(covered) ? tr("covers %1 %").arg(100 * covered, 0, 'f', 0) : QString());
    const QByteArray unit = m_data.unit.toUtf8();
    const auto quantity = [&](double value) { return quantityText(value, unit.constData(), 3); };
    m_target->setToolTip(
        tr("From %1 to %2; the technology allows %3 to %4%5")
            .arg(quantity(summary.minimum), quantity(summary.maximum), quantity(m_data.range->first),
                 quantity(m_data.range->second),
                 allowed.isLogarithmic() ? tr(" (share of the logarithmic range)") : QString()));
}

void HistogramCell::showLimits() {
    const QByteArray unit = m_data.unit.toUtf8();
    int reached = 0;
    int present = 0;
    for (const double value : m_data.values) {
        if (!std::isfinite(value)) continue;
        ++present;
        reached += m_data.isMet(value) ? 1 : 0;
    }
    QString limits = limitsText(m_data.minimum, m_data.maximum, unit.constData(), 3);
    m_target->setText(limits.replace(QLatin1Char(' '), QChar(QChar::Nbsp)));
    m_target->setToolTip(tr("What is asked for; %1 of %2 candidates hold it").arg(reached).arg(present));
}

void HistogramCell::showFigures() {
    const Summary summary = summarise(m_data.values);
    const double magnitude = std::max(std::abs(summary.minimum), std::abs(summary.maximum));
    const DisplayUnit shown = displayUnit(magnitude, m_data.unit);
    const std::array<double, FigureCount> numbers{static_cast<double>(summary.count),
                                                  summary.mean,
                                                  summary.deviation,
                                                  summary.minimum,
                                                  summary.median,
                                                  summary.maximum,
                                                  summary.fifth,
                                                  summary.ninetyFifth,
                                                  processCapability(summary, m_data.minimum, m_data.maximum)};
    const std::array<QString, FigureCount> names{tr("n"),   tr("mean"), QStringLiteral("\u03c3"),
                                                 tr("min"), tr("med"),  tr("max"),
                                                 tr("5 %"), tr("95 %"), tr("Cpk")};
    const std::array<QString, FigureCount> explanations{
        tr("Number of candidates that have this value"),
        tr("Mean"),
        tr("Standard deviation of the sample"),
        tr("Minimum"),
        tr("Median"),
        tr("Maximum"),
        tr("5 % of the sample lie below"),
        tr("95 % of the sample lie below"),
        tr("Process capability: distance of the mean from the nearer limit in three standard deviations")};
    m_figures[Capability]->setVisible(m_data.minimum || m_data.maximum);
    const QByteArray unit = m_data.unit.toUtf8();
    for (std::size_t figure = 0; figure < FigureCount; ++figure) {
        const bool isCount = figure == Count, isCapability = figure == Capability;
        QString number = QStringLiteral("\u2014");
        if (std::isfinite(numbers[figure])) {
            number = isCount ? QString::number(summary.count)
                             : QString::number(numbers[figure] * (isCapability ? 1 : shown.perUnit), 'g', 3);
        }
        const bool last = figure == Maximum && !shown.text.isEmpty();
        m_figures[figure]->setText(last ? QStringLiteral("%1 %2 %3").arg(names[figure], number, shown.text)
                                        : QStringLiteral("%1 %2").arg(names[figure], number));
        m_figures[figure]->setToolTip(
            isCount || isCapability
                ? explanations[figure]
                : QStringLiteral("%1: %2").arg(explanations[figure],
                                               quantityText(numbers[figure], unit.constData(), 6)));
    }
}

} // namespace headroom::widgets
