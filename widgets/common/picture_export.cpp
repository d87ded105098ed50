#include "widgets/common/picture_export.h"

#include <QBuffer>
#include <QClipboard>
#include <QGuiApplication>
#include <QImage>
#include <QMenu>
#include <QPainter>
#include <QPdfWriter>
#include <QRegularExpression>
#include <QSvgGenerator>

#include "widgets/common/icons.h"

namespace headroom::widgets {
namespace {

constexpr int kPngScale = 2;

QImage painted(const QSize& size, const std::function<void(QPainter&)>& paint) {
    QImage image(size * kPngScale, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(kPngScale, kPngScale);
    paint(painter);
    return image;
}

} // namespace

QByteArray renderPicture(PictureFormat format, const QSize& size, const QString& title,
                         const std::function<void(QPainter&)>& paint) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (format == PictureFormat::Png) {
        painted(size, paint).save(&buffer, "PNG");
    } else if (format == PictureFormat::Svg) {
        QSvgGenerator generator;
        generator.setOutputDevice(&buffer);
        generator.setSize(size);
        generator.setViewBox(QRect(QPoint(0, 0), size));
        generator.setTitle(title);
        QPainter painter(&generator);
        painter.fillRect(QRect(QPoint(0, 0), size), Qt::white);
        paint(painter);
    } else {
        QPdfWriter writer(&buffer);
        writer.setTitle(title);
        writer.setPageMargins(QMarginsF());
        writer.setPageSize(QPageSize(QSizeF(size) * 0.75, QPageSize::Point));
        writer.setResolution(96);
        QPainter painter(&writer);
        paint(painter);
    }
    return bytes;
}

void addPictureActions(QMenu& menu, const QSize& size, const QString& title,
                       const std::function<void(QPainter&)>& paint,
                       const std::function<void(const QByteArray&, const QString&)>& handOver) {
    menu.addAction(icon(QStringLiteral("copy")), QObject::tr("Copy picture"),
                   [size, paint] { QGuiApplication::clipboard()->setImage(painted(size, paint)); });
    const struct {
        PictureFormat format;
        const char* suffix;
    } choices[] = {{PictureFormat::Png, "png"}, {PictureFormat::Svg, "svg"}, {PictureFormat::Pdf, "pdf"}};
    QString name = title;
    name.replace(QRegularExpression(QStringLiteral("[^\\w.-]+")), QStringLiteral("_"));
    for (const auto& choice : choices) {
        const QString suffix = QString::fromLatin1(choice.suffix);
        menu.addAction(icon(QStringLiteral("export")), QObject::tr("Export as %1...").arg(suffix.toUpper()),
                       [=, format = choice.format] {
                           handOver(renderPicture(format, size, title, paint),
                                    QStringLiteral("%1.%2").arg(name, suffix));
                       });
    }
}

} // namespace headroom::widgets
