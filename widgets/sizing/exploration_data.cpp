#include "widgets/sizing/exploration_data.h"

#include <QCoreApplication>

#include <cmath>
#include <limits>

#include "core/sizing/design_space.h"
#include "core/sizing/exploration.h"
#include "widgets/common/quantity_text.h"

namespace headroom::widgets {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Rounding in the last digits is no shortfall.
constexpr double kMetTolerance = 1e-9;

double valueOf(const simulation::PerformanceMap& values, simulation::Performance performance) {
    const auto found = values.find(performance);
    return found == values.end() ? kNaN : found->second;
}

std::vector<double> widthsOf(const std::vector<double>& values,
                             std::span<const std::pair<std::string, std::size_t>> deviceWidths) {
    std::vector<double> widths;
    for (const auto& [device, variable] : deviceWidths) {
        widths.push_back(variable < values.size() ? values[variable] : kNaN);
    }
    return widths;
}

} // namespace

QString statusTitle(CandidateStatus status) {
    switch (status) {
    case CandidateStatus::Met:
        return QCoreApplication::translate("CandidateStatus", "met");
    case CandidateStatus::NearlyMet:
        return QCoreApplication::translate("CandidateStatus", "nearly met");
    case CandidateStatus::Failed:
        return QCoreApplication::translate("CandidateStatus", "failed");
    case CandidateStatus::NoResult:
        return QCoreApplication::translate("CandidateStatus", "no result");
    case CandidateStatus::Predicted:
        return QCoreApplication::translate("CandidateStatus", "not simulated");
    }
    return {};
}

QString statusIconName(CandidateStatus status) {
    switch (status) {
    case CandidateStatus::Met:
        return QStringLiteral("met");
    case CandidateStatus::NearlyMet:
        return QStringLiteral("nearly-met");
    case CandidateStatus::Failed:
        return QStringLiteral("failed");
    case CandidateStatus::NoResult:
        return QStringLiteral("no-result");
    case CandidateStatus::Predicted:
        return QStringLiteral("predicted");
    }
    return {};
}

ColorRole statusColor(CandidateStatus status) {
    switch (status) {
    case CandidateStatus::Met:
        return ColorRole::Met;
    case CandidateStatus::NearlyMet:
        return ColorRole::NearlyMet;
    case CandidateStatus::Failed:
        return ColorRole::Failed;
    case CandidateStatus::NoResult:
        return ColorRole::Muted;
    case CandidateStatus::Predicted:
        return ColorRole::Predicted;
    }
    return ColorRole::Muted;
}

CandidateStatus statusOfShortfall(double shortfall, double nearlyMetTolerance) {
    if (std::isnan(shortfall)) return CandidateStatus::Failed;
    if (shortfall <= kMetTolerance) return CandidateStatus::Met;
    return shortfall <= nearlyMetTolerance ? CandidateStatus::NearlyMet : CandidateStatus::Failed;
}

CandidateStatus candidateStatus(const sizing::Candidate& candidate, double nearlyMetTolerance) {
    if (!candidate.evaluation.ok()) return CandidateStatus::NoResult;
    if (candidate.evaluation.performances.empty()) return CandidateStatus::Predicted;
    return statusOfShortfall(candidate.shortfall, nearlyMetTolerance);
}

ExplorationData explorationData(const sizing::Exploration& exploration,
                                std::span<const std::pair<std::string, std::size_t>> deviceWidths) {
    ExplorationData data;
    data.requirements = exploration.specification.requirements;
    data.performances = exploration.specification.performances();
    for (const auto& [device, variable] : deviceWidths)
        data.widthNames.push_back(QString::fromStdString(device));
    std::size_t simulated = 0;
    for (const sizing::Candidate& candidate : exploration.candidates) {
        CandidateRow row;
        row.number = static_cast<int>(data.candidates.size()) + 1;
        row.status = candidateStatus(candidate);
        row.shortfall = candidate.shortfall;
        for (const simulation::Performance performance : data.performances) {
            row.performances.push_back(valueOf(candidate.evaluation.performances, performance));
        }
        row.widths = widthsOf(candidate.values, deviceWidths);
        if (candidate.predicted.size() == data.performances.size()) row.predictions = candidate.predicted;
        row.probability = candidate.probability;
        const bool hasPoint = !candidate.evaluation.operatingPoint.devices.empty();
        row.saturationMargin = hasPoint ? candidate.evaluation.operatingPoint.worstSaturationMargin : kNaN;
        row.worstDevice = QString::fromStdString(candidate.evaluation.operatingPoint.worstDevice);
        row.area = valueOf(candidate.evaluation.performances, simulation::Performance::Area);
        if (candidate.evaluation.error)
            row.error = QString::fromStdString(candidate.evaluation.error->describe());
        if (row.status != CandidateStatus::Predicted) ++simulated;
        data.candidates.push_back(std::move(row));
    }
    if (exploration.groundTruth) {
        data.truthPerformances = exploration.groundTruth->performances;
        data.truthWidths = widthsOf(exploration.groundTruth->values, deviceWidths);
    }
    const auto text = [](const char* source) {
        return QCoreApplication::translate("ExplorationData", source);
    };
    if (exploration.candidates.size() == 1 && exploration.samplingSeconds == 0) {
        data.caption = text("the sizing as drawn");
    } else {
        data.caption = text("%1 candidates, %2 simulated, seed %3; sampled in %4")
                           .arg(exploration.candidates.size())
                           .arg(simulated)
                           .arg(exploration.seed)
                           .arg(durationText(exploration.samplingSeconds));
    }
    if (exploration.simulationSeconds > 0) {
        data.caption += text(", simulated in %1").arg(durationText(exploration.simulationSeconds));
    }
    return data;
}

std::vector<VariableInfo> variableInfos(const sizing::DesignSpace& space) {
    std::vector<VariableInfo> infos;
    for (const sizing::Variable& variable : space.variables()) {
        infos.push_back({QString::fromStdString(variable.name), QString::fromStdString(variable.unit),
                         variable.low, variable.high});
    }
    return infos;
}

ExplorationData explorationData(const sizing::Exploration& exploration, const sizing::DesignSpace& space) {
    ExplorationData data = explorationData(exploration, space.deviceWidths());
    data.variables = variableInfos(space);
    for (const auto& [device, variable] : space.deviceWidths())
        data.widthKeys.push_back(data.variables[variable].name);
    for (std::size_t candidate = 0; candidate < data.candidates.size(); ++candidate) {
        const std::vector<double>& values = exploration.candidates[candidate].values;
        if (values.size() == data.variables.size()) data.candidates[candidate].values = values;
    }
    if (exploration.groundTruth && exploration.groundTruth->values.size() == data.variables.size())
        data.truthValues = exploration.groundTruth->values;
    return data;
}

} // namespace headroom::widgets
