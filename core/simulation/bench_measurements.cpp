#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "core/netlist/letter_case.h"
#include "core/simulation/bench.h"

namespace headroom::simulation {
namespace {

using netlist::DeviceId;
using netlist::DeviceType;

/// Words that begin a search by `.meas`.
constexpr std::array searchWords = {"when", "find",  "max",   "min",  "avg",    "rms",
                                    "pp",   "integ", "deriv", "trig", "max_at", "min_at"};
/// Functions of a node's voltage.
constexpr std::array voltageFunctions = {"v", "vdb", "vm", "vp", "vr", "vi"};

bool isWordStart(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}

template <class Words>
bool isOneOf(const Words& words, const std::string& word) {
    return std::any_of(words.begin(), words.end(), [&](const char* each) { return word == each; });
}

/// Puts a user's expression into the bench's names, left to right.
class Translator {
public:
    Translator(const Bench& bench, const Measurement& measurement)
        : m_bench(bench)
        , m_measurement(measurement)
        , m_text(measurement.expression) {}

    Result<BenchMeasurement> translate() {
        const std::string first = netlist::lowerCase(m_text.substr(0, m_text.find_first_of(" \t(")));
        m_result.measurement = m_measurement;
        m_result.expression.isSearch =
            isOneOf(searchWords, first) && m_text.size() > first.size() && m_text[first.size()] != '(';
        const bool canSearch = m_measurement.analysis != Measurement::Analysis::OperatingPoint &&
                               m_measurement.analysis != Measurement::Analysis::Noise;
        if (m_result.expression.isSearch && !canSearch)
            return refuse(
                fmt::format("ngspice cannot search in the analysis {}", toString(m_measurement.analysis)));
        while (m_at < m_text.size())
            if (Result<void> step = takeNext(); !step) return forward(step);
        m_result.expression.text = m_output;
        return std::move(m_result);
    }

private:
    tl::unexpected<Error> refuse(const std::string& why) const {
        return fail(ErrorCode::BadInput,
                    fmt::format("The measurement {} cannot be used: {}.", m_measurement.name, why));
    }

    void need(const std::string& vector) { m_result.vectors.push_back(vector); }

    Result<void> takeNext() {
        const char c = m_text[m_at];
        if (c == '@') return takeDeviceQuantity();
        if (c == '<' || c == '>') return takeComparison();
        if (!isWordStart(c)) {
            // Numbers take their suffix along: "10meg" is no name.
            const bool isNumber = std::isdigit(static_cast<unsigned char>(c)) != 0;
            m_output += c;
            ++m_at;
            while (isNumber && m_at < m_text.size() &&
                   (std::isalnum(static_cast<unsigned char>(m_text[m_at])) != 0 || m_text[m_at] == '.'))
                m_output += m_text[m_at++];
            return {};
        }
        const std::size_t begin = m_at;
        while (m_at < m_text.size() &&
               (std::isalnum(static_cast<unsigned char>(m_text[m_at])) != 0 || m_text[m_at] == '_'))
            ++m_at;
        const std::string word = m_text.substr(begin, m_at - begin);
        const std::string lowered = netlist::lowerCase(word);
        const bool isCall = m_at < m_text.size() && m_text[m_at] == '(';
        if (isCall && isOneOf(voltageFunctions, lowered)) return takeVoltage(lowered);
        if (isCall && lowered == "i") return takeCurrent();
        const auto net =
            isCall || m_result.expression.isSearch ? std::nullopt : m_bench.circuit().findNet(word);
        m_output += net ? m_bench.netName(*net) : word;
        if (net) need(m_bench.netName(*net));
        return {};
    }

    /// The text between the bracket at the present place and its partner.
    Result<std::string> takeBracket(char close) {
        const std::size_t end = m_text.find(close, m_at);
        if (end == std::string::npos) return refuse("a bracket is not closed");
        std::string inner(netlist::trimmed(std::string_view(m_text).substr(m_at + 1, end - m_at - 1)));
        m_at = end + 1;
        return inner;
    }

    Result<std::string> netNamed(std::string_view name) const {
        const auto net = m_bench.circuit().findNet(name);
        if (!net) return refuse(fmt::format("the circuit has no net {}", name));
        return m_bench.netName(*net);
    }

