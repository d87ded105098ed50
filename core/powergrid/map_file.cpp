#include <fstream>

#include "core/netlist/letter_case.h"
#include "core/powergrid/map.h"
#include "core/powergrid/map_separator.h"

namespace headroom::powergrid {
namespace {

/// Enough for the headers of pictures and arrays.
constexpr std::size_t kBeginning = 65536;
constexpr std::size_t kPngSizes = 16;

std::uint64_t bigEndian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char each : bytes)
        value = value << 8U | static_cast<unsigned char>(each);
    return value;
}

/// Lines with numbers, and the numbers of the first such line.
class CsvCounter {
public:
    void take(std::string_view bytes) {
        for (const char c : bytes) {
            const bool ends = c == '\n';
            const bool separates = ends || isMapSeparator(c);
            if (!separates && !m_isInNumber && m_size.rows == 0) ++m_size.columns;
            m_isInNumber = !separates;
            m_lineHasNumber |= !separates;
            if (ends) endLine();
        }
    }
    void endLine() {
        if (m_lineHasNumber) ++m_size.rows;
        m_lineHasNumber = false;
    }
    const MapSize& size() const { return m_size; }

private:
    MapSize m_size;
    bool m_isInNumber = false, m_lineHasNumber = false;
};

} // namespace

bool isMapFile(const std::filesystem::path& path) {
    const std::string suffix = netlist::lowerCase(path.extension().string());
    if (suffix != ".txt") return suffix == ".csv" || suffix == ".npy" || suffix == ".png";
    std::ifstream file(path);
    double first = 0;
    return static_cast<bool>(file >> first);
}

Result<MapSize> mapFileSize(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::error_code code;
    if (!file)
        return failAt(std::filesystem::exists(path, code) ? ErrorCode::Io : ErrorCode::NotFound,
                      path.string(), 0, "The file cannot be read.");
    std::string block(kBeginning, '\0');
    const auto next = [&] {
        file.read(block.data(), static_cast<std::streamsize>(block.size()));
        return std::string_view(block).substr(0, static_cast<std::size_t>(file.gcount()));
    };
    std::string_view bytes = next();
    if (bytes.empty())
        return failAt(file.eof() ? ErrorCode::BadInput : ErrorCode::Io, path.string(), 0,
                      file.eof() ? "The map is empty." : "The file cannot be read.");
    if (bytes.starts_with("\x93NUMPY")) return npyMapSize(bytes, path.string());
    if (bytes.starts_with("\x89PNG")) {
        if (bytes.size() < kPngSizes + 8)
            return failAt(ErrorCode::BadInput, path.string(), 0, "The picture is cut off.");
        return MapSize{bigEndian(bytes.substr(kPngSizes, 4)), bigEndian(bytes.substr(kPngSizes + 4, 4))};
    }
    CsvCounter counter;
    for (; !bytes.empty(); bytes = next())
        counter.take(bytes);
    counter.endLine();
    if (counter.size().rows == 0) return failAt(ErrorCode::BadInput, path.string(), 1, "The map is empty.");
    return counter.size();
}

} // namespace headroom::powergrid
