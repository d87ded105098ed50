#include "core/netlist/spice_parser.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/netlist/dialect.h"
#include "core/netlist/expression.h"
#include "core/netlist/letter_case.h"

namespace headroom::netlist {
namespace {

constexpr std::size_t kMostWork = 20'000'000;

/// Cards that say something to a simulator and nothing about the circuit: kept as they are.
constexpr std::array kSimulatorCards{
    "ac",      "dc",    "tran",    "op",       "noise",      "tf",        "sens",   "pz",      "disto",
    "four",    "fft",   "print",   "plot",     "probe",      "save",      "meas",   "measure", "ic",
    "nodeset", "width", "sp",      "pss",      "csparam",    "step",      "wave",   "hb",      "graph",
    "net",     "alter", "connect", "savebias", "loadbias",   "load",      "hdl",    "lin",     "stim",
    "osdi",    "title", "endl",    "biaschk",  "backanno",   "snflicker", "pat",    "malias",  "probe64",
    "vec",     "store", "del",     "sampling", "preprocess", "prot",      "unprot", "protect", "unprotect"};

bool isSubcircuitStart(const std::string& keyword) {
    return keyword == ".subckt" || keyword == ".macro" || keyword == ".suckt";
}

/// What stands behind the keyword of an .if or .elseif card.
std::string_view conditionText(const LogicalLine& line) {
    const std::size_t start = line.text.find_first_of(" \t(");
    return start == std::string::npos ? std::string_view() : std::string_view(line.text).substr(start);
}

/// What the letters of *.PININFO mean.
PortDirection directionOf(char letter) {
    switch (letter) {
    case 'i':
        return PortDirection::Input;
    case 'o':
        return PortDirection::Output;
    case 'b':
        return PortDirection::InOut;
    case 'p':
        return PortDirection::Supply;
    case 'g':
        return PortDirection::Ground;
    default:
        return PortDirection::Unknown;
    }
}

} // namespace

SpiceParser::LoadedFile& SpiceParser::load(int fileIndex, const std::filesystem::path& folder) {
    const auto found = m_files.find(fileIndex);
    if (found != m_files.end()) return found->second;
    const std::string& text = m_netlist.files[static_cast<std::size_t>(fileIndex)].text;
    LoadedFile& file = m_files[fileIndex];
    file.index = fileIndex;
    file.folder = folder;
    const bool spectre = fileIndex == 0 ? m_document.dialect == Dialect::Spectre && startsInSpectre(text)
                                        : startsInSpectre(text);
    file.split = splitIntoCards(text, fileIndex, m_document.dialect, spectre);
    file.accounted.resize(file.split.lines.size());
    return file;
}

Result<void> SpiceParser::parse(const std::filesystem::path& folder) {
    m_document.subcircuits.emplace_back();
    m_fileIndices.emplace(canonicalPath(m_netlist.files.front().path), 0);
    const std::string& text = m_netlist.files.front().text;
    if (const std::size_t zero = text.find('\0'); zero != std::string::npos) {
        const auto before = text.begin() + static_cast<std::ptrdiff_t>(zero);
        m_findings.add(Severity::Warning,
                       {0, zero, 1, 1 + static_cast<int>(std::count(text.begin(), before, '\n')), 1},
                       "The file contains NUL bytes; they are read as blanks.");
    }
    LoadedFile& main = load(0, folder);
    m_inclusions.push_back({0, {}});
    if (auto done = parseFile(main); !done) return done;
    if (m_open.size() > 1) {
        return m_findings.fail(
            current().span,
            fmt::format("Subcircuit '{}' begins here and is not closed by .ends.", current().name));
    }
    countLines();
    return {};
}

Result<void> SpiceParser::parseBlock(SplitText split, int fileIndex, const std::filesystem::path& folder,
                                     int cell) {
    m_hasTitle = false;
    m_fileIndices.emplace(canonicalPath(m_netlist.files[static_cast<std::size_t>(fileIndex)].path),
                          fileIndex);
    LoadedFile block;
    block.index = fileIndex;
    block.folder = folder;
    block.split = std::move(split);
    block.accounted.resize(block.split.lines.size());
    m_open = {cell};
    m_inclusions = {{fileIndex, {}}};
    auto done = parseFile(block);
    if (done && m_open.size() > 1) {
        done = m_findings.fail(
            current().span,
            fmt::format("Subcircuit '{}' begins here and is not closed by .ends.", current().name));
    }
    m_open = {0};
    m_inclusions.clear();
    m_branchTaken.clear();
    return done;
}

void SpiceParser::countLines() {
    for (const auto& [index, file] : m_files) {
        m_netlist.lines.read += file.split.lineCount;
        m_netlist.lines.accounted += file.split.quietLines;
        for (std::size_t i = 0; i < file.accounted.size(); ++i) {
            if (file.accounted[i])
                m_netlist.lines.accounted += static_cast<int>(file.split.lines[i].pieces.size());
        }
    }
}

Result<void> SpiceParser::parseFile(LoadedFile& file) {
    return parseRange(file, 0, file.split.lines.size());
}

Result<void> SpiceParser::parseRange(LoadedFile& file, std::size_t begin, std::size_t end) {
    const auto& lines = file.split.lines;
    std::size_t at = begin;
    while (at < end) {
        const LogicalLine& line = lines[at];
        file.accounted[at] = true;
        if (++m_work > kMostWork) return m_findings.fail(line.whole(), "The included files are too large.");
        const std::string keyword = cardKeyword(line);
        if (line.spectre) {
            const auto next = parseSpectre(file, at, end);
            if (!next) return forward(next);
            at = *next;
        } else if (line.directive) {
            parseDirective(line);
            ++at;
        } else if (m_hasTitle && file.index == 0 && line.line() == 1 && parseFirstLine(line)) {
            ++at;
        } else if (keyword == ".control") {
            at = skipBlock(file, at + 1, end, ".endc");
        } else if (keyword == ".data") {
            at = skipBlock(file, at + 1, end, ".enddata");
        } else if (keyword == ".prot" || keyword == ".protect") {
            at = skipEncrypted(file, at, end);
        } else if (keyword == ".alter" && m_open.size() == 1) {
            at = skipAlteration(file, at, end);
        } else if (keyword == ".if") {
            const bool taken = condition(conditionText(line), line);
            m_branchTaken.push_back(taken);
            at = taken ? at + 1 : skipToNextBranch(file, at + 1, end);
        } else if ((keyword == ".elseif" || keyword == ".else") && !m_branchTaken.empty()) {
            const bool taken =
                !m_branchTaken.back() && (keyword == ".else" || condition(conditionText(line), line));
            if (taken) m_branchTaken.back() = true;
            at = taken ? at + 1 : skipToNextBranch(file, at + 1, end);
        } else if (keyword == ".endif" && !m_branchTaken.empty()) {
            m_branchTaken.pop_back();
            ++at;
        } else if (keyword == ".end" && m_open.size() == 1) {
            at = skipBlock(file, at + 1, end, {});
        } else {
            if (auto done = parseCard(file, line, keyword); !done) return done;
            ++at;
        }
    }
    return {};
}

Result<void> SpiceParser::parseCard(LoadedFile& file, const LogicalLine& line, const std::string& keyword) {
    if (keyword.front() == '.') return parseDotCard(file, line, keyword);
    if (isLetter(keyword.front())) {
        addDevice(line);
        return {};
    }
    m_findings.add(Severity::Warning, line.whole(), "This line is not understood; it is kept as it is.",
                   line.text);
    return {};
}

void SpiceParser::addDevice(const LogicalLine& line) {
    CardFields fields = splitFields(line);
    if (fields.words.empty()) {
        m_findings.add(Severity::Warning, line.whole(), "This line is not understood; it is kept as it is.",
                       line.text);
        return;
    }
    if (fields.strayEquals) {
        m_findings.add(Severity::Warning, line.whole(), "An '=' without a name or a value is ignored.",
                       line.text);
    }
    if (line.endComment) {
        m_findings.addOnce("end comment", Severity::Note, line.whole(),
                           "Text behind '*' at the end of a line is taken as a comment.", line.text);
    }
    current().devices.push_back({std::move(fields), line.whole(), line.closed()});
}

bool SpiceParser::parseFirstLine(const LogicalLine& line) {
    const char first = line.text.empty() ? ' ' : line.text.front();
    if (first == '.') {
        m_findings.add(Severity::Note, line.whole(),
                       "The first line is a card and is read as one; simulators take it as the title.",
                       line.text);
        return false;
    }
    CardFields fields = splitFields(line);
    if (isLetter(first) && !fields.words.empty()) {
        m_document.firstLine = DeviceCard{std::move(fields), line.whole(), line.closed()};
    } else {
        m_findings.add(Severity::Note, line.whole(), "The first line is taken as the title.", line.text);
    }
    return true;
}

Result<void> SpiceParser::parseDotCard(LoadedFile& file, const LogicalLine& line,
                                       const std::string& keyword) {
    const std::string_view card = std::string_view(keyword).substr(1);
    const bool simulator =
        std::find(kSimulatorCards.begin(), kSimulatorCards.end(), card) != kSimulatorCards.end();
    if (!line.closed() && !simulator) {
        m_findings.add(Severity::Warning, line.whole(), "A quote or bracket is not closed.", line.text);
    }
    if (isSubcircuitStart(keyword)) return openSubcircuit(line);
    if (keyword == ".ends" || keyword == ".eom" || keyword == ".end") return closeSubcircuit(line, keyword);
    if (keyword == ".include" || keyword == ".inc" || keyword == ".incl")
        return includeFile(file, line, false);
    if (keyword == ".lib") return includeFile(file, line, true);
    if (keyword == ".param" || keyword == ".params" || keyword == ".parameter" ||
        keyword == ".global_param") {
        addParameters(line);
    } else if (keyword == ".func") {
        const std::size_t open = line.text.find('(');
        const std::size_t close = line.text.find(')', std::min(open, line.text.size()));
        if (close == std::string::npos) {
            m_findings.add(Severity::Warning, line.whole(), "This function is not understood.", line.text);
        } else {
            std::string_view body = trimmed(std::string_view(line.text).substr(close + 1));
            if (body.starts_with("=")) body.remove_prefix(1);
            addFunction(trimmed(std::string_view(line.text).substr(5, close - 4)), std::string(body));
        }
    } else if (keyword == ".model") {
        addModel(line);
    } else if (keyword == ".option" || keyword == ".options" || keyword == ".opt") {
        addOptions(line);
    } else if (keyword == ".global") {
        addGlobals(line);
    } else if (keyword == ".temp") {
        const CardFields fields = splitFields(line);
        if (fields.words.size() > 1) m_document.temperature = fields.words[1].text;
    } else if (!simulator) {
        m_findings.add(Severity::Warning, line.whole(),
                       fmt::format("Card '{}' is not known; it is kept as it is.", keyword), line.text);
    }
    return {};
}

Result<void> SpiceParser::openSubcircuit(const LogicalLine& line) {
    CardFields fields = splitFields(line, 2);
    if (fields.words.size() < 2) return m_findings.fail(line.whole(), "The subcircuit has no name.");
    if (m_open.size() > EvaluationBudget::kMaxDepth) {
        return m_findings.fail(line.whole(), "Subcircuits are defined too deeply inside each other.");
    }
    if (startsWithIgnoringCase(line.text, ".suckt")) {
        m_findings.add(Severity::Warning, line.whole(), "'.suckt' is read as '.subckt'.", line.text);
    }
    Subcircuit cell;
    cell.name = fields.words[1].text;
    cell.parent = m_open.back();
    cell.span = line.whole();
    for (std::size_t i = 2; i < fields.words.size(); ++i) {
        const std::string& word = fields.words[i].text;
        if (word.ends_with(":")) break; // PARAMS:, OPTIONAL:, TEXT:
        if (word == "/") continue;
        cell.ports.push_back(fields.words[i]);
    }
    for (NamedField& each : fields.named) {
        cell.parameterNames.insert(each.name);
        cell.parameters.push_back(std::move(each));
    }
    return openCell(std::move(cell), line);
}

Result<void> SpiceParser::openCell(Subcircuit cell, const LogicalLine& line) {
    const int index = static_cast<int>(m_document.subcircuits.size());
    if (m_document.caseSensitive) current().anyCase.emplace(lowerCase(cell.name), index);
    if (!current().subcircuits.emplace(m_document.keyOf(cell.name, line.spectre), index).second) {
        m_findings.add(
            Severity::Warning, line.whole(),
            fmt::format("Subcircuit '{}' is defined again; the first definition is used.", cell.name),
            line.text);
    } else if (current().parent == -1) {
        m_netlist.subcircuits.push_back(cell.name);
    }
    m_document.subcircuits.push_back(std::move(cell));
    m_open.push_back(index);
    return {};
}

Result<void> SpiceParser::closeSubcircuit(const LogicalLine& line, const std::string& keyword) {
    const CardFields fields = splitFields(line);
    const std::string name = fields.words.size() > 1 ? fields.words[1].text : std::string();
    if (keyword == ".end") {
        if (!equalIgnoringCase(name, current().name)) {
            return m_findings.fail(
                current().span,
                fmt::format("Subcircuit '{}' begins here and is not closed by .ends.", current().name));
        }
        m_findings.add(Severity::Warning, line.whole(), "'.end' with a subcircuit's name is read as '.ends'.",
                       line.text);
    } else if (m_open.size() == 1) {
        return m_findings.fail(line.whole(), fmt::format("{} closes no subcircuit.", keyword));
    } else if (!name.empty() && !equalIgnoringCase(name, current().name)) {
        m_findings.add(Severity::Warning, line.whole(),
                       fmt::format("{} names '{}' but closes '{}'.", keyword, name, current().name),
                       line.text);
    }
    m_open.pop_back();
    return {};
}

void SpiceParser::addParameters(const LogicalLine& line) {
    CardFields fields = splitParameterFields(line);
    if (fields.strayEquals || fields.words.size() > 1) {
        m_findings.add(Severity::Warning, line.whole(), "Part of this parameter card is not understood.",
                       line.text);
    }
    for (NamedField& each : fields.named) {
        if (each.name.ends_with(")") && each.name.find('(') != std::string::npos) {
            addFunction(each.name, std::move(each.value.text));
        } else {
            current().parameterNames.insert(each.name);
            current().locals.push_back(std::move(each));
        }
    }
}

void SpiceParser::addFunction(std::string_view head, std::string body) {
    const std::size_t open = head.find('(');
    const std::string_view arguments = head.substr(open + 1, head.size() - open - 2);
    current().functions.push_back(
        {lowerCase(trimmed(head.substr(0, open))), splitArguments(arguments), std::move(body)});
}

void SpiceParser::addModel(const LogicalLine& line) {
    const CardFields fields = splitFields(line);
    if (fields.words.size() < 3) {
        m_findings.add(Severity::Warning, line.whole(), "This model card has no name or type.", line.text);
        return;
    }
    std::string type = lowerCase(fields.words[2].text);
    if (type.starts_with("ako:") && fields.words.size() > 3) type = lowerCase(fields.words[3].text);
    type = type.substr(0, type.find('('));
    if (type == "vdmos") type = containsIgnoringCase(line.text, "pchan") ? "pmos" : "nmos";
    const std::string name = lowerCase(fields.words[1].text);
    current().models.emplace(name, type);
    m_netlist.models.push_back({name, type, line.whole()});
    // Binned models (nch.1, nch.2, ...) are used by the name in front of the number.
    const std::size_t dot = name.find_last_of('.');
    if (dot != std::string::npos && dot + 1 < name.size() &&
        std::all_of(name.begin() + static_cast<std::ptrdiff_t>(dot) + 1, name.end(), isDigit)) {
        current().models.emplace(name.substr(0, dot), type);
    }
}

void SpiceParser::addOptions(const LogicalLine& line) {
    const CardFields fields = splitFields(line);
    for (const NamedField& each : fields.named) {
        if (each.name == "scale") {
            const auto scale = parseSpiceNumber(withoutQuotes(each.value.text), m_document.numbers);
            if (scale && *scale > 0) {
                m_document.lengthScale = *scale;
            } else {
                m_findings.add(Severity::Warning, each.value.span, "This scale is not understood.",
                               line.text);
            }
        } else if (each.name == "temp") {
            m_document.temperature = each.value.text;
        }
    }
}

void SpiceParser::addGlobals(const LogicalLine& line) {
    const CardFields fields = splitFields(line);
    for (std::size_t i = 1; i < fields.words.size(); ++i) {
        const std::string& word = fields.words[i].text;
        // CDL marks the kind of net: "vdd!:P".
        m_document.globals.insert(lowerCase(std::string_view(word).substr(0, word.find(':'))));
    }
}

void SpiceParser::parseDirective(const LogicalLine& line) {
    const std::string keyword = cardKeyword(line);
    if (keyword == ".global") {
        addGlobals(line);
    } else if (keyword == ".mega") {
        m_document.numbers.capitalMIsMega = true;
    } else if (keyword == ".scale") {
        if (containsIgnoringCase(line.text, "micron")) m_document.lengthScale = 1e-6;
    } else if (keyword == ".pininfo") {
        const CardFields fields = splitFields(line);
        for (std::size_t i = 1; i < fields.words.size(); ++i) {
            const std::string word = lowerCase(fields.words[i].text);
            const std::size_t colon = word.find_last_of(':');
            if (colon == std::string::npos || colon + 1 >= word.size()) continue;
            current().directions[word.substr(0, colon)] = directionOf(word[colon + 1]);
        }
    } else if (keyword == ".ipin" || keyword == ".opin" || keyword == ".iopin") {
        // xschem names one port a line.
        const CardFields fields = splitFields(line);
        const char letter = keyword == ".ipin" ? 'i' : keyword == ".opin" ? 'o' : 'b';
        for (std::size_t i = 1; i < fields.words.size(); ++i)
            current().directions[lowerCase(fields.words[i].text)] = directionOf(letter);
    }
}

} // namespace headroom::netlist
