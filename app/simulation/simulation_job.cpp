#include "app/simulation/simulation_job.h"

#include <QCoreApplication>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/jobs/job_monitor.h"

namespace headroom::app {
namespace {

using netlist::Device;
using netlist::DeviceId;
using netlist::DeviceType;
using widgets::SweepVariable;
using Kind = SweepVariable::Kind;

constexpr simulation::BatchOptions kAheadOfAll{simulation::Priority::Interactive, false};

constexpr double kColdest = -40, kHottest = 125; ///< degrees Celsius, that a sweep starts out with
constexpr double kSupplySpread = 0.1;            ///< of the supply voltage, likewise
constexpr double kUnits = 8;                     ///< of a multiplicity, likewise

QString text(const std::string& name) {
    return QString::fromStdString(name);
}

/// Makes variables of one circuit, with the values of one sizing as the present ones.
class VariableList {
public:
    VariableList(const Circuit& circuit, const netlist::Sizing& sizing)
        : m_drawn(circuit.amplifier->netlist.circuit)
        , m_sizing(sizing) {}

    void addSizes(const sizing::DesignSpace& space);
    void addPassives();
    void addConditions(const Circuit& circuit, const project::Conditions& conditions);
    std::vector<SweepVariable> take() { return std::move(m_variables); }

private:
    const Device& device(DeviceId id) const { return m_drawn.devices[static_cast<std::size_t>(id)]; }
    QStringList names(const std::vector<DeviceId>& devices) const {
        QStringList names;
        for (const DeviceId id : devices)
            names << text(device(id).name);
        return names;
    }
    std::optional<double> present(DeviceId id, const std::string& parameter) const {
        for (const netlist::Assignment& assignment : m_sizing) {
            if (assignment.device == device(id).name && assignment.parameter == parameter)
                return assignment.value;
        }
        return device(id).number(parameter);
    }
    void add(const QString& owner, const sizing::Variable& variable, const QString& title);
    void addMultiplicity(const QString& owner, const std::vector<DeviceId>& devices);

