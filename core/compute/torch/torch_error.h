#pragma once

#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include <c10/util/Exception.h>

#include "core/base/error.h"

namespace headroom::compute {

/// The message of LibTorch without the C++ stack that it appends.
inline std::string firstLine(std::string_view text) {
    return std::string(text.substr(0, text.find('\n')));
}

/// What an exception of LibTorch means to the user.
inline Error torchError(std::string_view what) {
    const auto says = [&](std::string_view phrase) { return what.find(phrase) != std::string_view::npos; };
    if (says("out of memory") || says("can't allocate memory") || says("not enough memory")) {
        return {ErrorCode::Unsupported,
                "The device has not enough memory for this network.",
                {},
                0,
                firstLine(what)};
    }
    if (says("CUDA") || says("cuDNN") || says("CUBLAS") || says("cublas")) {
        return {ErrorCode::Unsupported,
                "The CUDA device failed while a network ran on it.",
                {},
                0,
                firstLine(what)};
    }
    return {ErrorCode::Internal, "The network engine failed.", {}, 0, firstLine(what)};
}

/// Runs @p work, a callable that returns a Result, and turns whatever it throws into an error: the door
/// between LibTorch and the rest of the program.
template <class Work>
auto guardTorch(Work&& work) -> decltype(work()) {
    try {
        return std::forward<Work>(work)();
    } catch (const c10::Error& error) {
        return tl::unexpected<Error>(torchError(error.what_without_backtrace()));
    } catch (const std::bad_alloc&) {
        return tl::unexpected<Error>(torchError("out of memory"));
    } catch (const std::exception& error) {
        return tl::unexpected<Error>(torchError(error.what()));
    } catch (...) {
        return tl::unexpected<Error>(torchError("unknown exception"));
    }
}

} // namespace headroom::compute
