#include "widgets/common/panel.h"

#include <QStackedLayout>
#include <QVBoxLayout>

#include "widgets/common/state_overlay.h"

namespace headroom::widgets {

Panel::Panel(const QString& objectName, const QString& title, QWidget* parent)
    : QWidget(parent)
    , m_title(title)
    , m_bar(new StateBar(this))
    , m_overlay(new StateOverlay(this))
    , m_stack(new QStackedLayout) {
    setObjectName(objectName);
    setWindowTitle(title);
    setAccessibleName(title);
    m_bar->hide();
    m_stack->addWidget(m_overlay);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addLayout(m_stack, 1);

    connect(m_overlay, &StateOverlay::actionRequested, this, &Panel::actionRequested);
    connect(m_overlay, &StateOverlay::cancelRequested, this, &Panel::cancelRequested);
    connect(m_bar, &StateBar::actionRequested, this, &Panel::actionRequested);
    connect(m_bar, &StateBar::cancelRequested, this, &Panel::cancelRequested);
    connect(m_bar, &StateBar::dismissed, this, &Panel::showContent);
}

void Panel::setContent(QWidget* content) {
    m_stack->addWidget(content);
}

void Panel::setBeginnings(const QList<QAction*>& actions) {
    m_overlay->setBeginnings(actions);
    if (m_state == State::Empty) m_overlay->showEmpty(m_emptySentence, m_emptyAction);
}

void Panel::setContentPresent(bool present, const QString& emptySentence, const QString& emptyAction) {
    m_hasContent = present;
    m_emptySentence = emptySentence;
    m_emptyAction = emptyAction;
    if (m_state == State::Busy) {
        placeState();
    } else if (present) {
        showContent();
    } else {
        showEmpty(emptySentence, emptyAction);
    }
}

QString Panel::stateText() const {
    if (m_state == State::Content) return {};
    return m_bar->isVisibleTo(this) ? m_bar->text() : m_overlay->text();
}

void Panel::showContent() {
    if (!m_hasContent) {
        showEmpty(m_emptySentence, m_emptyAction);
        return;
    }
    setState(State::Content);
}

void Panel::showEmpty(const QString& sentence, const QString& action) {
    m_hasContent = false;
    m_emptySentence = sentence;
    m_emptyAction = action;
    m_overlay->showEmpty(sentence, action);
    setState(State::Empty);
}

void Panel::showBusy(const QString& sentence, bool cancellable) {
    m_bar->showBusy(sentence, cancellable);
    m_overlay->showBusy(sentence, cancellable);
    setState(State::Busy);
}

void Panel::setProgress(double fraction, const QString& activity) {
    if (m_state != State::Busy) return;
    m_bar->setProgress(fraction, activity);
    m_overlay->setProgress(fraction, activity);
}

void Panel::showError(const QString& sentence, const QString& detail, const QString& action) {
    m_bar->showError(sentence, detail, action);
    m_overlay->showError(sentence, detail, action);
    setState(State::Error);
}

void Panel::setState(State state) {
    const bool changed = state != m_state;
    m_state = state;
    placeState();
    if (changed) emit stateChanged(state);
}

void Panel::placeState() {
    const bool beside = m_hasContent && (m_state == State::Busy || m_state == State::Error);
    m_bar->setVisible(beside);
    const bool content = (m_hasContent && m_state != State::Empty) && m_stack->count() > 1;
    m_stack->setCurrentIndex(content ? 1 : 0);
}

} // namespace headroom::widgets
