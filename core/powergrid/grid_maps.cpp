#include "core/powergrid/grid_maps.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/netlist/letter_case.h"

namespace headroom::powergrid {
namespace {

namespace fs = std::filesystem;

struct Kind {
    const char* word;
    fs::path GridMapFiles::*file;
};
constexpr std::array<Kind, 3> kKinds{{{"current", &GridMapFiles::currents},
                                      {"density", &GridMapFiles::templates},
                                      {"dist", &GridMapFiles::distances}}};

const Kind* kindOf(const fs::path& path) {
    const std::string name = netlist::lowerCase(path.filename().string());
    const auto found = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& kind) {
        return name.find(kind.word) != std::string::npos;
    });
    return found == kKinds.end() ? nullptr : found;
}

Result<std::vector<fs::path>> mapsIn(const fs::path& folder) {
    std::vector<fs::path> found;
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(folder, code))
        if (isMapFile(entry.path()) && kindOf(entry.path()) != nullptr) found.push_back(entry.path());
    if (code)
        return tl::unexpected<Error>(
            Error{ErrorCode::Io, "The folder cannot be read.", folder.string(), 0, code.message()});
    std::sort(found.begin(), found.end());
    return found;
}

} // namespace

Result<GridMapFiles> findGridMaps(const std::vector<fs::path>& filesOrFolder) {
    std::vector<fs::path> paths;
    std::error_code code;
    for (const fs::path& each : filesOrFolder) {
        if (!fs::is_directory(each, code)) {
            paths.push_back(each);
            continue;
        }
        const auto inside = mapsIn(each);
        if (!inside) return forward(inside);
        paths.insert(paths.end(), inside->begin(), inside->end());
    }
    GridMapFiles files;
    for (const fs::path& path : paths) {
        if (!fs::exists(path, code))
            return failAt(ErrorCode::NotFound, path.string(), 0, "There is no such file or folder.");
        const Kind* const kind = kindOf(path);
        if (kind == nullptr)
            return failAt(
                ErrorCode::BadInput, path.string(), 0,
                "It is unclear what this is a map of: maps' names contain \"current\", \"density\" or "
                "\"dist\".");
        fs::path& file = files.*kind->file;
        if (!file.empty())
            return failAt(ErrorCode::BadInput, path.string(), 0,
                          fmt::format("There is a second map whose name contains \"{}\": {}.", kind->word,
                                      file.string()));
        file = path;
    }
    if (files.currents.empty())
        return failAt(ErrorCode::BadInput, filesOrFolder.empty() ? "" : filesOrFolder.front().string(), 0,
                      "There is no map of currents: no map's name contains \"current\".");
    return files;
}

Result<GridMaps> readGridMaps(const GridMapFiles& files, const fs::path& pads, JobContext& context) {
    GridMaps maps;
    maps.currentsFile = files.currents.string();
    auto currents = readMap(files.currents);
    if (!currents) return forward(currents);
    maps.currents = std::move(*currents);
    if (!files.templates.empty()) {
        maps.templatesFile = files.templates.string();
        auto templates = readMap(files.templates);
        if (!templates) return forward(templates);
        maps.templates = std::move(*templates);
    }
    if (!pads.empty()) {
        maps.padsFile = pads.string();
        auto places = readPads(pads);
        if (!places) return forward(places);
        maps.pads = std::move(*places);
        return maps;
    }
    if (files.distances.empty())
        return failAt(
            ErrorCode::BadInput, maps.currentsFile, 0,
            "The grid's pads are unknown: there is neither a map whose name contains \"dist\" nor a table "
            "of pads.");
    maps.padsFile = files.distances.string();
    const auto distances = readMap(files.distances);
    if (!distances) return forward(distances);
    if (distances->rows != maps.currents.rows || distances->columns != maps.currents.columns)
        return failAt(
            ErrorCode::BadInput, maps.padsFile, 0,
            fmt::format("The maps of distances and of currents differ in size: {} x {} and {} x {}.",
                        distances->rows, distances->columns, maps.currents.rows, maps.currents.columns));
    auto places = recoverPads(*distances, context);
    if (!places) {
        Error error = places.error();
        error.file = maps.padsFile;
        return tl::unexpected<Error>(std::move(error));
    }
    maps.pads = std::move(*places);
    return maps;
}

} // namespace headroom::powergrid
