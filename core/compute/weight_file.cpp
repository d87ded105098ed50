#include "core/compute/weight_file.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.h"

namespace headroom::compute {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors is little-endian");

using Json = nlohmann::json;

constexpr std::size_t kLengthBytes = 8;
/// The reference implementation refuses headers above 100 MB; ours describe at most some thousand tensors.
constexpr std::uint64_t kLargestHeader = 16U << 20U;
constexpr const char* kMetadata = "__metadata__";

/// Where a tensor lies in the data that follow the header.
struct Extent {
    std::string name;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

class Parser {
public:
    Parser(std::string_view bytes, const std::string& name)
        : m_bytes(bytes)
        , m_name(name) {}

    Result<WeightFile> parse() {
        const auto header = readHeader();
        if (!header) return forward(header);
        WeightFile file;
        for (const auto& [name, entry] : header->items()) {
            const auto read = name == kMetadata ? readMetadata(entry, file) : readTensor(name, entry, file);
            if (!read) return forward(read);
        }
        if (const auto gapless = checkExtents(); !gapless) return forward(gapless);
        return file;
    }

private:
    tl::unexpected<Error> corrupt(const std::string& why) const {
        return tl::unexpected<Error>(
            Error{ErrorCode::Corrupt, fmt::format("The weight file is corrupt: {}.", why), m_name, 0, {}});
    }

    Result<Json> readHeader() {
        if (m_bytes.size() < kLengthBytes) return corrupt("it ends within its first 8 bytes");
        std::uint64_t length = 0;
        std::memcpy(&length, m_bytes.data(), kLengthBytes);
        if (length > kLargestHeader) return corrupt(fmt::format("it announces a header of {} bytes", length));
        if (length > m_bytes.size() - kLengthBytes) return corrupt("it ends within its header");
        m_data = m_bytes.substr(kLengthBytes + length);

        std::set<std::string> names;
        std::string duplicate;
        const auto watch = [&](int depth, Json::parse_event_t event, Json& value) {
            if (event == Json::parse_event_t::key && depth == 1 &&
                !names.insert(value.get<std::string>()).second) {
                duplicate = value.get<std::string>();
            }
            return true;
        };
        auto header = Json::parse(m_bytes.substr(kLengthBytes, length), watch, false);
        if (header.is_discarded() || !header.is_object()) return corrupt("its header is not a JSON object");
        if (!duplicate.empty()) return corrupt(fmt::format("tensor {} appears twice", duplicate));
        return header;
    }

    Result<void> readMetadata(const Json& entry, WeightFile& file) const {
        if (!entry.is_object()) return corrupt("its metadata are not a JSON object");
        for (const auto& [key, value] : entry.items()) {
            if (!value.is_string()) return corrupt(fmt::format("metadata {} is not a string", key));
            file.metadata[key] = value.get<std::string>();
        }
        return {};
    }

    static std::optional<std::uint64_t> natural(const Json& value) {
        if (!value.is_number_unsigned()) return std::nullopt;
        return value.get<std::uint64_t>();
    }

    Result<void> readTensor(const std::string& name, const Json& entry, WeightFile& file) {
        const auto wrong = [&](const std::string& why) {
            return corrupt(fmt::format("tensor {} {}", name, why));
        };
        if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") ||
            !entry.contains("data_offsets")) {
            return wrong("lacks its type, shape or offsets");
        }
        const auto& type = entry["dtype"];
        if (type != "F32") {
            return wrong(fmt::format("has type {} where F32 is expected",
                                     type.is_string() ? type.get<std::string>() : "?"));
        }
        const auto& offsets = entry["data_offsets"];
        if (!offsets.is_array() || offsets.size() != 2) return wrong("has no pair of offsets");
        const auto begin = natural(offsets[0]);
        const auto end = natural(offsets[1]);
        if (!begin || !end || *begin > *end) return wrong("has offsets that are no range");
        if (*end > m_data.size()) return wrong("reaches beyond the end of the file");

