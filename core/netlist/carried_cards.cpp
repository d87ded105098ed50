#include "core/netlist/carried_cards.h"

#include <algorithm>
#include <array>

#include "core/netlist/letter_case.h"
#include "core/netlist/logical_line.h"

namespace headroom::netlist {
namespace {

bool isOneOf(const std::string& keyword, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), keyword) != words.end();
}

/// ".lib tt" opens a section of the file itself; ".lib file tt" brings another file's.
bool opensSection(const std::string& keyword, std::string_view text) {
    if (keyword != ".lib") return false;
    const std::string_view argument = trimmed(text.substr(keyword.size()));
    return argument.find_first_of(" \t./\\'\"") == std::string_view::npos;
}

class CardCollector {
public:
    void add(std::string_view text, Dialect dialect, bool spectre) {
        for (const LogicalLine& line : splitIntoCards(text, 0, dialect, spectre).lines) {
            const std::string keyword = lowerCase(trimmed(line.text).substr(0, 6));
            if (!spectre && keyword == ".alter") break; // what follows is of other runs
            add(line);
        }
    }

    std::vector<CarriedCard> cards;

private:
    void add(const LogicalLine& line) {
        const std::string text(trimmed(line.text));
        std::string keyword = lowerCase(text.substr(0, text.find_first_of(" \t(")));
        if (line.directive || keyword.empty()) return;
        const bool opens =
            isOneOf(keyword, {".subckt", ".macro", "subckt", "inline", "library", "section"}) ||
            opensSection(keyword, text);
        const bool closes = isOneOf(keyword, {".ends", ".eom", ".endl", "ends", "endlibrary", "endsection"});
        if (opens) ++m_depth;
        if (closes) m_depth = std::max(0, m_depth - 1);
        if (opens || closes || isOneOf(keyword, {".end", ".title"})) return;
        const bool kept = line.spectre ? isOneOf(keyword, {"model", "include", "parameters"})
                                       : keyword.front() == '.' || keyword.front() == 'k';
        if (kept) cards.push_back({std::move(keyword), text, line.spectre, m_depth > 0});
    }

    int m_depth = 0;
};

} // namespace

std::vector<CarriedCard> carriedCards(const Netlist& netlist) {
    CardCollector collector;
    if (netlist.sheet) {
        for (const SheetText& each : netlist.sheet->texts) {
            if (each.directive) collector.add(each.text, netlist.dialect, false);
        }
    } else if (!netlist.files.empty() && (netlist.format == "spice" || netlist.format == "spectre")) {
        collector.add(netlist.files.front().text, netlist.dialect, netlist.format == "spectre");
    }
    return std::move(collector.cards);
}

bool bringsModels(const CarriedCard& card) {
    return isOneOf(card.keyword, {".model", ".lib", ".include", ".inc", "model", "include"});
}

} // namespace headroom::netlist
