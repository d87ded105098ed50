#include "tests/core/simulation/test_amplifiers.h"

#include <stdexcept>

#include "core/base/file.h"
#include "core/base/random.h"

namespace headroom::simulation {
namespace {

template <class T>
T valueOrThrow(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().describe());
    return std::move(*result);
}

std::shared_ptr<const AmplifierUnderTest> assemble(netlist::Netlist read, const std::string& technology) {
    auto amplifier = std::make_shared<AmplifierUnderTest>();
    amplifier->netlist = std::move(read);
    amplifier->structure = structure::recognise(amplifier->netlist.circuit);
    amplifier->technology = valueOrThrow(technology::loadTechnology(technology));
    return amplifier;
}

} // namespace

std::shared_ptr<const AmplifierUnderTest> exampleAmplifier(const std::string& fileName) {
    return amplifierFromFile(resourcePath("examples/" + fileName), "freepdk45");
}

std::shared_ptr<const AmplifierUnderTest> amplifierFromFile(const std::filesystem::path& file,
                                                            const std::string& technology) {
    return assemble(valueOrThrow(netlist::readNetlist(file)), technology);
}

std::shared_ptr<const AmplifierUnderTest> amplifierFromText(const std::string& text,
                                                            const std::string& technology) {
    return assemble(valueOrThrow(netlist::parseNetlist(text, "test.sp")), technology);
}

std::shared_ptr<const AmplifierUnderTest> sizedAmplifier(const std::string& fileName,
                                                         const std::string& technology) {
    std::string text = valueOrThrow(
        readFile(std::filesystem::path(HEADROOM_TEST_SOURCE_DIR) / "tests/data/amplifiers" / fileName));
    for (const auto& [model, size] :
         {std::pair(" nmos ", " nmos W=10u L=0.2u "), std::pair(" pmos ", " pmos W=20u L=0.2u ")})
        for (std::size_t at = text.find(model); at != std::string::npos; at = text.find(model, at + 1))
            text.replace(at, std::string_view(model).size(), size);
    return assemble(valueOrThrow(netlist::parseNetlist(text, fileName)), technology);
}

Sizing scatteredSizing(const AmplifierUnderTest& amplifier, double spread, std::uint64_t seed) {
    RandomEngine engine(seed);
    Sizing sizing;
    for (const netlist::Device& device : amplifier.netlist.circuit.devices) {
        if (device.type != netlist::DeviceType::Mosfet) continue;
        for (const char* parameter : {"w", "l"})
            sizing.push_back({device.name, parameter,
                              device.number(parameter).value() * uniform(engine, 1 - spread, 1 + spread)});
    }
    return sizing;
}

std::unique_ptr<EvaluationPool> makePool(std::shared_ptr<const AmplifierUnderTest> amplifier,
                                         const EvaluationSettings& settings, PoolOptions options) {
    if (options.workers == 0) options.workers = 2;
    return valueOrThrow(EvaluationPool::create(std::move(amplifier), settings, options));
}

Evaluation simulate(EvaluationPool& pool, const Sizing& sizing) {
    SilentContext context;
    return valueOrThrow(pool.evaluateOne(sizing, context));
}

std::vector<Performance> allPerformances() {
    return wholeExtent().performances;
}

} // namespace headroom::simulation
