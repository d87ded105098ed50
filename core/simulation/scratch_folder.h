#pragma once

#include <filesystem>

namespace headroom::simulation {

/// An empty folder in the system's place for temporary files, removed with the object. ngspice writes files
/// of its own into its working directory (bsim4.out), which must not be the user's. What processes leave
/// behind that are killed is removed by later ones.
class ScratchFolder {
public:
    ScratchFolder();
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

} // namespace headroom::simulation
