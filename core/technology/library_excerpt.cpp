#include "core/technology/library_excerpt.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "core/netlist/letter_case.h"
#include "core/technology/library_cards.h"

namespace headroom::technology {
namespace {

using Card = LibraryExcerpt::Card;
using Use = LibraryExcerpt::Use;

/// m; more than ngspice's own tolerance at a bin's edges.
constexpr double edgeTolerance = 2e-9;

bool isWordByte(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '$' || c == '#' ||
           c == '!' || c == '@' || c == ':' || c == '~';
}

bool isNameByte(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Calls @p use with every word of a text that may be a name, lower case, and with the parts of such a word.
template <class Function>
void forEachName(std::string_view text, Function use) {
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && isWordByte(text[end]))
            ++end;
        const std::string word = netlist::lowerCase(text.substr(at, end - at));
        if (!word.empty() && std::isdigit(static_cast<unsigned char>(word.front())) == 0) {
            use(word);
            for (std::size_t part = 0; part < word.size();) {
                std::size_t stop = part;
                while (stop < word.size() && isNameByte(word[stop]))
                    ++stop;
                if (stop > part && stop - part < word.size()) use(word.substr(part, stop - part));
                part = stop + 1;
            }
        }
        at = end + 1;
    }
}

std::string wordAt(const std::string& text, std::size_t index) {
    std::size_t begin = 0;
    for (;; --index) {
        begin = text.find_first_not_of(" \t\n+", begin);
        if (begin == std::string::npos) return {};
        const std::size_t end = std::min(text.find_first_of(" \t\n(", begin), text.size());
        if (index == 0) return netlist::lowerCase(text.substr(begin, end - begin));
        begin = end;
    }
}

std::string withoutBin(const std::string& model) {
    const std::size_t dot = model.find_last_of('.');
    const bool isBin = dot != std::string::npos && dot + 1 < model.size() &&
                       model.find_first_not_of("0123456789", dot + 1) == std::string::npos;
    return isBin ? model.substr(0, dot) : model;
}

/// What stands behind "NAME =" in a card, without blanks, braces and quotation marks; lower case.
std::optional<std::string> assigned(std::string_view text, std::string_view name) {
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && isNameByte(text[end]))
            ++end;
        if (end == at) {
            ++at;
            continue;
        }
        const bool isName = netlist::lowerCase(text.substr(at, end - at)) == name;
        at = text.find_first_not_of(" \t", end);
        if (at == std::string_view::npos) break;
        if (!isName || text[at] != '=') continue;
        at = text.find_first_not_of(" \t", at + 1);
        if (at == std::string_view::npos) break;
        const bool isQuoted = text[at] == '{' || text[at] == '\'' || text[at] == '"';
        const char close = text[at] == '{' ? '}' : text[at];
        const std::size_t stop =
            std::min(isQuoted ? text.find(close, at + 1) : text.find_first_of(" \t\n", at), text.size());
        std::string value =
            netlist::lowerCase(text.substr(at + (isQuoted ? 1 : 0), stop - at - (isQuoted ? 1 : 0)));
        std::erase_if(value, [](char c) { return c == ' ' || c == '\t'; });
        return value;
    }
    return std::nullopt;
}

std::optional<double> number(const std::optional<std::string>& text) {
    if (!text || text->empty()) return std::nullopt;
    char* end = nullptr;
    const double value = std::strtod(text->c_str(), &end);
    return *end == '\0' ? std::optional(value) : std::nullopt;
}

/// Whether a model card is a bin that holds one of these sizes; true where the card does not say its range.
bool holdsAny(const Card& model, const std::vector<const Use*>& uses) {
    const auto lengthLow = number(assigned(model.text, "lmin"));
    const auto lengthHigh = number(assigned(model.text, "lmax"));
    const auto widthLow = number(assigned(model.text, "wmin"));
    const auto widthHigh = number(assigned(model.text, "wmax"));
    if (!lengthLow || !lengthHigh || !widthLow || !widthHigh) return true;
    const auto holds = [](double low, double high, double value) {
        return value >= low - edgeTolerance && value <= high + edgeTolerance;
    };
    return std::any_of(uses.begin(), uses.end(), [&](const Use* use) {
        return holds(*lengthLow, *lengthHigh, use->length) &&
               (holds(*widthLow, *widthHigh, use->width) || holds(*widthLow, *widthHigh, use->fingerWidth));
    });
}

