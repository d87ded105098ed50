#pragma once

#include <QString>
#include <QWidget>

class QPainter;

namespace headroom::widgets {

/// A limit on the range that a data set covers, with both ends written out and what is accepted filled. The
/// range is logarithmic where it spans more than a decade and a half. A value outside stands at the end as an
/// open triangle.
class RangeSlider final : public QWidget {
    Q_OBJECT

public:
    explicit RangeSlider(QWidget* parent = nullptr);

    /// Equal or NaN ends: nothing is known, and the slider is disabled.
    void setRange(double low, double high, const QString& unit);
    /// @param value that the handle moves; NaN: there is none yet  @param minimum, maximum between them the
    /// bar is filled; infinite where it is open
    void setLimits(double value, double minimum, double maximum);
    double value() const { return m_value; }
    bool isInside() const;

    /// Horizontal place of a value, in pixels; values outside stand at the ends.
    int pixelOf(double value) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    /// While the user drags.
    void moved(double value);
    /// At the end of a drag and on each key.
    void edited(double value);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    bool isKnown() const;
    double toShare(double value) const; ///< 0 to 1 along the range
    double fromShare(double share) const;
    double shareAt(int pixel) const;
    QRect bar() const;
    void drawFocus(QPainter& painter) const;
    int labelWidth() const;

    double m_low = 0, m_high = 0, m_value = 0;
    double m_minimum = 0, m_maximum = 0;
    QString m_unit;
    bool m_logarithmic = false;
    bool m_dragging = false;
};

} // namespace headroom::widgets
