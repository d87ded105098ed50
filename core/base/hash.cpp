#include "core/base/hash.h"

#include <array>

#include <openssl/evp.h>

#include "core/base/file.h"

namespace headroom {

std::string sha256(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr);
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (unsigned int i = 0; i < length; ++i) {
        text += kDigits[digest[i] >> 4U];
        text += kDigits[digest[i] & 0xfU];
    }
    return text;
}

Result<std::string> sha256OfFile(const std::filesystem::path& path) {
    const auto content = readFile(path);
    if (!content) return forward(content);
    return sha256(*content);
}

} // namespace headroom
