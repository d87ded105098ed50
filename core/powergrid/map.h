#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace headroom::powergrid {

/// A rectangular field of numbers over a chip: row = x, column = y, in pixels (1 um in the contest's maps).
struct Map {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::vector<double> values; ///< row by row

    double& operator()(std::size_t row, std::size_t column) { return values[row * columns + column]; }
    double operator()(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
    bool empty() const { return values.empty(); }
    double maximum() const; ///< of the finite values; NaN where there are none
    double minimum() const;
};

/// What a map may take before it is refused: enough for 10,000 x 10,000.
inline constexpr std::uint64_t kMapMemoryLimit = std::uint64_t{1} << 30U;

std::uint64_t mapBytes(std::uint64_t rows, std::uint64_t columns);

/// A map of zeros. Error Unsupported, which says how much memory it would take, beyond @p memoryLimit bytes.
Result<Map> makeMap(std::uint64_t rows, std::uint64_t columns, std::uint64_t memoryLimit = kMapMemoryLimit);

/// Whether a file is taken for a map and not for a netlist: .csv, .npy and .png are maps, .txt is one where
/// it begins with a number.
bool isMapFile(const std::filesystem::path& path);

struct MapSize {
    std::uint64_t rows = 0, columns = 0;
    bool operator==(const MapSize&) const = default;
};

/// How large the map in a file is, found without holding its values: of NPY and PNG from the header, of CSV
/// by counting. Errors: BadInput, Unsupported (another kind of NPY), NotFound, Io.
Result<MapSize> mapFileSize(const std::filesystem::path& path);

/// The same from the beginning of an NPY's bytes.
Result<MapSize> npyMapSize(std::string_view beginning, const std::string& fileName);

/// Error Unsupported, which says how much memory a map of this size takes, where that is more than the limit.
Result<void> checkMapBytes(const MapSize& size, std::uint64_t memoryLimit = kMapMemoryLimit);

/// A map file by its content: NPY and PNG begin with their magic bytes, all else is CSV, but not where its
/// name says that it is one of these. Errors: BadInput (with the line of a CSV), Unsupported (memory, said
/// before it is taken; another kind of NPY), NotFound, Io.
Result<Map> readMap(const std::filesystem::path& path);

/// Whether the map holds what is painted: values that are finite and not negative. Error BadInput with the
/// file and the first cell that does not, counted from 1.
Result<void> checkMapValues(const Map& map, const std::filesystem::path& file);

/// Numbers between commas or blanks, one row of pixels a line, without a heading. Errors name the line:
/// ragged rows, what is no number, NaN and infinity.
Result<Map> parseMapCsv(std::string_view text, const std::string& fileName);
std::string writeMapCsv(const Map& map); ///< reads back bit for bit

/// NumPy's format, versions 1 to 3: two-dimensional arrays of floats, integers or booleans, in C or Fortran
/// order, of either byte order.
Result<Map> parseMapNpy(std::string_view bytes, const std::string& fileName);
std::string writeMapNpy(const Map& map); ///< version 1, '<f8', C order

/// A picture, 8 or 16 bits, as values 0 to 1; colours by their luminance. Its left edge is row 0, its lower
/// edge column 0.
Result<Map> parseMapPng(std::string_view bytes, const std::string& fileName);

/// Writes by the suffix: .npy, .png (a picture with a legend, map_picture.h), else CSV.
Result<void> writeMap(const Map& map, const std::filesystem::path& path);

} // namespace headroom::powergrid
