#include "widgets/slack/signed_map.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QMenu>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

#include "core/base/csv.h"
#include "widgets/common/icons.h"
#include "widgets/common/picture_export.h"
#include "widgets/common/theme.h"

namespace headroom::widgets {
namespace {

constexpr QSize kMapSize(720, 640);

QColor colourOf(double value, bool dark) {
    const QColor ground = Theme::color(ColorRole::PlotBackground, dark);
    const QColor positive(dark ? 0xe0 : 0xc4, dark ? 0x8a : 0x6a, dark ? 0x3c : 0x1b);
    const QColor negative(dark ? 0x6a : 0x2f, dark ? 0xa4 : 0x6f, dark ? 0xdc : 0xb0);
    return Theme::mixed(ground, value > 0 ? positive : negative, std::min(1.0, std::abs(value)));
}

} // namespace

SignedMap::SignedMap(QWidget* parent)
    : QWidget(parent) {
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void SignedMap::setData(SignedMapData data) {
    m_data = std::move(data);
    update();
}

QRectF SignedMap::mapArea(const QSizeF& size) const {
    const QFontMetricsF metrics(font());
    double names = 0;
    double top = 0;
    for (const QString& row : m_data.rows)
        names = std::max(names, metrics.horizontalAdvance(row));
    for (const QString& column : m_data.columns)
        top = std::max(top, metrics.horizontalAdvance(column));
    names = std::min(names, size.width() / 3) + 12;
    top = std::min(top, size.height() / 3) + 12;
    return {names, top, std::max(1.0, size.width() - names - 8), std::max(1.0, size.height() - top - 8)};
}

QPoint SignedMap::cellAt(const QPoint& place) const {
    if (m_data.values.empty()) return {-1, -1};
    const QRectF area = mapArea(size());
    if (!area.contains(place)) return {-1, -1};
    const auto cell = [](double offset, double length, qsizetype count) {
        return std::min(static_cast<int>(offset / length * static_cast<double>(count)),
                        static_cast<int>(count) - 1);
    };
    return {cell(place.x() - area.left(), area.width(), m_data.columns.size()),
            cell(place.y() - area.top(), area.height(), m_data.rows.size())};
}

void SignedMap::paintMap(QPainter& painter, const QSizeF& size, bool dark) const {
    const QRectF area = mapArea(size);
    const QFontMetricsF metrics(font());
    const double width = area.width() / static_cast<double>(m_data.columns.size());
    const double height = area.height() / static_cast<double>(m_data.rows.size());
    const bool figures =
        width > metrics.horizontalAdvance(QStringLiteral("-0.00 ")) && height > metrics.height();
    painter.setFont(font());
    for (qsizetype row = 0; row < m_data.rows.size(); ++row) {
        const double top = area.top() + height * static_cast<double>(row);
        painter.setPen(Theme::color(ColorRole::PlotAxis, dark));
        if (height > 0.7 * metrics.height())
            painter.drawText(QRectF(0, top, area.left() - 6, height), Qt::AlignRight | Qt::AlignVCenter,
                             metrics.elidedText(m_data.rows[row], Qt::ElideRight, area.left() - 8));
        for (qsizetype column = 0; column < m_data.columns.size(); ++column) {
            const double value =
                m_data.values[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
            const QRectF cell(area.left() + width * static_cast<double>(column), top, width, height);
            const QColor ground = colourOf(value, dark);
            painter.fillRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), ground);
            if (!figures) continue;
            painter.setPen(ground.lightness() > 140 ? Qt::black : Qt::white);
            painter.drawText(cell, Qt::AlignCenter, QString::number(value, 'f', 2));
        }
    }
    painter.setPen(Theme::color(ColorRole::PlotAxis, dark));
    if (width < 0.7 * metrics.height()) return;
    for (qsizetype column = 0; column < m_data.columns.size(); ++column) {
        painter.save();
        painter.translate(area.left() + width * (static_cast<double>(column) + 0.5), area.top() - 6);
        painter.rotate(-90);
        painter.drawText(QRectF(0, -height - width, area.top() - 8, 2 * (height + width)),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(m_data.columns[column], Qt::ElideRight, area.top() - 8));
        painter.restore();
    }
}

void SignedMap::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), Theme::instance().color(ColorRole::PlotBackground));
    if (!m_data.values.empty()) paintMap(painter, size(), Theme::instance().isDark());
}

QByteArray SignedMap::csv() const {
    CsvTable table;
    table.columns = {m_data.rowTitle.toStdString()};
    for (const QString& column : m_data.columns)
        table.columns.push_back(column.toStdString());
    for (std::size_t row = 0; row < m_data.values.size(); ++row) {
        std::vector<std::string> cells = numberCells(m_data.values[row]);
        cells.insert(cells.begin(), m_data.rows[static_cast<qsizetype>(row)].toStdString());
        table.rows.push_back(std::move(cells));
    }
    return QByteArray::fromStdString(writeCsv(table));
}

void SignedMap::contextMenuEvent(QContextMenuEvent* event) {
    if (m_data.values.empty()) return;
    QMenu menu(this);
    const auto render = [this](ExportFormat format) {
        if (format == ExportFormat::Csv) return csv();
        return renderPicture(format, kMapSize, m_data.title,
                             [this](QPainter& painter) { paintMap(painter, kMapSize, false); });
    };
    addExportActions(menu, *this,
                     {m_data.title, render, [this](const QByteArray& contents, const QString& name) {
                          emit exportRequested(contents, name);
                      }});
    menu.exec(event->globalPos());
}

bool SignedMap::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QPoint cell = cellAt(help->pos());
    if (cell.x() < 0) {
        QToolTip::hideText();
    } else {
        const double value =
            m_data.values[static_cast<std::size_t>(cell.y())][static_cast<std::size_t>(cell.x())];
        QToolTip::showText(
            help->globalPos(),
            tr("%1 and %2: %3")
                .arg(m_data.rows[cell.y()], m_data.columns[cell.x()], QString::number(value, 'f', 3)),
            this);
    }
    return true;
}

} // namespace headroom::widgets
