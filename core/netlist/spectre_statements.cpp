// The part of SpiceParser that understands statements of Spectre's own language.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/netlist/expression.h"
#include "core/netlist/letter_case.h"
#include "core/netlist/spice_parser.h"

namespace headroom::netlist {
namespace {

/// Statements about the simulation or about models' statistics: kept as they are.
constexpr std::array kKeptStatements{
    "save",       "ic",           "nodeset",       "statistics",  "altergroup",   "export",
    "protect",    "unprotect",    "print",         "connect",     "paramtest",    "library",
    "endlibrary", "section",      "endsection",    "analogmodel", "ahdl_include", "simulator",
    "protected",  "endprotected", "parametersets", "modelgroup"};

/// Statements that define something.
constexpr std::array kStatements{"subckt", "inline", "ends", "include", "spice_include", "parameters",
                                 "model",  "global", "if",   "else",    "real",          "integer"};

/// The statement in front of the block that it opens: "ff altergroup {".
LogicalLine withoutBlock(const LogicalLine& line) {
    LogicalLine result = line;
    bool quoted = false;
    for (std::size_t i = 0; i < result.text.size(); ++i) {
        if (result.text[i] == '\\') {
            ++i;
        } else if (result.text[i] == '"') {
            quoted = !quoted;
        } else if (!quoted && result.text[i] == '{' && i > 0) {
            result.text.resize(i);
        }
    }
    return result;
}

std::string keywordOf(std::string_view text) {
    text = trimmed(text);
    std::size_t end = 0;
    while (end < text.size() && !isBlank(text[end]) && text[end] != '=' && text[end] != '(' &&
           text[end] != '{') {
        ++end;
    }
    return std::string(text.substr(0, end));
}

std::string unquoted(std::string_view text) {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
    return std::string(text);
}

/// The type that a model of Spectre's is in SPICE: "nmos", "pnp", "d", "r", ...
std::string spiceType(const std::string& primitive, const std::vector<NamedField>& parameters) {
    const std::string name = lowerCase(primitive);
    const auto type = std::find_if(parameters.begin(), parameters.end(),
                                   [](const NamedField& each) { return each.name == "type"; });
    const std::string kind = type == parameters.end() ? std::string() : lowerCase(unquoted(type->value.text));
    const bool isP = kind.starts_with("p");
    const auto any = [&](std::initializer_list<std::string_view> starts) {
        return std::any_of(starts.begin(), starts.end(),
                           [&](std::string_view each) { return name.starts_with(each); });
    };
    if (any({"bsim", "b3soi", "b4soi", "mos", "ekv", "psp", "hisim", "hvmos", "nmos", "utsoi", "leti"})) {
        return isP ? "pmos" : "nmos";
    }
    if (name == "pmos") return "pmos";
    if (any({"bjt", "vbic", "hicum", "hbt", "bht", "mextram"})) return isP ? "pnp" : "npn";
    if (any({"diode", "juncap"})) return "d";
    if (any({"resistor", "r2", "r3", "phy_res"})) return "r";
    if (any({"capacitor"})) return "c";
    if (any({"inductor"})) return "l";
    if (any({"jfet"})) return isP ? "pjf" : "njf";
    return name;
}

} // namespace

Result<std::size_t> SpiceParser::parseSpectre(LoadedFile& file, std::size_t at, std::size_t end) {
    const LogicalLine& line = file.split.lines[at];
    const std::string keyword = keywordOf(line.text);
    if (keyword == "if") return parseSpectreIf(file, at, end);
    const bool isFunction =
        (keyword == "real" || keyword == "integer") && line.text.find('(') != std::string::npos;
    if (isFunction) {
        addSpectreFunction(line, statementText(file, at, end));
    } else if (isTitle(file, at, end)) {
        CardFields fields = splitSpectreFields(line);
        m_document.firstLine = DeviceCard{std::move(fields), line.whole(), line.closed()};
        m_document.firstLine->spectre = true;
        return at + 1;
    } else if (std::find(kKeptStatements.begin(), kKeptStatements.end(), keyword) == kKeptStatements.end()) {
        const bool opens = line.text.find('{') != std::string::npos;
        auto done = parseSpectreStatement(file, opens ? withoutBlock(line) : line, keyword);
        if (!done) return forward(done);
    } else if (keyword == "save" || keyword == "ic" || keyword == "nodeset" || keyword == "statistics") {
        m_findings.addOnce("spectre kept", Severity::Note, line.whole(),
                           "Analyses, options and saved signals are kept in the text and are no part of the "
                           "circuit.",
                           line.text);
    }
    return skipBraces(file, at, end);
}

Result<void> SpiceParser::parseSpectreStatement(LoadedFile& file, const LogicalLine& line,
                                                const std::string& keyword) {
    if (!line.closed()) {
        m_findings.add(Severity::Warning, line.whole(), "A quote or bracket is not closed.", line.text);
    }
    if (keyword == "subckt" || keyword == "inline") return openSpectreSubcircuit(line);
    if (keyword == "ends") return closeSubcircuit(line, keyword);
    if (keyword == "include" || keyword == "spice_include") return includeSpectre(file, line);
    if (keyword == "parameters") {
        addSpectreParameters(line);
    } else if (keyword == "model") {
        addSpectreModel(line);
    } else if (keyword == "global") {
        addSpectreGlobals(line);
    } else if (keyword.empty() || keyword == "}" || keyword == "else") {
        m_findings.add(Severity::Warning, line.whole(), "This line is not understood; it is kept as it is.",
                       line.text);
    } else if (keyword.front() == '.') {
        m_findings.addOnce("dot in spectre", Severity::Warning, line.whole(),
                           "SPICE cards in a part of the file that is in Spectre's language are kept as they "
                           "are; 'simulator lang=spice' is missing.",
                           line.text);
    } else {
        addSpectreInstance(line);
    }
    return {};
}

/// Whether the first line of the file may be a title: some words that have not the marks of a statement.
bool SpiceParser::isTitle(const LoadedFile& file, std::size_t at, std::size_t end) const {
    const LogicalLine& line = file.split.lines[at];
    if (!m_hasTitle || file.index != 0 || line.line() != 1 || m_open.size() > 1 || at + 1 >= end)
        return false;
    const std::string keyword = keywordOf(line.text);
    const bool statement =
        std::find(kKeptStatements.begin(), kKeptStatements.end(), keyword) != kKeptStatements.end() ||
        std::find(kStatements.begin(), kStatements.end(), keyword) != kStatements.end();
    return !statement && isLetter(line.text.front()) && line.text.find_first_of("({=") == std::string::npos;
}

/// A statement and the block in braces that belongs to it.
std::string SpiceParser::statementText(const LoadedFile& file, std::size_t at, std::size_t end) {
    const auto& lines = file.split.lines;
    std::string text = lines[at].text;
    std::size_t next = at + 1;
    if (openBraces(text) == 0 && text.find('{') == std::string::npos && next < end &&
        lines[next].text.starts_with("{")) {
        text += ' ' + lines[next++].text;
    }
    const int depth = openBraces(text);
    if (depth <= 0) return text;
    const std::size_t close = closingBrace(file, next, end, depth).line;
    for (; next < end && next <= close; ++next)
        text += ' ' + lines[next].text;
    return text;
}

SpiceParser::Brace SpiceParser::closingBrace(const LoadedFile& file, std::size_t at, std::size_t end,
                                             int depth) {
    for (; at < end; ++at) {
        ++m_work;
        const std::string_view text = file.split.lines[at].text;
        bool quoted = false;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\\') {
                ++i;
            } else if (text[i] == '"') {
                quoted = !quoted;
            } else if (!quoted && text[i] == '{') {
                ++depth;
            } else if (!quoted && text[i] == '}' && --depth == 0) {
                return {at, i};
            }
        }
    }
    return {end, 0};
}

