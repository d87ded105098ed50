#pragma once

#include <qcustomplot.h>

#include "widgets/common/plot_view.h"
#include "widgets/common/quantity_text.h"

namespace headroom::widgets {

/// Ticks in engineering units: the axis' label carries the prefix, tick labels only the figures. Where a
/// logarithmic axis spans so much that no one prefix suits it, each label carries its own ("10k", "1M").
class EngineeringTicker final : public QCPAxisTicker {
public:
    explicit EngineeringTicker(const PlotAxis& axis);

    /// The unit for the axis' label while this range is visible.
    DisplayUnit adaptTo(const QCPRange& range);

protected:
    double getTickStep(const QCPRange& range) override;
    int getSubTickCount(double) override { return m_subTicks; }
    QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override;
    QVector<double> createTickVector(double step, const QCPRange& range) override;

private:
    bool isWide(const QCPRange& range) const;
    QVector<double> decades(const QCPRange& range);

    PlotAxis m_axis;
    DisplayUnit m_unit;
    double m_step = 1;
    int m_subTicks = 0;
    bool m_ownPrefixes = false;
    bool m_decades = false; ///< the ticks of the moment are powers of ten
};

/// A name of a place on an axis, on as many lines as it takes to stay within @p width pixels; words that are
/// wider are cut short.
QString wrappedLabel(const QString& name, int width, const QFontMetrics& metrics);

} // namespace headroom::widgets
