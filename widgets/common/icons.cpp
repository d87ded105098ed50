#include "widgets/common/icons.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <optional>

// The macro declares a function, so it must stand outside any namespace.
static void registerIcons() {
    Q_INIT_RESOURCE(icons);
}

namespace headroom::widgets {
namespace {

const QByteArray& source(const QString& name) {
    static QHash<QString, QByteArray> sources;
    static const bool registered = [] {
        registerIcons();
        return true;
    }();
    Q_UNUSED(registered)
    const auto found = sources.constFind(name);
    if (found != sources.constEnd()) return *found;
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    return *sources.insert(name, file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray());
}

/// Renders an SVG in the colour that the palette has at that moment.
class ThemedSvgEngine final : public QIconEngine {
public:
    ThemedSvgEngine(QString name, std::optional<ColorRole> role)
        : m_name(std::move(name))
        , m_role(role) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        QByteArray svg = source(m_name);
        svg.replace("currentColor", colorFor(mode).name().toLatin1());
        QSvgRenderer renderer(svg);
        const int side = std::min(rect.width(), rect.height());
        QRectF square(0, 0, side, side);
        square.moveCenter(QRectF(rect).center());
        renderer.render(painter, square);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        const QString key = QStringLiteral("headroom/%1/%2x%3/%4")
                                .arg(m_name)
                                .arg(size.width())
                                .arg(size.height())
                                .arg(colorFor(mode).rgba(), 8, 16);
        QPixmap pixmap;
        if (QPixmapCache::find(key, &pixmap)) return pixmap;
        pixmap = QPixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        painter.end();
        QPixmapCache::insert(key, pixmap);
        return pixmap;
    }

    QIconEngine* clone() const override { return new ThemedSvgEngine(m_name, m_role); }

private:
    QColor colorFor(QIcon::Mode mode) const {
        const QPalette palette = QApplication::palette();
        if (mode == QIcon::Disabled) return palette.color(QPalette::Disabled, QPalette::ButtonText);
        if (mode == QIcon::Selected) return palette.color(QPalette::HighlightedText);
        return m_role ? Theme::instance().color(*m_role) : palette.color(QPalette::ButtonText);
    }

    QString m_name;
    std::optional<ColorRole> m_role;
};

QIcon themedIcon(const QString& name, std::optional<ColorRole> role) {
    return source(name).isEmpty() ? QIcon() : QIcon(new ThemedSvgEngine(name, role));
}

} // namespace

QIcon icon(const QString& name) {
    return themedIcon(name, std::nullopt);
}

QIcon icon(const QString& name, ColorRole role) {
    return themedIcon(name, role);
}

QStringList iconNames() {
    registerIcons();
    QStringList names;
    for (const QString& file : QDir(QStringLiteral(":/icons")).entryList({QStringLiteral("*.svg")})) {
        names << file.chopped(4);
    }
    return names;
}

} // namespace headroom::widgets
