#include "app/document/project_files.h"

#include <algorithm>
#include <vector>

#include "app/document/recovery.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/netlist/netlist_copy.h"
#include "core/project/result_store.h"

namespace headroom::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kImports = "imports";

tl::unexpected<Error> failedCopy(const fs::path& file, const std::error_code& code) {
    const bool full = code == std::errc::no_space_on_device;
    return tl::unexpected<Error>(Error{full ? ErrorCode::DiskFull : ErrorCode::Io,
                                       full ? "The project cannot be saved: no space is left on the disk."
                                            : "The project cannot be saved: a file cannot be copied.",
                                       file.string(), 0, code.message()});
}

/// The first folder of a relative path and the one below it: "imports/miller-1a2b3c4d", "model/1".
fs::path unitOf(const std::string& reference) {
    fs::path unit;
    int parts = 0;
    for (const fs::path& part : fs::path(reference)) {
        if (++parts > 2) break;
        unit /= part;
    }
    return unit;
}

bool isInside(const std::string& reference) {
    return !reference.empty() && !reference.starts_with("resource:");
}

Result<void> copyFolder(const fs::path& from, const fs::path& to) {
    std::error_code code;
    if (!fs::exists(from, code)) return {};
    fs::create_directories(to.parent_path(), code);
    fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::overwrite_existing, code);
    if (code) return failedCopy(to, code);
    return {};
}

Result<void> copyResults(const fs::path& from, const fs::path& to) {
    std::error_code code;
    if (!fs::exists(from, code)) return {};
    const auto store = project::ResultStore::open(from);
    if (!store) return forward(store);
    const fs::path fresh = to.string() + ".new";
    if (const auto copied = store->copyTo(fresh); !copied) {
        fs::remove(fresh, code);
        return copied;
    }
    for (const char* companion : {"-wal", "-shm"})
        fs::remove(to.string() + companion, code);
    fs::rename(fresh, to, code);
    if (code) return failedCopy(to, code);
    return {};
}

Result<void> copyParts(const project::Project& project, const fs::path& from, const fs::path& to) {
    std::vector<fs::path> units;
    if (project.netlist) units.push_back(unitOf(project.netlist->file));
    if (isInside(project.model)) units.push_back(unitOf(project.model));
    if (isInside(project.dataset)) units.push_back(unitOf(project.dataset));
    // A model names the data set that it was trained on, which lies beside it.
    if (isInside(project.model)) units.push_back("dataset");
    if (!project.powerGrid.empty()) units.push_back(project::powerGridFolderName);
    if (!project.delayTable.empty()) units.push_back(project::delayTableFolderName);
    for (const fs::path& unit : units) {
        if (const auto copied = copyFolder(from / unit, to / unit); !copied) return copied;
    }
    return copyResults(from / project::resultsFileName, to / project::resultsFileName);
}

} // namespace

Result<project::Project> readProjectFolder(const fs::path& folder, bool autosaved) {
    const fs::path file = folder / (autosaved ? project::autosaveFileName : project::projectFileName);
    const auto yaml = readFile(file);
    if (!yaml) return forward(yaml);
    auto project = project::parseProject(*yaml, file.string());
    if (!project || !project->netlist || project->netlist->sha256.empty()) return project;
    const fs::path netlist = folder / project->netlist->file;
    const auto hash = sha256OfFile(netlist);
    if (!hash) return forward(hash);
    if (*hash != project->netlist->sha256) {
        return tl::unexpected<Error>(
            Error{ErrorCode::Corrupt,
                  "The project's netlist was changed outside of Headroom since it was imported.",
                  netlist.string(),
                  0,
                  {}});
    }
    return project;
}

Result<void> pruneResults(const fs::path& folder, const project::Project& project) {
    std::error_code code;
    const fs::path file = folder / project::resultsFileName;
    if (!fs::exists(file, code)) return {};
    auto store = project::ResultStore::open(file);
    if (!store) return forward(store);
    std::vector<std::int64_t> wanted;
    if (project.results) wanted.push_back(project.results->exploration);
    return store->keepOnly(wanted);
}

bool canHoldProject(const fs::path& folder) {
    std::error_code code;
    if (!fs::exists(folder, code)) return true;
    if (!fs::is_directory(folder, code)) return false;
    if (project::projectFolder(folder)) return true;
    const fs::directory_iterator entries(folder, code);
    return std::all_of(fs::begin(entries), fs::end(entries), [](const fs::directory_entry& entry) {
        return entry.path().filename() == lockFileName;
    });
}

Result<void> saveProject(const project::Project& project, const fs::path& from, const fs::path& to) {
    if (from != to) {
        if (!canHoldProject(to)) {
            return fail(ErrorCode::BadInput, "The folder \"" + to.filename().string() +
                                                 "\" holds other files; choose a new or an empty one.");
        }
        std::error_code code;
        fs::create_directories(to, code);
        if (code) return failedCopy(to, code);
        if (const auto copied = copyParts(project, from, to); !copied) return copied;
    }
    const auto written = writeFileAtomically(to / project::projectFileName, project::writeProject(project));
    if (!written) return written;
    std::error_code ignored;
    fs::remove(to / project::autosaveFileName, ignored);
    return {};
}

Result<void> autosaveProject(const project::Project& project, const fs::path& folder) {
    return writeFileAtomically(folder / project::autosaveFileName, project::writeProject(project));
}

Result<project::NetlistReference> copyImport(const netlist::Netlist& netlist, const std::string& top,
                                             const fs::path& folder) {
    const auto copy = netlist::copyNetlist(netlist, folder / kImports);
    if (!copy) return forward(copy);
    const netlist::SourceFile& main = netlist.files.front();
    return project::NetlistReference{(fs::path(kImports) / *copy).string(), sha256(main.text), top,
                                     fs::absolute(main.path).lexically_normal().string()};
}

fs::path freeSubfolder(const fs::path& parent, const std::string& name) {
    std::error_code code;
    for (int number = 1;; ++number) {
        const fs::path candidate = parent / name / std::to_string(number);
        if (!fs::exists(candidate, code)) return candidate;
    }
}

} // namespace headroom::app
