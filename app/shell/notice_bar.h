#pragma once

#include <QFrame>
#include <QString>

class QLabel;
class QToolButton;

namespace headroom::app {

/// One line under the toolbar that tells what went wrong, or right, until it is dismissed or replaced.
class NoticeBar final : public QFrame {
    Q_OBJECT

public:
    explicit NoticeBar(QWidget* parent = nullptr);

    /// @param detail for the tool tip and the clipboard
    void showError(const QString& sentence, const QString& detail = {});
    /// Good news leave by themselves.
    void showNote(const QString& sentence);

    QString text() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void show(const QString& sentence, const QString& detail, bool error);
    void paintTheme();

    QLabel* m_icon;
    QLabel* m_text;
    QToolButton* m_copy;
    bool m_error = false;
    QString m_detail;
    class QTimer* m_timer;
};

} // namespace headroom::app
