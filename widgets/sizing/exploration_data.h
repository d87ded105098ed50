#pragma once

#include <QString>

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/sizing/specification.h"
#include "widgets/common/theme.h"

namespace headroom::sizing {
class DesignSpace;
struct Candidate;
struct Exploration;
} // namespace headroom::sizing

namespace headroom::widgets {

/// How a candidate stands against the specification.
enum class CandidateStatus {
    Met,       ///< every performance at least as good as asked for
    NearlyMet, ///< the worst one short by no more than the tolerance
    Failed,    ///< short by more
    NoResult,  ///< the simulation failed; see CandidateRow::error
    Predicted, ///< not simulated (yet)
};

QString statusTitle(CandidateStatus status);    ///< "met", "nearly met", ...
QString statusIconName(CandidateStatus status); ///< for icon()
ColorRole statusColor(CandidateStatus status);

/// One degree of freedom of the circuit.
struct VariableInfo {
    QString name;             ///< "M1,M2 w"
    QString unit;             ///< "m", "F", "Ohm"
    double low = 0, high = 0; ///< what the technology allows; equal where unknown
};

/// One candidate, SI units, NaN where a figure does not exist.
struct CandidateRow {
    int number = 0; ///< 1-based, as the user sees it
    CandidateStatus status = CandidateStatus::Predicted;
    double shortfall = 0;             ///< relative, worst performance
    std::vector<double> performances; ///< by ExplorationData::performances
    std::vector<double> widths;       ///< by ExplorationData::widthNames
    double saturationMargin = 0;      ///< V, worst device
    QString worstDevice;
    double area = 0;                 ///< m2
    QString error;                   ///< one sentence
    bool excluded = false;           ///< by the user; histograms and figures leave it out
    std::vector<double> values;      ///< by ExplorationData::variables; empty where these are not known
    std::vector<double> predictions; ///< of the forward model, by ExplorationData::performances; may be empty
    /// That all targets are met, by the forward model.
    double probability = std::numeric_limits<double>::quiet_NaN();
    bool pinned = false; ///< by the user; stays listed, before all others
    QString note;        ///< the user's words
};

/// An exploration as the Sizing panel shows it. Immutable once handed over.
struct ExplorationData {
    std::vector<simulation::Performance> performances;
    /// By performances; empty: no specification.
    std::vector<sizing::Requirement> requirements;
    std::vector<QString> widthNames; ///< device names
    std::vector<QString> widthKeys;  ///< by widthNames: the name of the variable that the width is
    std::vector<VariableInfo> variables;
    std::vector<CandidateRow> candidates;
    /// The sizing that the specification was taken from, where there is one; by performances and widths.
    std::optional<std::vector<double>> truthPerformances;
    std::optional<std::vector<double>> truthWidths;
    std::optional<std::vector<double>> truthValues; ///< by variables
    QString caption; ///< e.g. "100 candidates, seed 1, sampled in 1.2 s, simulated in 4.1 s"
};

/// A shortfall up to this counts as nearly met.
inline constexpr double kNearlyMetTolerance = 0.05;

/// By a shortfall of what was simulated; NaN counts as failed.
CandidateStatus statusOfShortfall(double shortfall, double nearlyMetTolerance = kNearlyMetTolerance);

CandidateStatus candidateStatus(const sizing::Candidate& candidate,
                                double nearlyMetTolerance = kNearlyMetTolerance);

/// The panel's view of an exploration.
/// @param deviceWidths DesignSpace::deviceWidths()
ExplorationData explorationData(const sizing::Exploration& exploration,
                                std::span<const std::pair<std::string, std::size_t>> deviceWidths);

/// As above, with all variables of the space.
ExplorationData explorationData(const sizing::Exploration& exploration, const sizing::DesignSpace& space);

/// The variables of a space with their legal ranges.
std::vector<VariableInfo> variableInfos(const sizing::DesignSpace& space);

} // namespace headroom::widgets
