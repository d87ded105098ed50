#include "app/shell/notice_bar.h"

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMainWindow>
#include <QPainter>
#include <QTimer>
#include <QToolBar>
#include <QToolButton>

#include "widgets/common/icons.h"
#include "widgets/common/theme.h"

namespace headroom::app {
namespace {

constexpr int kNoteMilliseconds = 6000;
constexpr int kIconSize = 16;

} // namespace

NoticeBar::NoticeBar(QMainWindow& window)
    : QFrame(&window)
    , m_icon(new QLabel(this))
    , m_text(new QLabel(this))
    , m_copy(new QToolButton(this))
    , m_timer(new QTimer(this))
    , m_strip(new QToolBar(tr("Notice"), &window)) {
    setObjectName("noticeBar");
    setFrameShape(QFrame::NoFrame);
    m_text->setObjectName("noticeText");
    m_text->setTextFormat(Qt::PlainText);
    m_text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_copy->setAutoRaise(true);
    m_copy->setIcon(widgets::icon("copy"));
    m_copy->setToolTip(tr("Copy the message with its details"));
    m_copy->setAccessibleName(m_copy->toolTip());
    auto* close = new QToolButton(this);
    close->setObjectName("noticeClose");
    close->setAutoRaise(true);
    close->setIcon(widgets::icon("cancel"));
    close->setToolTip(tr("Dismiss"));
    close->setAccessibleName(close->toolTip());
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(10, 4, 6, 4);
    row->setSpacing(8);
    row->addWidget(m_icon, 0, Qt::AlignVCenter);
    row->addWidget(m_text, 1);
    row->addWidget(m_copy);
    row->addWidget(close);
    m_timer->setSingleShot(true);
    m_timer->setInterval(kNoteMilliseconds);
    connect(m_timer, &QTimer::timeout, this, &NoticeBar::dismiss);
    connect(close, &QToolButton::clicked, this, &NoticeBar::dismiss);
    connect(m_copy, &QToolButton::clicked, this, [this] { QApplication::clipboard()->setText(m_detail); });
    // Without an object name it is no part of saved layouts.
    m_strip->setMovable(false);
    m_strip->toggleViewAction()->setVisible(false);
    m_strip->addWidget(this);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    window.addToolBarBreak();
    window.addToolBar(m_strip);
    m_strip->hide();
}

QString NoticeBar::text() const {
    return m_strip->isHidden() ? QString() : m_text->text();
}

void NoticeBar::dismiss() {
    m_strip->hide();
}

void NoticeBar::showError(const QString& sentence, const QString& detail) {
    m_timer->stop();
    show(sentence, detail.isEmpty() ? sentence : detail, true);
}

void NoticeBar::showNote(const QString& sentence) {
    show(sentence, sentence, false);
    m_timer->start();
}

void NoticeBar::show(const QString& sentence, const QString& detail, bool error) {
    m_error = error;
    m_detail = detail;
    m_text->setText(sentence);
    m_text->setToolTip(detail);
    m_copy->setVisible(error);
    paintTheme();
    m_strip->show();
}

void NoticeBar::paintTheme() {
    const auto role = m_error ? widgets::ColorRole::Error : widgets::ColorRole::Met;
    m_icon->setPixmap(widgets::icon(m_error ? "error" : "met", role).pixmap(kIconSize, kIconSize));
    update();
}

void NoticeBar::paintEvent(QPaintEvent*) {
    const auto& theme = widgets::Theme::instance();
    const QColor color = theme.color(m_error ? widgets::ColorRole::Error : widgets::ColorRole::Met);
    QPainter painter(this);
    painter.fillRect(rect(),
                     widgets::Theme::mixed(palette().color(QPalette::Window), color, m_error ? 0.16 : 0.10));
}

void NoticeBar::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::ApplicationPaletteChange) paintTheme();
}

} // namespace headroom::app
