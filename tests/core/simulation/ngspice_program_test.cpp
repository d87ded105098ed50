#include <cstdlib>

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/random.h"
#include "core/simulation/ngspice_program.h"
#include "core/simulation/raw_file.h"
#include "tests/core/simulation/test_amplifiers.h"

namespace headroom::simulation {
namespace {

class EnvironmentVariable {
public:
    EnvironmentVariable(const char* name, const std::string& value)
        : m_name(name) {
        ::setenv(name, value.c_str(), 1);
    }
    ~EnvironmentVariable() { ::unsetenv(m_name); }
    EnvironmentVariable(const EnvironmentVariable&) = delete;
    EnvironmentVariable& operator=(const EnvironmentVariable&) = delete;

private:
    const char* m_name;
};

std::string rawFile() {
    std::string bytes =
        "Title: t\nDate: d\nPlotname: AC Analysis\nFlags: complex\nNo. Variables: 3\nNo. Points: 2\n"
        "Variables:\n\t0\tfrequency\tfrequency grid=3\n\t1\tv(n2)\tvoltage\n\t2\ti(v_dd)\tcurrent\n"
        "Binary:\n";
    const std::vector<double> numbers = {1, 0, 2, 3, 4, 5, 10, 0, 6, 7, 8, 9};
    bytes.append(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(double));
    return bytes;
}

TEST(RawFile, GivesVectorsByTheirShortNames) {
    const auto vectors = readRawFile(rawFile());
    ASSERT_TRUE(vectors);
    EXPECT_EQ(vectors->at("n2").numbers, (std::vector<double>{2, 3, 6, 7}));
    EXPECT_EQ(vectors->at("v_dd#branch").width, 2);
    EXPECT_EQ(vectors->at("frequency").size(), 2U);
}

TEST(RawFile, DamageIsAnErrorAndNeverACrash) {
    const std::string whole = rawFile();
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(readRawFile(whole.substr(0, size))) << size;
    RandomEngine engine(1);
    for (int round = 0; round < 2000; ++round) {
        std::string damaged = whole;
        for (int flips = 0; flips < 3; ++flips)
            damaged[static_cast<std::size_t>(uniform(engine, 0, static_cast<double>(damaged.size())))] =
                static_cast<char>(uniform(engine, 0, 256));
        static_cast<void>(readRawFile(damaged));
    }
}

TEST(NgspiceProgram, AMissingProgramIsSaidWhenThePoolIsMade) {
    const EnvironmentVariable none("HEADROOM_NGSPICE", "/nowhere/ngspice");
    PoolOptions options;
    options.engine = EngineKind::Program;
    const auto pool = EvaluationPool::create(exampleAmplifier("miller.sp"), {}, options);
    ASSERT_FALSE(pool);
    EXPECT_EQ(pool.error().code, ErrorCode::Simulator);
    EXPECT_NE(pool.error().message.find("/nowhere/ngspice"), std::string::npos);
}

TEST(NgspiceProgram, AnotherProgramInItsPlaceIsAnErrorOfTheEvaluation) {
    const EnvironmentVariable other("HEADROOM_NGSPICE", "/bin/true");
    PoolOptions options;
    options.engine = EngineKind::Program;
    const auto pool = makePool(exampleAmplifier("miller.sp"), {}, options);
    const Evaluation evaluation = simulate(*pool);
    ASSERT_FALSE(evaluation.ok());
    EXPECT_EQ(evaluation.error->message, "/bin/true does not answer as ngspice does.");
    EXPECT_FALSE(programVersion("/bin/true"));
}

TEST(NgspiceProgram, AHangingProgramIsStopped) {
    const auto script = std::filesystem::path(testing::TempDir()) /
                        ("headroom_hanging_ngspice_" + std::to_string(::getpid()));
    ASSERT_TRUE(writeFileAtomically(script, "#!/bin/sh\nexec sleep 600\n"));
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
    const EnvironmentVariable hanging("HEADROOM_NGSPICE", script.string());
    PoolOptions options;
    options.engine = EngineKind::Program;
    options.timeoutSeconds = 0.2;
    const Evaluation evaluation = simulate(*makePool(exampleAmplifier("miller.sp"), {}, options));
    ASSERT_FALSE(evaluation.ok());
    EXPECT_NE(evaluation.error->message.find("in time"), std::string::npos) << evaluation.error->message;
}

} // namespace
} // namespace headroom::simulation
