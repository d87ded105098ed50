#include "app/manual/manual_window.h"

#include <QAction>
#include <QApplication>
#include <QDesktopServices>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QTextBrowser>
#include <QTextTable>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/base/file.h"
#include "widgets/common/icons.h"
#include "widgets/common/panel.h"

namespace headroom::app {
namespace {

constexpr QSize kFirstSize(760, 720);
constexpr double kPageMargin = 18;
constexpr double kCellPadding = 4;
constexpr double kTableMargin = 8;

QString contents() {
    return QStringLiteral("index");
}

QUrl urlOf(const QString& page) {
    return QUrl(page + QStringLiteral(".md"));
}

} // namespace

ManualWindow::ManualWindow(QWidget* parent)
    : QDialog(parent)
    , m_browser(new QTextBrowser(this))
    , m_search(new QLineEdit(this)) {
    setObjectName("manualWindow");
    setWindowTitle(tr("Headroom Manual"));
    setWindowFlag(Qt::WindowMaximizeButtonHint);
    resize(kFirstSize);
    m_browser->setObjectName("manualText");
    m_browser->setAccessibleName(tr("Manual page"));
    m_browser->setSearchPaths({QString::fromStdString(folder().string())});
    m_browser->setOpenLinks(false);
    m_browser->document()->setDocumentMargin(kPageMargin);
    m_search->setObjectName("manualSearch");
    m_search->setPlaceholderText(tr("Search the manual"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(widgets::icon("search"), QLineEdit::LeadingPosition);

    const auto button = [this](const QString& text, const QKeySequence& keys) {
        auto* result = new QToolButton(this);
        result->setText(text);
        result->setAutoRaise(true);
        result->setShortcut(keys);
        result->setToolTip(keys.toString(QKeySequence::NativeText));
        return result;
    };
    auto* back = button(tr("‹ Back"), QKeySequence::Back);
    auto* forward = button(tr("Forward ›"), QKeySequence::Forward);
    auto* home = button(tr("Contents"), QKeySequence(Qt::ALT | Qt::Key_Home));
    back->setEnabled(false);
    forward->setEnabled(false);
    connect(back, &QToolButton::clicked, m_browser, &QTextBrowser::backward);
    connect(forward, &QToolButton::clicked, m_browser, &QTextBrowser::forward);
    connect(home, &QToolButton::clicked, this, [this] { showPage(contents()); });
    connect(m_browser, &QTextBrowser::backwardAvailable, back, &QWidget::setEnabled);
    connect(m_browser, &QTextBrowser::forwardAvailable, forward, &QWidget::setEnabled);
    connect(m_browser, &QTextBrowser::sourceChanged, this, &ManualWindow::styleTables);
    connect(m_browser, &QTextBrowser::anchorClicked, this, &ManualWindow::followLink);
    connect(m_search, &QLineEdit::returnPressed, this, &ManualWindow::findNext);
    auto* find = new QAction(this);
    find->setShortcut(QKeySequence::Find);
    addAction(find);
    connect(find, &QAction::triggered, m_search, [this] {
        m_search->setFocus();
        m_search->selectAll();
    });

    auto* bar = new QHBoxLayout;
    bar->addWidget(back);
    bar->addWidget(forward);
    bar->addWidget(home);
    bar->addStretch();
    bar->addWidget(m_search);
    auto* column = new QVBoxLayout(this);
    column->addLayout(bar);
    column->addWidget(m_browser);
    m_browser->setFocus();
    showPage(contents());
}

void ManualWindow::showPage(const QString& page) {
    m_browser->setSource(urlOf(pages().contains(page) ? page : contents()), QTextDocument::MarkdownResource);
}

QString ManualWindow::page() const {
    return QFileInfo(m_browser->source().path()).completeBaseName();
}

QString ManualWindow::pageFor(const QString& panel) {
    const QString suffix = QStringLiteral("Panel");
    const QString page = panel.endsWith(suffix) ? panel.chopped(suffix.size()) : QString();
    return pages().contains(page) ? page : contents();
}

QString ManualWindow::pageForFocus() {
    for (const QWidget* at = QApplication::focusWidget(); at != nullptr; at = at->parentWidget()) {
        if (qobject_cast<const widgets::Panel*>(at) != nullptr) return pageFor(at->objectName());
    }
    return contents();
}

std::filesystem::path ManualWindow::folder() {
    return resourcePath("manual");
}

QStringList ManualWindow::pages() {
    QStringList result{contents()};
    const QDir files(QString::fromStdString(folder().string()));
    for (const QFileInfo& file : files.entryInfoList({"*.md"}, QDir::Files, QDir::Name)) {
        if (file.completeBaseName() != contents()) result += file.completeBaseName();
    }
    return result;
}

void ManualWindow::followLink(const QUrl& link) {
    if (link.isRelative()) {
        showPage(QFileInfo(link.path()).completeBaseName());
    } else {
        QDesktopServices::openUrl(link);
    }
}

/// Markdown says nothing about how a table looks.
void ManualWindow::styleTables() {
    for (QTextFrame* frame : m_browser->document()->rootFrame()->childFrames()) {
        auto* table = qobject_cast<QTextTable*>(frame);
        if (table == nullptr) continue;
        QTextTableFormat format = table->format();
        format.setBorder(1);
        format.setBorderCollapse(true);
        format.setBorderStyle(QTextFrameFormat::BorderStyle_Solid);
        format.setBorderBrush(palette().mid());
        format.setCellPadding(kCellPadding);
        format.setCellSpacing(0);
        format.setTopMargin(kTableMargin);
        format.setBottomMargin(kTableMargin);
        table->setFormat(format);
    }
}

void ManualWindow::findNext() {
    const QString text = m_search->text();
    if (text.isEmpty() || m_browser->find(text) || findInOtherPages()) return;
    m_browser->moveCursor(QTextCursor::Start);
    m_browser->find(text);
}

bool ManualWindow::findInOtherPages() {
    const QStringList all = pages();
    const auto here = std::max<qsizetype>(0, all.indexOf(page()));
    for (qsizetype step = 1; step < all.size(); ++step) {
        const QString& other = all[(here + step) % all.size()];
        QFile file(QString::fromStdString((folder() / (other.toStdString() + ".md")).string()));
        if (!file.open(QIODevice::ReadOnly)) continue;
        if (!QString::fromUtf8(file.readAll()).contains(m_search->text(), Qt::CaseInsensitive)) continue;
        showPage(other);
        // Found in the page's source but not in its text: part of a link's address, say.
        if (m_browser->find(m_search->text())) return true;
    }
    return false;
}

} // namespace headroom::app
