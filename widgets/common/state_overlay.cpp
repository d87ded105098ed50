#include "widgets/common/state_overlay.h"

#include <QAction>
#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>

#include "widgets/common/icons.h"

namespace headroom::widgets {
namespace {

constexpr int kProgressSteps = 1000;

/// A known fraction fills the bar; an unknown one makes it move.
void showFraction(QProgressBar* bar, double fraction) {
    if (fraction < 0 || std::isnan(fraction)) {
        bar->setRange(0, 0);
        return;
    }
    bar->setRange(0, kProgressSteps);
    bar->setValue(static_cast<int>(std::lround(std::min(fraction, 1.0) * kProgressSteps)));
}

QLabel* wrappedLabel(QWidget* parent, const QString& name) {
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

QPixmap statePixmap(const QString& name, int side, const QWidget& widget) {
    const ColorRole role = name == QLatin1String("error") ? ColorRole::Error : ColorRole::Muted;
    return icon(name, role).pixmap(QSize(side, side), widget.devicePixelRatioF());
}

} // namespace

StateOverlay::StateOverlay(QWidget* parent)
    : QWidget(parent)
    , m_icon(new QLabel(this))
    , m_sentence(wrappedLabel(this, QStringLiteral("stateSentence")))
    , m_detail(wrappedLabel(this, QStringLiteral("stateDetail")))
    , m_progress(new QProgressBar(this))
    , m_beginnings(new QWidget(this))
    , m_action(new QPushButton(this))
    , m_cancel(new QPushButton(icon(QStringLiteral("cancel")), tr("Cancel"), this)) {
    setObjectName(QStringLiteral("stateOverlay"));
    m_beginnings->setObjectName(QStringLiteral("stateBeginnings"));
    m_action->setObjectName(QStringLiteral("stateAction"));
    m_cancel->setObjectName(QStringLiteral("stateCancel"));
    m_progress->setObjectName(QStringLiteral("stateProgress"));
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress"));
    m_icon->setAlignment(Qt::AlignCenter);
    m_sentence->setAlignment(Qt::AlignCenter);
    m_detail->setAlignment(Qt::AlignCenter);
    m_detail->setForegroundRole(QPalette::PlaceholderText);

    auto* column = new QVBoxLayout;
    column->addStretch(2);
    column->addWidget(m_icon);
    column->addWidget(m_sentence);
    column->addWidget(m_detail);
    column->addWidget(m_progress);
    column->addWidget(m_beginnings, 0, Qt::AlignHCenter);
    column->addWidget(m_action, 0, Qt::AlignHCenter);
    column->addWidget(m_cancel, 0, Qt::AlignHCenter);
    column->addStretch(3);
    auto* row = new QHBoxLayout(this);
    row->addStretch(1);
    row->addLayout(column, 8);
    row->addStretch(1);

    connect(m_action, &QPushButton::clicked, this, &StateOverlay::actionRequested);
    connect(m_cancel, &QPushButton::clicked, this, &StateOverlay::cancelRequested);
    showEmpty({}, {});
}

void StateOverlay::showIcon(const QString& name) {
    m_iconName = name;
    m_icon->setVisible(!name.isEmpty());
    if (!name.isEmpty()) m_icon->setPixmap(statePixmap(name, fontMetrics().height() * 2, *this));
}

void StateOverlay::setBeginnings(const QList<QAction*>& actions) {
    qDeleteAll(m_beginnings->findChildren<QPushButton*>());
    delete m_beginnings->layout();
    auto* grid = new QGridLayout(m_beginnings);
    grid->setContentsMargins(0, 6, 0, 0);
    // Two by two: beside each other they would not fit into a narrow dock.
    for (int i = 0; i < actions.size(); ++i) {
        QAction* action = actions[i];
        auto* button = new QPushButton(action->icon(), action->text(), m_beginnings);
        button->setObjectName(action->objectName() + QStringLiteral("Button"));
        button->setToolTip(action->toolTip());
        button->setMenu(action->menu());
        if (action->menu() == nullptr) connect(button, &QPushButton::clicked, action, &QAction::trigger);
        grid->addWidget(button, i / 2, i % 2);
    }
}

void StateOverlay::showEmpty(const QString& sentence, const QString& action) {
    showSentence(sentence, action);
    m_beginnings->setVisible(m_beginnings->layout() != nullptr);
}

void StateOverlay::showSentence(const QString& sentence, const QString& action) {
    m_beginnings->hide(); // while work goes on
    showIcon({});
    m_sentence->setText(sentence);
    m_detail->hide();
    m_progress->hide();
    m_cancel->hide();
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
}

void StateOverlay::showBusy(const QString& sentence, bool cancellable) {
    showSentence(sentence, {});
    showFraction(m_progress, -1);
    m_progress->show();
    m_cancel->setVisible(cancellable);
}

void StateOverlay::setProgress(double fraction, const QString& activity) {
    showFraction(m_progress, fraction);
    m_detail->setText(activity);
    m_detail->setVisible(!activity.isEmpty());
}

void StateOverlay::showError(const QString& sentence, const QString& detail, const QString& action) {
    showEmpty(sentence, action);
    showIcon(QStringLiteral("error"));
    m_detail->setText(detail);
    m_detail->setVisible(!detail.isEmpty());
}

QString StateOverlay::text() const {
    return m_sentence->text();
}

void StateOverlay::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) showIcon(m_iconName);
    QWidget::changeEvent(event);
}

