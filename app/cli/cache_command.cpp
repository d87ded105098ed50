#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "app/cli/commands.h"
#include "core/base/quantity.h"
#include "core/simulation/cache_file.h"

namespace headroom::cli {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

struct CacheArguments {
    std::string path = "."; ///< the file, or the folder of a project or data set
    std::string limit;
    bool repair = false;
};

std::string timeText(std::int64_t milliseconds) {
    return fmt::format("{:%FT%TZ}", fmt::gmtime(static_cast<std::time_t>(milliseconds / 1000)));
}

json timeJson(std::int64_t milliseconds) {
    return milliseconds > 0 ? json(timeText(milliseconds)) : json(nullptr);
}

std::string bytesText(std::int64_t bytes) {
    return formatQuantity(static_cast<double>(bytes), "B", 3);
}

std::string percent(double share) {
    return fmt::format("{:.1f} %", 100 * share);
}

json toJson(const simulation::CacheCounts& counts) {
    return {{"hits", counts.hits},
            {"misses", counts.misses},
            {"stored", counts.stored},
            {"hit_rate", counts.hitRate()}};
}

json toJson(const simulation::CacheFacts& facts) {
    json document = toJson(facts.counts);
    document["file"] = facts.file.string();
    document["version"] = facts.version;
    document["entries"] = facts.entries;
    document["bytes"] = facts.bytes;
    document["file_bytes"] = facts.fileBytes;
    document["limit"] = facts.limit ? json(*facts.limit) : json(nullptr);
    document["oldest_use"] = timeJson(facts.oldestUse);
    document["newest_use"] = timeJson(facts.newestUse);
    document["evicted"] = facts.evicted;
    document["sessions"] = json::array();
    for (const simulation::CacheSession& session : facts.sessions) {
        json entry = toJson(session.counts);
        entry["began"] = timeJson(session.began);
        entry["ended"] = timeJson(session.ended);
        document["sessions"].push_back(std::move(entry));
    }
    document["benches"] = json::array();
    for (const simulation::CacheBench& bench : facts.benches)
        document["benches"].push_back({{"circuit", bench.circuit},
                                       {"technology", bench.technology},
                                       {"corner", bench.corner},
                                       {"supply_voltage", number(bench.supplyVoltage)},
                                       {"temperature", number(bench.temperature)},
                                       {"versions", bench.versions},
                                       {"entries", bench.entries},
                                       {"bytes", bench.bytes},
                                       {"last_use", timeJson(bench.lastUse)}});
    return document;
}

std::string describe(const simulation::CacheFacts& facts) {
    constexpr std::size_t kSessionsShown = 5;
    std::string text =
        fmt::format("{}\n{} results, {} in a file of {}; limit: {}\n", facts.file.string(), facts.entries,
                    bytesText(facts.bytes), bytesText(facts.fileBytes),
                    facts.limit ? bytesText(*facts.limit) + " (this file's own)" : "what the program sets");
    if (facts.version == 0) {
        return text + (facts.entries > 0 ? "An older Headroom's cache: it is dropped when it is used next.\n"
                                         : "No simulation has been cached here yet.\n");
    }
    if (facts.entries > 0)
        text += fmt::format("Last used between {} and {}\n", timeText(facts.oldestUse),
                            timeText(facts.newestUse));
    text += fmt::format("Of {} questions {} were answered ({}); {} results stored, {} evicted\n",
                        facts.counts.hits + facts.counts.misses, facts.counts.hits,
                        percent(facts.counts.hitRate()), facts.counts.stored, facts.evicted);
    if (!facts.benches.empty()) text += "\n results       size  simulated on\n";
    for (const simulation::CacheBench& bench : facts.benches)
        text += fmt::format("{:>8} {:>10}  {}, {}, {}, {}, {:.4g} °C ({})\n", bench.entries,
                            bytesText(bench.bytes), bench.circuit, bench.technology,
                            bench.corner.empty() ? "nominal" : bench.corner,
                            formatQuantity(bench.supplyVoltage, "V"), bench.temperature, bench.versions);
    if (!facts.sessions.empty()) text += "\nlast sessions              hits   misses   stored\n";
    for (std::size_t k = 0; k < std::min(kSessionsShown, facts.sessions.size()); ++k) {
        const simulation::CacheSession& session = facts.sessions[k];
        text += fmt::format("{}  {:>8} {:>8} {:>8}\n", timeText(session.began), session.counts.hits,
                            session.counts.misses, session.counts.stored);
    }
    return text;
}

CommandResult runShow(const fs::path& file) {
    const auto facts = simulation::inspectCache(file);
    if (!facts) return forward(facts);
    return Output{toJson(*facts), describe(*facts)};
}

CommandResult runClear(const fs::path& file) {
    const auto removed = simulation::clearCache(file);
    if (!removed) return forward(removed);
    return Output{{{"file", file.string()}, {"removed", *removed}},
                  fmt::format("{}: {} results removed.\n", file.string(), *removed)};
}

CommandResult runLimit(const fs::path& file, const std::string& limit) {
    std::optional<std::int64_t> bytes;
    if (limit != "none") {
        const auto value = parseQuantity(limit, "B");
        if (!value) return forward(value);
        // Beyond 1 EB nothing is limited, and an integer would overflow.
        if (!(*value >= 0 && *value < 1e18))
            return fail(ErrorCode::BadInput, fmt::format("\"{}\" is no size of a cache.", limit));
        bytes = static_cast<std::int64_t>(*value);
    }
    const auto evicted = simulation::limitCache(file, bytes);
    if (!evicted) return forward(evicted);
    return Output{
        {{"file", file.string()}, {"limit", bytes ? json(*bytes) : json(nullptr)}, {"evicted", *evicted}},
        bytes ? fmt::format("{}: at most {} from now on; {} results removed.\n", file.string(),
                            bytesText(*bytes), *evicted)
              : fmt::format("{}: the programs' own limit holds from now on.\n", file.string())};
}

CommandResult runCheck(const fs::path& file, bool repair) {
    const auto check = simulation::checkCache(file, repair);
    if (!check && repair && check.error().code == ErrorCode::Corrupt) {
        const auto aside = simulation::setCorruptCacheAside(file);
        if (!aside) return forward(aside);
        return Output{{{"file", file.string()}, {"sound", false}, {"set_aside", aside->string()}},
                      fmt::format("{} was damaged and is now {}; the next use starts a new one.\n",
                                  file.string(), aside->string())};
    }
    if (!check) return forward(check);
    if (check->damagedEntries > 0 && !repair) {
        return fail(ErrorCode::Corrupt,
                    fmt::format("{} of {} results in {} are damaged and count as not there; \"--repair\" "
                                "removes them.",
                                check->damagedEntries, check->entries, file.string()));
    }
    const std::int64_t sound = check->entries - check->damagedEntries;
    return Output{{{"file", file.string()},
                   {"sound", check->damagedEntries == 0},
                   {"entries", sound},
                   {"removed", check->damagedEntries}},
                  fmt::format("{}: {} results are sound{}.\n", file.string(), sound,
                              check->damagedEntries > 0
                                  ? fmt::format(", {} damaged ones were removed", check->damagedEntries)
                                  : "")};
}

} // namespace

