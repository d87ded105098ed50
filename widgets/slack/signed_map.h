#pragma once

#include <QStringList>
#include <QWidget>

#include <vector>

namespace headroom::widgets {

/// Numbers from -1 to 1 by row and column, with names.
struct SignedMapData {
    QString title;    ///< of files: "correlation"
    QString rowTitle; ///< heading of the rows' names in files
    QStringList rows, columns;
    std::vector<std::vector<double>> values; ///< by row, then column
};

/// Numbers of either sign as a map of colours: blue for negative, orange for positive ones, which people who
/// do not see red and green tell apart. The figure stands in every cell that has room for it.
class SignedMap final : public QWidget {
    Q_OBJECT

public:
    explicit SignedMap(QWidget* parent = nullptr);

    void setData(SignedMapData data);

    /// Column and row under a point of the widget; -1 where there is none.
    QPoint cellAt(const QPoint& place) const;
    QByteArray csv() const;

    QSize sizeHint() const override { return {420, 380}; }
    QSize minimumSizeHint() const override { return {160, 140}; }

signals:
    void exportRequested(const QByteArray& contents, const QString& suggestedFileName);

protected:
    void paintEvent(QPaintEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool event(QEvent* event) override;

private:
    QRectF mapArea(const QSizeF& size) const;
    void paintMap(QPainter& painter, const QSizeF& size, bool dark) const;

    SignedMapData m_data;
};

} // namespace headroom::widgets
