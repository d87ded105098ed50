#pragma once

#include <QMetaType>
#include <QString>
#include <QStringList>

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/netlist/circuit.h"
#include "core/simulation/simulator.h"
#include "core/structure/structure.h"

namespace headroom::widgets {

using Targets = std::map<simulation::Performance, double>;

/// One evaluation with what it is about.
struct SimulationData {
    std::shared_ptr<const simulation::Evaluation> evaluation;
    QString subject;                                        ///< "Netlist as it stands", "Candidate 12"
    QString conditions;                                     ///< "nominal, 1.1 V, 27 °C"
    std::optional<double> commonModeVoltage, outputVoltage; ///< V, nominal
    std::shared_ptr<const netlist::Circuit> circuit;
    std::shared_ptr<const structure::Structure> structure; ///< may be null: no functions, no ports
    Targets targets;                                       ///< of the specification
};

/// Something that a sweep can vary: a size that one device or several matched ones share, or a condition.
struct SweepVariable {
    enum class Kind { Size, Temperature, SupplyVoltage, Corner };

    Kind kind = Kind::Size;
    QString owner;       ///< whose it is: "M1, M2", "Conditions"
    QString parameter;   ///< "w", "l", "m", "value"; of conditions "temperature", "supply", "corner"
    QString title;       ///< "W", "Temperature"
    QString unit;        ///< "m", "V", "°C"; empty for counts and corners
    QStringList devices; ///< that take the value together
    std::optional<double> present; ///< of the netlist as it stands
    double low = 0, high = 0;      ///< what a sweep starts out with
    bool wholeNumbers = false;
    QStringList choices; ///< of corners, whose values are 0, 1, 2, ...

    QString id() const { return owner + QLatin1Char(' ') + parameter; }
    QString heading() const; ///< "W of M1, M2"
    /// A value as people write it: "4 µm", "27 °C", "ss".
    QString text(double value) const;
    /// Its number; absent where the text is no such value, with a sentence in @p problem.
    std::optional<double> parsed(const QString& text, QString* problem = nullptr) const;
};

struct SweepSettings {
    QString variable; ///< SweepVariable::id()
    double from = 0, to = 0;
    int points = 11;
    bool logarithmic = false;
};

/// A sweep, complete or as far as it has come.
struct SweepData {
    SweepVariable variable;
    std::vector<double> positions; ///< rising
    /// By position; null where it has not been simulated yet.
    std::vector<std::shared_ptr<const simulation::Evaluation>> results;
    bool logarithmic = false;

    std::size_t done() const;
};

/// All performances of a sweep as CSV: one row per simulated position, with its error where it failed.
QByteArray sweepCsv(const SweepData& data);

} // namespace headroom::widgets

Q_DECLARE_METATYPE(headroom::widgets::SweepSettings)
Q_DECLARE_METATYPE(headroom::widgets::SweepVariable)
