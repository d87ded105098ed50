#pragma once

#include <QFrame>
#include <QString>
#include <QWidget>

class QAction;
class QLabel;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace headroom::widgets {

/// Fills a panel that has no content: icon, one sentence, progress where work goes on, and a button.
class StateOverlay final : public QWidget {
    Q_OBJECT

public:
    explicit StateOverlay(QWidget* parent = nullptr);

    /// Ways to begin, a button each, that the empty and the error state offer beside their action.
    void setBeginnings(const QList<QAction*>& actions);
    void showEmpty(const QString& sentence, const QString& action);
    void showBusy(const QString& sentence, bool cancellable);
    void setProgress(double fraction, const QString& activity);
    void showError(const QString& sentence, const QString& detail, const QString& action);

    QString text() const;

signals:
    void actionRequested();
    void cancelRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void showSentence(const QString& sentence, const QString& action);
    void showIcon(const QString& name);

    QString m_iconName;
    QLabel* m_icon;
    QLabel* m_sentence;
    QLabel* m_detail;
    QProgressBar* m_progress;
    QWidget* m_beginnings;
    QPushButton* m_action;
    QPushButton* m_cancel;
};

/// The same in one line above content that stays usable.
class StateBar final : public QFrame {
    Q_OBJECT

public:
    explicit StateBar(QWidget* parent = nullptr);

    void showBusy(const QString& sentence, bool cancellable);
    void setProgress(double fraction, const QString& activity);
    void showError(const QString& sentence, const QString& detail, const QString& action);

    QString text() const;

signals:
    void actionRequested();
    void cancelRequested();
    void dismissed();

protected:
    void changeEvent(QEvent* event) override;

private:
    void paintIcon();

    QString m_iconName;
    QLabel* m_icon;
    QLabel* m_sentence;
    QProgressBar* m_progress;
    QPushButton* m_action;
    QToolButton* m_dismiss;
    QPushButton* m_cancel;
};

} // namespace headroom::widgets
