#include "core/netlist/dialect.h"

#include <algorithm>
#include <array>

#include "core/netlist/letter_case.h"

namespace headroom::netlist {
namespace {

/// The text up to @p limit bytes; marks of a dialect stand near the front or are frequent.
constexpr std::size_t kSniffed = 200'000;

/// Calls @p visit with every line, trimmed and in lower case, until it returns true.
template <class Visit>
bool anyLine(std::string_view text, Visit visit) {
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (visit(lowerCase(trimmed(text.substr(at, end - at))))) return true;
        at = end + 1;
    }
    return false;
}

bool startsWithAny(std::string_view line, std::initializer_list<std::string_view> starts) {
    return std::any_of(starts.begin(), starts.end(),
                       [&](std::string_view each) { return line.starts_with(each); });
}

/// UTF-16 without its zero bytes, enough to recognise what it is.
std::string narrowed(std::string_view text) {
    std::string result;
    for (const char c : text.substr(0, 400)) {
        if (c != '\0') result += c;
    }
    return result;
}

/// "$[model]" or "$SUB=net" behind a device, which no other dialect has.
bool hasCdlAttribute(std::string_view line) {
    if (line.empty() || !isLetter(line.front())) return false;
    for (const std::string_view mark : {" $[", "\t$[", " $sub=", "\t$sub=", " $.model="}) {
        if (line.find(mark) != std::string_view::npos) return true;
    }
    return false;
}

bool isCdl(std::string_view line) {
    return startsWithAny(line, {"*.pininfo", "*.bipolar", "*.scale", "*.mega", "*.resi", "*.capval",
                                "*.resval", "*.equation", "*.global"}) ||
           line.find("aucdl") != std::string_view::npos || hasCdlAttribute(line);
}

bool isHspice(std::string_view line) {
    if (line.starts_with("*")) return line.find("hspice") != std::string_view::npos;
    return startsWithAny(line, {".macro", ".eom", ".prot", ".unprot", ".alter", ".connect"}) ||
           (startsWithAny(line, {".option", "+"}) &&
            (line.find("artist") != std::string_view::npos || line.find("ingold") != std::string_view::npos ||
             line.find("parhier") != std::string_view::npos));
}

/// Whether more than a tenth of the bytes are control characters that no text has; zero bytes, of which
/// transfers leave a few, count twice.
bool isBinary(std::string_view head) {
    const auto isControl = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && !isBlank(c) && c != '\n';
    };
    const auto controls =
        std::count_if(head.begin(), head.end(), isControl) + 2 * std::count(head.begin(), head.end(), '\0');
    return static_cast<std::size_t>(controls) > head.size() / 10;
}

enum class Language { Spice, Spectre };

struct LanguageMarks {
    int spectre = 0;               ///< lines in front of the first language statement that only Spectre has
    int spice = 0;                 ///< the same for SPICE
    std::optional<Language> first; ///< of the first "simulator lang=" statement
    bool switchesToSpectre = false;
};

/// "M1 (d g s b) nch": a word, then nets in parentheses, then another word.
bool isSpectreInstance(std::string_view line) {
    const std::size_t open = line.find('(');
    const std::size_t close = line.find(')', std::min(open, line.size()));
    if (open == std::string_view::npos || close == std::string_view::npos || open == 0) return false;
    const std::string_view name = trimmed(line.substr(0, open));
    const std::string_view behind = trimmed(line.substr(close + 1));
    return !name.empty() && name.find_first_of(" \t=") == std::string_view::npos && isLetter(name.front()) &&
           !behind.empty() && (isLetter(behind.front()) || behind.front() == '_');
}

LanguageMarks languageMarks(std::string_view head) {
    LanguageMarks marks;
    anyLine(head, [&](const std::string& line) {
        if (line.starts_with("simulator") && line.find("lang") != std::string::npos) {
            const bool spectre = line.find("spectre") != std::string::npos;
            if (!marks.first) marks.first = spectre ? Language::Spectre : Language::Spice;
            marks.switchesToSpectre = marks.switchesToSpectre || spectre;
        }
        if (marks.first || line.empty() || line.front() == '*' || line.front() == '+') return false;
        if (line.front() == '.') {
            marks.spice += 3;
        } else if (startsWithAny(line, {"subckt ", "inline subckt ", "ends ", "parameters ", "ahdl_include ",
                                        "include \"", "library ", "section "}) ||
                   line == "ends") {
            marks.spectre += 3;
        } else if (startsWithAny(line, {"//", "global ", "model "}) || isSpectreInstance(line)) {
            marks.spectre += 1;
        }
        return false;
    });
    return marks;
}

} // namespace

std::optional<std::string> foreignFormat(std::string_view text) {
    const bool wide = text.substr(0, 400).find('\0') != std::string_view::npos;
    const std::string storage = wide ? narrowed(text) : std::string(text.substr(0, kSniffed));
    std::string_view head = storage;
    if (head.starts_with("\xef\xbb\xbf")) head.remove_prefix(3);
    if (head.starts_with("\xff\xfe")) head.remove_prefix(2);
    head = trimmed(head);
    if (head.starts_with("v {xschem")) return "an xschem schematic";
    if (head.starts_with("<Qucs Schematic")) return "a Qucs schematic";
    if (head.starts_with("EESchema Schematic File"))
        return "a schematic of KiCad 5 or earlier, which KiCad 6 and later save in a form that is read here";
    if (head.starts_with("(kicad_sch")) return "a KiCad schematic";
    if (head.starts_with("(export")) return "a KiCad netlist";
    if (head.starts_with("v 20") && head.find("\nC ") != std::string_view::npos) return "a gEDA schematic";
    if (head.starts_with("Version 4") && head.find("SHEET") != std::string_view::npos)
        return "an LTspice schematic";
    if (head.starts_with("Version 4") && head.find("SymbolType") != std::string_view::npos) {
        return "an LTspice symbol";
    }
    if (isBinary(text.substr(0, kSniffed))) return "no plain text";
    return std::nullopt;
}

bool startsInSpectre(std::string_view text) {
    const LanguageMarks marks = languageMarks(text.substr(0, kSniffed));
    if (marks.first) return *marks.first == Language::Spectre || marks.spectre > marks.spice;
    return marks.spectre > marks.spice;
}

Dialect sniffDialect(std::string_view text) {
    const std::string_view head = text.substr(0, kSniffed);
    const LanguageMarks marks = languageMarks(head);
    if (marks.switchesToSpectre || (!marks.first && marks.spectre > marks.spice)) return Dialect::Spectre;
    Dialect found = Dialect::Spice;
    anyLine(head, [&](const std::string& line) {
        if (line.empty()) return false;
        if (isCdl(line)) {
            found = Dialect::Cdl;
            return true;
        }
        if (line == ".backanno" || (line.starts_with("* ") && line.ends_with(".asc"))) {
            found = Dialect::Ltspice;
        } else if (isHspice(line)) {
            if (found == Dialect::Spice) found = Dialect::Hspice;
        } else if (startsWithAny(line, {".control", ".endc"}) ||
                   line.find("sky130_fd_pr__") != std::string::npos ||
                   (line.starts_with("*") && line.find("ngspice") != std::string::npos)) {
            if (found == Dialect::Spice) found = Dialect::Ngspice;
        }
        return false;
    });
    return found;
}

} // namespace headroom::netlist
