#include "core/netlist/controlled_source.h"

#include <algorithm>
#include <array>

#include "core/netlist/letter_case.h"

namespace headroom::netlist {
namespace {

/// The words between the brackets of "(a,b)"; nothing where there are none.
std::vector<std::string> wordsInside(std::string_view text) {
    if (text.size() < 2 || text.front() != '(' || text.back() != ')') return {};
    LogicalLine inside;
    inside.text = text.substr(1, text.size() - 2);
    inside.pieces.push_back({0, inside.text.size(), 0, 0, 1});
    std::vector<std::string> result;
    for (Field& each : splitFields(inside, 0).words)
        result.push_back(std::move(each.text));
    return result;
}

/// What a word behind the output nets announces.
enum class Form {
    Nets,    ///< no keyword: control nets or a control source
    Linear,  ///< HSPICE's VCVS, VCCS, CCVS, CCCS: a keyword that may as well be left out
    Between, ///< control nets follow, but more than a gain behind them
    Text     ///< an expression in the simulator's own form
};

Form formOf(std::string_view word) {
    const std::string name = lowerCase(word.substr(0, word.find_first_of("({=")));
    const auto isAny = [&](const auto& list) {
        return std::find(list.begin(), list.end(), name) != list.end();
    };
    static constexpr std::array kLinear{"vcvs", "vccs", "ccvs", "cccs"};
    static constexpr std::array kBetween{"opamp", "transformer", "vcr",     "vccap", "pwl",    "npwl",
                                         "ppwl",  "delay",       "laplace", "pole",  "foster", "freq"};
    static constexpr std::array kText{"poly", "value", "table", "chebyshev", "cur", "vol", "func"};
    if (isAny(kLinear)) return Form::Linear;
    if (isAny(kBetween)) return Form::Between;
    return isAny(kText) ? Form::Text : Form::Nets;
}

bool isNet(const std::string& word) {
    return !word.empty() && std::string_view("({'\"").find(word.front()) == std::string_view::npos;
}

} // namespace

void readControlledSource(Element& element, char kind, const CardFields& fields,
                          const SpiceDocument& document) {
    const auto& words = fields.words;
    std::size_t at = 3; // behind the name and the output nets
    const auto formAt = [&](std::size_t i) { return i < words.size() ? formOf(words[i].text) : Form::Text; };
    bool linear = true;
    Form form = formAt(at);
    for (; form == Form::Linear || form == Form::Between; form = formAt(++at))
        linear = linear && form == Form::Linear;
    linear = linear && form == Form::Nets;
    const bool byCurrent = kind == 'f' || kind == 'h';
    if (byCurrent) {
        if (linear && at < words.size()) element.parameters.push_back({"control", words[at++]});
    } else if (form != Form::Text && at < words.size()) {
        const std::vector<std::string> group = wordsInside(words[at].text);
        if (group.size() == 2) {
            element.nets.insert(element.nets.end(), group.begin(), group.end());
            ++at;
        } else if (at + 1 < words.size() && isNet(words[at].text) && isNet(words[at + 1].text)) {
            element.nets.push_back(words[at++].text);
            element.nets.push_back(words[at++].text);
        } else {
            linear = linear && isValue(words[at], document);
        }
    }
    const bool gain = linear && at < words.size();
    if (gain) element.parameters.push_back({"value", words[at++]});
    const bool more = !gain || at < words.size() || !fields.named.empty();
    if (more && !fields.tail.text.empty()) element.parameters.push_back({"expression", fields.tail});
}

std::vector<std::string> codeModelNets(const std::vector<Field>& words) {
    std::vector<std::string> nets;
    for (std::size_t i = 1; i + 1 < words.size(); ++i) {
        std::string text = words[i].text;
        // The kind of port, "%vd(a b)" or "%v a", says nothing about the nets.
        if (text.starts_with("%")) text = text.substr(std::min(text.find('('), text.size()));
        for (char& c : text) {
            if (c == '[' || c == ']' || c == '~' || c == '(' || c == ')' || c == '\t' || c == ',') c = ' ';
        }
        for (std::size_t start = text.find_first_not_of(' '); start != std::string::npos;) {
            const std::size_t end = std::min(text.find(' ', start), text.size());
            nets.push_back(text.substr(start, end - start));
            start = text.find_first_not_of(' ', end);
        }
    }
    return nets;
}

} // namespace headroom::netlist
