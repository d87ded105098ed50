#include "core/sizing/electrical_drawing.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "core/base/quantity.h"
#include "core/base/random.h"
#include "core/sizing/branch_currents.h"

namespace headroom::sizing {
namespace {

using netlist::Device;
using netlist::DeviceType;
using netlist::Polarity;

constexpr double kThermalVoltage = 0.02585;            // V at 300 K
constexpr double kSlopeFactor = 1.4;                   // n, typical of bulk CMOS
constexpr double kOxidePermittivity = 3.9 * 8.854e-12; // F/m
constexpr double kRatioLow = 0.3, kRatioHigh = 8;
constexpr double kInversionLow = 0.02, kInversionHigh = 4;
constexpr double kLengthLow = 1.6, kLengthHigh = 20; // times the minimum length
constexpr double kWeakestBranch = 0.1;               // of the bias current
constexpr double kInertWidthHigh = 50;               // times the least width

/// Technology current I0 (A): drain current of a square device at inversion coefficient 1.
double technologyCurrent(const technology::Technology& technology, const technology::MosfetRules& rules) {
    const double fallback = rules.polarity == Polarity::N ? 6e-7 : 2e-7;
    const auto card = technology.cards.find(rules.model);
    if (card == technology.cards.end()) return fallback;
    const auto mobility = card->second.figures.find("u0");
    const auto oxide = card->second.figures.find("toxe");
    if (mobility == card->second.figures.end() || oxide == card->second.figures.end()) return fallback;
    // BSIM takes mobilities above 1 as cm^2/(V s).
    const double u0 = mobility->second > 1 ? mobility->second * 1e-4 : mobility->second;
    return 2 * kSlopeFactor * u0 * (kOxidePermittivity / oxide->second) * kThermalVoltage * kThermalVoltage;
}

} // namespace

/// Why a drawing is none, and of which variable or device.
enum class Refusal { None, NoCurrents, WeakBranch, Width };

struct ElectricalDrawing::Impl {
    const simulation::AmplifierUnderTest& amplifier;
    const DesignSpace& space;
    double biasCurrent;
    BranchCurrents currents;
    std::map<DeviceId, double> squareCurrent; ///< I0 of each MOSFET
    std::vector<bool> conducts;               ///< by DeviceId

    struct Drawn {
        std::vector<double> values;
        Refusal refusal = Refusal::None;
        std::size_t subject = 0; ///< the device of a weak branch, the variable of a width
    };

    Impl(const simulation::AmplifierUnderTest& a, const DesignSpace& s, double bias)
        : amplifier(a)
        , space(s)
        , biasCurrent(bias)
        , currents(a, s, bias) {
        const auto& devices = amplifier.netlist.circuit.devices;
        conducts.assign(devices.size(), false);
        for (const DeviceId id : currents.devices())
            conducts[static_cast<std::size_t>(id)] = true;
        for (DeviceId id = 0; id < static_cast<DeviceId>(devices.size()); ++id) {
            const Device& device = devices[static_cast<std::size_t>(id)];
            if (device.type != DeviceType::Mosfet) continue;
            const technology::MosfetRules* rules = amplifier.technology.rulesFor(device);
            squareCurrent[id] = rules != nullptr ? technologyCurrent(amplifier.technology, *rules) : 5e-7;
        }
    }

