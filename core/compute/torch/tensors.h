#pragma once

#include <cstdint>
#include <vector>

#include <torch/torch.h>

#include "core/compute/device.h"

extern "C" void openblas_set_num_threads(int threads) __attribute__((weak));

namespace headroom::compute {

/// A tensor on @p device with a copy of row-major floats.
/// @param matrix an Eigen row-major matrix of floats
template <class Matrix>
torch::Tensor tensorFromMatrix(const Matrix& matrix, torch::Device device) {
    static_assert(Matrix::IsRowMajor);
    auto tensor = torch::empty({matrix.rows(), matrix.cols()}, torch::kFloat32);
    if (matrix.size() > 0) std::copy_n(matrix.data(), matrix.size(), tensor.template data_ptr<float>());
    return tensor.to(device);
}

/// n x 1.
inline torch::Tensor column(const std::vector<float>& values, torch::Device device) {
    return torch::tensor(values, torch::kFloat32).unsqueeze(1).to(device);
}

/// The rows x columns tensor as an Eigen row-major matrix.
template <class Matrix>
Matrix matrixFromTensor(const torch::Tensor& tensor) {
    static_assert(Matrix::IsRowMajor);
    const auto host = tensor.cpu().contiguous();
    Matrix matrix(host.size(0), host.size(1));
    if (matrix.size() > 0) std::copy_n(host.template data_ptr<float>(), matrix.size(), matrix.data());
    return matrix;
}

/// What resolveDevice() has returned, for LibTorch.
inline torch::Device torchDevice(DeviceChoice resolved) {
    return {resolved == DeviceChoice::Cuda ? torch::kCUDA : torch::kCPU};
}

/// Threads of one operator on the CPU, for the calling thread (LibTorch) and the process (OpenBLAS).
inline void setOperatorThreads(int threads) {
    torch::set_num_threads(threads);
    if (openblas_set_num_threads != nullptr) openblas_set_num_threads(threads);
}

} // namespace headroom::compute
