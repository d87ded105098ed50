#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/netlist/schematic/pin_table.h"
#include "core/netlist/schematic/schematic_document.h"

namespace headroom::netlist {

/// What an LTspice symbol (.asy) says about its instances.
struct LtspiceSymbol {
    using Pin = TablePin;

    bool block = false; ///< drawn as a block: may stand for a sheet of the same name
    /// Prefix, Value, Value2, SpiceModel, SpiceLine, ...: defaults of SYMATTR lines, names in lower case.
    std::map<std::string, std::string> attributes;
    std::vector<Pin> pins; ///< in netlist order
    std::vector<Shape> shapes;
};

/// One line of an LTspice file: blank-separated words and what follows a number of them.
class LtspiceLine {
public:
    LtspiceLine(const std::string& text, std::size_t begin, std::size_t end);

    std::size_t begin() const { return m_begin; }
    std::size_t end() const { return m_end; } ///< without the line break
    std::size_t count() const { return m_words.size(); }
    std::string word(std::size_t i) const;
    bool is(std::string_view keyword) const;
    std::optional<double> number(std::size_t i) const;
    std::optional<Point> point(std::size_t i) const;
    /// Where the text behind the first @p words words begins, blanks skipped.
    std::size_t behind(std::size_t words) const;

private:
    const std::string& m_text;
    std::size_t m_begin;
    std::size_t m_end;
    std::vector<std::pair<std::size_t, std::size_t>> m_words; ///< begin and end
};

/// All lines of a text.
std::vector<LtspiceLine> ltspiceLines(const std::string& text);

LtspiceSymbol readLtspiceSymbol(const std::string& text);

/// The pins and prefix of a symbol of LTspice's own library, by reference ("res", "Opamps\\opamp").
std::optional<LtspiceSymbol> standardLtspiceSymbol(const std::string& reference);

} // namespace headroom::netlist