StateBar::StateBar(QWidget* parent)
    : QFrame(parent)
    , m_icon(new QLabel(this))
    , m_sentence(wrappedLabel(this, QStringLiteral("barSentence")))
    , m_progress(new QProgressBar(this))
    , m_action(new QPushButton(this))
    , m_dismiss(new QToolButton(this))
    , m_cancel(new QPushButton(icon(QStringLiteral("cancel")), tr("Cancel"), this)) {
    setObjectName(QStringLiteral("stateBar"));
    setFrameShape(QFrame::StyledPanel);
    m_action->setObjectName(QStringLiteral("barAction"));
    m_cancel->setObjectName(QStringLiteral("barCancel"));
    m_dismiss->setObjectName(QStringLiteral("barDismiss"));
    m_progress->setObjectName(QStringLiteral("barProgress"));
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress"));
    m_dismiss->setIcon(icon(QStringLiteral("cancel")));
    m_dismiss->setAutoRaise(true);
    m_dismiss->setToolTip(tr("Dismiss this message"));
    m_dismiss->setAccessibleName(tr("Dismiss"));

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(6, 3, 6, 3);
    row->addWidget(m_icon);
    row->addWidget(m_sentence, 3);
    row->addWidget(m_progress, 2);
    row->addWidget(m_action);
    row->addWidget(m_cancel);
    row->addWidget(m_dismiss);

    connect(m_action, &QPushButton::clicked, this, &StateBar::actionRequested);
    connect(m_cancel, &QPushButton::clicked, this, &StateBar::cancelRequested);
    connect(m_dismiss, &QToolButton::clicked, this, &StateBar::dismissed);
}

void StateBar::showBusy(const QString& sentence, bool cancellable) {
    m_iconName.clear();
    paintIcon();
    m_sentence->setText(sentence);
    setToolTip({});
    showFraction(m_progress, -1);
    m_progress->show();
    m_action->hide();
    m_dismiss->hide();
    m_cancel->setVisible(cancellable);
}

void StateBar::setProgress(double fraction, const QString& activity) {
    showFraction(m_progress, fraction);
    if (!activity.isEmpty()) m_sentence->setText(activity);
}

void StateBar::showError(const QString& sentence, const QString& detail, const QString& action) {
    m_iconName = QStringLiteral("error");
    paintIcon();
    m_sentence->setText(sentence);
    setToolTip(detail);
    m_progress->hide();
    m_cancel->hide();
    m_dismiss->show();
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
}

QString StateBar::text() const {
    return m_sentence->text();
}

void StateBar::paintIcon() {
    m_icon->setVisible(!m_iconName.isEmpty());
    if (!m_iconName.isEmpty()) m_icon->setPixmap(statePixmap(m_iconName, fontMetrics().height(), *this));
}

void StateBar::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) paintIcon();
    QFrame::changeEvent(event);
}

} // namespace headroom::widgets
