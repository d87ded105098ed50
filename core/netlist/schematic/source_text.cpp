#include "core/netlist/schematic/source_text.h"

#include <algorithm>

#include "core/netlist/letter_case.h"

namespace headroom::netlist {
namespace {

unsigned byteAt(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

/// The length of the valid UTF-8 character at @p at; 0 if there is none.
std::size_t characterLength(std::string_view bytes, std::size_t at) {
    const unsigned first = byteAt(bytes, at);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xf5   ? 0
                               : first >= 0xf0 ? 4
                               : first >= 0xe0 ? 3
                               : first >= 0xc2 ? 2
                                               : 0;
    if (length == 0 || at + length > bytes.size()) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byteAt(bytes, at + i) & 0xc0) != 0x80) return 0;
    }
    return length;
}

bool isUtf8(std::string_view bytes) {
    std::size_t at = 0;
    while (at < bytes.size()) {
        const std::size_t length = characterLength(bytes, at);
        if (length == 0) return false;
        at += length;
    }
    return true;
}

} // namespace

TextEncoding encodingOf(std::string_view bytes) {
    if (bytes.starts_with("\xff\xfe")) return TextEncoding::Utf16Little;
    if (bytes.starts_with("\xfe\xff")) return TextEncoding::Utf16Big;
    // Text of these formats begins with ASCII.
    const std::string_view head = bytes.substr(0, 64);
    std::size_t zeros[2] = {0, 0};
    for (std::size_t i = 0; i < head.size(); ++i) {
        if (head[i] == '\0') ++zeros[i % 2];
    }
    const std::size_t many = head.size() * 3 / 8;
    if (head.size() >= 4 && zeros[1] > many && zeros[0] == 0) return TextEncoding::Utf16Little;
    if (head.size() >= 4 && zeros[0] > many && zeros[1] == 0) return TextEncoding::Utf16Big;
    return isUtf8(bytes) ? TextEncoding::Utf8 : TextEncoding::Latin1;
}

std::string encoded(std::string_view utf8, TextEncoding encoding) {
    if (encoding == TextEncoding::Utf8) return std::string(utf8);
    std::string result;
    const auto unit = [&](unsigned value) {
        const char high = static_cast<char>(value >> 8);
        const char low = static_cast<char>(value & 0xff);
        if (encoding == TextEncoding::Utf16Big) result += high;
        result += low;
        if (encoding == TextEncoding::Utf16Little) result += high;
    };
    for (std::size_t at = 0; at < utf8.size();) {
        const std::size_t length = std::max<std::size_t>(1, characterLength(utf8, at));
        unsigned code = byteAt(utf8, at);
        if (length > 1) code &= 0x7fU >> length;
        for (std::size_t i = 1; i < length; ++i)
            code = (code << 6) | (byteAt(utf8, at + i) & 0x3f);
        if (code >= 0x10000 && encoding != TextEncoding::Latin1) {
            unit(0xd800 + ((code - 0x10000) >> 10));
            unit(0xdc00 + ((code - 0x10000) & 0x3ff));
        } else if (code >= 0x100 && encoding == TextEncoding::Latin1) {
            result += '?';
        } else {
            unit(code);
        }
        at += length;
    }
    return result;
}

SourceText::SourceText(std::string_view bytes, int file)
    : m_file(file)
    , m_encoding(encodingOf(bytes)) {
    switch (m_encoding) {
    case TextEncoding::Utf8:
        m_text = bytes;
        break;
    case TextEncoding::Latin1:
        decodeLatin1(bytes);
        break;
    case TextEncoding::Utf16Little:
    case TextEncoding::Utf16Big:
        decodeUtf16(bytes, m_encoding == TextEncoding::Utf16Big);
        break;
    }
    m_lineStarts.push_back(0);
    for (std::size_t i = 0; i < m_text.size(); ++i) {
        if (m_text[i] == '\n' && i + 1 < m_text.size()) m_lineStarts.push_back(i + 1);
    }
}

int SourceText::lineCount() const {
    return m_text.empty() ? 0 : static_cast<int>(m_lineStarts.size());
}

void SourceText::append(char32_t code, std::size_t offset) {
    const std::size_t before = m_text.size();
    const auto byte = [&](char32_t value) { m_text += static_cast<char>(static_cast<unsigned char>(value)); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xc0 | (code >> 6));
        byte(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        byte(0xe0 | (code >> 12));
        byte(0x80 | ((code >> 6) & 0x3f));
        byte(0x80 | (code & 0x3f));
    } else {
        byte(0xf0 | (code >> 18));
        byte(0x80 | ((code >> 12) & 0x3f));
        byte(0x80 | ((code >> 6) & 0x3f));
        byte(0x80 | (code & 0x3f));
    }
    m_disk.insert(m_disk.end(), m_text.size() - before, static_cast<std::uint32_t>(offset));
}

