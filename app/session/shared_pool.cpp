#include "app/session/shared_pool.h"

#include <thread>

namespace headroom::app {

simulation::EvaluationSettings evaluationSettings(const project::Conditions& conditions) {
    simulation::EvaluationSettings settings;
    settings.corner = conditions.corner;
    settings.supplyVoltage = conditions.supplyVoltage;
    settings.temperature = conditions.temperature;
    settings.commonModeVoltage = conditions.commonModeVoltage;
    settings.biasCurrent = conditions.biasCurrent;
    return settings;
}

SharedPool::SharedPool(std::shared_ptr<const simulation::AmplifierUnderTest> amplifier,
                       simulation::EvaluationSettings settings, simulation::PoolOptions options)
    : m_amplifier(std::move(amplifier))
    , m_settings(std::move(settings))
    , m_options(std::move(options)) {}

Result<simulation::EvaluationPool*> SharedPool::get() {
    const std::scoped_lock lock(m_mutex);
    if (!m_pool) {
        auto pool = simulation::EvaluationPool::create(m_amplifier, m_settings, m_options);
        if (!pool) return forward(pool);
        m_pool = std::move(*pool);
    }
    return m_pool.get();
}

double SharedPool::supplyVoltage() const {
    return m_settings.supplyVoltage.value_or(m_amplifier->technology.supplyVoltage);
}

std::optional<simulation::PoolStatistics> SharedPool::statistics() const {
    const std::unique_lock lock(m_mutex, std::try_to_lock);
    if (!lock.owns_lock() || !m_pool) return std::nullopt;
    return m_pool->statistics();
}

int SharedPool::workers() const {
    if (m_options.workers > 0) return m_options.workers;
    return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

} // namespace headroom::app
