#include "core/delay/cell_simulator.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "core/base/hash.h"
#include "core/compute/thread_team.h"
#include "core/simulation/cbor.h"
#include "core/simulation/evaluation_record.h"
#include "core/simulation/worker_engine.h"
#include "core/simulation/worker_process.h"

namespace headroom::delay {
namespace {

using simulation::CborReader;
using simulation::CborWriter;
using simulation::RecordCache;

/// Measurements after which a simulator is replaced: it leaks a little with each.
constexpr int kRecycleAfter = 5000;
constexpr std::size_t kNumbersPerArc = 4;

/// Figures, or the sentence that says why there are none.
std::string recordOf(const std::string& key, const CellSimulator::Figures& figures) {
    CborWriter writer;
    writer.array(2);
    if (!figures) {
        writer.integer(static_cast<std::uint64_t>(figures.error().code));
        writer.text(figures.error().message);
        return simulation::sealRecord(RecordCache::packed(key), writer.take());
    }
    std::vector<double> numbers;
    for (const ArcFigures& arc : *figures)
        numbers.insert(numbers.end(), {arc.rise.delay, arc.rise.slew, arc.fall.delay, arc.fall.slew});
    writer.null();
    writer.doubles(numbers);
    return simulation::sealRecord(RecordCache::packed(key), writer.take());
}

/// The item of a record whose checksum is right; empty for any other.
std::string_view itemOf(const std::string& key, std::string_view record) {
    constexpr std::size_t kChecksum = 8;
    if (record.size() < kChecksum || !simulation::isSealedRecord(RecordCache::packed(key), record)) return {};
    return record.substr(0, record.size() - kChecksum);
}

bool readRecord(std::string_view item, std::size_t arcs, CellSimulator::Figures& figures) {
    CborReader reader(item);
    if (reader.array() != 2) return false;
    if (!reader.takeNull()) {
        const auto code = static_cast<ErrorCode>(reader.integer());
        const std::string message(reader.text());
        if (!reader.finished() || (code != ErrorCode::Infeasible && code != ErrorCode::Convergence))
            return false;
        figures = fail(code, message);
        return true;
    }
    const std::vector<double> numbers = reader.doubles();
    if (!reader.finished() || numbers.size() != kNumbersPerArc * arcs) return false;
    std::vector<ArcFigures> read;
    for (std::size_t i = 0; i < numbers.size(); i += kNumbersPerArc)
        read.push_back({{numbers[i], numbers[i + 1]}, {numbers[i + 2], numbers[i + 3]}});
    figures = std::move(read);
    return true;
}

} // namespace

CellSimulator::CellSimulator(const CellBench& bench, SettlingRange range, CellSimulatorSettings settings)
    : m_bench(bench)
    , m_range(std::move(range))
    , m_settings(std::move(settings))
    , m_cache(m_settings.cacheFile) {}

CellSimulator::~CellSimulator() = default;

std::vector<double> CellSimulator::numbersOf(const Conditions& conditions) const {
    std::vector<double> numbers = conditions.process;
    numbers.insert(numbers.end(), {conditions.supplyVolts, conditions.temperature, conditions.loadFarads,
                                   conditions.slewSeconds});
    return numbers;
}

std::string CellSimulator::keyOf(const std::vector<double>& numbers) const {
    std::string text = m_fingerprint;
    for (const double number : numbers)
        text += ' ' + simulation::written(number);
    return m_fingerprint.substr(0, RecordCache::kSubjectDigits) + sha256(text);
}

void CellSimulator::findVersion() {
    if (!m_fingerprint.empty()) return;
    // A simulator that cannot even tell its version fails its measurements as well.
    if (const auto executable = simulation::findWorkerExecutable())
        m_version = simulation::workerVersion(*executable).value_or(std::string());
    std::string text =
        fmt::format("headroom cell bench {} ngspice {}\n{}", cellBenchVersion, m_version, m_bench.deck());
    for (const double number : numbersOf(m_range.slowest))
        text += ' ' + simulation::written(number);
    text +=
        fmt::format(" {} {}", simulation::written(m_range.lowLoad), simulation::written(m_range.highLoad));
    m_fingerprint = sha256(text);
}

simulation::RecordSubject CellSimulator::subject(const Conditions& conditions) const {
    return {m_bench.cell().name,    m_settings.technology,
            m_settings.corner,      conditions.supplyVolts,
            conditions.temperature, fmt::format("cell bench {}, ngspice {}", cellBenchVersion, m_version)};
}

bool CellSimulator::recall(const Conditions& conditions, Figures& figures) {
    if (m_settings.cacheFile.empty()) return false;
    const std::string key = keyOf(numbersOf(conditions));
    return m_cache.find(key, [&](std::string_view record) {
        return readRecord(itemOf(key, record), m_bench.arcs().size(), figures);
    });
}

void CellSimulator::remember(const Conditions& conditions, const Figures& figures) {
    // What a dead or late simulator left behind says nothing about the conditions.
    const bool isFinal = figures || figures.error().code == ErrorCode::Infeasible ||
                         figures.error().code == ErrorCode::Convergence;
    if (m_settings.cacheFile.empty() || !isFinal) return;
    const std::string key = keyOf(numbersOf(conditions));
    m_cache.store(key, recordOf(key, figures), subject(m_range.slowest));
}

Result<void> CellSimulator::prepare(JobContext& context) {
    if (!m_settling.empty()) return {};
    context.progress(0, fmt::format("Looking at how the cell {} settles", m_bench.cell().name));
    auto running = take(context);
    if (!running) return forward(running);
    auto settling = m_bench.findSettling(*running->engine, m_range.slowest, m_range.lowLoad, m_range.highLoad,
                                         m_settings.timeoutSeconds, context);
    if (!settling) return forward(settling);
    m_settling = std::move(*settling);
    giveBack(std::move(*running));
    return {};
}

Result<std::vector<CellSimulator::Figures>> CellSimulator::measure(const std::vector<Conditions>& all,
                                                                   JobContext& context) {
    findVersion();
    std::vector<Figures> answers(all.size());
    std::vector<std::size_t> open;
    for (std::size_t index = 0; index < all.size(); ++index) {
        if (context.cancelled()) return failCancelled();
        if (recall(all[index], answers[index]))
            ++m_cached;
        else
            open.push_back(index);
    }
    if (open.empty()) return answers;
    if (const auto ready = prepare(context); !ready) return forward(ready);
    std::atomic<std::size_t> done = all.size() - open.size();
    const auto work = [&](std::size_t number) -> Result<void> {
        context.waitWhilePaused();
        if (context.cancelled()) return failCancelled();
        Figures& answer = answers[open[number]];
        answer = simulate(all[open[number]], context);
        if (!answer && answer.error().code == ErrorCode::Cancelled) return failCancelled();
        remember(all[open[number]], answer);
        ++m_simulated;
        const std::size_t now = ++done;
        context.progress(
            static_cast<double>(now) / static_cast<double>(all.size()),
            fmt::format("Simulated {} of {} conditions of {}", now, all.size(), m_bench.cell().name));
        return {};
    };
    if (const auto worked = compute::inParallel(open.size(), work, m_settings.threads); !worked)
        return forward(worked);
    m_cache.flush();
    return answers;
}

/// One retry where a simulator dies or finds no solution.
CellSimulator::Figures CellSimulator::simulate(const Conditions& conditions, JobContext& context) {
    for (int attempt = 0;; ++attempt) {
        auto running = take(context);
        if (!running) return forward(running);
        auto figures =
            m_bench.measure(*running->engine, conditions, m_settling, m_settings.timeoutSeconds, context);
        const bool isSound = running->engine->alive() && ++running->uses < kRecycleAfter;
        if (figures || attempt == 1 || figures.error().code == ErrorCode::Cancelled ||
            figures.error().code == ErrorCode::Infeasible) {
            if (isSound) giveBack(std::move(*running));
            return figures;
        }
    }
}

Result<CellSimulator::Running> CellSimulator::take(const JobContext& context) {
    {
        const std::lock_guard lock(m_mutex);
        if (!m_idle.empty()) {
            Running running = std::move(m_idle.back());
            m_idle.pop_back();
            return running;
        }
    }
    const auto executable = simulation::findWorkerExecutable();
    if (!executable) return forward(executable);
    auto engine = simulation::startWorkerEngine(*executable);
    if (!engine) return forward(engine);
    const auto deadline =
        simulation::Engine::Clock::now() +
        std::chrono::milliseconds(static_cast<std::int64_t>(1e3 * m_settings.timeoutSeconds));
    if (const auto loaded = (*engine)->load(m_bench.deck(), deadline, context); !loaded)
        return forward(loaded);
    return Running{std::move(*engine), 0};
}

void CellSimulator::giveBack(Running running) {
    const std::lock_guard lock(m_mutex);
    m_idle.push_back(std::move(running));
}

} // namespace headroom::delay
