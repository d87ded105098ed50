#include "widgets/netlist/netlist_syntax.h"

#include <QSet>

namespace headroom::widgets {
namespace {

using netlist::Dialect;

bool isWord(QChar c) {
    return c.isLetterOrNumber() || QStringLiteral("_./!#:<>[]|-").contains(c) || c == QChar(0xb5);
}

bool isSpectreKeyword(const QString& word) {
    static const QSet<QString> keywords{
        QStringLiteral("simulator"),  QStringLiteral("subckt"),  QStringLiteral("ends"),
        QStringLiteral("parameters"), QStringLiteral("include"), QStringLiteral("model"),
        QStringLiteral("inline"),     QStringLiteral("global"),  QStringLiteral("section"),
        QStringLiteral("endsection"), QStringLiteral("library"), QStringLiteral("endlibrary"),
        QStringLiteral("save"),       QStringLiteral("options")};
    return keywords.contains(word);
}

/// Scans one line from left to right.
class LineScanner {
public:
    LineScanner(const QString& line, Dialect dialect)
        : m_line(line)
        , m_dialect(dialect) {}

    std::vector<SyntaxSpan> scan() {
        skipBlanks();
        if (atEnd()) return {};
        if (startsComment(true)) {
            add(m_at, size() - m_at, ColorRole::SyntaxComment);
            return std::move(m_spans);
        }
        firstWord();
        while (!atEnd()) {
            if (startsComment(false)) {
                add(m_at, size() - m_at, ColorRole::SyntaxComment);
                break;
            }
            element();
        }
        return std::move(m_spans);
    }

private:
    int size() const { return static_cast<int>(m_line.size()); }
    bool atEnd() const { return m_at >= size(); }
    QChar at(int index) const { return index >= 0 && index < size() ? m_line[index] : QChar(); }
    void add(int start, int length, ColorRole role) {
        if (length > 0) m_spans.push_back({start, length, role});
    }
    void skipBlanks() {
        while (!atEnd() && m_line[m_at].isSpace())
            ++m_at;
    }
    int wordEnd(int from) const {
        while (from < size() && isWord(m_line[from]))
            ++from;
        return from;
    }

    bool startsComment(bool lineStart) const {
        const QChar c = at(m_at);
        if (lineStart && c == QLatin1Char('*')) return true;
        if (c == QLatin1Char(';')) return true;
        if (c == QLatin1Char('/') && at(m_at + 1) == QLatin1Char('/')) return true;
        // In CDL, "$" begins a parameter such as $[nch] or $W=2u.
        if (c != QLatin1Char('$')) return false;
        const bool apart = m_at == 0 || at(m_at - 1).isSpace();
        const QChar next = at(m_at + 1);
        const bool parameter = m_dialect == Dialect::Cdl && (next.isLetter() || next == QLatin1Char('['));
        return apart && !parameter;
    }

    void firstWord() {
        if (at(m_at) == QLatin1Char('+')) {
            add(m_at, 1, ColorRole::SyntaxKeyword);
            ++m_at;
            return;
        }
        const int end = std::max(wordEnd(m_at), m_at + 1);
        const QString word = m_line.mid(m_at, end - m_at);
        const bool keyword =
            word.startsWith(QLatin1Char('.')) || (m_dialect == Dialect::Spectre && isSpectreKeyword(word));
        add(m_at, end - m_at, keyword ? ColorRole::SyntaxKeyword : ColorRole::SyntaxDevice);
        m_at = end;
    }

    void element() {
        const QChar c = at(m_at);
        if (c == QLatin1Char('\'') || c == QLatin1Char('"') || c == QLatin1Char('{')) return quoted(c);
        if (c.isDigit() || ((c == QLatin1Char('.') || c == QLatin1Char('-') || c == QLatin1Char('+')) &&
                            at(m_at + 1).isDigit())) {
            return number();
        }
        if (!isWord(c)) {
            ++m_at;
            return;
        }
        const int end = wordEnd(m_at);
        int next = end;
        while (at(next) == QLatin1Char(' '))
            ++next;
        if (at(next) == QLatin1Char('=')) add(m_at, end - m_at, ColorRole::SyntaxParameter);
        m_at = end;
    }

    void quoted(QChar open) {
        const QChar close = open == QLatin1Char('{') ? QLatin1Char('}') : open;
        const auto found = m_line.indexOf(close, m_at + 1);
        const int end = found < 0 ? size() : static_cast<int>(found) + 1;
        add(m_at, end - m_at, ColorRole::SyntaxString);
        m_at = end;
    }

    void number() {
        int end = m_at + 1;
        while (end < size()) {
            const QChar c = m_line[end];
            const bool exponentSign =
                (c == QLatin1Char('-') || c == QLatin1Char('+')) && at(end - 1).toLower() == QLatin1Char('e');
            if (!c.isLetterOrNumber() && c != QLatin1Char('.') && c != QChar(0xb5) && !exponentSign) break;
            ++end;
        }
        add(m_at, end - m_at, ColorRole::SyntaxNumber);
        m_at = end;
    }

    const QString& m_line;
    Dialect m_dialect;
    int m_at = 0;
    std::vector<SyntaxSpan> m_spans;
};

} // namespace

std::vector<SyntaxSpan> netlistSyntax(const QString& line, Dialect dialect) {
    return LineScanner(line, dialect).scan();
}

} // namespace headroom::widgets
