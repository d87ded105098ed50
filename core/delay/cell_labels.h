#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/delay/cell_record.h"
#include "core/delay/refined_generator.h"
#include "core/delay/table.h"

namespace headroom::delay {

struct LabelSettings {
    int threads = 0;            ///< simulators; 0: as many as the budget allows
    double timeoutSeconds = 20; ///< per transient
    std::string cacheFile;      ///< what has been simulated before is taken from there; empty: no cache
};

/// Simulated targets of some rows.
struct SimulatedLabels {
    std::vector<double> values;               ///< by row, in the unit of the target; NaN where it failed
    std::vector<std::optional<Error>> errors; ///< by row
    std::size_t simulated = 0, cached = 0;    ///< rows
    double seconds = 0;

    std::size_t failed() const;
};

/// The right targets of any rows of a characterised cell's table, by the simulator: each row is a condition.
/// Used by one thread at a time.
class CellLabels {
public:
    /// Errors: those of makeCellRecord(), and BadInput where cell or technology have changed since the table
    /// was simulated.
    static Result<CellLabels> create(const CellRecord& record, const LabelSettings& settings);
    CellLabels(CellLabels&&) noexcept;
    CellLabels& operator=(CellLabels&&) noexcept;
    ~CellLabels();

    const CellRecord& record() const;
    std::size_t simulated() const; ///< rows, so far
    std::size_t cached() const;

    /// Simulates the target of every row. Conditions are found by the columns' names ("n_vth0", "vdd",
    /// "temperature", "load", "slew") and converted from their units ("fF"); those without a column have to
    /// be fixed in the record. Targets are "delay", the propagation delay, and the arcs' "delay_a_y_rise" and
    /// "slew_a_y_fall". A row that cannot be simulated (no supply, no solution, no switching) is no error of
    /// the call. Errors: BadInput (a condition without column or value, a unit of another kind), NotFound (no
    /// such target), Cancelled.
    Result<SimulatedLabels> label(const Table& rows, const std::string& target, JobContext& context);

    /// The same as a function for compareRows() and makeLabelledGenerator(), which shares this object's
    /// simulators and may outlive it.
    Labeller labeller(const std::string& target) const;

private:
    struct Impl;
    explicit CellLabels(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> m_impl;
};

} // namespace headroom::delay
