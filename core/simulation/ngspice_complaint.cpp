#include "core/simulation/ngspice_complaint.h"

#include <algorithm>
#include <vector>

#include "core/netlist/letter_case.h"

namespace headroom::simulation::ngspice {
namespace {

constexpr std::size_t longestComplaint = 240;

/// One line without what says that it is an error, and of which command.
std::string_view essenceOf(std::string_view line) {
    line = netlist::trimmed(line);
    for (const std::string_view prefix :
         {"Fatal error: ", "Error: ", "PPerror: ", "Warning from checkvalid: ", "Warning: "})
        if (line.starts_with(prefix)) line.remove_prefix(prefix.size());
    // "measure  figure0  when(WHEN) : out of interval", "measure  figure0 failed:"
    if (line.starts_with("measure")) {
        const std::size_t colon = line.find(':');
        line = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    }
    line = netlist::trimmed(line);
    while (line.ends_with('.'))
        line.remove_suffix(1);
    return line;
}

} // namespace

std::string readableComplaint(std::string_view said) {
    std::vector<std::string_view> parts;
    while (!said.empty()) {
        const std::size_t end = said.find('\n');
        const std::string_view part = essenceOf(said.substr(0, end));
        said.remove_prefix(end == std::string_view::npos ? said.size() : end + 1);
        // That the whole right-hand side is invalid adds nothing to a reason before it.
        const bool isKnown = part == "near" || std::find(parts.begin(), parts.end(), part) != parts.end() ||
                             (part.starts_with("RHS") && !parts.empty());
        if (!part.empty() && !isKnown) parts.push_back(part);
    }
    std::string text;
    for (const std::string_view part : parts) {
        if (text.size() + part.size() > longestComplaint) break;
        if (!text.empty()) text += "; ";
        text += part;
    }
    return text;
}

std::string firstError(std::string_view said) {
    while (!said.empty()) {
        const std::size_t end = said.find('\n');
        const std::string_view line = netlist::trimmed(said.substr(0, end));
        // The check of a model's parameters writes what it found into a file.
        const bool isEmpty = line.find("parameter checking for") != std::string_view::npos;
        const bool isError = line.starts_with("Error: ") || line.starts_with("Fatal error: ");
        if (isError && !isEmpty) return readableComplaint(line);
        said.remove_prefix(end == std::string_view::npos ? said.size() : end + 1);
    }
    return {};
}

} // namespace headroom::simulation::ngspice
