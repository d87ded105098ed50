#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/netlist/decoded_files.h"
#include "core/netlist/letter_case.h"
#include "core/netlist/spice_number.h"
#include "core/powergrid/card_scanner.h"
#include "core/powergrid/grid_netlist.h"

namespace headroom::powergrid {
namespace {

using netlist::equalIgnoringCase;
using netlist::lowerCase;
using netlist::startsWithIgnoringCase;

/// Bytes of netlist for each node, at least: for the first size of the table of names.
constexpr std::size_t kBytesPerNode = 90;

/// Names that are announced to the table before they are looked up.
constexpr std::size_t kWaitingNames = 64;

/// Between two looks at the job's context: some 10 ms.
constexpr int kCardsPerLook = 65536;

/// Plain numbers by the standard library, which is fast; what has a suffix by the SPICE reader.
std::optional<double> valueOf(std::string_view word) {
    if (word.starts_with('+')) word.remove_prefix(1);
    double value = 0;
    const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (problem == std::errc() && end == word.data() + word.size()) return value;
    return netlist::parseSpiceNumber(word);
}

/// Cards behind a dot that say how to simulate or what to print; a solved grid needs none of it.
bool isIdle(std::string_view word) {
    constexpr std::array kIdle = {".op",  ".print",   ".plot",  ".probe",   ".save", ".option", ".options",
                                  ".opt", ".opts",    ".title", ".tran",    ".dc",   ".temp",   ".width",
                                  ".ic",  ".nodeset", ".tf",    ".measure", ".meas", ".ac",     ".global"};
    for (const char* each : kIdle)
        if (equalIgnoringCase(word, each)) return true;
    return false;
}

/// Words behind the direct current of a source, about other analyses.
bool isOtherAnalysis(std::string_view word) {
    for (const char* each : {"ac", "pulse", "pwl", "sin", "exp", "sffm", "tran"})
        if (startsWithIgnoringCase(word, each)) return true;
    return false;
}

std::string_view withoutByteOrderMark(std::string_view text) {
    return text.substr(text.starts_with("\xef\xbb\xbf") ? 3 : 0);
}

class Reader {
public:
    Reader(const std::string& text, const std::string& fileName, JobContext& context)
        : m_text(text)
        , m_scanner(withoutByteOrderMark(text))
        , m_context(context) {
        m_netlist.file = fileName;
        m_netlist.nodes.reserve(text.size() / kBytesPerNode);
    }

    Result<GridNetlist> read() {
        int untilLook = kCardsPerLook;
        while (!m_isEnded && m_scanner.next()) {
            if (--untilLook == 0) {
                if (m_context.cancelled()) return failCancelled();
                m_context.progress(fractionRead(), "Reading the netlist");
                untilLook = kCardsPerLook;
            }
            if (const auto done = readCard(); !done) {
                if (!isTitle()) return tl::unexpected<Error>(done.error());
                m_waiting.clear();
                note(netlist::Severity::Note, "The first line is no card and is taken as the title.");
            }
        }
        lookUpWaiting();
        if (const auto whole = checkEnd(); !whole) return forward(whole);
        return std::move(m_netlist);
    }

private:
    double fractionRead() const {
        return static_cast<double>(m_scanner.position() - m_text.data()) / static_cast<double>(m_text.size());
    }

    tl::unexpected<Error> failHere(std::string message, ErrorCode code = ErrorCode::BadInput) const {
        return failAt(code, m_netlist.file, m_scanner.line(), std::move(message));
    }

    /// About a line that is not what it seems to be, as a title is not.
    tl::unexpected<Error> failUnreadable(std::string message) {
        m_isUnreadable = true;
        return failHere(std::move(message));
    }

    bool isTitle() const { return m_isUnreadable && m_scanner.line() == 1; }

    void note(netlist::Severity severity, std::string message) {
        m_netlist.diagnostics.push_back(
            {severity, m_netlist.file, m_scanner.line(), 1, std::move(message), {}});
    }