/// Whether every size has a bin among these cards: else ngspice is to see all of them, and complain itself.
bool coverAll(const std::vector<Card>& cards, const std::vector<const Use*>& uses) {
    return std::all_of(uses.begin(), uses.end(), [&](const Use* use) {
        return std::any_of(cards.begin(), cards.end(), [&](const Card& card) {
            return card.keyword == ".model" && holdsAny(card, {use});
        });
    });
}

/// Whether the MOSFETs of a subcircuit have the sizes that it is called with.
bool passesSizesOn(const std::vector<Card>& subcircuit, const MosfetRules& rules) {
    const auto nameOf = [&](const char* parameter) {
        const auto renamed = rules.parameterNames.find(parameter);
        return renamed == rules.parameterNames.end() ? std::string(parameter)
                                                     : netlist::lowerCase(renamed->second);
    };
    const std::string width = nameOf("w");
    const std::string perFinger = width + '/' + nameOf("nf");
    return std::all_of(subcircuit.begin(), subcircuit.end(), [&](const Card& card) {
        if (card.keyword.front() != 'm') return true;
        const auto w = assigned(card.text, "w");
        return assigned(card.text, "l") == nameOf("l") &&
               (w == width || w == perFinger || w == '(' + perFinger + ')');
    });
}

} // namespace

/// Follows names from the circuit's models to everything that they need.
class LibraryExcerpt::Selection {
public:
    Selection(const LibraryExcerpt& excerpt, const std::vector<Use>& uses)
        : m_excerpt(excerpt)
        , m_isNeeded(excerpt.m_items.size(), false) {
        for (const Use& use : uses)
            m_uses[netlist::lowerCase(use.model)].push_back(&use);
        for (std::size_t index = 0; index < excerpt.m_items.size(); ++index)
            if (excerpt.m_items[index].kind != Kind::Other)
                m_byName[excerpt.m_items[index].name].push_back(index);
        for (const auto& [model, of] : m_uses)
            follow(model);
        for (const std::string& line : excerpt.m_before)
            forEachName(line, [this](const std::string& name) { follow(name); });
        for (std::size_t index = 0; index < excerpt.m_items.size(); ++index)
            if (excerpt.m_items[index].kind == Kind::Other) take(index);
        while (!m_waiting.empty()) {
            const std::size_t index = m_waiting.back();
            m_waiting.pop_back();
            take(index);
        }
    }

    std::string text() const {
        std::string text;
        for (std::size_t index = 0; index < m_excerpt.m_items.size(); ++index)
            if (m_isNeeded[index])
                for (const Card* card : cardsOf(index))
                    text += card->text + '\n';
        return text;
    }

private:
    void follow(const std::string& name) {
        const auto found = m_byName.find(name);
        if (found == m_byName.end() || !m_followed.insert(name).second) return;
        m_waiting.insert(m_waiting.end(), found->second.begin(), found->second.end());
    }

    void take(std::size_t index) {
        m_isNeeded[index] = true;
        for (const Card* card : cardsOf(index))
            forEachName(card->text, [this](const std::string& name) { follow(name); });
    }

    /// The cards of an item that stay.
    std::vector<const Card*> cardsOf(std::size_t index) const {
        const Item& item = m_excerpt.m_items[index];
        const auto uses = m_uses.find(item.name);
        const MosfetRules* rules = uses == m_uses.end() ? nullptr : m_excerpt.rulesOf(item.name);
        bool areCut = false;
        if (rules != nullptr && item.kind == Kind::Subcircuit)
            areCut = passesSizesOn(item.cards, *rules) && coverAll(item.cards, uses->second);
        if (rules != nullptr && item.kind == Kind::Model)
            areCut = rules->innerDevice.empty() && coverAll(m_excerpt.binsOf(item.name), uses->second);
        std::vector<const Card*> cards;
        for (const Card& card : item.cards)
            if (!areCut || card.keyword != ".model" || holdsAny(card, uses->second)) cards.push_back(&card);
        return cards;
    }

    const LibraryExcerpt& m_excerpt;
    std::vector<bool> m_isNeeded; ///< by item
    std::map<std::string, std::vector<const Use*>> m_uses;
    std::map<std::string, std::vector<std::size_t>> m_byName;
    std::set<std::string> m_followed;
    std::vector<std::size_t> m_waiting;
};

