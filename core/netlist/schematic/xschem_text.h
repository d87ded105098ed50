#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/netlist/schematic/schematic_document.h"

namespace headroom::netlist {

/// A record of an xschem file: a letter, numbers or words, and texts in braces.
struct XschemRecord {
    char tag = 0;
    std::vector<std::string> words;
    std::vector<MappedText> texts; ///< escapes resolved
    std::size_t begin = 0;         ///< in SourceText::text
    std::size_t end = 0;
    std::size_t lastBrace = 0; ///< of the closing brace of the last text

    std::optional<double> number(std::size_t word) const;
};

/// The records of an xschem schematic or symbol. Errors: BadInput where a text is not closed.
Result<std::vector<XschemRecord>> readXschemRecords(const SourceText& source, const std::string& fileName);

/// The attributes of a record: name=value, name="value with blanks", values with escapes resolved. A name
/// given twice has its first value.
class XschemAttributes {
public:
    XschemAttributes() = default;
    explicit XschemAttributes(const MappedText& text);

    const MappedText* find(std::string_view name) const;
    /// The value, or an empty text.
    std::string text(std::string_view name) const;
    bool isTrue(std::string_view name) const;
    const std::vector<NamedText>& all() const { return m_all; }

private:
    std::vector<NamedText> m_all;
};

} // namespace headroom::netlist
