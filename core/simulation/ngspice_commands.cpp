#include "core/simulation/ngspice_commands.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace headroom::simulation {

std::string written(double value) {
    return fmt::format("{:.10g}", value);
}

namespace ngspice {
namespace {

constexpr std::size_t longestLine = 500;

/// Vectors that an analysis has without being asked to save them.
constexpr std::array scales = {"frequency",       "time",         "inoise_spectrum",
                               "onoise_spectrum", "inoise_total", "onoise_total"};

bool isScale(const std::string& vector) {
    return std::any_of(scales.begin(), scales.end(), [&](const char* scale) { return vector == scale; });
}

std::string frequencies(const Analysis& analysis) {
    if (analysis.pointsPerDecade == 0)
        return fmt::format("lin {} {} {}", analysis.points, written(analysis.from),
                           written(analysis.points == 1 ? analysis.from : analysis.to));
    return fmt::format("dec {} {} {}", analysis.pointsPerDecade, written(analysis.from),
                       written(analysis.to));
}

} // namespace

std::string command(const Alteration& alteration) {
    if (alteration.of == Alteration::Of::Temperature)
        return fmt::format("option temp = {}", written(alteration.values.at(0)));
    if (alteration.of == Alteration::Of::Model)
        return fmt::format("altermod {} {} = {}", alteration.element, alteration.parameter,
                           written(alteration.values.at(0)));
    const std::string target = alteration.parameter.empty()
                                   ? alteration.element
                                   : fmt::format("@{}[{}]", alteration.element, alteration.parameter);
    // In brackets even a single value: ngspice reads it as it reads a deck's, to the last bit, and does not
    // choose a MOSFET's bin anew, for which it would take the width of all fingers.
    std::string list;
    for (const double value : alteration.values)
        list += written(value) + ' ';
    return fmt::format("alter {} = [ {}]", target, list);
}

std::string commands(const std::vector<Alteration>& alterations) {
    std::string text;
    for (const Alteration& alteration : alterations)
        text += command(alteration) + '\n';
    return text;
}

std::string command(const Analysis& analysis) {
    switch (analysis.kind) {
    case Analysis::Kind::OperatingPoint:
        break;
    case Analysis::Kind::DcSweep:
        return fmt::format("dc {} {} {} {}", analysis.source, written(analysis.from), written(analysis.to),
                           written(analysis.step));
    case Analysis::Kind::Ac:
        return "ac " + frequencies(analysis);
    case Analysis::Kind::Noise:
        return fmt::format("noise v({}) {} {}", analysis.output, analysis.source, frequencies(analysis));
    case Analysis::Kind::Transient:
        return fmt::format("tran {0} {1} 0 {0}", written(analysis.step), written(analysis.to));
    }
    return "op";
}

bool leavesTwoPlots(const Analysis& analysis) {
    return analysis.kind == Analysis::Kind::Noise && analysis.pointsPerDecade > 0;
}

std::string saveCommands(const std::vector<std::string>& vectors) {
    std::string script;
    std::string line = "save";
    for (const std::string& vector : vectors) {
        if (line.size() + vector.size() > longestLine) {
            script += line + '\n';
            line = "save";
        }
        line += ' ' + vector;
    }
    return vectors.empty() ? std::string() : script + line + '\n';
}

std::vector<std::string> savedVectors(const Analysis& analysis) {
    std::vector<std::string> saved;
    for (const auto& list : {analysis.wanted, analysis.alsoSaved})
        for (const std::string& vector : list)
            if (!isScale(vector) && std::find(saved.begin(), saved.end(), vector) == saved.end())
                saved.push_back(vector);
    return saved;
}

std::string command(const Expression& expression, Analysis::Kind kind, const std::string& name) {
    if (!expression.isSearch) return fmt::format("let {} = {}", name, expression.text);
    return fmt::format("meas {} {} {}", kind == Analysis::Kind::Ac ? "ac" : "tran", name, expression.text);
}

} // namespace ngspice
} // namespace headroom::simulation