    Result<void> readCard() {
        const std::string_view name = m_scanner.word();
        switch (lowerCase(name.front())) {
        case 'r':
            return readResistor(name);
        case 'i':
            return readCurrent(name);
        case 'v':
            return readVoltage(name);
        case 'l':
            return readInductor(name);
        case 'c':
            return readNodes(name).and_then([this](auto) -> Result<void> {
                ++m_capacitors;
                return {};
            });
        case '.':
            return readDotCard(name);
        default:
            return failUnreadable(
                fmt::format("\"{}\" is no card of a power grid: resistors, sources, capacitors and "
                            "inductors are.",
                            name.substr(0, 40)));
        }
    }

    using Names = std::pair<std::string_view, std::string_view>;

    Result<Names> readNodes(std::string_view name) {
        const std::string_view first = m_scanner.word(), second = m_scanner.word();
        if (second.empty()) return failUnreadable(fmt::format("{} needs two nodes and a value.", name));
        return Names(first, second);
    }

    /// A name whose number is to be put into a card that has been read.
    struct Waiting {
        std::string_view name;
        std::uint64_t hash;
        char card;
        bool isSecond;
        std::size_t index; ///< of the card among its kind
    };

    void wait(char card, std::size_t index, const Names& names) {
        for (const bool isSecond : {false, true}) {
            const std::string_view name = isSecond ? names.second : names.first;
            const std::uint64_t hash = NodeTable::hashOf(name);
            m_netlist.nodes.announce(hash);
            m_waiting.push_back({name, hash, card, isSecond, index});
        }
        if (m_waiting.size() >= kWaitingNames) lookUpWaiting();
    }

    void lookUpWaiting() {
        for (const Waiting& each : m_waiting) {
            const NodeId node = m_netlist.nodes.intern(each.name, each.hash);
            if (each.card == 'r') {
                Resistor& card = m_netlist.resistors[each.index];
                (each.isSecond ? card.b : card.a) = node;
            } else if (each.card == 'i') {
                CurrentSource& card = m_netlist.currents[each.index];
                (each.isSecond ? card.to : card.from) = node;
            } else {
                VoltageSource& card = m_netlist.voltages[each.index];
                (each.isSecond ? card.minus : card.plus) = node;
            }
        }
        m_waiting.clear();
    }

    /// The value, with or without its keyword: "1.1", "DC 1.1", "R=1.1", "r = 1.1".
    Result<double> readValue(std::string_view name, std::string_view keyword) {
        std::string_view word = m_scanner.word();
        if (startsWithIgnoringCase(word, keyword)) {
            word.remove_prefix(keyword.size());
            if (word.empty()) word = m_scanner.word();
            if (word.starts_with('=')) word.remove_prefix(1);
            if (word.empty()) word = m_scanner.word();
        }
        if (word.empty()) return failUnreadable(fmt::format("{} has no value.", name));
        if (word.starts_with('{') || word.starts_with('\''))
            return failHere(
                fmt::format("{} has an expression as its value, which this reader does not evaluate.", name),
                ErrorCode::Unsupported);
        const auto value = valueOf(word);
        if (!value)
            return failUnreadable(
                fmt::format("The value of {}, \"{}\", is no number.", name, word.substr(0, 40)));
        if (!std::isfinite(*value))
            return failHere(
                fmt::format("The value of {} is {}, which is no finite number.", name, word.substr(0, 40)));
        return *value;
    }

    Result<void> expectEnd(std::string_view name, bool isSource) {
        const std::string_view word = m_scanner.word();
        if (word.empty() || (isSource && isOtherAnalysis(word))) return {};
        return failUnreadable(fmt::format("{} has \"{}\" behind its value, which is not understood.", name,
                                          word.substr(0, 40)));
    }

    Result<void> readResistor(std::string_view name) {
        const auto nodes = readNodes(name);
        if (!nodes) return forward(nodes);
        const auto ohms = readValue(name, "r");
        if (!ohms) return forward(ohms);
        if (*ohms < 0)
            return failHere(fmt::format("The resistance of {} is negative: {} ohms.", name, *ohms));
        if (const auto end = expectEnd(name, false); !end) return end;
        m_netlist.resistors.push_back({kGround, kGround, *ohms, m_scanner.line()});
        wait('r', m_netlist.resistors.size() - 1, *nodes);
        if (*ohms == 0) m_netlist.zeroOhmNames.emplace_back(name);
        return {};
    }