        Weights weights;
        std::uint64_t count = 1;
        const auto& shape = entry["shape"];
        if (!shape.is_array()) return wrong("has no shape");
        for (const auto& extent : shape) {
            const auto size = natural(extent);
            // More elements than the file has bytes cannot be right, and would overflow further down.
            if (!size || *size > m_data.size() || (*size > 0 && count > m_data.size() / *size)) {
                return wrong("has a shape that does not fit its data");
            }
            count *= *size;
            weights.shape.push_back(static_cast<std::int64_t>(*size));
        }
        if (count > m_data.size() / sizeof(float) || count * sizeof(float) != *end - *begin) {
            return wrong("has a shape that does not fit its data");
        }
        weights.values.resize(count);
        if (count > 0) std::memcpy(weights.values.data(), m_data.data() + *begin, count * sizeof(float));
        file.tensors.emplace(name, std::move(weights));
        m_extents.push_back({name, *begin, *end});
        return {};
    }

    /// The format allows neither gaps nor overlaps.
    Result<void> checkExtents() {
        std::sort(m_extents.begin(), m_extents.end(), [](const Extent& a, const Extent& b) {
            return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
        });
        std::uint64_t expected = 0;
        for (const auto& extent : m_extents) {
            if (extent.begin < expected) {
                return corrupt(fmt::format("tensor {} overlaps the one before it", extent.name));
            }
            if (extent.begin > expected) {
                return corrupt(fmt::format("there is a gap in front of tensor {}", extent.name));
            }
            expected = extent.end;
        }
        if (expected != m_data.size()) {
            return corrupt(fmt::format("{} bytes follow the last tensor", m_data.size() - expected));
        }
        return {};
    }

    std::string_view m_bytes;
    std::string_view m_data;
    std::string m_name;
    std::vector<Extent> m_extents;
};

/// @return the number of values that the shape calls for, absent where a size is negative
std::optional<std::size_t> elementCount(const Weights& weights) {
    std::size_t count = 1;
    for (const auto size : weights.shape) {
        if (size < 0) return std::nullopt;
        count *= static_cast<std::size_t>(size);
    }
    return count;
}

} // namespace

Result<WeightFile> parseWeightFile(std::string_view bytes, const std::string& name) {
    return Parser(bytes, name).parse();
}

Result<WeightFile> readWeightFile(const std::filesystem::path& path) {
    const auto bytes = readFile(path);
    if (!bytes) return forward(bytes);
    return parseWeightFile(*bytes, path.string());
}

std::string serialise(const WeightFile& file) {
    Json header = Json::object();
    if (!file.metadata.empty()) header[kMetadata] = file.metadata;
    std::size_t offset = 0;
    for (const auto& [name, weights] : file.tensors) {
        const std::size_t end = offset + weights.values.size() * sizeof(float);
        header[name] = {{"dtype", "F32"}, {"shape", weights.shape}, {"data_offsets", {offset, end}}};
        offset = end;
    }
    std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
    // Readers that map the file expect the data aligned to 8 bytes.
    text.append((kLengthBytes - text.size() % kLengthBytes) % kLengthBytes, ' ');

    const std::uint64_t length = text.size();
    std::string bytes(kLengthBytes, '\0');
    std::memcpy(bytes.data(), &length, kLengthBytes);
    bytes.reserve(kLengthBytes + text.size() + offset);
    bytes += text;
    for (const auto& [name, weights] : file.tensors) {
        if (weights.values.empty()) continue;
        bytes.append(reinterpret_cast<const char*>(weights.values.data()),
                     weights.values.size() * sizeof(float));
    }
    return bytes;
}

Result<void> writeWeightFile(const std::filesystem::path& path, const WeightFile& file) {
    for (const auto& [name, weights] : file.tensors) {
        if (elementCount(weights) != weights.values.size()) {
            return fail(ErrorCode::Internal,
                        fmt::format("Tensor {} has {} values, which do not fit its shape.", name,
                                    weights.values.size()));
        }
    }
    return writeFileAtomically(path, serialise(file));
}

} // namespace headroom::compute
