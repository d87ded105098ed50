// The part of SpiceParser that knows cards which rule over the cards behind them: conditions and blocks
// that are kept as they are.

#include <algorithm>

#include <fmt/format.h>

#include "core/netlist/expression.h"
#include "core/netlist/letter_case.h"
#include "core/netlist/spice_parser.h"

namespace headroom::netlist {
std::size_t SpiceParser::skipBlock(LoadedFile& file, std::size_t at, std::size_t end,
                                   std::string_view closing) {
    const auto& lines = file.split.lines;
    if (closing.empty() && at < end) {
        m_findings.add(Severity::Note, lines[at].whole(), "Text behind .end is not read.");
    }
    const std::size_t opened = at - 1;
    for (; at < end; ++at) {
        file.accounted[at] = true;
        if (!closing.empty() && cardKeyword(lines[at]) == closing) return at + 1;
    }
    if (!closing.empty()) {
        m_findings.add(Severity::Warning, lines[opened].whole(),
                       fmt::format("The block that begins here is not closed by {}.", closing));
    }
    return end;
}

std::size_t SpiceParser::skipToNextBranch(LoadedFile& file, std::size_t at, std::size_t end) {
    int depth = 0;
    for (; at < end; ++at) {
        const std::string keyword = cardKeyword(file.split.lines[at]);
        const bool branch = keyword == ".else" || keyword == ".elseif" || keyword == ".endif";
        if (depth == 0 && branch) return at;
        file.accounted[at] = true;
        if (keyword == ".if") ++depth;
        if (keyword == ".endif") --depth;
    }
    return end;
}

std::size_t SpiceParser::skipAlteration(LoadedFile& file, std::size_t at, std::size_t end) {
    const auto& lines = file.split.lines;
    m_findings.add(Severity::Note, lines[at].whole(),
                   "What .alter changes for a further run is kept as it is and not applied.", lines[at].text);
    do {
        file.accounted[at] = true;
        const std::string keyword = ++at < end ? cardKeyword(lines[at]) : ".end";
        if (keyword == ".alter" || keyword == ".end") return at;
    } while (true);
}

/// HSPICE's .prot only keeps lines out of the listing, but libraries may be encrypted between it and
/// .unprot. Such text has hardly a line that begins as a card does.
std::size_t SpiceParser::skipEncrypted(LoadedFile& file, std::size_t at, std::size_t end) {
    const auto& lines = file.split.lines;
    std::size_t closing = at + 1;
    std::size_t cards = 0;
    for (; closing < end && !cardKeyword(lines[closing]).starts_with(".unprot"); ++closing) {
        const std::string& text = lines[closing].text;
        const char first = text.empty() ? ' ' : text.front();
        const bool words = text.find_first_of(" \t=(") != std::string::npos;
        const bool begins = isLetter(first) || isDigit(first) || first == '-';
        if (first == '.' || lines[closing].directive || (begins && words)) ++cards;
    }
    m_work += closing - at;
    const bool announced = containsIgnoringCase(lines[at].text, "freelib");
    const std::size_t count = closing - at - 1;
    if (count == 0 || (!announced && 2 * cards >= count)) return at + 1;
    m_findings.add(Severity::Note, lines[at].whole(), "Encrypted text cannot be read; it is kept as it is.",
                   lines[at].text);
    for (; at < closing; ++at)
        file.accounted[at] = true;
    return closing;
}

bool SpiceParser::condition(std::string_view text, const LogicalLine& line) {
    EvaluationBudget budget;
    ParameterScope scope(nullptr, m_document.rulesOf(m_document.caseSensitive), budget);
    const auto define = [&](const Subcircuit& cell) {
        m_work += cell.parameters.size() + cell.locals.size() + cell.functions.size();
        for (const auto* fields : {&cell.parameters, &cell.locals}) {
            for (const NamedField& each : *fields)
                scope.define(each.name, each.value.text, nullptr, &m_document.rulesOf(each.spectre));
        }
        for (const FunctionDefinition& each : cell.functions)
            scope.defineFunction(each.name, each.arguments, each.body, &m_document.rulesOf(each.spectre));
    };
    // What an earlier reading of the file found behind this line, then what this one has found so far.
    int before = m_before ? 0 : -1;
    for (const int open : m_open) {
        const Subcircuit& cell = m_document.subcircuits[static_cast<std::size_t>(open)];
        if (before >= 0 && open != m_open.front()) {
            const auto& inside = m_before->subcircuits[static_cast<std::size_t>(before)].subcircuits;
            const auto found = inside.find(m_document.keyOf(cell.name, cell.spectre));
            before = found == inside.end() ? -1 : found->second;
        }
        if (before >= 0) define(m_before->subcircuits[static_cast<std::size_t>(before)]);
        define(cell);
    }
    const Evaluation result = scope.evaluate(text, m_document.rulesOf(line.spectre));
    if (!result.value) {
        m_findings.add(Severity::Warning, line.whole(),
                       fmt::format("The condition is taken as false: {}.", result.problem), line.text);
    }
    m_conditions.push_back(result.value.value_or(0) != 0);
    return m_conditions.back();
}

} // namespace headroom::netlist