const MosfetRules* LibraryExcerpt::rulesOf(const std::string& model) const {
    const auto found = std::find_if(m_rules.begin(), m_rules.end(), [&](const MosfetRules& rules) {
        return netlist::lowerCase(rules.model) == model;
    });
    return found == m_rules.end() ? nullptr : &*found;
}

std::vector<Card> LibraryExcerpt::binsOf(const std::string& model) const {
    std::vector<Card> bins;
    for (const Item& item : m_items)
        if (item.kind == Kind::Model && item.name == model) bins.push_back(item.cards.front());
    return bins;
}

std::shared_ptr<const LibraryExcerpt> LibraryExcerpt::of(const Technology& technology,
                                                         const std::string& corner) {
    if (!technology.library) return nullptr;
    const auto sections = technology.library->sections.find(corner);
    if (sections == technology.library->sections.end()) return nullptr;
    static std::mutex mutex;
    static std::map<std::string, std::weak_ptr<const LibraryExcerpt>> known;
    const std::lock_guard lock(mutex);
    std::weak_ptr<const LibraryExcerpt>& entry = known[technology.fingerprint() + corner];
    if (auto held = entry.lock()) return held;
    const auto cards = readLibraryCards(technology.library->file, sections->second);
    if (!cards) return nullptr;
    std::shared_ptr<LibraryExcerpt> excerpt(new LibraryExcerpt);
    excerpt->m_before = technology.library->before;
    excerpt->m_rules = technology.mosfets;
    if (!excerpt->sort(*cards)) return nullptr;
    entry = excerpt;
    return excerpt;
}

bool LibraryExcerpt::sort(const std::vector<Card>& cards) {
    int depth = 0;
    for (const Card& card : cards) {
        const bool opens = card.keyword == ".subckt" || card.keyword == ".macro";
        const bool closes = card.keyword == ".ends" || card.keyword == ".eom";
        if (card.keyword == ".control" || (closes && depth == 0)) return false;
        if (depth == 0 && opens) m_items.push_back({Kind::Subcircuit, wordAt(card.text, 1), {}});
        if (opens) ++depth;
        if (depth > 0)
            m_items.back().cards.push_back(card);
        else if (card.keyword == ".param" || card.keyword == ".parameter")
            addParameters(card);
        else if (card.keyword == ".model")
            m_items.push_back({Kind::Model, withoutBin(wordAt(card.text, 1)), {card}});
        else
            m_items.push_back({Kind::Other, {}, {card}});
        if (closes) --depth;
    }
    return depth == 0;
}

void LibraryExcerpt::addParameters(const Card& card) {
    std::vector<Item> items;
    std::string text = card.text.substr(card.keyword.size());
    for (std::size_t at = 0; (at = text.find("\n+", at)) != std::string::npos;)
        text.replace(at, 2, "  ");
    const auto blank = [&](std::size_t at) {
        return std::min(text.find_first_not_of(" \t", at), text.size());
    };
    std::size_t at = blank(0);
    while (at < text.size()) {
        std::size_t end = at;
        while (end < text.size() && isNameByte(text[end]))
            ++end;
        const std::size_t equals = blank(end);
        const std::size_t value = equals < text.size() ? blank(equals + 1) : text.size();
        if (end == at || value >= text.size() || text[equals] != '=') break;
        const bool isQuoted = text[value] == '{' || text[value] == '\'' || text[value] == '"';
        const char close = text[value] == '{' ? '}' : text[value];
        const std::size_t stop =
            isQuoted ? text.find(close, value + 1) : text.find_first_of(" \t", value) - 1;
        const std::size_t after = stop >= text.size() - 1 ? text.size() : stop + 1;
        if (isQuoted && stop == std::string::npos) break;
        items.push_back({Kind::Parameter,
                         netlist::lowerCase(text.substr(at, end - at)),
                         {{card.keyword + ' ' + text.substr(at, after - at), card.keyword}}});
        at = blank(after);
    }
    // Of what is not a plain list of assignments nothing is left out.
    if (at < text.size()) items = {{Kind::Other, {}, {card}}};
    m_items.insert(m_items.end(), items.begin(), items.end());
}

std::string LibraryExcerpt::text(const std::vector<Use>& uses) const {
    std::string text;
    for (const std::string& line : m_before)
        text += line + '\n';
    return text + Selection(*this, uses).text();
}

} // namespace headroom::technology
