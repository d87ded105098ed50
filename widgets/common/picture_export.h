#pragma once

#include <QByteArray>
#include <QSize>
#include <QString>

#include <functional>

class QMenu;
class QPainter;

namespace headroom::widgets {

enum class PictureFormat { Png, Svg, Pdf };

/// A picture of what @p paint draws on an area of this size, on white.
QByteArray renderPicture(PictureFormat format, const QSize& size, const QString& title,
                         const std::function<void(QPainter& painter)>& paint);

/// Gives a menu "Copy picture" and one entry per format.
/// @param handOver takes the picture and a file name for it
void addPictureActions(QMenu& menu, const QSize& size, const QString& title,
                       const std::function<void(QPainter& painter)>& paint,
                       const std::function<void(const QByteArray& contents, const QString& name)>& handOver);

} // namespace headroom::widgets
