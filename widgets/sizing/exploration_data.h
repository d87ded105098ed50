#pragma once

#include <QString>

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/sizing/specification.h"
#include "widgets/common/theme.h"

namespace headroom::sizing {
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

/// One candidate, SI units, NaN where a figure does not exist.
struct CandidateRow {
    int number = 0; ///< 1-based, as the user sees it
    CandidateStatus status = CandidateStatus::Predicted;
    double shortfall = 0;             ///< relative, worst performance
    std::vector<double> performances; ///< by ExplorationData::performances
    std::vector<double> widths;       ///< by ExplorationData::widthNames
    double saturationMargin = 0;      ///< V, worst device
    QString worstDevice;
    double area = 0;       ///< m2
    QString error;         ///< one sentence
    bool excluded = false; ///< by the user; histograms and figures leave it out
};

/// An exploration as the Sizing panel shows it. Immutable once handed over.
struct ExplorationData {
    std::vector<simulation::Performance> performances;
    /// By performances; empty: no specification.
    std::vector<sizing::Requirement> requirements;
    std::vector<QString> widthNames; ///< device names
    std::vector<CandidateRow> candidates;
    /// The sizing that the specification was taken from, where there is one; by performances and widths.
    std::optional<std::vector<double>> truthPerformances;
    std::optional<std::vector<double>> truthWidths;
    QString caption; ///< e.g. "100 candidates, seed 1, sampled in 1.2 s, simulated in 4.1 s"
};

/// What is asked for, for people: "≥ 60 dB", "60 … 80°"; empty where nothing is.
QString requirementText(const sizing::Requirement& requirement, int digits);

/// A shortfall up to this counts as nearly met.
inline constexpr double kNearlyMetTolerance = 0.05;

CandidateStatus candidateStatus(const sizing::Candidate& candidate,
                                double nearlyMetTolerance = kNearlyMetTolerance);

/// The panel's view of an exploration.
/// @param deviceWidths DesignSpace::deviceWidths()
ExplorationData explorationData(const sizing::Exploration& exploration,
                                std::span<const std::pair<std::string, std::size_t>> deviceWidths);

} // namespace headroom::widgets
