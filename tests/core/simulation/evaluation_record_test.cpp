#include "core/simulation/evaluation_record.h"

#include <limits>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/simulation/cbor.h"
#include "tests/core/simulation/test_evaluations.h"

namespace headroom::simulation {
namespace {

constexpr std::string_view kKey = "a key";

/// The item without its checksum, which would let no change through to what reads it.
std::string itemOf(const std::string& record) {
    return record.substr(0, record.size() - 8);
}

void expectCorrupt(const Bench& bench, const std::string& bytes) {
    const Result<Evaluation> read = readEvaluationRecord(bench, kKey, bytes);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ErrorCode::Corrupt);
}

std::vector<Evaluation> samples(const Bench& bench) {
    std::vector<Evaluation> all = {{},
                                   inventedEvaluation(bench, 1),
                                   inventedEvaluation(bench, 2, true),
                                   inventedEvaluation(bench, 3),
                                   inventedEvaluation(bench, 4, true)};
    all[3].error = Error{ErrorCode::Infeasible, "M6 leaves saturation.", {}, 0, "at 27 °C"};
    all[3].performances[Performance::GainDb] = std::numeric_limits<double>::quiet_NaN();
    all[3].measurements = {{"never", -std::numeric_limits<double>::infinity()}};
    Curves some = *all[4].curves;
    some.rising.reset();
    some.gain.reset();
    some.outputDown.reset();
    all[4].curves = std::make_shared<const Curves>(some);
    return all;
}

TEST(EvaluationRecord, KeepsEveryBit) {
    const InventedBench invented;
    for (const Evaluation& evaluation : samples(invented.bench())) {
        const auto read = readEvaluationRecord(invented.bench(), kKey,
                                               writeEvaluationRecord(invented.bench(), kKey, evaluation));
        ASSERT_TRUE(read) << read.error().describe();
        EXPECT_EQ(difference(evaluation, *read), "");
        EXPECT_TRUE(read->fromCache);
        EXPECT_EQ(read->simulations, 0);
    }
}

TEST(EvaluationRecord, OfAnotherCircuitIsCorrupt) {
    const InventedBench miller, folded("folded_cascode.sp");
    expectCorrupt(folded.bench(),
                  writeEvaluationRecord(miller.bench(), kKey, inventedEvaluation(miller.bench(), 1)));
}

TEST(EvaluationRecord, UnderAnotherKeyIsCorrupt) {
    const InventedBench invented;
    const std::string record =
        writeEvaluationRecord(invented.bench(), kKey, inventedEvaluation(invented.bench(), 1));
    EXPECT_FALSE(readEvaluationRecord(invented.bench(), "another", record));
}

TEST(EvaluationRecord, EveryTruncationIsCorrupt) {
    const InventedBench invented;
    const Bench& bench = invented.bench();
    for (const Evaluation& evaluation : samples(bench)) {
        const std::string record = writeEvaluationRecord(bench, kKey, evaluation);
        const std::string item = itemOf(record);
        for (std::size_t size = 0; size < record.size(); ++size)
            expectCorrupt(bench, record.substr(0, size));
        for (std::size_t size = 0; size < item.size(); ++size)
            expectCorrupt(bench, sealRecord(kKey, item.substr(0, size)));
        expectCorrupt(bench, record + '\0');
        expectCorrupt(bench, sealRecord(kKey, item + '\0'));
    }
}

TEST(EvaluationRecord, EveryFlippedByteIsCorrupt) {
    const InventedBench invented;
    const Bench& bench = invented.bench();
    for (const Evaluation& evaluation : samples(bench)) {
        const std::string record = writeEvaluationRecord(bench, kKey, evaluation);
        for (std::size_t at = 0; at < record.size(); ++at) {
            for (const unsigned flip : {0x01U, 0x10U, 0x80U, 0xffU}) {
                std::string changed = record;
                changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ flip);
                expectCorrupt(bench, changed);
            }
        }
    }
}

// Behind a right checksum anything may stand: it is either an evaluation or Corrupt, and never more than the
// bytes that are there.
TEST(EvaluationRecord, WhateverIsSealedIsReadWithoutHarm) {
    const InventedBench invented;
    const Bench& bench = invented.bench();
    const auto readAnything = [&](const std::string& item) {
        const Result<Evaluation> read = readEvaluationRecord(bench, kKey, sealRecord(kKey, item));
        EXPECT_TRUE(read || read.error().code == ErrorCode::Corrupt);
    };
    RandomEngine engine(7);
    for (const Evaluation& evaluation : samples(bench)) {
        const std::string item = itemOf(writeEvaluationRecord(bench, kKey, evaluation));
        for (std::size_t at = 0; at < item.size(); ++at) {
            for (int round = 0; round < 8; ++round) {
                std::string changed = item;
                changed[at] = static_cast<char>(engine() & 0xffU);
                readAnything(changed);
            }
        }
    }
    for (int round = 0; round < 20000; ++round) {
        std::string noise(engine() % 60, '\0');
        for (char& byte : noise)
            byte = static_cast<char>(engine() & 0xffU);
        readAnything(noise);
        readAnything("\x87\x01" + noise);
    }
    readAnything(std::string(1000000, '\x81')); // arrays in arrays
    readAnything("\x87\x01\x9b\xff\xff\xff\xff\xff\xff\xff\xff");
    readAnything("\x87\x01\x80\xd8\x56\x5b\x7f\xff\xff\xff\xff\xff\xff\xff");
}

TEST(EvaluationRecord, NumbersOfAllLengthsComeBack) {
    for (const std::uint64_t value : std::initializer_list<std::uint64_t>{
             0, 23, 24, 255, 256, 65535, 65536, 0xffffffff, 0x100000000, 0xffffffffffffffff}) {
        CborWriter writer;
        writer.integer(value);
        writer.text(std::string(value % 70000, 'x'));
        const std::string bytes = writer.take();
        CborReader reader(bytes);
        EXPECT_EQ(reader.integer(), value);
        EXPECT_EQ(reader.text().size(), value % 70000);
        EXPECT_TRUE(reader.finished());
    }
}

} // namespace
} // namespace headroom::simulation
