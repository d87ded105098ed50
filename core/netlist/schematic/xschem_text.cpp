#include "core/netlist/schematic/xschem_text.h"

#include <algorithm>

#include "core/netlist/letter_case.h"
#include "core/netlist/schematic/drawing_number.h"

namespace headroom::netlist {
namespace {

bool isSpace(char c) {
    return isBlank(c) || c == '\n';
}

class RecordReader {
public:
    RecordReader(const SourceText& source, const std::string& fileName)
        : m_source(source)
        , m_text(source.text())
        , m_fileName(fileName) {}

    Result<std::vector<XschemRecord>> run() {
        while (true) {
            while (m_at < m_text.size() && isSpace(m_text[m_at]))
                ++m_at;
            if (m_at >= m_text.size()) return std::move(m_records);
            if (auto done = readRecord(); !done) return forward(done);
        }
    }

private:
    Result<void> readRecord() {
        XschemRecord record;
        record.begin = m_at;
        record.tag = m_text[m_at++];
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (c == '\n') {
                // The text of a record may begin on the next line.
                std::size_t next = m_at;
                while (next < m_text.size() && isSpace(m_text[next]))
                    ++next;
                const bool goesOn = record.texts.empty() && next < m_text.size() && m_text[next] == '{';
                if (!goesOn) break;
                m_at = next;
            } else if (isBlank(c)) {
                ++m_at;
            } else if (c == '{') {
                auto text = readText();
                if (!text) return forward(text);
                record.texts.push_back(std::move(*text));
                record.lastBrace = m_at - 1;
            } else {
                const std::size_t start = m_at;
                while (m_at < m_text.size() && !isSpace(m_text[m_at]) && m_text[m_at] != '{')
                    ++m_at;
                record.words.push_back(m_text.substr(start, m_at - start));
            }
            record.end = m_at;
        }
        record.end = std::max(record.end, record.begin + 1);
        m_records.push_back(std::move(record));
        return {};
    }

    Result<MappedText> readText() {
        const std::size_t open = m_at++;
        MappedText result;
        std::size_t plain = m_at; // start of what is taken as it is
        while (m_at < m_text.size() && m_text[m_at] != '}') {
            if (m_text[m_at] == '\\' && m_at + 1 < m_text.size()) {
                result.appendSource(m_text, plain, m_at);
                result.append(std::string_view(m_text).substr(m_at + 1, 1), m_at, m_at + 2);
                m_at += 2;
                plain = m_at;
            } else {
                ++m_at;
            }
        }
        if (m_at >= m_text.size()) {
            return failAt(ErrorCode::BadInput, m_fileName, m_source.span(open, open).line,
                          "The text in braces that begins here is not closed; the file may be cut off.");
        }
        result.appendSource(m_text, plain, m_at);
        ++m_at;
        return result;
    }

    const SourceText& m_source;
    const std::string& m_text;
    const std::string& m_fileName;
    std::size_t m_at = 0;
    std::vector<XschemRecord> m_records;
};

} // namespace

std::optional<double> XschemRecord::number(std::size_t word) const {
    if (word >= words.size()) return std::nullopt;
    return drawingNumber(words[word]);
}

Result<std::vector<XschemRecord>> readXschemRecords(const SourceText& source, const std::string& fileName) {
    return RecordReader(source, fileName).run();
}

XschemAttributes::XschemAttributes(const MappedText& text) {
    const std::string& s = text.text();
    std::size_t at = 0;
    while (at < s.size()) {
        while (at < s.size() && (isSpace(s[at]) || s[at] == ';'))
            ++at;
        const std::size_t nameStart = at;
        while (at < s.size() && !isSpace(s[at]) && s[at] != '=')
            ++at;
        const std::string name = s.substr(nameStart, at - nameStart);
        std::size_t equals = at;
        while (equals < s.size() && isSpace(s[equals]))
            ++equals;
        if (equals >= s.size() || s[equals] != '=') continue;
        at = equals + 1;
        while (at < s.size() && isBlank(s[at]))
            ++at;
        MappedText value;
        bool quoted = false;
        for (; at < s.size() && (quoted || !isSpace(s[at])); ++at) {
            if (s[at] == '\\' && at + 1 < s.size()) {
                ++at;
                value.append(text, at, 1);
            } else if (s[at] == '"') {
                quoted = !quoted;
            } else {
                value.append(text, at, 1);
            }
        }
        if (!name.empty() && !find(name)) m_all.push_back({name, std::move(value)});
    }
}

const MappedText* XschemAttributes::find(std::string_view name) const {
    const auto found =
        std::find_if(m_all.begin(), m_all.end(), [&](const NamedText& each) { return each.name == name; });
    return found == m_all.end() ? nullptr : &found->text;
}

std::string XschemAttributes::text(std::string_view name) const {
    const MappedText* found = find(name);
    return found ? found->text() : std::string();
}

bool XschemAttributes::isTrue(std::string_view name) const {
    const std::string value = lowerCase(text(name));
    return value == "true" || value == "1" || value == "yes" || value == "on" || value == "open";
}

} // namespace headroom::netlist
