#include "core/base/hash.h"

#include <gtest/gtest.h>

namespace headroom {
namespace {

// FIPS 180-4, examples for SHA-256.
TEST(Hash, MatchesThePublishedExamples) {
    EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Hash, NamesAMissingFile) {
    EXPECT_FALSE(sha256OfFile("/nonexistent/file"));
}

} // namespace
} // namespace headroom
