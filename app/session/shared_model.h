#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/compute/device.h"
#include "core/sizing/sizing_model.h"

namespace headroom::app {

/// What there is to know about a model that is loaded.
struct ModelFacts {
    std::string device;                    ///< "CPU, 2 threads"
    std::optional<sizing::ModelCard> card; ///< absent: none is loaded
    std::string warning;                   ///< about the linear algebra that it runs on; empty: all is well
    std::vector<sizing::TrainingCurve> training = {}; ///< how its networks were trained; empty: not known
};

/// A sizing model that jobs share: loaded by the first one that needs it, used by one at a time. Loading
/// brings the network library in, so the GUI thread calls nothing here but the constructor and folder().
class SharedModel {
public:
    SharedModel(std::filesystem::path folder, std::shared_ptr<const sizing::DesignSpace> space,
                compute::DeviceChoice device);

    /// Loads the model if it is not loaded yet. A failure is tried anew each time: the cause may be gone.
    Result<void> load();

    template <class T>
    Result<T> use(const std::function<Result<T>(sizing::SizingModel&)>& work) {
        const std::scoped_lock lock(m_mutex);
        if (const auto loaded = loadLocked(); !loaded) return forward(loaded);
        return work(*m_model);
    }

    const std::filesystem::path& folder() const { return m_folder; }

    /// What a result's provenance says; after load().
    std::string weightsHash() const;
    /// After load().
    ModelFacts facts() const;
    compute::DeviceChoice resolvedDevice() const;

private:
    Result<void> loadLocked();

    const std::filesystem::path m_folder;
    const std::shared_ptr<const sizing::DesignSpace> m_space;
    const compute::DeviceChoice m_device;
    mutable std::mutex m_mutex;
    std::optional<sizing::SizingModel> m_model;
    std::string m_weightsHash, m_deviceDescription, m_warning;
    compute::DeviceChoice m_resolved = compute::DeviceChoice::Auto;
};

} // namespace headroom::app
