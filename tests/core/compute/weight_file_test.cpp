#include "core/compute/weight_file.h"

#include <cstring>
#include <filesystem>
#include <limits>
#include <unistd.h>

#include <gtest/gtest.h>

#include "core/base/random.h"

namespace headroom::compute {
namespace {

std::string withHeader(const std::string& header, std::size_t dataBytes) {
    const std::uint64_t length = header.size();
    std::string bytes(8, '\0');
    std::memcpy(bytes.data(), &length, 8);
    return bytes + header + std::string(dataBytes, '\0');
}

WeightFile example() {
    WeightFile file;
    file.tensors["a.weight"] = {{2, 3}, {1, 2, 3, 4, 5, 6}};
    file.tensors["b.bias"] = {{2}, {-1.5F, std::numeric_limits<float>::denorm_min()}};
    file.tensors["empty"] = {{0}, {}};
    file.tensors["scalar"] = {{}, {7}};
    file.metadata["note"] = "a \"quoted\" note";
    return file;
}

void expectCorrupt(const std::string& bytes, const std::string& word) {
    const auto file = parseWeightFile(bytes, "some.safetensors");
    ASSERT_FALSE(file) << word;
    EXPECT_EQ(file.error().code, ErrorCode::Corrupt);
    EXPECT_EQ(file.error().file, "some.safetensors");
    EXPECT_NE(file.error().message.find(word), std::string::npos) << file.error().message;
}

TEST(WeightFile, ReadsBackWhatItWrote) {
    const auto written = example();
    const auto read = parseWeightFile(serialise(written), "x");
    ASSERT_TRUE(read) << read.error().describe();
    EXPECT_EQ(read->metadata, written.metadata);
    ASSERT_EQ(read->tensors.size(), written.tensors.size());
    for (const auto& [name, weights] : written.tensors) {
        EXPECT_EQ(read->tensors.at(name).shape, weights.shape);
        EXPECT_EQ(read->tensors.at(name).values, weights.values);
    }
}

/// The layout that the format's description gives, byte by byte.
TEST(WeightFile, FollowsTheFormat) {
    const std::string header = R"({"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
    auto bytes = withHeader(header, 8);
    const float values[] = {1.25F, -3};
    std::memcpy(bytes.data() + 8 + header.size(), values, 8);
    const auto file = parseWeightFile(bytes, "x");
    ASSERT_TRUE(file) << file.error().describe();
    EXPECT_EQ(file->tensors.at("t").values, (std::vector<float>{1.25F, -3}));

    WeightFile same;
    same.tensors["t"] = {{2}, {1.25F, -3}};
    const auto ours = serialise(same);
    EXPECT_EQ(static_cast<unsigned char>(ours[0]) % 8, 0) << "data are aligned";
    EXPECT_EQ(ours.substr(ours.size() - 8), bytes.substr(bytes.size() - 8));
}

TEST(WeightFile, GoesThroughADiskFile) {
    const auto path =
        std::filesystem::temp_directory_path() / ("headroom_weights_" + std::to_string(getpid()));
    ASSERT_TRUE(writeWeightFile(path, example()));
    const auto read = readWeightFile(path);
    std::filesystem::remove(path);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->tensors.size(), 4U);
    const auto missing = readWeightFile(path);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::NotFound);
}

TEST(WeightFile, WillNotWriteATensorThatDoesNotFitItsShape) {
    WeightFile file;
    file.tensors["t"] = {{3}, {1, 2}};
    const auto written = writeWeightFile("/nonexistent/file", file);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::Internal);
}

TEST(WeightFile, RefusesTruncationAnywhere) {
    const auto bytes = serialise(example());
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        const auto file = parseWeightFile(std::string_view(bytes).substr(0, length), "x");
        ASSERT_FALSE(file) << length;
        EXPECT_EQ(file.error().code, ErrorCode::Corrupt);
    }
    expectCorrupt(bytes + "x", "follow");
}

TEST(WeightFile, RefusesAHugeHeader) {
    std::string bytes(16, '\xff');
    expectCorrupt(bytes, "header of");
    const std::uint64_t length = 1ULL << 40U;
    std::memcpy(bytes.data(), &length, 8);
    expectCorrupt(bytes, "header of");
}

TEST(WeightFile, RefusesHeadersThatAreNoObjects) {
    expectCorrupt(withHeader("", 0), "JSON");
    expectCorrupt(withHeader("[]", 0), "JSON");
    expectCorrupt(withHeader("{\"t\":", 0), "JSON");
    expectCorrupt(withHeader(std::string(100000, '['), 0), "JSON");
    expectCorrupt(withHeader("{\"\xff\":1}", 0), "JSON");
}

