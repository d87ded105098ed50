#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "core/base/error.h"
#include "core/project/project.h"
#include "core/simulation/simulator.h"

namespace headroom::app {

/// The settings that a project's conditions mean.
simulation::EvaluationSettings evaluationSettings(const project::Conditions& conditions);

/// The simulator processes of the session, started by the first job that needs them.
class SharedPool {
public:
    SharedPool(std::shared_ptr<const simulation::AmplifierUnderTest> amplifier,
               simulation::EvaluationSettings settings, simulation::PoolOptions options);

    /// The pool; starts it on the first call. A failure is tried anew each time. Lives as long as this
    /// object.
    Result<simulation::EvaluationPool*> get();

    /// V, that relative differences refer to.
    double supplyVoltage() const;

    /// Never waits: absent while the pool is being started or is not there yet.
    std::optional<simulation::PoolStatistics> statistics() const;
    int workers() const;

private:
    const std::shared_ptr<const simulation::AmplifierUnderTest> m_amplifier;
    const simulation::EvaluationSettings m_settings;
    const simulation::PoolOptions m_options;
    mutable std::mutex m_mutex;
    std::unique_ptr<simulation::EvaluationPool> m_pool;
};

} // namespace headroom::app
