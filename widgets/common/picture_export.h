#pragma once

#include <QByteArray>
#include <QSize>
#include <QString>

#include <functional>

class QMenu;
class QPainter;
class QWidget;

namespace headroom::widgets {

enum class ExportFormat { Png, Svg, Pdf, Csv };

/// How large pictures are written unless asked for otherwise.
inline constexpr QSize kExportSize(640, 400);

/// Draws a picture into the bytes of an SVG or PDF file.
/// @param painter that draws; not active before and after
/// @param draw called while the painter is active, on an area from (0, 0) to @p size
QByteArray vectorPicture(ExportFormat format, const QSize& size, const QString& title, QPainter& painter,
                         const std::function<void()>& draw);

/// A picture of what @p paint draws on an area of this size, on white: PNG, SVG or PDF.
QByteArray renderPicture(ExportFormat format, const QSize& size, const QString& title,
                         const std::function<void(QPainter& painter)>& paint);

/// A title as the name of a file, without its suffix.
QString fileNameOf(const QString& title);

/// What a plot can hand over.
struct ExportSource {
    QString title; ///< names files
    std::function<QByteArray(ExportFormat format)> render;
    std::function<void(const QByteArray& contents, const QString& suggestedFileName)> handOver;
    bool hasData = true; ///< and not only pictures
};

/// Puts "Copy picture", "Copy data" and the four exports into a menu.
void addExportActions(QMenu& menu, QWidget& plot, const ExportSource& source);

} // namespace headroom::widgets
