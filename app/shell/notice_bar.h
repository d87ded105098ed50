#pragma once

#include <QFrame>
#include <QString>

class QLabel;
class QMainWindow;
class QTimer;
class QToolBar;
class QToolButton;

namespace headroom::app {

/// One line under the toolbar that tells what went wrong, or right, until it is dismissed or replaced.
class NoticeBar final : public QFrame {
    Q_OBJECT

public:
    /// Adds itself to the window as a strip of its own; takes no room while there is nothing to say.
    explicit NoticeBar(QMainWindow& window);

    /// @param detail for the tool tip and the clipboard
    void showError(const QString& sentence, const QString& detail = {});
    /// Good news leave by themselves.
    void showNote(const QString& sentence);

    /// The line on show; empty: none.
    QString text() const;

public slots:
    void dismiss();

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void show(const QString& sentence, const QString& detail, bool error);
    void paintTheme();

    QLabel* m_icon;
    QLabel* m_text;
    QToolButton* m_copy;
    bool m_error = false;
    QString m_detail;
    QTimer* m_timer;
    QToolBar* m_strip;
};

} // namespace headroom::app
