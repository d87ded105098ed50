#pragma once

#include <QLabel>

namespace headroom::widgets {

/// One line of text that ends in an ellipsis where there is no room, and then shows itself as a tool tip.
class ElidedLabel final : public QLabel {
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget* parent = nullptr);

    bool isElided() const;
    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
};

} // namespace headroom::widgets
