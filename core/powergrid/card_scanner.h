#pragma once

#include <string_view>

namespace headroom::powergrid {

/// Walks over the cards of a SPICE text, word by word, without copying. Comment lines, comments behind `$`
/// and
/// `;` and continuation lines are dealt with here.
class CardScanner {
public:
    /// @param text is followed by a byte 0, as a string's is
    explicit CardScanner(std::string_view text)
        : m_at(text.data())
        , m_end(text.data() + text.size()) {}

    /// Goes on to the next card, over what is left of the present one. @return false at the end of the text
    bool next() {
        if (!m_isFresh) skipCard();
        m_isFresh = false;
        for (;;) {
            while (m_at < m_end && isSpace(*m_at)) {
                if (*m_at == '\n') ++m_line;
                ++m_at;
            }
            if (m_at == m_end) return false;
            if (*m_at != '*' && *m_at != '$' && *m_at != ';') break;
            skipLine();
        }
        m_cardLine = m_line;
        return true;
    }

    /// The next word of the card; empty at its end.
    std::string_view word() {
        for (;;) {
            while (isSpace(*m_at) && *m_at != '\n' && m_at < m_end)
                ++m_at;
            if (m_at == m_end) return {};
            if (*m_at == '$' || *m_at == ';') skipLine();
            if (m_at < m_end && *m_at != '\n') break;
            if (!continues()) return {};
        }
        const char* start = m_at;
        while (!isSpace(*m_at) && *m_at != ';')
            ++m_at;
        return {start, static_cast<std::size_t>(m_at - start)};
    }

    int line() const { return m_cardLine; }        ///< on which the card starts, from 1
    bool isAtEnd() const { return m_at == m_end; } ///< no line break follows
    const char* position() const { return m_at; }

private:
    /// Every byte up to the blank, the 0 behind the text among them: no loop needs to ask for the end.
    static bool isSpace(char c) { return static_cast<unsigned char>(c) <= ' '; }

    void skipLine() {
        while (m_at < m_end && *m_at != '\n')
            ++m_at;
    }

    void skipCard() {
        do
            skipLine();
        while (continues());
    }

    /// At the end of a line: whether a line with `+` follows, perhaps behind comments; steps into it.
    bool continues() {
        const char* at = m_at;
        int line = m_line;
        while (at < m_end) {
            ++at; // over the line break
            ++line;
            while (at < m_end && isSpace(*at) && *at != '\n')
                ++at;
            if (at < m_end && *at == '+') {
                m_at = at + 1;
                m_line = line;
                return true;
            }
            if (at == m_end || *at != '*') return false;
            while (at < m_end && *at != '\n')
                ++at;
        }
        return false;
    }

    const char* m_at;
    const char* m_end;
    int m_line = 1;
    int m_cardLine = 1;
    bool m_isFresh = true;
};

} // namespace headroom::powergrid
