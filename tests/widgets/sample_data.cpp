#include "tests/widgets/sample_data.h"

#include <QtGlobal>

#include <cmath>
#include <limits>
#include <random>

#include "core/sizing/dataset.h"
#include "widgets/sizing/exploration_histograms.h"

namespace headroom::widgets::samples {
namespace {

using simulation::Performance;

struct Target {
    Performance performance;
    double target, low, high, spread;
};

constexpr Target kTargets[] = {
    {Performance::GainDb, 62.4, 38, 78, 2.5},
    {Performance::TransitFrequency, 12.3e6, 0.9e6, 85e6, 1.4e6},
    {Performance::PhaseMargin, 71.2, 45, 89, 3},
    {Performance::Power, 148e-6, 41e-6, 610e-6, 9e-6},
    {Performance::SlewRate, 9.8e6, 1.2e6, 64e6, 0.8e6},
    {Performance::CmrrDb, 84.1, 52, 118, 6},
    {Performance::IcmrMin, -0.041, -0.33, 0.42, 0.02},
    {Performance::IcmrMax, 0.684, 0.31, 0.97, 0.015},
    {Performance::VoutMin, 0.172, 0.08, 0.4, 0.01},
    {Performance::VoutMax, 0.861, 0.6, 1.02, 0.012},
};

} // namespace

std::shared_ptr<const netlist::Netlist> foldedCascode() {
    static const auto netlist = [] {
        auto result = netlist::readNetlist(HEADROOM_TEST_SOURCE_DIR "/resources/examples/folded_cascode.sp");
        if (!result) qFatal("%s", result.error().describe().c_str());
        return std::make_shared<const netlist::Netlist>(std::move(*result));
    }();
    return netlist;
}

std::shared_ptr<const structure::Structure> foldedCascodeStructure() {
    static const auto structure =
        std::make_shared<const structure::Structure>(structure::recognise(foldedCascode()->circuit));
    return structure;
}

SpecificationData specification() {
    SpecificationData data;
    for (const Target& target : kTargets)
        data.rows.push_back({sizing::Requirement::reaching(target.performance, target.target), target.low,
                             target.high, false});
    data.rows[3].locked = true;
    data.dataRows = 1000;
    data.dataRow = 16;
    data.origin = QStringLiteral("Row 17 of the data set");
    return data;
}

std::shared_ptr<const ExplorationData> exploration(std::size_t count, std::size_t unsimulated) {
    auto data = std::make_shared<ExplorationData>();
    std::mt19937 random(7);
    std::normal_distribution<double> normal;
    data->truthPerformances.emplace();
    for (const Target& target : kTargets) {
        data->performances.push_back(target.performance);
        data->requirements.push_back(sizing::Requirement::reaching(target.performance, target.target));
        data->truthPerformances->push_back(target.target);
    }
    data->truthWidths.emplace();
    for (int device = 1; device <= 15; ++device) {
        data->widthNames.push_back(QStringLiteral("M%1").arg(device));
        data->truthWidths->push_back(device * 1.5e-6);
    }
    for (std::size_t i = 0; i < count; ++i) {
        CandidateRow row;
        row.number = static_cast<int>(i) + 1;
        const bool predicted = i + unsimulated >= count;
        const bool failed = !predicted && i % 10 == 9;
        const bool none = predicted || failed;
        for (const Target& target : kTargets) {
            const bool bigger = simulation::info(target.performance).biggerIsBetter;
            const double value = target.target + (normal(random) + (bigger ? 1.2 : -1.2)) * target.spread;
            row.performances.push_back(none ? std::numeric_limits<double>::quiet_NaN() : value);
            const double lack = (bigger ? target.target - value : value - target.target) /
                                std::max(std::abs(target.target), 0.1);
            row.shortfall = std::max(row.shortfall, lack);
        }
        if (none) row.shortfall = std::numeric_limits<double>::quiet_NaN();
        for (int device = 1; device <= 15; ++device) {
            row.widths.push_back(device * 1.5e-6 * std::exp(0.25 * normal(random)));
        }
        row.status = predicted              ? CandidateStatus::Predicted
                     : failed               ? CandidateStatus::NoResult
                     : row.shortfall <= 0   ? CandidateStatus::Met
                     : row.shortfall < 0.05 ? CandidateStatus::NearlyMet
                                            : CandidateStatus::Failed;
        row.saturationMargin = none ? std::numeric_limits<double>::quiet_NaN() : 0.06 + 0.03 * normal(random);
        row.worstDevice = none ? QString() : QStringLiteral("M%1").arg(i % 15 + 1);
        row.area = none ? std::numeric_limits<double>::quiet_NaN() : 85e-12 * std::exp(0.3 * normal(random));
        if (failed) row.error = QStringLiteral("The operating point did not converge.");
        data->candidates.push_back(std::move(row));
    }
    data->caption = QStringLiteral("%1 candidates, seed 1; sampled in 1.2 s, simulated in 4.1 s").arg(count);
    return data;
}

std::shared_ptr<const ExplorationData> rankedExploration(std::size_t count) {
    auto data = std::make_shared<ExplorationData>(*exploration(count, count / 4));
    std::mt19937 random(11);
    std::normal_distribution<double> normal;
    for (const char* name : {"M1,M2 w", "M1,M2 l", "Cc value"})
        data->variables.push_back({QLatin1String(name), QLatin1String(name[0] == 'C' ? "F" : "m"), 0, 0});
    data->variables[0].low = 90e-9;
    data->variables[0].high = 900e-6;
    data->truthValues = std::vector<double>{4e-6, 0.2e-6, 1e-12};
    for (std::size_t i = 0; i < count; ++i) {
        CandidateRow& row = data->candidates[i];
        row.values = {4e-6 * std::exp(normal(random)), 0.2e-6 * std::exp(0.2 * normal(random)),
                      1e-12 * std::exp(0.3 * normal(random))};
        if (i >= count / 2) continue;
        for (std::size_t p = 0; p < data->requirements.size(); ++p)
            row.predictions.push_back(data->requirements[p].target() * (1 + 0.02 * normal(random)));
        row.probability = static_cast<double>(i) / static_cast<double>(count);
    }
    data->candidates[2].pinned = true;
    data->candidates[3].note = QStringLiteral("least area so far");
    return data;
}

std::shared_ptr<const DatasetData> dataset() {
    sizing::Dataset dataset;
    dataset.performances = {Performance::GainDb, Performance::TransitFrequency, Performance::Power};
    dataset.variableNames = {"M1,M2 w", "M1,M2 l", "M3 w"};
    dataset.seed = 5;
    const std::vector<VariableInfo> variables{{QStringLiteral("M1,M2 w"), QStringLiteral("m"), 90e-9, 900e-6},
                                              {QStringLiteral("M1,M2 l"), QStringLiteral("m"), 50e-9, 1e-6},
                                              {QStringLiteral("M3 w"), QStringLiteral("m"), 90e-9, 900e-6}};
    std::mt19937 random(5);
    std::normal_distribution<double> normal;
    std::vector<std::size_t> heldOut;
    for (std::size_t row = 0; row < 120; ++row) {
        const std::vector<double> values{9e-6 * std::exp(normal(random)),
                                         0.2e-6 * std::exp(0.4 * normal(random)),
                                         20e-6 * std::exp(normal(random))};
        const bool saturated = row % 4 != 3;
        dataset.saturation.push_back({values, saturated ? 0.05 : -0.05});
        if (!saturated) continue;
        if (dataset.rows.size() % 9 == 8) heldOut.push_back(dataset.rows.size());
        dataset.rows.push_back({values,
                                {60 + 20 * std::log10(values[1] / 0.2e-6) + 0.5 * normal(random),
                                 1e7 * values[0] / 9e-6, 1e-4 * values[2] / 20e-6}});
    }
    return datasetData(dataset, heldOut, variables);
}

std::shared_ptr<const simulation::OperatingPoint> operatingPoint() {
    auto point = std::make_shared<simulation::OperatingPoint>();
    for (int device = 1; device <= 15; ++device) {
        simulation::DeviceOperatingPoint values;
        values.id = 10e-6 * (1 + device % 4);
        values.gm = values.id * (8 + device % 9);
        values.gds = values.gm / 40;
        values.vth = 0.35;
        values.vgs = 0.35 + 0.02 * (device % 7);
        values.vdsat = 0.06 + 0.02 * (device % 7);
        values.vds = device == 4 ? 0.05 : 0.25 + 0.01 * device;
        values.region = device == 4    ? simulation::Region::Triode
                        : device == 9  ? simulation::Region::Off
                        : device == 11 ? simulation::Region::Subthreshold
                                       : simulation::Region::Saturation;
        point->devices["M" + std::to_string(device)] = values;
    }
    point->supplyCurrent = 134.5e-6;
    point->worstDevice = "M4";
    point->worstSaturationMargin = point->devices["M4"].saturationMargin();
    return point;
}

std::vector<JobRow> jobs() {
    return {
        {6,
         QStringLiteral("Sample 100 sizings"),
         JobState::Running,
         0.37,
         false,
         QStringLiteral("Simulating 37 of 100"),
         4.2,
         7.1,
         {},
         {},
         {QStringLiteral("Sampled 100 sizings in 1.2 s"), QStringLiteral("2 workers")}},
        {5,
         QStringLiteral("Train block models"),
         JobState::Running,
         -1,
         false,
         QStringLiteral("Loading the network engine"),
         0.6,
         {},
         {},
         {},
         {}},
        {4,
         QStringLiteral("Evaluate on 111 held-out specifications"),
         JobState::Queued,
         -1,
         false,
         {},
         0,
         {},
         {},
         {},
         {}},
        {3,
         QStringLiteral("Build data set"),
         JobState::Failed,
         0.8,
         false,
         {},
         83,
         {},
         QStringLiteral(
             "The disk is full: the data set could not be written. Free some space and start it again; it "
             "resumes after 812 of 1000 sizings."),
         QStringLiteral("SQLite: database or disk is full (13)"),
         {QStringLiteral("812 good sizings so far")}},
        {2, QStringLiteral("Build data set"), JobState::Cancelled, 0.1, false, {}, 12.4, {}, {}, {}, {}},
        {1,
         QStringLiteral("Recognise structure of folded_cascode"),
         JobState::Done,
         1,
         false,
         {},
         0.04,
         {},
         {},
         {},
         {}},
    };
}

std::vector<sizing::TrainingCurve> trainingCurves() {
    sizing::TrainingCurve judged{"Differential pair M1 M2", 100, {}, {}, {}, 60};
    for (int epoch = 1; epoch <= 100; ++epoch) {
        judged.loss.push_back(0.05 + std::exp(-0.05 * epoch));
        if (epoch % 10 != 0) continue;
        judged.validationEpochs.push_back(epoch);
        judged.validationLoss.push_back(0.3 + 1e-4 * (epoch - 60) * (epoch - 60));
    }
    sizing::TrainingCurve blind{"Parameters outside every block", 100, {}, {}, {}, 100};
    blind.loss = judged.loss;
    return {judged, blind};
}

std::shared_ptr<const ModelReport> modelReport() {
    auto report = std::make_shared<ModelReport>();
    report->caption =
        QStringLiteral("One sample for each of 111 held-out targets: 14.4 % are within 5 %, 34.2 % "
                       "within 10 % of what is asked for, or better; 2 do not work.");
    report->samplesCaption = QStringLiteral("100 samples for data row 450, whose sizing is the star.");
    double step = 0;
    for (const char* symbol : {"A_0", "f_t", "PM", "P", "SR", "CMRR"}) {
        report->boxes.push_back({QString::fromLatin1(symbol), QStringLiteral("blocks"), -6 - step, -2, 0.3,
                                 2.1, 5 + step, ColorRole::Simulated, false});
        step += 1;
    }
    const auto candidates = exploration(100);
    report->performances = performanceHistograms(*candidates, std::vector<bool>(100, false));
    report->widths = widthHistograms(*candidates, std::vector<bool>(100, false));
    // Table I of the inverse-sizing paper, read as micrometres.
    constexpr double kSpreads[][2] = {{8.52, 2},    {43.26, 19},  {41.74, 17},  {14.4, 1},    {90.98, 8},
                                      {88.47, 23},  {41.74, 17},  {43.26, 19},  {97.88, 55},  {97.88, 55},
                                      {114.78, 35}, {367.21, 22}, {367.21, 22}, {244.11, 13}, {244.11, 13}};
    for (const auto& [mean, deviation] : kSpreads) {
        report->spreads.push_back(
            {QStringLiteral("M%1").arg(report->spreads.size()), 1e-6 * mean, 1e-6 * deviation});
    }
    return report;
}

} // namespace headroom::widgets::samples
