#include "core/simulation/raw_file.h"

#include <charconv>
#include <cstring>
#include <vector>

namespace headroom::simulation {
namespace {

constexpr std::string_view binaryMark = "Binary:";

/// Takes one line off the front.
std::string_view takeLine(std::string_view& bytes) {
    const std::size_t end = bytes.find('\n');
    const std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    return line;
}

std::string_view valueOf(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return {};
    line.remove_prefix(colon + 1);
    const std::size_t first = line.find_first_not_of(' ');
    return first == std::string_view::npos ? std::string_view() : line.substr(first);
}

std::size_t countOf(std::string_view text) {
    std::size_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
}

std::string shortName(std::string_view name) {
    const bool isWrapped = name.size() > 3 && name[1] == '(' && name.ends_with(')');
    if (!isWrapped || (name[0] != 'v' && name[0] != 'i')) return std::string(name);
    const std::string inner(name.substr(2, name.size() - 3));
    return name[0] == 'i' && inner[0] != '@' ? inner + "#branch" : inner;
}

struct Plot {
    std::vector<std::string> names;
    std::size_t points = 0;
    int width = 1;
};

/// Reads a heading up to its data; false where there is none any more.
bool readHeading(std::string_view& bytes, Plot& plot) {
    std::size_t variables = 0;
    while (!bytes.empty()) {
        const std::string_view line = takeLine(bytes);
        if (line.starts_with("Flags:"))
            plot.width = valueOf(line).find("complex") != std::string_view::npos ? 2 : 1;
        if (line.starts_with("No. Variables:")) variables = countOf(valueOf(line));
        if (line.starts_with("No. Points:")) plot.points = countOf(valueOf(line));
        if (line.starts_with("Variables:")) {
            for (std::size_t index = 0; index < variables && !bytes.empty(); ++index) {
                std::string_view entry = takeLine(bytes);
                const std::size_t first = entry.find_first_of("0123456789");
                const std::size_t begin = entry.find('\t', first == std::string_view::npos ? 0 : first);
                if (begin == std::string_view::npos) return false;
                entry.remove_prefix(begin + 1);
                plot.names.push_back(shortName(entry.substr(0, entry.find('\t'))));
            }
        }
        if (line.starts_with(binaryMark)) return plot.names.size() == variables && variables > 0;
    }
    return false;
}

} // namespace

Result<std::map<std::string, Vector>> readRawFile(std::string_view bytes) {
    std::map<std::string, Vector> vectors;
    while (!bytes.empty()) {
        Plot plot;
        if (!readHeading(bytes, plot)) break;
        const std::size_t numbersPerPoint = plot.names.size() * static_cast<std::size_t>(plot.width);
        if (bytes.size() / sizeof(double) / numbersPerPoint < plot.points)
            return fail(ErrorCode::Corrupt, "The simulator's raw file is cut off.");
        vectors.clear();
        std::vector<double> numbers(numbersPerPoint * plot.points);
        if (!numbers.empty()) std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(double));
        bytes.remove_prefix(numbers.size() * sizeof(double));
        for (std::size_t name = 0; name < plot.names.size(); ++name) {
            Vector& vector = vectors[plot.names[name]];
            vector.width = plot.width;
            vector.numbers.clear();
            for (std::size_t point = 0; point < plot.points; ++point)
                for (int part = 0; part < plot.width; ++part)
                    vector.numbers.push_back(
                        numbers[point * numbersPerPoint + name * static_cast<std::size_t>(plot.width) +
                                static_cast<std::size_t>(part)]);
        }
    }
    if (vectors.empty()) return fail(ErrorCode::Corrupt, "The simulator's raw file cannot be read.");
    return vectors;
}

} // namespace headroom::simulation