std::size_t SpiceParser::skipBraces(LoadedFile& file, std::size_t at, std::size_t end) {
    const auto& lines = file.split.lines;
    int depth = openBraces(lines[at].text);
    std::size_t block = at + 1;
    if (depth <= 0) {
        // The brace may stand on the next line.
        const bool opens = block < end && lines[block].spectre && lines[block].text.starts_with("{");
        if (!opens) return at + 1;
        depth = openBraces(lines[block].text);
        file.accounted[block] = true;
        if (depth <= 0) return block + 1;
        ++block;
    }
    const std::size_t close = closingBrace(file, block, end, depth).line;
    for (std::size_t i = at; i < std::min(close + 1, end); ++i)
        file.accounted[i] = true;
    if (close == end) {
        m_findings.add(Severity::Warning, lines[at].whole(), "The braces that open here are not closed.");
    }
    return std::min(close + 1, end);
}

/// Reads "if (condition) {", the branch that is taken, and what follows as "else" or "else if".
Result<std::size_t> SpiceParser::parseSpectreIf(LoadedFile& file, std::size_t at, std::size_t end) {
    const auto& lines = file.split.lines;
    bool taken = false;
    std::string_view head = trimmed(lines[at].text);
    for (;;) {
        const LogicalLine& line = lines[at];
        bool branch = !taken;
        const std::size_t open = head.find('(');
        const std::size_t close = head.rfind(')');
        const bool conditional =
            open != std::string_view::npos && close != std::string_view::npos && close > open;
        if (conditional) branch = branch && condition(head.substr(open, close + 1 - open), line);
        taken = taken || branch;
        file.accounted[at] = true;
        if (!head.ends_with("{")) {
            if (at + 1 >= end || trimmed(lines[at + 1].text) != "{") {
                m_findings.add(Severity::Warning, line.whole(),
                               "A condition without a block of its own is kept as it is.", line.text);
                return skipBraces(file, at, end);
            }
            file.accounted[++at] = true;
        }
        const Brace brace = closingBrace(file, at + 1, end, 1);
        if (brace.line == end) {
            return m_findings.fail(line.whole(), "The block that begins here is not closed by '}'.");
        }
        if (auto done = parseBranch(file, branch, at + 1, brace.line); !done) return forward(done);
        file.accounted[brace.line] = true;
        at = brace.line;
        head = trimmed(std::string_view(lines[at].text).substr(brace.column + 1));
        if (head.empty() && at + 1 < end && keywordOf(lines[at + 1].text) == "else") {
            head = trimmed(lines[++at].text);
        }
        if (keywordOf(head) != "else") return at + 1;
    }
}