void SourceText::decodeLatin1(std::string_view bytes) {
    m_text.reserve(bytes.size());
    m_disk.reserve(bytes.size() + 1);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        append(byteAt(bytes, i), i);
    m_disk.push_back(static_cast<std::uint32_t>(bytes.size()));
}

void SourceText::decodeUtf16(std::string_view bytes, bool bigEndian) {
    m_text.reserve(bytes.size() / 2);
    m_disk.reserve(bytes.size() / 2 + 1);
    const auto unit = [&](std::size_t at) -> char32_t {
        return bigEndian ? (byteAt(bytes, at) << 8) | byteAt(bytes, at + 1)
                         : byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8);
    };
    std::size_t at = bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff") ? 2 : 0;
    while (at + 1 < bytes.size()) {
        char32_t code = unit(at);
        std::size_t length = 2;
        const bool high = code >= 0xd800 && code < 0xdc00;
        if (high && at + 3 < bytes.size() && unit(at + 2) >= 0xdc00 && unit(at + 2) < 0xe000) {
            code = 0x10000 + ((code - 0xd800) << 10) + (unit(at + 2) - 0xdc00);
            length = 4;
        } else if (code >= 0xd800 && code < 0xe000) {
            code = 0xfffd;
        }
        append(code, at);
        at += length;
    }
    m_disk.push_back(static_cast<std::uint32_t>(at));
}

std::size_t SourceText::diskOffset(std::size_t at) const {
    if (m_disk.empty()) return at;
    return m_disk[std::min(at, m_disk.size() - 1)];
}

SourceSpan SourceText::span(std::size_t begin, std::size_t end) const {
    SourceSpan result;
    result.file = m_file;
    result.offset = diskOffset(begin);
    result.length = diskOffset(std::max(begin, end)) - result.offset;
    const auto behind = std::upper_bound(m_lineStarts.begin(), m_lineStarts.end(), begin);
    result.line = static_cast<int>(behind - m_lineStarts.begin());
    const std::size_t start = result.line > 0 ? m_lineStarts[static_cast<std::size_t>(result.line) - 1] : 0;
    result.column = static_cast<int>(begin - start) + 1;
    return result;
}

void MappedText::append(std::string_view text) {
    m_text += text;
    m_origins.resize(m_text.size());
}

void MappedText::append(std::string_view text, std::size_t begin, std::size_t end) {
    m_text += text;
    m_origins.resize(m_text.size(), {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
}

void MappedText::appendSource(const std::string& source, std::size_t begin, std::size_t end) {
    m_text.append(source, begin, end - begin);
    m_origins.reserve(m_text.size());
    for (std::size_t at = begin; at < end; ++at)
        m_origins.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + 1)});
}

void MappedText::append(const MappedText& other) {
    append(other, 0, other.size());
}

void MappedText::append(const MappedText& other, std::size_t at, std::size_t length) {
    length = std::min(length, other.size() - std::min(at, other.size()));
    m_text.append(other.m_text, at, length);
    const auto from = other.m_origins.begin() + static_cast<std::ptrdiff_t>(at);
    m_origins.insert(m_origins.end(), from, from + static_cast<std::ptrdiff_t>(length));
}

MappedText MappedText::part(std::size_t at, std::size_t length) const {
    MappedText result;
    if (at < size()) result.append(*this, at, length);
    return result;
}

MappedText MappedText::trimmed() const {
    const std::string_view inner = netlist::trimmed(m_text);
    if (inner.empty()) return {};
    return part(static_cast<std::size_t>(inner.data() - m_text.data()), inner.size());
}

std::optional<MappedText::Range> MappedText::range(std::size_t at, std::size_t length) const {
    if (length == 0 || at + length > m_origins.size()) return std::nullopt;
    Range result{m_origins[at].begin, m_origins[at].end};
    if (m_origins[at].begin == kNowhere) return std::nullopt;
    for (std::size_t i = at + 1; i < at + length; ++i) {
        const Origin& each = m_origins[i];
        const bool same = each.begin == m_origins[i - 1].begin;
        if (each.begin == kNowhere || (!same && each.begin != result.end)) return std::nullopt;
        result.end = each.end;
    }
    return result;
}

std::optional<SourceSpan> MappedText::span(const SourceText& source) const {
    const auto found = range(0, size());
    if (!found) return std::nullopt;
    return source.span(found->begin, found->end);
}

} // namespace headroom::netlist
