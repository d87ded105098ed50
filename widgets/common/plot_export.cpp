#include <QApplication>
#include <QBuffer>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QMenu>
#include <QPdfWriter>
#include <QRegularExpression>
#include <QSvgGenerator>

#include <cmath>

#include "core/base/csv.h"
#include "core/base/quantity.h"
#include "widgets/common/icons.h"
#include "widgets/common/plot_view_impl.h"

// What leaves a plot: pictures and tables, through the context menu or asked for.

namespace headroom::widgets {
namespace {

constexpr QSize kExportSize(640, 400);

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
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    PlotContent whole = content;
    whole.horizontal.labelled = whole.vertical.labelled = true;
    canvas->build(whole, cursors, false);
    if (format == Format::Png) {
        canvas->toPixmap(size.width(), size.height(), 2).save(&buffer, "PNG");
    } else {
        QCPPainter painter;
        painter.setMode(QCPPainter::pmVectorized);
        painter.setMode(QCPPainter::pmNoCaching);
        if (format == Format::Svg) {
            QSvgGenerator generator;
            generator.setOutputDevice(&buffer);
            generator.setSize(size);
            generator.setViewBox(QRect(QPoint(0, 0), size));
            generator.setTitle(content.title);
            painter.begin(&generator);
            canvas->toPainter(&painter, size.width(), size.height());
            painter.end();
        } else {
            QPdfWriter writer(&buffer);
            writer.setTitle(content.title);
            writer.setPageMargins(QMarginsF());
            writer.setPageSize(QPageSize(QSizeF(size) * 0.75, QPageSize::Point));
            writer.setResolution(96);
            painter.begin(&writer);
            canvas->toPainter(&painter, size.width(), size.height());
            painter.end();
        }
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

void PlotView::exportAs(Format format) {
    static constexpr const char* kSuffixes[] = {"png", "svg", "pdf", "csv"};
    QString name = m_impl->content.title.isEmpty() ? tr("plot") : m_impl->content.title;
    name.replace(QRegularExpression(QStringLiteral("[^\\w.-]+")), QStringLiteral("_"));
    emit exportRequested(rendered(format), QStringLiteral("%1.%2").arg(
                                               name, QLatin1String(kSuffixes[static_cast<int>(format)])));
}

void PlotView::contextMenuEvent(QContextMenuEvent* event) {
    QMenu menu(this);
    menu.addAction(icon(QStringLiteral("copy")), tr("Copy picture"), this, [this] {
        QPixmap picture;
        picture.loadFromData(rendered(Format::Png), "PNG");
        QApplication::clipboard()->setPixmap(picture);
    });
    menu.addAction(tr("Copy data"), this,
                   [this] { QApplication::clipboard()->setText(QString::fromUtf8(csv())); });
    menu.addSeparator();
    menu.addAction(icon(QStringLiteral("export")), tr("Export as PNG..."), this,
                   [this] { exportAs(Format::Png); });
    menu.addAction(tr("Export as SVG..."), this, [this] { exportAs(Format::Svg); });
    menu.addAction(tr("Export as PDF..."), this, [this] { exportAs(Format::Pdf); });
    menu.addAction(tr("Export data as CSV..."), this, [this] { exportAs(Format::Csv); });
    menu.addSeparator();
    menu.addAction(icon(QStringLiteral("fit")), tr("Show everything"), this, &PlotView::resetView);
    menu.exec(event->globalPos());
}

} // namespace headroom::widgets
