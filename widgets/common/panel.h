#pragma once

#include <QByteArray>
#include <QString>
#include <QWidget>

class QAction;
class QStackedLayout;
class QVBoxLayout;

namespace headroom::widgets {

class StateBar;
class StateOverlay;

/// What every dock panel is: a widget with an object name and a title that shows its content, or says in
/// one clear sentence why there is none. A panel is passive: it is told what to show and emits what the
/// user asks for; it starts no work and touches no file.
///
/// Busy and error states keep content that is already there: it stays usable below a slim bar. Data that
/// arrive while the panel is busy are shown at once and leave it busy, until showContent() or showError().
class Panel : public QWidget {
    Q_OBJECT

public:
    enum class State { Content, Empty, Busy, Error };
    Q_ENUM(State)

    /// @param objectName stable: layouts and tests find the panel by it
    Panel(const QString& objectName, const QString& title, QWidget* parent = nullptr);

    const QString& title() const { return m_title; }
    State state() const { return m_state; }
    bool hasContent() const { return m_hasContent; }

    /// The text on show beside or instead of the content; empty in State::Content.
    QString stateText() const;

public slots:
    /// Ends a busy or error state: shows the content alone, or the empty state where there is none.
    void showContent();

    /// Nothing to show: hides the content. @p action is a button's text, empty for no button.
    void showEmpty(const QString& sentence, const QString& action = {});

    /// Work goes on. @param cancellable offers a button that emits cancelRequested()
    void showBusy(const QString& sentence, bool cancellable = true);

    /// Of the work that showBusy() announced. @param fraction 0 to 1, negative where unknown
    void setProgress(double fraction, const QString& activity);

    /// Something failed. @param detail goes into the tool tip and can be copied
    void showError(const QString& sentence, const QString& detail = {}, const QString& action = {});

signals:
    /// The button of showEmpty() or showError() was pressed.
    void actionRequested();
    void cancelRequested();
    void stateChanged(headroom::widgets::Panel::State state);

    /// The user wants these bytes in a file; the application asks for its name and writes it.
    void exportRequested(const QByteArray& contents, const QString& suggestedFileName);

protected:
    /// Gives the panel its content; called once, in the constructor.
    void setContent(QWidget* content);

    /// Ways to begin that the empty state, and an error without content, offer as buttons. Those with a menu
    /// open it.
    void setBeginnings(const QList<QAction*>& actions);

    /// Called by setData(): data are there, or not (then the sentence says what to do about it).
    void setContentPresent(bool present, const QString& emptySentence = {}, const QString& emptyAction = {});

private:
    void setState(State state);
    void placeState();

    QString m_title;
    State m_state = State::Empty;
    bool m_hasContent = false;
    QString m_emptySentence;
    QString m_emptyAction;
    StateBar* m_bar;
    StateOverlay* m_overlay;
    QStackedLayout* m_stack;
};

} // namespace headroom::widgets