    Result<void> readCurrent(std::string_view name) {
        const auto nodes = readNodes(name);
        if (!nodes) return forward(nodes);
        const auto amperes = readValue(name, "dc");
        if (!amperes) return forward(amperes);
        if (const auto end = expectEnd(name, true); !end) return end;
        m_netlist.currents.push_back({kGround, kGround, *amperes, m_scanner.line()});
        wait('i', m_netlist.currents.size() - 1, *nodes);
        return {};
    }

    Result<void> readVoltage(std::string_view name) {
        const auto nodes = readNodes(name);
        if (!nodes) return forward(nodes);
        const auto volts = readValue(name, "dc");
        if (!volts) return forward(volts);
        if (const auto end = expectEnd(name, true); !end) return end;
        m_netlist.voltages.push_back({kGround, kGround, *volts, m_scanner.line(), std::string(name)});
        wait('v', m_netlist.voltages.size() - 1, *nodes);
        return {};
    }

    Result<void> readInductor(std::string_view name) {
        const auto nodes = readNodes(name);
        if (!nodes) return forward(nodes);
        m_netlist.voltages.push_back({kGround, kGround, 0, m_scanner.line(), std::string(name)});
        wait('v', m_netlist.voltages.size() - 1, *nodes);
        return {};
    }

    Result<void> readDotCard(std::string_view name) {
        if (equalIgnoringCase(name, ".end")) {
            m_isEnded = true;
            return {};
        }
        if (equalIgnoringCase(name, ".control")) {
            const int start = m_scanner.line();
            while (m_scanner.next())
                if (equalIgnoringCase(m_scanner.word(), ".endc")) return {};
            return failAt(ErrorCode::BadInput, m_netlist.file, start, ".control is never closed.");
        }
        if (isIdle(name)) return {};
        if (startsWithIgnoringCase(name, ".inc") || equalIgnoringCase(name, ".lib") ||
            equalIgnoringCase(name, ".subckt") || equalIgnoringCase(name, ".param"))
            return failHere(fmt::format("{} is not supported in a power grid.", name),
                            ErrorCode::Unsupported);
        return failUnreadable(fmt::format("The card {} is unknown.", name.substr(0, 40)));
    }

    /// A file that ends within a line may have lost digits of its last value, and everything behind them.
    Result<void> checkEnd() {
        if (!m_isEnded && !m_text.empty() && m_text.back() != '\n' && !isLastCardIdle())
            return failHere(
                "The file is cut off: its last line ends without a line break, and .end is missing.");
        if (m_netlist.resistors.empty())
            return failAt(ErrorCode::BadInput, m_netlist.file, 0,
                          "The file has no resistors: it is no power grid.");
        if (!m_isEnded) note(netlist::Severity::Warning, "The netlist has no .end; it may be cut off.");
        if (m_capacitors > 0)
            note(netlist::Severity::Note,
                 fmt::format("{} capacitors carry no direct current and are left out.", m_capacitors));
        return {};
    }

    bool isLastCardIdle() const {
        const std::size_t start = m_text.find_last_of('\n') + 1;
        return m_text[start] == '.' || m_text[start] == '*';
    }

    const std::string& m_text;
    CardScanner m_scanner;
    JobContext& m_context;
    GridNetlist m_netlist;
    std::vector<Waiting> m_waiting;
    int m_capacitors = 0;
    bool m_isEnded = false;
    bool m_isUnreadable = false;
};

} // namespace

Result<GridNetlist> parseGridNetlist(const std::string& text, const std::string& fileName,
                                     JobContext& context) {
    if (netlist::isUtf16(text))
        return failAt(ErrorCode::Unsupported, fileName, 1,
                      "The file is in UTF-16, and power grids are read in ASCII or UTF-8.");
    return Reader(text, fileName, context).read();
}

Result<GridNetlist> readGridNetlist(const std::filesystem::path& path, JobContext& context) {
    const auto text = readFile(path);
    if (!text) return forward(text);
    return parseGridNetlist(*text, path.string(), context);
}

} // namespace headroom::powergrid