Result<void> SpiceParser::parseBranch(LoadedFile& file, bool taken, std::size_t begin, std::size_t end) {
    if (!taken) {
        for (std::size_t i = begin; i < end; ++i)
            file.accounted[i] = true;
        return {};
    }
    constexpr int kDeepestIf = 100;
    if (++m_ifDepth > kDeepestIf) {
        return m_findings.fail(file.split.lines[begin - 1].whole(), "Conditions are nested too deeply.");
    }
    auto done = parseRange(file, begin, end);
    --m_ifDepth;
    return done;
}

Result<void> SpiceParser::openSpectreSubcircuit(const LogicalLine& line) {
    CardFields fields = splitSpectreFields(line);
    const bool isInline = !fields.words.empty() && fields.words.front().text == "inline";
    std::size_t at = isInline ? 2 : 1;
    if (fields.words.size() <= at) return m_findings.fail(line.whole(), "The subcircuit has no name.");
    if (m_open.size() > EvaluationBudget::kMaxDepth) {
        return m_findings.fail(line.whole(), "Subcircuits are defined too deeply inside each other.");
    }
    Subcircuit cell;
    cell.name = fields.words[at].text;
    cell.parent = m_open.back();
    cell.span = line.whole();
    cell.spectre = true;
    for (++at; at < fields.words.size(); ++at)
        cell.ports.push_back(std::move(fields.words[at]));
    for (NamedField& each : fields.named) {
        cell.parameterNames.insert(each.name);
        cell.parameters.push_back(std::move(each));
    }
    return openCell(std::move(cell), line);
}

Result<void> SpiceParser::includeSpectre(LoadedFile& from, const LogicalLine& line) {
    const CardFields fields = splitSpectreFields(line);
    if (fields.words.size() < 2) {
        m_findings.add(Severity::Warning, line.whole(), "The name of the file is missing.", line.text);
        return {};
    }
    std::string section;
    for (const NamedField& each : fields.named) {
        if (each.name == "section") section = lowerCase(unquoted(each.value.text));
    }
    return includeNamed(from, line, unquoted(fields.words[1].text), section);
}