TEST(WeightFile, RefusesBadTensors) {
    const auto tensor = [](const std::string& entry) { return "{\"t\":" + entry + "}"; };
    expectCorrupt(withHeader(tensor("1"), 0), "t lacks");
    expectCorrupt(withHeader(tensor(R"({"dtype":"F32","shape":[1]})"), 4), "t lacks");
    expectCorrupt(withHeader(tensor(R"({"dtype":"F16","shape":[2],"data_offsets":[0,4]})"), 4), "F16");
    expectCorrupt(withHeader(tensor(R"({"dtype":3,"shape":[1],"data_offsets":[0,4]})"), 4), "type");
    expectCorrupt(withHeader(tensor(R"({"dtype":"F32","shape":[1],"data_offsets":[0]})"), 4), "offsets");
    expectCorrupt(withHeader(tensor(R"({"dtype":"F32","shape":[1],"data_offsets":[4,0]})"), 4), "range");
    expectCorrupt(withHeader(tensor(R"({"dtype":"F32","shape":[1],"data_offsets":[-4,0]})"), 4), "range");
    expectCorrupt(withHeader(tensor(R"({"dtype":"F32","shape":[1],"data_offsets":[0.5,4]})"), 4), "range");
    expectCorrupt(withHeader(tensor(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})"), 4),
                  "beyond the end");
    expectCorrupt(withHeader(tensor(R"({"dtype":"F32","shape":[2],"data_offsets":[0,4]})"), 4), "shape");
    expectCorrupt(withHeader(tensor(R"({"dtype":"F32","shape":[-1],"data_offsets":[0,4]})"), 4), "shape");
    expectCorrupt(withHeader(tensor(R"({"dtype":"F32","shape":{},"data_offsets":[0,4]})"), 4), "shape");
    // 2^62 + 1 elements of 4 bytes are 4 bytes modulo 2^64.
    expectCorrupt(
        withHeader(tensor(R"({"dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4]})"), 4),
        "shape");
    expectCorrupt(
        withHeader(tensor(R"({"dtype":"F32","shape":[4,4294967296,4294967296],"data_offsets":[0,4]})"), 4),
        "shape");
}

TEST(WeightFile, RefusesOverlapsGapsAndDuplicates) {
    const auto pair = [](const std::string& first, const std::string& second, const std::string& name) {
        return R"({"a":{"dtype":"F32","shape":[1],"data_offsets":)" + first + R"(},")" + name +
               R"(":{"dtype":"F32","shape":[1],"data_offsets":)" + second + "}}";
    };
    ASSERT_TRUE(parseWeightFile(withHeader(pair("[4,8]", "[0,4]", "b"), 8), "x"));
    expectCorrupt(withHeader(pair("[0,4]", "[0,4]", "b"), 4), "overlaps");
    expectCorrupt(withHeader(pair("[0,4]", "[2,6]", "b"), 6), "overlaps");
    expectCorrupt(withHeader(pair("[0,4]", "[8,12]", "b"), 12), "gap");
    expectCorrupt(withHeader(pair("[0,4]", "[4,8]", "a"), 8), "twice");
}

TEST(WeightFile, RefusesBadMetadata) {
    expectCorrupt(withHeader(R"({"__metadata__":3})", 0), "metadata");
    expectCorrupt(withHeader(R"({"__metadata__":{"a":3}})", 0), "metadata");
}

/// Whatever the bytes are, the reader answers, and what it accepts is consistent.
TEST(WeightFile, SurvivesMutations) {
    const auto original = serialise(example());
    RandomEngine engine(11);
    int accepted = 0;
    for (int round = 0; round < 20000; ++round) {
        std::string bytes = original;
        const int changes = 1 + static_cast<int>(engine() % 4);
        for (int i = 0; i < changes && !bytes.empty(); ++i) {
            const std::size_t at = engine() % bytes.size();
            switch (engine() % 5) {
            case 0:
                bytes[at] = static_cast<char>(engine() % 256);
                break;
            case 1:
                bytes[at] = "0123456789-[]{},:\"eE."[engine() % 21];
                break;
            case 2:
                bytes.erase(at, 1 + engine() % 8);
                break;
            case 3:
                bytes.insert(at, bytes.substr(engine() % bytes.size(), 1 + engine() % 24));
                break;
            default:
                bytes.resize(at);
                break;
            }
        }
        const auto file = parseWeightFile(bytes, "x");
        if (!file) {
            ASSERT_EQ(file.error().code, ErrorCode::Corrupt);
            continue;
        }
        ++accepted;
        for (const auto& [name, weights] : file->tensors) {
            std::size_t count = 1;
            for (const auto size : weights.shape)
                count *= static_cast<std::size_t>(size);
            ASSERT_EQ(count, weights.values.size()) << name;
        }
    }
    EXPECT_GT(accepted, 0) << "changes of values alone are valid files";
}

} // namespace
} // namespace headroom::compute