    Drawn draw(std::uint64_t seed, std::uint64_t index) const;
};

ElectricalDrawing::Impl::Drawn ElectricalDrawing::Impl::draw(std::uint64_t seed, std::uint64_t index) const {
    RandomEngine engine(deriveSeed(seed, index));
    std::vector<double> ratios(currents.freeRatios());
    for (double& ratio : ratios)
        ratio = logUniform(engine, kRatioLow, kRatioHigh);
    const auto drains = currents.solve(ratios);
    if (!drains) return {{}, Refusal::NoCurrents, 0};
    for (const DeviceId id : currents.devices()) {
        const auto device = static_cast<std::size_t>(id);
        if ((*drains)[device] < kWeakestBranch * biasCurrent) return {{}, Refusal::WeakBranch, device};
    }
    const auto& variables = space.variables();
    std::vector<double> values(variables.size(), 0.0);
    std::map<DeviceId, double> lengthOf;
    std::map<DeviceId, double> inversionOf;
    for (std::size_t v = 0; v < variables.size(); ++v) {
        const Variable& variable = variables[v];
        if (variable.parameter == "w") continue;
        if (variable.parameter == "value") {
            values[v] = logUniform(engine, variable.low, variable.high);
            continue;
        }
        const double high = std::min(variable.high, variable.low * kLengthHigh);
        values[v] = logUniform(engine, variable.low * kLengthLow, high);
        const double inversion = logUniform(engine, kInversionLow, kInversionHigh);
        for (const DeviceId id : variable.devices) {
            lengthOf[id] = values[v];
            inversionOf[id] = inversion;
        }
    }
    for (std::size_t v = 0; v < variables.size(); ++v) {
        const Variable& variable = variables[v];
        if (variable.parameter != "w") continue;
        const DeviceId id = variable.devices.front();
        if (!conducts[static_cast<std::size_t>(id)]) {
            values[v] =
                logUniform(engine, variable.low, std::min(variable.high, variable.low * kInertWidthHigh));
            continue;
        }
        const double current = (*drains)[static_cast<std::size_t>(id)];
        const double inversion = inversionOf.at(currents.biasedAlike(id).value_or(id));
        values[v] = lengthOf.at(id) * current * currents.stretch(id) / (inversion * squareCurrent.at(id));
        if (values[v] < variable.low || values[v] > variable.high) return {{}, Refusal::Width, v};
    }
    return {space.snap(values), Refusal::None, 0};
}

ElectricalDrawing::ElectricalDrawing(const simulation::AmplifierUnderTest& amplifier,
                                     const DesignSpace& space, double biasCurrent)
    : m_impl(std::make_unique<Impl>(amplifier, space, biasCurrent)) {}

ElectricalDrawing::~ElectricalDrawing() = default;

std::size_t ElectricalDrawing::freeRatios() const {
    return m_impl->currents.freeRatios();
}

std::optional<std::vector<double>>
ElectricalDrawing::branchCurrents(const std::vector<double>& ratios) const {
    return m_impl->currents.solve(ratios);
}

std::optional<std::vector<double>> ElectricalDrawing::currentsOf(std::span<const double> values) const {
    return m_impl->currents.ofSizes(values);
}

double ElectricalDrawing::squareCurrent(DeviceId device) const {
    return m_impl->squareCurrent.at(device);
}

double ElectricalDrawing::stretch(DeviceId device) const {
    return m_impl->currents.stretch(device);
}

std::optional<std::vector<double>> ElectricalDrawing::draw(std::uint64_t seed, std::uint64_t index) const {
    Impl::Drawn drawn = m_impl->draw(seed, index);
    if (drawn.refusal != Refusal::None) return std::nullopt;
    return std::move(drawn.values);
}

std::string ElectricalDrawing::whyNone(std::uint64_t seed, std::uint64_t from) const {
    constexpr std::uint64_t kLookedAt = 500;
    std::map<std::pair<Refusal, std::size_t>, int> counts;
    for (std::uint64_t index = from; index < from + kLookedAt; ++index) {
        const Impl::Drawn drawn = m_impl->draw(seed, index);
        ++counts[{drawn.refusal, drawn.subject}];
    }
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    const auto& [refusal, subject] = most->first;
    switch (refusal) {
    case Refusal::NoCurrents:
        return "Kirchhoff's law, the recognised mirrors and the matched devices contradict each other.";
    case Refusal::WeakBranch:
        return fmt::format("The branch of {} gets no current, whatever the ratios of the mirrors.",
                           m_impl->amplifier.netlist.circuit.devices[subject].name);
    case Refusal::Width: {
        const Variable& variable = m_impl->space.variables()[subject];
        return fmt::format("At the currents that a bias current of {} gives, {} does not fit into {} to {}.",
                           formatQuantity(m_impl->biasCurrent, "A"), variable.name,
                           formatQuantity(variable.low, variable.unit),
                           formatQuantity(variable.high, variable.unit));
    }
    case Refusal::None:
        break;
    }
    return "They are rare.";
}

} // namespace headroom::sizing
