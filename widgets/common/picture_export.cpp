#include "widgets/common/picture_export.h"

#include <QApplication>
#include <QBuffer>
#include <QClipboard>
#include <QImage>
#include <QMenu>
#include <QPainter>
#include <QPdfWriter>
#include <QPixmap>
#include <QRegularExpression>
#include <QSvgGenerator>

#include <array>

#include "widgets/common/icons.h"

namespace headroom::widgets {
namespace {

constexpr int kPngScale = 2;

QString translated(const char* text) {
    return QApplication::translate("Plot", text);
}

} // namespace

QByteArray vectorPicture(ExportFormat format, const QSize& size, const QString& title, QPainter& painter,
                         const std::function<void()>& draw) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (format == ExportFormat::Svg) {
        QSvgGenerator generator;
        generator.setOutputDevice(&buffer);
        generator.setSize(size);
        generator.setViewBox(QRect(QPoint(0, 0), size));
        generator.setTitle(title);
        painter.begin(&generator);
        draw();
        painter.end();
    } else {
        QPdfWriter writer(&buffer);
        writer.setTitle(title);
        writer.setPageMargins(QMarginsF());
        writer.setPageSize(QPageSize(QSizeF(size) * 0.75, QPageSize::Point));
        writer.setResolution(96);
        painter.begin(&writer);
        draw();
        painter.end();
    }
    return bytes;
}

QByteArray renderPicture(ExportFormat format, const QSize& size, const QString& title,
                         const std::function<void(QPainter&)>& paint) {
    QPainter painter;
    if (format != ExportFormat::Png) {
        return vectorPicture(format, size, title, painter, [&] {
            painter.fillRect(QRect(QPoint(0, 0), size), Qt::white);
            paint(painter);
        });
    }
    QImage image(size * kPngScale, QImage::Format_RGB32);
    image.fill(Qt::white);
    painter.begin(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(kPngScale, kPngScale);
    paint(painter);
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

QString fileNameOf(const QString& title) {
    QString name = title;
    return name.replace(QRegularExpression(QStringLiteral("[^\\w.-]+")), QStringLiteral("_"));
}

void addExportActions(QMenu& menu, QWidget& plot, const ExportSource& source) {
    menu.addAction(icon(QStringLiteral("copy")), translated("Copy picture"), &plot, [source] {
        QPixmap picture;
        picture.loadFromData(source.render(ExportFormat::Png), "PNG");
        QApplication::clipboard()->setPixmap(picture);
    });
    if (source.hasData) {
        menu.addAction(translated("Copy data"), &plot, [source] {
            QApplication::clipboard()->setText(QString::fromUtf8(source.render(ExportFormat::Csv)));
        });
    }
    menu.addSeparator();
    struct Entry {
        ExportFormat format;
        const char* text;
        const char* suffix;
    };
    static constexpr std::array kEntries{Entry{ExportFormat::Png, "Export as PNG...", "png"},
                                         Entry{ExportFormat::Svg, "Export as SVG...", "svg"},
                                         Entry{ExportFormat::Pdf, "Export as PDF...", "pdf"},
                                         Entry{ExportFormat::Csv, "Export data as CSV...", "csv"}};
    for (const Entry& entry : kEntries) {
        if (entry.format == ExportFormat::Csv && !source.hasData) continue;
        QAction* action = menu.addAction(translated(entry.text), &plot, [source, entry] {
            const QString name = fileNameOf(source.title.isEmpty() ? translated("plot") : source.title);
            source.handOver(source.render(entry.format),
                            QStringLiteral("%1.%2").arg(name, QLatin1String(entry.suffix)));
        });
        if (entry.format == ExportFormat::Png) action->setIcon(icon(QStringLiteral("export")));
    }
}

} // namespace headroom::widgets
