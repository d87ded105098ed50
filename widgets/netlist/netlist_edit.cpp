#include "widgets/netlist/netlist_edit.h"

#include <QFontDatabase>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextLayout>

#include <algorithm>

#include "widgets/common/theme.h"
#include "widgets/netlist/netlist_syntax.h"

namespace headroom::widgets {
namespace {

/// Characters that one slice brings in; a slice costs a few milliseconds.
constexpr qsizetype kSliceLength = 20000;

ColorRole severityColor(netlist::Severity severity) {
    switch (severity) {
    case netlist::Severity::Note:
        return ColorRole::Note;
    case netlist::Severity::Warning:
        return ColorRole::Warning;
    case netlist::Severity::Error:
        return ColorRole::Error;
    }
    return ColorRole::Note;
}

class Gutter final : public QWidget {
public:
    explicit Gutter(NetlistEdit* edit)
        : QWidget(edit)
        , m_edit(edit) {}

    QSize sizeHint() const override { return {m_edit->gutterWidth(), 0}; }

protected:
    void paintEvent(QPaintEvent* event) override { m_edit->paintGutter(event, this); }

private:
    NetlistEdit* m_edit;
};

} // namespace

NetlistEdit::NetlistEdit(QWidget* parent)
    : QPlainTextEdit(parent)
    , m_gutter(new Gutter(this)) {
    setReadOnly(true);
    setUndoRedoEnabled(false);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    fixed.setStyleHint(QFont::Monospace);
    setFont(fixed);
    m_slices.setInterval(0);
    connect(&m_slices, &QTimer::timeout, this, &NetlistEdit::appendSlice);
    connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect& area, int dy) {
        colourVisibleLines();
        if (dy != 0)
            m_gutter->scroll(0, dy);
        else
            m_gutter->update(0, area.y(), m_gutter->width(), area.height());
    });
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, &NetlistEdit::showMarks);
}

void NetlistEdit::setSource(const QString& text, netlist::Dialect dialect) {
    m_slices.stop();
    m_dialect = dialect;
    m_marked.clear();
    m_findings.clear();
    m_pendingLine = 0;
    m_toldLine = 1;
    m_lineCount = static_cast<int>(text.count(QLatin1Char('\n'))) + 1;
    m_text = text;
    m_shown = 0;
    clear();
    layOutGutter();
    appendSlice();
    showMarks();
    if (!isComplete()) m_slices.start();
}

void NetlistEdit::appendSlice() {
    qsizetype end = m_text.size();
    if (end - m_shown > kSliceLength) {
        const qsizetype lineEnd = m_text.indexOf(QLatin1Char('\n'), m_shown + kSliceLength);
        if (lineEnd >= 0) end = lineEnd + 1;
    }
    // A cursor of its own: the user's cursor and selection stay.
    QTextCursor place(document());
    place.movePosition(QTextCursor::End);
    place.block().setUserState(-1); // it may have been coloured while it was empty
    const bool atStart = textCursor().position() == 0 && !textCursor().hasSelection();
    place.insertText(m_text.mid(m_shown, end - m_shown));
    if (atStart) {
        QTextCursor start(document());
        setTextCursor(start);
    }
    m_shown = end;
    if (isComplete()) m_slices.stop();
    if (m_pendingLine > 0 && (m_pendingLine < blockCount() || isComplete())) goToLine(m_pendingLine);
    if (!m_marked.empty()) showMarks();
}

void NetlistEdit::goToLine(int line) {
    if (line >= blockCount() && !isComplete()) {
        m_pendingLine = line;
        return;
    }
    m_pendingLine = 0;
    const QTextBlock block = document()->findBlockByNumber(std::clamp(line, 1, blockCount()) - 1);
    m_toldLine = block.blockNumber() + 1;
    setTextCursor(QTextCursor(block));
    centerCursor();
}

void NetlistEdit::setMarkedLines(std::vector<LineRange> ranges) {
    m_marked = std::move(ranges);
    showMarks();
    m_gutter->update();
}

void NetlistEdit::setFindings(std::map<int, netlist::Severity> byLine) {
    m_findings = std::move(byLine);
    m_gutter->update();
}