    /// By its word: ngspice's commands take the signs for redirections to files.
    Result<void> takeComparison() {
        if (m_result.expression.isSearch) return refuse("a search cannot compare");
        const bool isLess = m_text[m_at++] == '<';
        const bool orEqual = m_at < m_text.size() && m_text[m_at] == '=';
        const bool isUnequal = isLess && m_at < m_text.size() && m_text[m_at] == '>';
        if (orEqual || isUnequal) ++m_at;
        m_output += isUnequal ? " ne " : orEqual ? (isLess ? " le " : " ge ") : (isLess ? " lt " : " gt ");
        return {};
    }

    Result<void> takeVoltage(const std::string& function) {
        const Result<std::string> inner = takeBracket(')');
        if (!inner) return forward(inner);
        const std::size_t comma = inner->find(',');
        const Result<std::string> first =
            netNamed(netlist::trimmed(std::string_view(*inner).substr(0, comma)));
        if (!first) return forward(first);
        std::string nets = *first;
        need(*first);
        if (comma != std::string::npos) {
            const Result<std::string> second =
                netNamed(netlist::trimmed(std::string_view(*inner).substr(comma + 1)));
            if (!second) return forward(second);
            need(*second);
            // `let` knows no v(a,b).
            if (!m_result.expression.isSearch && function == "v") {
                m_output += fmt::format("(v({})-v({}))", *first, *second);
                return {};
            }
            nets += ',' + *second;
        }
        m_output += fmt::format("{}({})", function, nets);
        return {};
    }

    Result<DeviceId> deviceNamed(std::string_view name) const {
        const auto device = m_bench.circuit().findDevice(name);
        if (!device) return refuse(fmt::format("the circuit has no device {}", name));
        return *device;
    }

    Result<void> takeCurrent() {
        const Result<std::string> inner = takeBracket(')');
        if (!inner) return forward(inner);
        const Result<DeviceId> device = deviceNamed(*inner);
        if (!device) return forward(device);
        const DeviceType type = m_bench.circuit().devices[static_cast<std::size_t>(*device)].type;
        std::string vector;
        if (type == DeviceType::VoltageSource || type == DeviceType::Inductor)
            vector = m_bench.deviceName(*device) + "#branch";
        else
            vector =
                fmt::format("@{}[{}]", m_bench.innerName(*device), type == DeviceType::Mosfet ? "id" : "i");
        need(vector);
        m_output += vector;
        return {};
    }

    Result<void> takeDeviceQuantity() {
        std::size_t bracket = m_text.find('[', m_at);
        if (bracket == std::string::npos) return refuse("@ must be followed by DEVICE[QUANTITY]");
        // Brackets may be part of a name: @M[2][gm].
        for (std::size_t close = m_text.find("][", bracket); close != std::string::npos;
             close = m_text.find("][", close + 1)) {
            const std::string name = m_text.substr(m_at + 1, close - m_at);
            if (m_bench.circuit().findDevice(name)) bracket = close + 1;
        }
        const Result<DeviceId> device =
            deviceNamed(netlist::trimmed(std::string_view(m_text).substr(m_at + 1, bracket - m_at - 1)));
        if (!device) return forward(device);
        m_at = bracket;
        const Result<std::string> quantity = takeBracket(']');
        if (!quantity) return forward(quantity);
        const std::string vector = fmt::format("@{}[{}]", m_bench.innerName(*device), *quantity);
        need(vector);
        m_output += vector;
        return {};
    }

    const Bench& m_bench;
    const Measurement& m_measurement;
    const std::string& m_text;
    std::size_t m_at = 0;
    std::string m_output;
    BenchMeasurement m_result;
};

} // namespace

Result<void> Bench::translateMeasurements(const std::vector<Measurement>& measurements) {
    for (const Measurement& measurement : measurements) {
        const bool isTwice = std::any_of(m_measurements.begin(), m_measurements.end(), [&](const auto& each) {
            return each.measurement.name == measurement.name;
        });
        if (isTwice)
            return fail(ErrorCode::BadInput,
                        fmt::format("The measurement {} is given twice.", measurement.name));
        Result<BenchMeasurement> translated = Translator(*this, measurement).translate();
        if (!translated) return forward(translated);
        m_measurements.push_back(std::move(*translated));
    }
    return {};
}

} // namespace headroom::simulation
