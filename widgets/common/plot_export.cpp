#include <QBuffer>
#include <QContextMenuEvent>
#include <QMenu>

#include <cmath>

#include "core/base/csv.h"
#include "core/base/quantity.h"
#include "widgets/common/icons.h"
#include "widgets/common/plot_view_impl.h"

// What leaves a plot: pictures and tables, through the context menu or asked for.

namespace headroom::widgets {
namespace {

QString columnName(const PlotAxis& axis, const QString& fallback) {
    const QString title = axis.title.isEmpty() ? fallback : axis.title;
    return axis.unit.isEmpty() ? title : QStringLiteral("%1 (%2)").arg(title, axis.unit);
}

std::string exact(double value) {
    return std::isfinite(value) ? formatExact(value) : std::string();
}

} // namespace

QByteArray PlotView::Impl::rendered(Format format, const QSize& wanted) {
    const QSize size = wanted.isEmpty() ? kExportSize : wanted;
    QByteArray bytes;
    PlotContent whole = content;
    whole.horizontal.labelled = whole.vertical.labelled = true;
    canvas->build(whole, cursors, false);
    if (format == Format::Png) {
        QBuffer buffer(&bytes);
        buffer.open(QIODevice::WriteOnly);
        canvas->toPixmap(size.width(), size.height(), 2).save(&buffer, "PNG");
    } else {
        QCPPainter painter;
        painter.setMode(QCPPainter::pmVectorized);
        painter.setMode(QCPPainter::pmNoCaching);
        bytes = vectorPicture(format, size, content.title, painter,
                              [&] { canvas->toPainter(&painter, size.width(), size.height()); });
    }
    build();
    canvas->replot(QCustomPlot::rpQueuedReplot);
    return bytes;
}

QByteArray PlotView::rendered(Format format, const QSize& size) const {
    return format == Format::Csv ? csv() : m_impl->rendered(format, size);
}

QByteArray PlotView::csv() const {
    const PlotContent& content = m_impl->content;
    CsvTable table;
    if (!content.bars.empty()) {
        const QString axis = columnName(content.horizontal, content.title);
        table.columns = {QStringLiteral("%1 from").arg(axis).toStdString(),
                         QStringLiteral("%1 to").arg(axis).toStdString()};
        for (const PlotBars& series : content.bars)
            table.columns.push_back(series.name.toStdString());
        const std::vector<double>& edges = content.bars.front().edges;
        for (std::size_t bin = 0; bin + 1 < edges.size(); ++bin) {
            std::vector<std::string> row{exact(edges[bin]), exact(edges[bin + 1])};
            for (const PlotBars& series : content.bars) {
                row.push_back(bin < series.heights.size() ? exact(series.heights[bin]) : std::string());
            }
            table.rows.push_back(std::move(row));
        }
    } else if (!content.boxes.empty()) {
        table.columns = {"category", "series",         "low whisker", "lower quartile",
                         "median",   "upper quartile", "high whisker"};
        for (const PlotBox& box : content.boxes) {
            table.rows.push_back({box.category.toStdString(), box.series.toStdString(), exact(box.lowWhisker),
                                  exact(box.lower), exact(box.median), exact(box.upper),
                                  exact(box.highWhisker)});
        }
    } else {
        table.columns = {"series", columnName(content.horizontal, tr("x")).toStdString(),
                         columnName(content.vertical, tr("y")).toStdString()};
        for (const PlotPoints& points : content.points) {
            for (std::size_t i = 0; i < points.x.size() && i < points.y.size(); ++i) {
                table.rows.push_back({points.name.toStdString(), exact(points.x[i]), exact(points.y[i])});
            }
        }
    }
    return QByteArray::fromStdString(writeCsv(table));
}

void PlotView::contextMenuEvent(QContextMenuEvent* event) {
    QMenu menu(this);
    addExportActions(menu, *this,
                     {m_impl->content.title, [this](Format format) { return rendered(format); },
                      [this](const QByteArray& contents, const QString& suggestedFileName) {
                          emit exportRequested(contents, suggestedFileName);
                      }});
    menu.addSeparator();
    menu.addAction(icon(QStringLiteral("fit")), tr("Show everything"), this, &PlotView::resetView);
    menu.exec(event->globalPos());
}

} // namespace headroom::widgets
