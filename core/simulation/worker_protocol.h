#pragma once

#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>

#include <unistd.h>

/// How the pool talks to headroom-simulator over the worker's standard input and output.
///
/// A message is its length in bytes (std::uint32_t, the machine's own order: both ends run on one machine)
/// and that many bytes of text. Requests, one at a time, each answered by one message:
///
///     load LF deck           makes the deck ngspice's only circuit; lines "*> COMMAND" before its end are
///                            ngspice commands to be executed before it is read
///     run LF script          executes the script's lines: ngspice commands; `get NAME NAME ...`, which adds
///                            vectors of the current plot to the reply; `seek NAME`, which adds an empty
///                            vector where there is none; and `try COMMAND`, which goes on when the command
///                            fails
///     version                what ngspice calls its version
///
/// Replies:
///
///     done LF vectors        vectors in the order asked for, each: count, width (1 real, 2 complex), both
///                            std::uint32_t, then count * width doubles; of an empty one count is 0, and
///                            width bytes follow that say what ngspice answered to the last `try`; the text
///                            of a version
///     failed LF line LF ...  the script line that failed and what ngspice said; the worker is usable
///     fatal LF ...           ngspice asked for the end of the process; the worker is gone
///
/// The worker ends when its input is closed, and when the parent dies.
namespace headroom::simulation::protocol {

inline constexpr std::string_view load = "load";
inline constexpr std::string_view run = "run";
inline constexpr std::string_view version = "version";
inline constexpr std::string_view get = "get ";
inline constexpr std::string_view seek = "seek ";
inline constexpr std::string_view before = "*> ";
inline constexpr std::string_view attempt = "try ";
inline constexpr std::string_view done = "done";
inline constexpr std::string_view failed = "failed";
inline constexpr std::string_view fatal = "fatal";

inline constexpr std::size_t maximumComplaint = 4096;
inline constexpr std::uint32_t maximumMessage = 64U << 20U;

/// Blocking; false at the end of the stream or on an error.
inline bool readExactly(int fd, char* data, std::size_t size) {
    while (size > 0) {
        const ssize_t count = ::read(fd, data, size);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        data += count;
        size -= static_cast<std::size_t>(count);
    }
    return true;
}

inline bool writeExactly(int fd, const char* data, std::size_t size) {
    while (size > 0) {
        const ssize_t count = ::write(fd, data, size);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        data += count;
        size -= static_cast<std::size_t>(count);
    }
    return true;
}

inline bool readMessage(int fd, std::string& message) {
    std::uint32_t size = 0;
    if (!readExactly(fd, reinterpret_cast<char*>(&size), sizeof size) || size > maximumMessage) return false;
    message.resize(size);
    return readExactly(fd, message.data(), size);
}

inline bool writeMessage(int fd, std::string_view message) {
    if (message.size() > maximumMessage) return false;
    const auto size = static_cast<std::uint32_t>(message.size());
    std::string bytes(reinterpret_cast<const char*>(&size), sizeof size);
    bytes += message;
    return writeExactly(fd, bytes.data(), bytes.size());
}

} // namespace headroom::simulation::protocol
