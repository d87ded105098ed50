#pragma once

#include <QString>
#include <QWidget>

#include <vector>

#include "widgets/common/theme.h"

namespace headroom::widgets {

/// One entry of a legend.
struct LegendEntry {
    enum class Glyph { Bar, HatchedBar, Star, Diamond, DashedLine };
    Glyph glyph = Glyph::Bar;
    ColorRole color = ColorRole::Simulated;
    QString text;
};

/// What the signs in a page of plots mean, once for all of them; wraps where it is narrow.
class LegendBar final : public QWidget {
    Q_OBJECT

public:
    explicit LegendBar(QWidget* parent = nullptr);

    void setEntries(std::vector<LegendEntry> entries);

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    /// Places of the entries for a width; returns the height they take.
    int place(int width, std::vector<QRect>& rects) const;
    int entryWidth(const LegendEntry& entry) const;
    int lineHeight() const;
    void paintGlyph(QPainter& painter, const LegendEntry& entry, const QRectF& box) const;

    std::vector<LegendEntry> m_entries;
};

} // namespace headroom::widgets