void addCache(const Registry& registry) {
    CLI::App* group = registry.app.add_subcommand("cache", "Look into a cache of simulations, and tend it");
    group->require_subcommand(1);
    group->fallthrough();
    auto arguments = std::make_shared<CacheArguments>();
    using Run = std::function<CommandResult(const fs::path&)>;
    const auto add = [&](const char* name, const char* what, const Run& run) {
        CLI::App* command = group->add_subcommand(name, what);
        command->callback([=, &chosen = registry.chosen] {
            chosen = [=]() -> CommandResult {
                const auto file = simulation::findCacheFile(arguments->path);
                if (!file) return forward(file);
                return run(*file);
            };
        });
        return command;
    };
    const auto addPath = [&](CLI::App* command) {
        command->add_option("file", arguments->path, "Cache, or folder of a project or data set")
            ->capture_default_str();
    };
    addPath(add("show", "What is in it, and how often it had the answer", runShow));
    addPath(add("clear", "Remove all results; explorations of a project stay", runClear));
    CLI::App* limit = add("limit", "Give it a size limit of its own",
                          [=](const fs::path& file) { return runLimit(file, arguments->limit); });
    limit->add_option("size", arguments->limit, "Bytes, e.g. 500M or 2G; none: what the program sets")
        ->required();
    addPath(limit);
    CLI::App* check = add("check", "Read everything in it",
                          [=](const fs::path& file) { return runCheck(file, arguments->repair); });
    addPath(check);
    check->add_flag("--repair", arguments->repair,
                    "Remove damaged results; rename a damaged file to FILE.corrupt");
}

} // namespace headroom::cli