void SpiceParser::addSpectreParameters(const LogicalLine& line) {
    CardFields fields = splitSpectreFields(line);
    if (fields.strayEquals || fields.words.size() > 1) {
        m_findings.add(Severity::Warning, line.whole(), "Part of this statement is not understood.",
                       line.text);
    }
    // Instances may override those of a subcircuit.
    auto& target = m_open.size() > 1 ? current().parameters : current().locals;
    for (NamedField& each : fields.named) {
        current().parameterNames.insert(m_document.caseSensitive ? each.name : lowerCase(each.name));
        target.push_back(std::move(each));
    }
}

void SpiceParser::addSpectreModel(const LogicalLine& line) {
    const CardFields fields = splitSpectreFields(line);
    if (fields.words.size() < 3) {
        m_findings.add(Severity::Warning, line.whole(), "This model has no name or type.", line.text);
        return;
    }
    const std::string type = spiceType(fields.words[2].text, fields.named);
    current().models.emplace(m_document.keyOf(fields.words[1].text, true), type);
    m_netlist.models.push_back({lowerCase(fields.words[1].text), type, line.whole()});
}

/// "real f(real a, real b) { return a+b; }": the body is what stands between return and ';' or '}'.
void SpiceParser::addSpectreFunction(const LogicalLine& line, std::string_view text) {
    const std::size_t open = text.find('(');
    const std::size_t close = text.find(')', open);
    const std::size_t body = text.find("return", std::min(close, text.size()));
    if (close == std::string_view::npos || body == std::string_view::npos) {
        m_findings.add(Severity::Warning, line.whole(),
                       "This function is not understood; it is kept as it is.", line.text);
        return;
    }
    std::string_view head = trimmed(text.substr(0, open));
    head = trimmed(head.substr(head.find_first_of(" \t") + 1));
    FunctionDefinition function;
    function.name = head;
    function.spectre = true;
    std::string_view arguments = text.substr(open + 1, close - open - 1);
    while (!arguments.empty()) {
        const std::size_t comma = std::min(arguments.find(','), arguments.size());
        const std::string_view each = trimmed(arguments.substr(0, comma));
        const std::size_t blank = each.find_last_of(" \t");
        function.arguments.emplace_back(blank == std::string_view::npos ? each : each.substr(blank + 1));
        arguments.remove_prefix(std::min(comma + 1, arguments.size()));
    }
    const std::string_view behind = text.substr(body + 6);
    function.body = trimmed(behind.substr(0, behind.find_first_of(";}")));
    current().functions.push_back(std::move(function));
}

/// The first name is another one of ground.
void SpiceParser::addSpectreGlobals(const LogicalLine& line) {
    const CardFields fields = splitSpectreFields(line);
    for (std::size_t i = 1; i < fields.words.size(); ++i) {
        const std::string key = m_document.keyOf(fields.words[i].text, true);
        m_document.globals.insert(key);
        if (i == 1) m_document.grounds.insert(key);
    }
}

void SpiceParser::addSpectreInstance(const LogicalLine& line) {
    CardFields fields = splitSpectreFields(line);
    if (fields.words.empty()) {
        m_findings.add(Severity::Warning, line.whole(), "This line is not understood; it is kept as it is.",
                       line.text);
        return;
    }
    if (fields.strayEquals) {
        m_findings.add(Severity::Warning, line.whole(), "An '=' without a name or a value is ignored.",
                       line.text);
    }
    if (fields.words.back().text == "options") {
        for (const NamedField& each : fields.named) {
            const auto value = parseSpiceNumber(each.value.text, m_document.spectreNumbers);
            if (each.name == "temp") m_document.temperature = each.value.text;
            if (each.name == "scale" && value && *value > 0) m_document.lengthScale = *value;
        }
    }
    DeviceCard card{std::move(fields), line.whole(), line.closed()};
    card.spectre = true;
    current().devices.push_back(std::move(card));
}

} // namespace headroom::netlist
