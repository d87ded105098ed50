#include "widgets/simulation/curve_plots.h"

#include <QEvent>
#include <QLabel>
#include <QScrollArea>
#include <QSplitter>
#include <QTextDocumentFragment>
#include <QVBoxLayout>

#include <cmath>

#include "widgets/common/quantity_text.h"

namespace headroom::widgets {
namespace {

constexpr int kDigits = 4;
constexpr int kPlotLines = 7; ///< least height of a plot that can be scrolled to, in lines of text

/// A value in words that stays on one line.
QString unbroken(double value, const QString& unit, int digits = kDigits) {
    QString text = quantityText(value, unit.toUtf8().constData(), digits);
    text.replace(QStringLiteral("sqrt(Hz)"), QStringLiteral("\u221aHz"));
    text.replace(QLatin1Char('-'), QChar(0x2212));
    text.replace(QLatin1Char('/'), QStringLiteral("\u2060/\u2060"));
    return text.replace(QLatin1Char(' '), QChar(0x00a0));
}

QString named(const QString& symbol, const QString& text) {
    return QStringLiteral("%1\u00a0%2").arg(symbol, text);
}

} // namespace

CurvePlots::CurvePlots(const QStringList& names, Overflow overflow)
    : m_splitter(new QSplitter(Qt::Vertical, this))
    , m_readout(new QLabel(this)) {
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(2);
    for (const QString& name : names) {
        auto* plot = new PlotView;
        plot->setObjectName(name);
        connect(plot, &PlotView::exportRequested, this, &CurvePlots::exportRequested);
        connect(plot, &PlotView::cursorMoved, this, &CurvePlots::updateReadout);
        if (overflow == Overflow::Scroll) plot->setMinimumHeight(fontMetrics().height() * kPlotLines);
        m_splitter->addWidget(plot);
        m_plots.push_back(plot);
    }
    PlotView::link(m_plots);
    m_readout->setObjectName(QStringLiteral("cursorReadout"));
    m_readout->setAccessibleName(tr("Cursors"));
    m_readout->setWordWrap(true);
    m_readout->setTextFormat(Qt::RichText);
    m_readout->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_readout->setContentsMargins(6, 3, 6, 3);
    m_readout->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    if (overflow == Overflow::Scroll) {
        auto* area = new QScrollArea(this);
        area->setWidgetResizable(true);
        area->setFrameShape(QFrame::NoFrame);
        area->setWidget(m_splitter);
        column->addWidget(area, 1);
    } else {
        column->addWidget(m_splitter, 1);
    }
    column->addWidget(m_readout);
}

void CurvePlots::setHorizontalAxis(const PlotAxis& axis, const QString& symbol) {
    m_axis = axis;
    m_axisSymbol = symbol;
}

PlotAxis CurvePlots::axisFor(int index) const {
    PlotAxis axis = m_axis;
    for (std::size_t below = static_cast<std::size_t>(index) + 1; below < m_plots.size(); ++below) {
        if (!m_plots[below]->isHidden()) axis.labelled = false;
    }
    return axis;
}

void CurvePlots::setPlotVisible(int index, bool visible) {
    plot(index)->setVisible(visible);
}

void CurvePlots::setReadings(std::vector<Reading> readings) {
    m_readings = std::move(readings);
}

void CurvePlots::setCursorsVisible(bool on) {
    m_cursors = on;
    for (PlotView* plot : m_plots)
        plot->setCursorsVisible(on);
    m_readout->setVisible(on);
    updateReadout();
}

void CurvePlots::refresh() {
    for (PlotView* plot : m_plots)
        plot->refresh();
    if (m_cursors) m_plots.front()->bringCursorsIntoView();
    updateReadout();
}

QString CurvePlots::at(double x) const {
    QStringList parts{named(m_axisSymbol, unbroken(x, m_axis.unit, kDigits + 1))};
    for (const Reading& reading : m_readings) {
        const double y = reading.plot->valueAt(reading.curve, x);
        if (!reading.plot->isHidden()) parts << named(reading.symbol, unbroken(y, reading.unit));
    }
    return parts.join(QStringLiteral(", "));
}

QString CurvePlots::differences(double a, double b) const {
    QStringList parts{named(QStringLiteral("\u0394") + m_axisSymbol, unbroken(b - a, m_axis.unit))};
    for (const Reading& reading : m_readings) {
        if (reading.plot->isHidden()) continue;
        const double change =
            reading.plot->valueAt(reading.curve, b) - reading.plot->valueAt(reading.curve, a);
        parts << named(QStringLiteral("\u0394") + reading.symbol, unbroken(change, reading.unit));
        if (m_slopes && b != a)
            parts << named(tr("slope"), unbroken(change / (b - a), reading.unit + QStringLiteral("/s")));
    }
    return parts.join(QStringLiteral(", "));
}

void CurvePlots::updateReadout() {
    if (!m_cursors) return;
    const double a = m_plots.front()->cursorPosition(PlotCursor::A);
    const double b = m_plots.front()->cursorPosition(PlotCursor::B);
    const auto tag = [](const QString& letter, ColorRole role) {
        return QStringLiteral("<b style=\"color:%1\">%2</b>\u00a0")
            .arg(Theme::instance().color(role).name(), letter);
    };
    m_readout->setText(tag(QStringLiteral("A"), ColorRole::Chosen) + at(a) + QStringLiteral(" &nbsp; ") +
                       tag(QStringLiteral("B"), ColorRole::Brushed) + at(b) + QStringLiteral(" &nbsp; ") +
                       differences(a, b));
}

void CurvePlots::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) updateReadout();
    QWidget::changeEvent(event);
}

QString CurvePlots::readout() const {
    return QTextDocumentFragment::fromHtml(m_readout->text()).toPlainText().remove(QChar(0x2060));
}

} // namespace headroom::widgets
