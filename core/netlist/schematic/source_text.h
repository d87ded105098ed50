#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/netlist/circuit.h"

namespace headroom::netlist {

enum class TextEncoding { Utf8, Latin1, Utf16Little, Utf16Big };

/// How a file's bytes are to be read: UTF-16 where it has a byte order mark or zero bytes in every other
/// place, else UTF-8 where it is valid, else Latin-1.
TextEncoding encodingOf(std::string_view bytes);

/// Text as bytes of @p encoding: what a value that is written into such a file must look like. Latin-1 has
/// '?' for what it lacks.
std::string encoded(std::string_view utf8, TextEncoding encoding);

/// A file's text in UTF-8 that knows for each of its bytes where it stands on disk.
class SourceText {
public:
    SourceText() = default;
    /// @param file index into Netlist::files
    SourceText(std::string_view bytes, int file);

    const std::string& text() const { return m_text; }
    int file() const { return m_file; }
    TextEncoding encoding() const { return m_encoding; }
    int lineCount() const;

    /// What stands from byte @p begin of text() to @p end, in bytes on disk.
    SourceSpan span(std::size_t begin, std::size_t end) const;

private:
    std::size_t diskOffset(std::size_t at) const;
    void decodeUtf16(std::string_view bytes, bool bigEndian);
    void decodeLatin1(std::string_view bytes);
    void append(char32_t code, std::size_t offset);

    std::string m_text;
    int m_file = 0;
    TextEncoding m_encoding = TextEncoding::Utf8;
    std::vector<std::uint32_t> m_disk; ///< by byte of m_text, and one behind; empty: the same
    std::vector<std::size_t> m_lineStarts;
};

/// Text that was put together from parts of a source: escapes resolved, parts joined. Each byte knows the
/// bytes of SourceText::text that it stands for, or that it comes from elsewhere.
class MappedText {
public:
    const std::string& text() const { return m_text; }
    bool empty() const { return m_text.empty(); }
    std::size_t size() const { return m_text.size(); }

    /// Adds text that is not in the source.
    void append(std::string_view text);
    /// Adds @p text that the source writes in the bytes from @p begin to @p end.
    void append(std::string_view text, std::size_t begin, std::size_t end);
    /// Adds a piece of the source as it is.
    void appendSource(const std::string& source, std::size_t begin, std::size_t end);
    void append(const MappedText& other);
    void append(const MappedText& other, std::size_t at, std::size_t length);

    MappedText part(std::size_t at, std::size_t length = std::string::npos) const;
    MappedText trimmed() const;

    /// The bytes of the source that stand for a part of the text; nothing where some of it is not in the
    /// source or is not in one piece.
    struct Range {
        std::size_t begin = 0;
        std::size_t end = 0;
    };
    std::optional<Range> range(std::size_t at, std::size_t length) const;
    /// As above for the whole text, as a span of @p source.
    std::optional<SourceSpan> span(const SourceText& source) const;

private:
    static constexpr std::uint32_t kNowhere = 0xffffffff;
    struct Origin {
        std::uint32_t begin = kNowhere;
        std::uint32_t end = kNowhere;
    };

    std::string m_text;
    std::vector<Origin> m_origins;
};

} // namespace headroom::netlist
