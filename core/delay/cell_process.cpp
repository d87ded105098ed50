#include "core/delay/cell_process.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/technology/bin_name.h"

namespace headroom::delay {
namespace {

using simulation::Alteration;
using technology::MosfetRules;
using technology::Technology;

/// What scatters of a MOSFET's card, by how much (standard deviation over nominal value), and what BSIM3
/// calls it where BSIM4 has another name.
struct Scatter {
    const char* figure;
    const char* olderName;
    const char* unit;
    double deviation;
};
constexpr std::array scatters = {Scatter{"vth0", nullptr, "V", 0.05},   Scatter{"toxe", "tox", "m", 0.03},
                                 Scatter{"u0", nullptr, "m2/Vs", 0.05}, Scatter{"lint", nullptr, "m", 0.15},
                                 Scatter{"ndep", "nch", "cm-3", 0.05},  Scatter{"xj", nullptr, "m", 0.05}};

/// Of a lateral diffusion that the card gives as 0, over the type's least length: as much as 15 % of what
/// FreePDK45 states.
constexpr double kLengthDeviation = 0.01;
/// Of the threshold voltage (V) and of the mobility, by which models of a library are varied.
constexpr double kThresholdDeviation = 0.02, kMobilityDeviation = 0.05;

/// Devices of one model, in their order.
struct ModelDevices {
    const MosfetRules* rules = nullptr;
    std::vector<const CellDevice*> devices;
    std::string prefix; ///< of columns: "n", or the model's name where a polarity has several
};

std::vector<ModelDevices> byModel(const std::vector<CellDevice>& devices) {
    std::vector<ModelDevices> models;
    for (const CellDevice& device : devices) {
        const auto known = std::find_if(models.begin(), models.end(), [&](const ModelDevices& each) {
            return each.rules->model == device.rules->model;
        });
        if (known != models.end()) {
            known->devices.push_back(&device);
            continue;
        }
        const bool isFirst = std::none_of(models.begin(), models.end(), [&](const ModelDevices& each) {
            return each.rules->polarity == device.rules->polarity;
        });
        const char* letter = device.rules->polarity == netlist::Polarity::N ? "n" : "p";
        models.push_back({device.rules, {&device}, isFirst ? letter : device.rules->model});
    }
    return models;
}

/// The name by which a card states a figure; null where it does not.
const char* statedName(const Scatter& scatter, const ModelDevices& model, const Technology& technology,
                       const std::string& corner) {
    for (const char* name : {scatter.figure, scatter.olderName})
        if (name != nullptr &&
            technology.figure(model.rules->model, name, model.devices.front()->bin, corner))
            return name;
    return nullptr;
}

/// Absent where the card does not state the figure, or states a 0 that says nothing of how far it scatters.
std::optional<ProcessParameter> scattering(const Scatter& scatter, const ModelDevices& model,
                                           const Technology& technology, const std::string& corner) {
    const char* figure = statedName(scatter, model, technology, corner);
    if (figure == nullptr) return std::nullopt;
    const std::string& card = model.rules->model;
    const double nominal = *technology.figure(card, figure, model.devices.front()->bin, corner);
    ProcessParameter parameter{
        fmt::format("{}_{}", model.prefix, figure), scatter.unit, nominal, scatter.deviation, {}};
    if (nominal == 0) {
        if (scatter.figure != std::string_view("lint")) return std::nullopt;
        parameter.deviation = kLengthDeviation * model.rules->minLength;
    }
    std::set<int> bins;
    for (const CellDevice* device : model.devices) {
        if (!bins.insert(device->bin).second) continue;
        const bool isBinned = !technology.cards.at(card).bins.empty();
        const double own = *technology.figure(card, figure, device->bin, corner);
        parameter.places.push_back({Alteration::Of::Model,
                                    isBinned ? technology::binName(card, device->bin) : card, figure,
                                    nominal == 0 ? 1 : own / nominal});
    }
    return parameter;
}

ProcessParameter ofDevices(const ModelDevices& model, const char* name, const char* unit, double nominal,
                           double deviation) {
    ProcessParameter parameter{fmt::format("{}_{}", model.prefix, name), unit, nominal, deviation, {}};
    for (const CellDevice* device : model.devices)
        parameter.places.push_back({Alteration::Of::Element, device->element, name, 1});
    return parameter;
}

} // namespace

double ProcessParameter::at(double deviations) const {
    return nominal != 0 ? nominal * (1 + deviation * deviations) : deviation * deviations;
}

std::vector<ProcessParameter> processOf(const std::vector<CellDevice>& devices, const Technology& technology,
                                        const std::string& corner) {
    std::vector<ProcessParameter> process;
    for (const ModelDevices& model : byModel(devices)) {
        if (!technology.cards.contains(model.rules->model)) {
            process.push_back(ofDevices(model, "delvto", "V", 0, kThresholdDeviation));
            process.push_back(ofDevices(model, "mulu0", "", 1, kMobilityDeviation));
            continue;
        }
        for (const Scatter& scatter : scatters)
            if (auto parameter = scattering(scatter, model, technology, corner))
                process.push_back(std::move(*parameter));
    }
    return process;
}

std::string unvariedFigures(const std::vector<CellDevice>& devices, const Technology& technology,
                            const std::string& corner) {
    std::vector<std::string> missing;
    bool isLibrary = false;
    for (const ModelDevices& model : byModel(devices)) {
        if (!technology.cards.contains(model.rules->model)) {
            isLibrary = true;
            continue;
        }
        for (const Scatter& scatter : scatters)
            if (!scattering(scatter, model, technology, corner))
                missing.push_back(fmt::format("{}_{}", model.prefix, scatter.figure));
    }
    if (isLibrary)
        return fmt::format(
            "The models of {} are a library, whose figures cannot be altered: threshold voltages "
            "and mobilities vary (delvto, mulu0), other figures do not.",
            technology.name);
    if (missing.empty()) return {};
    return fmt::format("The model cards of {} do not state what would vary: {}.", technology.name,
                       fmt::join(missing, ", "));
}

} // namespace headroom::delay