void NetlistEdit::showMarks() {
    QList<QTextEdit::ExtraSelection> selections;
    const auto add = [&](const QTextBlock& block, ColorRole role) {
        QTextEdit::ExtraSelection selection;
        selection.format.setBackground(Theme::instance().color(role));
        selection.format.setProperty(QTextFormat::FullWidthSelection, true);
        selection.cursor = QTextCursor(block);
        selections.append(selection);
    };
    add(textCursor().block(), ColorRole::CurrentLine);
    for (const auto& [first, last] : m_marked) {
        for (int line = first; line <= last; ++line) {
            const QTextBlock block = document()->findBlockByNumber(line - 1);
            if (block.isValid()) add(block, ColorRole::SelectedDevice);
        }
    }
    setExtraSelections(selections);
}

void NetlistEdit::colourVisibleLines() {
    if (m_colouring) return;
    m_colouring = true;
    const int bottom = viewport()->height();
    QTextBlock first, last;
    for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
        if (blockBoundingGeometry(block).translated(contentOffset()).top() > bottom) break;
        if (block.userState() == m_palette) continue;
        block.setUserState(m_palette);
        QList<QTextLayout::FormatRange> formats;
        for (const SyntaxSpan& span : netlistSyntax(block.text(), m_dialect)) {
            QTextLayout::FormatRange range;
            range.start = span.start;
            range.length = span.length;
            range.format.setForeground(Theme::instance().color(span.role));
            if (span.role == ColorRole::SyntaxComment) range.format.setFontItalic(true);
            formats.append(range);
        }
        block.layout()->setFormats(formats);
        if (!first.isValid()) first = block;
        last = block;
    }
    // Told once for all lines: each telling lays them out anew.
    if (first.isValid())
        document()->markContentsDirty(first.position(), last.position() + last.length() - first.position());
    m_colouring = false;
}

int NetlistEdit::gutterWidth() const {
    const QFontMetrics metrics(font());
    const auto digits = std::max<qsizetype>(3, QString::number(m_lineCount).size());
    return metrics.horizontalAdvance(QLatin1Char('9')) * static_cast<int>(digits) + metrics.height() + 6;
}

void NetlistEdit::layOutGutter() {
    setViewportMargins(gutterWidth(), 0, 0, 0);
    const QRect area = contentsRect();
    m_gutter->setGeometry(area.left(), area.top(), gutterWidth(), area.height());
    m_gutter->update();
}

void NetlistEdit::paintGutter(QPaintEvent* event, QWidget* gutter) {
    QPainter painter(gutter);
    painter.fillRect(event->rect(), palette().color(QPalette::Window));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(font());
    const int rowHeight = fontMetrics().height();
    const int current = textCursor().blockNumber() + 1;
    QTextBlock block = firstVisibleBlock();
    double top = blockBoundingGeometry(block).translated(contentOffset()).top();
    for (; block.isValid() && top <= event->rect().bottom(); block = block.next()) {
        const int line = block.blockNumber() + 1;
        painter.setPen(line == current ? palette().color(QPalette::Text)
                                       : Theme::instance().color(ColorRole::LineNumber));
        painter.drawText(QRectF(0, top, gutter->width() - 6, rowHeight), Qt::AlignRight | Qt::AlignVCenter,
                         QString::number(line));
        if (const auto finding = m_findings.find(line); finding != m_findings.end()) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(Theme::instance().color(severityColor(finding->second)));
            const double size = rowHeight * 0.5;
            painter.drawEllipse(QRectF(3, top + (rowHeight - size) / 2, size, size));
        }
        top += blockBoundingRect(block).height();
    }
}

void NetlistEdit::resizeEvent(QResizeEvent* event) {
    QPlainTextEdit::resizeEvent(event);
    layOutGutter();
}

void NetlistEdit::changeEvent(QEvent* event) {
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        ++m_palette;
        colourVisibleLines();
        showMarks();
    }
    if (event->type() == QEvent::FontChange) layOutGutter();
}

void NetlistEdit::tellLine() {
    const int line = textCursor().blockNumber() + 1;
    if (line == m_toldLine || textCursor().hasSelection()) return;
    m_toldLine = line;
    emit lineActivated(line);
}

void NetlistEdit::mouseReleaseEvent(QMouseEvent* event) {
    QPlainTextEdit::mouseReleaseEvent(event);
    tellLine();
}

void NetlistEdit::keyReleaseEvent(QKeyEvent* event) {
    QPlainTextEdit::keyReleaseEvent(event);
    tellLine();
}

} // namespace headroom::widgets
