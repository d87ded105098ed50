#include "core/sizing/model_origin.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/quantity.h"
#include "core/sizing/amplifier_source.h"
#include "core/sizing/sizing_model.h"

namespace headroom::sizing {
namespace {

/// More names than these are counted.
constexpr std::size_t kNamed = 6;
constexpr std::size_t kFingerprintDigits = 12;

/// A device as deviceLines() writes it.
struct DeviceLine {
    std::string model;
    std::vector<std::string> nets;
};

std::map<std::string, DeviceLine> parse(const std::vector<std::string>& lines) {
    std::map<std::string, DeviceLine> devices;
    for (const std::string& line : lines) {
        std::istringstream words(line);
        std::string name;
        std::getline(words, name, ' ');
        DeviceLine& device = devices[name];
        std::getline(words, device.model, ' ');
        for (std::string net; std::getline(words, net, ' ');)
            device.nets.push_back(net);
    }
    return devices;
}

std::string named(const std::vector<std::string>& names) {
    if (names.size() <= kNamed) return fmt::format("{}", fmt::join(names, ", "));
    return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + kNamed, ", "),
                       names.size() - kNamed);
}

/// Which nets of one circuit are which of the other, as far as devices of the same name tell.
class NetPairs {
public:
    /// @return whether the device's connections agree with those seen before
    bool take(const std::vector<std::string>& there, const std::vector<std::string>& here) {
        if (there.size() != here.size()) return false;
        bool agree = true;
        for (std::size_t i = 0; i < there.size(); ++i) {
            agree = m_here.try_emplace(there[i], here[i]).first->second == here[i] && agree;
            agree = m_there.try_emplace(here[i], there[i]).first->second == there[i] && agree;
        }
        return agree;
    }

private:
    std::map<std::string, std::string> m_here, m_there;
};

/// Clauses that say how this circuit differs from the model's; empty where only nets are called otherwise.
std::vector<std::string> circuitDifferences(const std::vector<std::string>& madeFor,
                                            const std::vector<std::string>& given) {
    const auto there = parse(madeFor);
    const auto here = parse(given);
    std::vector<std::string> missing, additional, models, connections, clauses;
    NetPairs pairs;
    for (const auto& [name, device] : there) {
        const auto found = here.find(name);
        if (found == here.end()) {
            missing.push_back(name);
            continue;
        }
        if (device.model != found->second.model)
            models.push_back(fmt::format("{} ({} instead of {})", name, found->second.model, device.model));
        if (!pairs.take(device.nets, found->second.nets)) connections.push_back(name);
    }
    for (const auto& [name, device] : here) {
        if (!there.contains(name)) additional.push_back(name);
    }
    if (!missing.empty()) clauses.push_back("it lacks " + named(missing));
    if (!additional.empty()) clauses.push_back("it has " + named(additional) + " besides");
    if (!models.empty()) clauses.push_back("it has another model in " + named(models));
    if (!connections.empty()) clauses.push_back("it connects " + named(connections) + " otherwise");
    return clauses;
}

std::string fingerprints(const std::string& there, const std::string& here) {
    return fmt::format("fingerprint {} instead of {}", here.substr(0, kFingerprintDigits),
                       there.substr(0, kFingerprintDigits));
}

std::map<std::string, double> conditionsOf(const technology::Technology& technology) {
    return {{"supply_voltage", technology.supplyVoltage},
            {"temperature", technology.temperature},
            {"bias_current", technology.biasCurrent},
            {"load_capacitance", technology.loadCapacitance}};
}

/// Empty where the models are files of a design kit, whose fingerprint is that of one machine's copy.
std::string fingerprintOf(const technology::Technology& technology) {
    return technology.library ? std::string() : technology.fingerprint();
}

Result<void> checkTechnology(const ModelCard& card, const technology::Technology& technology) {
    if (card.technology != technology.name) {
        return fail(ErrorCode::BadInput,
                    fmt::format("The model was made in the technology {}, not in {}: train one on a data set "
                                "of this technology.",
                                card.technology, technology.name));
    }
    const ModelOrigin& origin = card.origin;
    std::vector<std::string> differences;
    for (const auto& [key, value] : conditionsOf(technology)) {
        const auto found = origin.conditions.find(key);
        if (found != origin.conditions.end() && found->second != value)
            differences.push_back(
                fmt::format("{} {} instead of {}", key, formatExact(value), formatExact(found->second)));
    }
    const std::string fingerprint = fingerprintOf(technology);
    const bool knowsFigures = !origin.technologyFingerprint.empty() && !fingerprint.empty();
    if (differences.empty() && knowsFigures && origin.technologyFingerprint != fingerprint) {
        differences.push_back(fmt::format("the figures of its device models, {}",
                                          fingerprints(origin.technologyFingerprint, fingerprint)));
    }
    if (differences.empty()) return {};
    return fail(ErrorCode::BadInput,
                fmt::format("The model was made in another version of the technology {}, which differs: {}.",
                            card.technology, named(differences)));
}

} // namespace

ModelOrigin originOf(const simulation::AmplifierUnderTest& amplifier) {
    return {deviceLines(amplifier.netlist.circuit), fingerprintOf(amplifier.technology),
            conditionsOf(amplifier.technology)};
}

Result<void> checkOrigin(const ModelCard& card, const simulation::AmplifierUnderTest& amplifier) {
    const std::string hash = circuitHash(amplifier.netlist.circuit);
    if (!card.netlistHash.empty() && card.netlistHash != hash) {
        const auto clauses =
            card.origin.devices.empty()
                ? std::vector<std::string>{fingerprints(card.netlistHash, hash)}
                : circuitDifferences(card.origin.devices, deviceLines(amplifier.netlist.circuit));
        if (!clauses.empty()) {
            return fail(ErrorCode::BadInput,
                        fmt::format("The model was made for another circuit ({}) than {}: {}.", card.circuit,
                                    amplifier.netlist.circuit.name, fmt::join(clauses, ", ")));
        }
    }
    return checkTechnology(card, amplifier.technology);
}

Result<void> checkVariables(const std::vector<std::string>& names, const DesignSpace& space) {
    std::vector<std::string> own;
    for (const Variable& variable : space.variables())
        own.push_back(variable.name);
    if (names == own) return {};
    const auto without = [](const std::vector<std::string>& all, const std::vector<std::string>& known) {
        std::vector<std::string> rest;
        for (const std::string& name : all) {
            if (std::count(known.begin(), known.end(), name) == 0)
                rest.push_back(fmt::format("\"{}\"", name));
        }
        return rest;
    };
    std::vector<std::string> clauses;
    if (const auto missing = without(names, own); !missing.empty())
        clauses.push_back("this one does not have " + named(missing));
    if (const auto additional = without(own, names); !additional.empty())
        clauses.push_back("this one has " + named(additional) + " besides");
    if (clauses.empty()) clauses.emplace_back("they come in another order");
    return fail(
        ErrorCode::BadInput,
        fmt::format("The model or data set was made for another circuit, whose parameters differ: {}.",
                    fmt::join(clauses, ", ")));
}

} // namespace headroom::sizing
