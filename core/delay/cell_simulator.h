#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/delay/cell_bench.h"
#include "core/simulation/record_cache.h"

namespace headroom::delay {

/// Between which conditions a bench will be measured: what the time windows are chosen by.
struct SettlingRange {
    Conditions slowest;
    double lowLoad = 0, highLoad = 0; ///< F
};

struct CellSimulatorSettings {
    int threads = 0;            ///< simulators; 0: as many as the budget allows
    double timeoutSeconds = 20; ///< per transient
    std::string cacheFile;      ///< simulation::RecordCache; empty: nothing is kept
    std::string technology;     ///< name, for readers of the cache
    std::string corner;         ///< the same
};

/// Measures a bench under many conditions in parallel, by simulators that are started when they are first
/// wanted. What has been measured before, by any program with the same cache, is not simulated again, so that
/// work which was killed goes on where it was. Figures depend on bench, settling range and conditions alone.
class CellSimulator {
public:
    /// @param bench must live as long as this object
    CellSimulator(const CellBench& bench, SettlingRange range, CellSimulatorSettings settings);
    ~CellSimulator();

    using Figures = Result<std::vector<ArcFigures>>; ///< by arc
    /// @return by condition: figures, or why there are none (Convergence, Simulator, Infeasible)
    /// Errors: Cancelled; where nothing can be simulated those of CellBench::findSettling().
    Result<std::vector<Figures>> measure(const std::vector<Conditions>& all, JobContext& context);

    std::size_t simulated() const { return m_simulated; } ///< conditions, so far
    std::size_t cached() const { return m_cached; }

private:
    /// An engine with the bench's deck.
    struct Running {
        std::unique_ptr<simulation::Engine> engine;
        int uses = 0;
    };

    std::string keyOf(const std::vector<double>& numbers) const;
    void findVersion();
    std::vector<double> numbersOf(const Conditions& conditions) const;
    simulation::RecordSubject subject(const Conditions& conditions) const;
    bool recall(const Conditions& conditions, Figures& figures);
    void remember(const Conditions& conditions, const Figures& figures);
    Result<void> prepare(JobContext& context);
    Figures simulate(const Conditions& conditions, JobContext& context);
    Result<Running> take(const JobContext& context);
    void giveBack(Running running);

    const CellBench& m_bench;
    SettlingRange m_range;
    CellSimulatorSettings m_settings;
    simulation::RecordCache m_cache;
    std::string m_version;     ///< of ngspice
    std::string m_fingerprint; ///< of all that figures depend on but the conditions; empty: not known yet
    std::vector<CellBench::Settling> m_settling;
    std::atomic<std::size_t> m_simulated = 0, m_cached = 0;
    std::mutex m_mutex;
    std::vector<Running> m_idle;
};

} // namespace headroom::delay
