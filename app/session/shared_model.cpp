#include "app/session/shared_model.h"

#include "core/base/hash.h"
#include "core/compute/network_library.h"

namespace headroom::app {

SharedModel::SharedModel(std::filesystem::path folder, std::shared_ptr<const sizing::DesignSpace> space,
                         compute::DeviceChoice device)
    : m_folder(std::move(folder))
    , m_space(std::move(space))
    , m_device(device) {}

Result<void> SharedModel::load() {
    const std::scoped_lock lock(m_mutex);
    return loadLocked();
}

Result<void> SharedModel::loadLocked() {
    if (m_model) return {};
    const auto resolved = compute::resolveDevice(m_device);
    if (!resolved) return forward(resolved);
    auto hash = sha256OfFile(m_folder / "weights.safetensors");
    if (!hash) {
        return tl::unexpected<Error>(Error{ErrorCode::NotFound, "The weights of the model are missing.",
                                           hash.error().file, 0, hash.error().message});
    }
    auto model = sizing::SizingModel::load(m_folder, *m_space, *resolved);
    if (!model) return forward(model);
    const auto devices = compute::availableDevices();
    if (devices) {
        for (const compute::DeviceInfo& info : *devices) {
            if (info.choice == *resolved) m_deviceDescription = info.description;
        }
    }
    m_resolved = *resolved;
    if (*resolved == compute::DeviceChoice::Cpu) m_warning = compute::blasWarning();
    m_weightsHash = std::move(*hash);
    m_model.emplace(std::move(*model));
    return {};
}

std::string SharedModel::weightsHash() const {
    const std::scoped_lock lock(m_mutex);
    return m_weightsHash;
}

ModelFacts SharedModel::facts() const {
    const std::scoped_lock lock(m_mutex);
    if (!m_model) return {};
    return {m_deviceDescription, m_model->card(), m_warning, m_model->trainingCurves()};
}

compute::DeviceChoice SharedModel::resolvedDevice() const {
    const std::scoped_lock lock(m_mutex);
    return m_resolved;
}

} // namespace headroom::app