    const netlist::Circuit& m_drawn;
    const netlist::Sizing& m_sizing;
    std::vector<SweepVariable> m_variables;
};

void VariableList::add(const QString& owner, const sizing::Variable& variable, const QString& title) {
    SweepVariable result;
    result.owner = owner;
    result.parameter = text(variable.parameter);
    result.title = title;
    result.unit = text(variable.unit);
    result.devices = names(variable.devices);
    result.present = present(variable.devices.front(), variable.parameter);
    result.low = result.present ? std::max(variable.low, *result.present / 2) : variable.low;
    result.high = result.present ? std::min(variable.high, *result.present * 2) : variable.high;
    m_variables.push_back(std::move(result));
}

void VariableList::addMultiplicity(const QString& owner, const std::vector<DeviceId>& devices) {
    SweepVariable result;
    result.owner = owner;
    result.parameter = QStringLiteral("m");
    result.title = QStringLiteral("m");
    result.devices = names(devices);
    result.present = present(devices.front(), "m").value_or(1);
    result.low = 1;
    result.high = std::max(kUnits, 2 * *result.present);
    result.wholeNumbers = true;
    m_variables.push_back(std::move(result));
}

void VariableList::addSizes(const sizing::DesignSpace& space) {
    for (const sizing::Variable& variable : space.variables()) {
        if (variable.devices.empty() || variable.parameter == "l") continue;
        const QString owner = names(variable.devices).join(QStringLiteral(", "));
        if (variable.parameter != "w") {
            add(owner, variable, QCoreApplication::translate("SweepVariable", "Value"));
            continue;
        }
        add(owner, variable, QStringLiteral("W"));
        // A mirror's devices share their length, and more of them than share the width.
        for (const sizing::Variable& other : space.variables()) {
            const auto& devices = other.devices;
            if (other.parameter == "l" &&
                std::find(devices.begin(), devices.end(), variable.devices.front()) != devices.end())
                add(owner, other, QStringLiteral("L"));
        }
        addMultiplicity(owner, variable.devices);
    }
}

void VariableList::addPassives() {
    for (std::size_t i = 0; i < m_drawn.devices.size(); ++i) {
        const Device& each = m_drawn.devices[i];
        const char* unit = each.type == DeviceType::Resistor    ? "Ohm"
                           : each.type == DeviceType::Capacitor ? "F"
                           : each.type == DeviceType::Inductor  ? "H"
                                                                : nullptr;
        const bool known =
            std::any_of(m_variables.begin(), m_variables.end(), [&](const SweepVariable& variable) {
                return variable.devices.contains(text(each.name));
            });
        const auto value = present(static_cast<DeviceId>(i), "value");
        if (unit == nullptr || known || !value || *value <= 0) continue;
        SweepVariable result;
        result.owner = text(each.name);
        result.parameter = QStringLiteral("value");
        result.title = QCoreApplication::translate("SweepVariable", "Value");
        result.unit = QString::fromLatin1(unit);
        result.devices = {text(each.name)};
        result.present = value;
        result.low = *value / 2;
        result.high = *value * 2;
        m_variables.push_back(std::move(result));
    }
}

void VariableList::addConditions(const Circuit& circuit, const project::Conditions& conditions) {
    const technology::Technology& technology = circuit.amplifier->technology;
    SweepVariable condition;
    condition.owner = QCoreApplication::translate("SweepVariable", "Conditions");
    condition.kind = Kind::Temperature;
    condition.parameter = QStringLiteral("temperature");
    condition.title = QCoreApplication::translate("SweepVariable", "Temperature");
    condition.unit = QStringLiteral("\u00b0C");
    condition.present = conditions.temperature.value_or(
        circuit.amplifier->netlist.temperature.value_or(technology.temperature));
    condition.low = kColdest;
    condition.high = kHottest;
    m_variables.push_back(condition);
    condition.kind = Kind::SupplyVoltage;
    condition.parameter = QStringLiteral("supply");
    condition.title = QCoreApplication::translate("SweepVariable", "Supply voltage");
    condition.unit = QStringLiteral("V");
    condition.present = conditions.supplyVoltage.value_or(technology.supplyVoltage);
    condition.low = *condition.present * (1 - kSupplySpread);
    condition.high = *condition.present * (1 + kSupplySpread);
    m_variables.push_back(condition);
    if (technology.corners.size() < 2) return;
    condition.kind = Kind::Corner;
    condition.parameter = QStringLiteral("corner");
    condition.title = QCoreApplication::translate("SweepVariable", "Corner");
    condition.unit.clear();
    for (const std::string& corner : technology.corners)
        condition.choices << text(corner);
    condition.present = std::max<qsizetype>(0, condition.choices.indexOf(text(conditions.corner)));
    condition.low = 0;
    condition.high = static_cast<double>(condition.choices.size() - 1);
    m_variables.push_back(condition);
}

/// The design space's variable behind a swept one; null where there is none.
const sizing::Variable* designVariable(const Circuit& circuit, const SweepVariable& variable) {
    if (!circuit.space || variable.devices.isEmpty()) return nullptr;
    const auto id = circuit.amplifier->netlist.circuit.findDevice(variable.devices.front().toStdString());
    if (!id) return nullptr;
    for (const sizing::Variable& each : circuit.space->variables()) {
        if (text(each.parameter) == variable.parameter &&
            std::find(each.devices.begin(), each.devices.end(), *id) != each.devices.end())
            return &each;
    }
    return nullptr;
}

} // namespace

Result<Simulated> runSimulation(const std::shared_ptr<SharedPool>& pool, const netlist::Sizing& sizing,
                                JobMonitor& monitor) {
    monitor.progress(-1, "Simulating");
    const auto simulators = pool->get();
    if (!simulators) return forward(simulators);
    const std::vector<simulation::EvaluationRequest> requests{{sizing, {}, simulation::wholeExtent()}};
    auto evaluations = (*simulators)->evaluate(requests, monitor, {}, kAheadOfAll);
    if (!evaluations) return forward(evaluations);
    return Simulated{std::make_shared<const simulation::Evaluation>(std::move(evaluations->front())),
                     (*simulators)->conditions()};
}

std::vector<SweepVariable> sweepVariables(const Circuit& circuit, const project::Conditions& conditions,
                                          const netlist::Sizing& sizing) {
    VariableList list(circuit, sizing);
    if (circuit.space) list.addSizes(*circuit.space);
    list.addPassives();
    list.addConditions(circuit, conditions);
    return list.take();
}

std::vector<double> sweepPositions(const Circuit& circuit, const SweepVariable& variable,
                                   const widgets::SweepSettings& settings) {
    std::vector<double> positions;
    if (variable.kind == Kind::Corner) {
        for (int i = 0; i < variable.choices.size(); ++i)
            positions.push_back(i);
        return positions;
    }
    const sizing::Variable* legal = designVariable(circuit, variable);
    for (int i = 0; i < settings.points; ++i) {
        const double share = settings.points > 1 ? static_cast<double>(i) / (settings.points - 1) : 0;
        double value = settings.logarithmic ? settings.from * std::pow(settings.to / settings.from, share)
                                            : settings.from + (settings.to - settings.from) * share;
        if (variable.wholeNumbers) value = std::max(1.0, std::round(value));
        if (legal != nullptr) {
            value = legal->grid > 0 ? technology::snapToGrid(value, legal->grid, legal->low, legal->high)
                                    : std::clamp(value, legal->low, legal->high);
        }
        positions.push_back(value);
    }
    std::sort(positions.begin(), positions.end());
    positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
    return positions;
}

netlist::Sizing withValue(netlist::Sizing sizing, const QStringList& devices, const QString& parameter,
                          double value) {
    for (const QString& device : devices) {
        const netlist::Assignment wanted{device.toStdString(), parameter.toStdString(), value};
        const auto found = std::find_if(sizing.begin(), sizing.end(), [&](const netlist::Assignment& each) {
            return each.device == wanted.device && each.parameter == wanted.parameter;
        });
        if (found == sizing.end())
            sizing.push_back(wanted);
        else
            found->value = value;
    }
    return sizing;
}

simulation::EvaluationRequest sweepRequest(const SweepVariable& variable, const netlist::Sizing& sizing,
                                           double position) {
    simulation::EvaluationRequest request{sizing, {}, simulation::wholeExtent()};
    switch (variable.kind) {
    case Kind::Size:
        request.sizing = withValue(sizing, variable.devices, variable.parameter, position);
        break;
    case Kind::Temperature:
        request.variation.temperature = position;
        break;
    case Kind::SupplyVoltage:
        request.variation.supplyVoltage = position;
        break;
    case Kind::Corner:
        request.variation.corner = variable.text(position).toStdString();
        break;
    }
    return request;
}

Result<SweepPointer> runSweep(const std::shared_ptr<SharedPool>& pool, const netlist::Sizing& sizing,
                              widgets::SweepData sweep, JobMonitor& monitor,
                              const std::function<void(SweepPointer)>& onPartial) {
    const std::size_t count = sweep.positions.size();
    monitor.progress(0, fmt::format("Simulating {} points", count));
    const auto simulators = pool->get();
    if (!simulators) return forward(simulators);
    std::vector<simulation::EvaluationRequest> requests;
    for (const double position : sweep.positions)
        requests.push_back(sweepRequest(sweep.variable, sizing, position));
    sweep.results.assign(count, nullptr);
    std::size_t done = 0;
    const auto onResult = [&](std::size_t index, const simulation::Evaluation& evaluation) {
        sweep.results[index] = std::make_shared<const simulation::Evaluation>(evaluation);
        ++done;
        monitor.progress(static_cast<double>(done) / static_cast<double>(count),
                         fmt::format("Simulating {} of {}", done, count));
        if (monitor.wantsPreview()) onPartial(std::make_shared<const widgets::SweepData>(sweep));
    };
    const auto evaluations = (*simulators)->evaluate(requests, monitor, onResult, kAheadOfAll);
    if (!evaluations) return forward(evaluations);
    return std::make_shared<const widgets::SweepData>(std::move(sweep));
}

} // namespace headroom::app
