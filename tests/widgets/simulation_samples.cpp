#include <cmath>
#include <complex>
#include <numbers>

#include "tests/widgets/sample_data.h"

namespace headroom::widgets::samples {
namespace {

using simulation::Performance;

std::shared_ptr<const simulation::Curves> curves() {
    auto curves = std::make_shared<simulation::Curves>();
    simulation::FrequencyResponse gain;
    simulation::NoiseSpectrum noise;
    for (int i = 0; i <= 220; ++i) {
        const double f = 0.1 * std::pow(10.0, i / 20.0);
        const std::complex<double> s(0, f);
        gain.frequencies.push_back(f);
        gain.gain.push_back(1300.0 / ((1.0 + s / 10e3) * (1.0 + s / 30e6) * (1.0 + s / 150e6)));
        if (f < 1 || f > 13e6) continue;
        noise.frequencies.push_back(f);
        noise.density.push_back(std::sqrt(1e-10 / f + 1.5e-16));
    }
    curves->gain = gain;
    curves->noise = noise;
    simulation::StepResponse rising;
    rising.from = 0.55;
    rising.to = 0.99;
    for (int i = 0; i <= 400; ++i) {
        const double t = i * 1e-9;
        const double x = t / 30e-9;
        rising.times.push_back(t);
        rising.output.push_back(0.55 +
                                0.44 * (1 - std::exp(-x) * (std::cos(1.6 * x) + 0.3 * std::sin(1.6 * x))));
    }
    simulation::StepResponse falling = rising;
    for (double& v : falling.output)
        v = 1.54 - v;
    falling.from = 0.99;
    falling.to = 0.55;
    curves->rising = rising;
    curves->falling = falling;
    const auto range = [](double from, double to, double low, double high) {
        simulation::RangeSweep sweep;
        for (int i = 0; i <= 40; ++i) {
            const double v = from + (to - from) * i / 40;
            sweep.positions.push_back(v);
            sweep.margins.push_back(std::min({0.12, v - low, high - v}));
        }
        return sweep;
    };
    curves->commonModeDown = range(0.715, 0.2, 0.42, 1.05);
    curves->commonModeUp = range(0.715, 1.15, 0.42, 1.05);
    curves->outputDown = range(0.55, 0.0, 0.17, 0.86);
    curves->outputUp = range(0.55, 1.1, 0.17, 0.86);
    return curves;
}

} // namespace

SimulationData simulation() {
    auto evaluation = std::make_shared<simulation::Evaluation>();
    evaluation->operatingPoint = *operatingPoint();
    evaluation->operatingPoint.devices["M7"].vds = evaluation->operatingPoint.devices["M7"].vdsat + 0.031;
    evaluation->operatingPoint.nets = {{"inp", 0.715},  {"inn", 0.7149}, {"out", 0.55},   {"tail", 0.2113},
                                       {"fold1", 0.92}, {"fold2", 0.92}, {"ibias", 0.41}, {"vbpc", 0.38},
                                       {"vbps", 0.66},  {"mirr", 0.43},  {"vdd", 1.1},    {"vss", 0}};
    evaluation->performances = {{Performance::GainDb, 62.3},         {Performance::TransitFrequency, 12.6e6},
                                {Performance::PhaseMargin, 61.4},    {Performance::Power, 148e-6},
                                {Performance::SlewRate, 9.81e6},     {Performance::CmrrDb, 84.2},
                                {Performance::IcmrMin, 0.42},        {Performance::IcmrMax, 1.05},
                                {Performance::VoutMin, 0.17},        {Performance::VoutMax, 0.86},
                                {Performance::Offset, 1.1e-4},       {Performance::Area, 84.5e-12},
                                {Performance::SettlingTime, 148e-9}, {Performance::NoiseInput, 43e-6},
                                {Performance::NoiseDensity, 12.2e-9}};
    evaluation->curves = curves();
    evaluation->notes = {"The gain margin does not exist: the phase does not fall by 180 degrees."};
    evaluation->simulations = 14;
    evaluation->elapsedSeconds = 0.21;
    SimulationData data;
    data.evaluation = evaluation;
    data.subject = QStringLiteral("Netlist as it stands");
    data.conditions = QStringLiteral("nominal, 1.1 V, 27 \u00b0C");
    data.commonModeVoltage = 0.715;
    data.outputVoltage = 0.55;
    data.circuit = {foldedCascode(), &foldedCascode()->circuit};
    data.structure = foldedCascodeStructure();
    data.targets = {
        {Performance::GainDb, 60}, {Performance::TransitFrequency, 15e6}, {Performance::Power, 150e-6}};
    return data;
}

std::vector<SweepVariable> sweepVariables() {
    using Kind = SweepVariable::Kind;
    const QStringList pair{QStringLiteral("M1"), QStringLiteral("M2")};
    const QStringList conditions{QStringLiteral("nominal"), QStringLiteral("ff"), QStringLiteral("ss")};
    const auto m = QStringLiteral("m");
    return {
        {Kind::Size,
         QStringLiteral("M1, M2"),
         QStringLiteral("w"),
         QStringLiteral("W"),
         m,
         pair,
         8e-6,
         4e-6,
         16e-6,
         false,
         {}},
        {Kind::Size,
         QStringLiteral("M1, M2"),
         QStringLiteral("l"),
         QStringLiteral("L"),
         m,
         pair,
         0.2e-6,
         0.1e-6,
         0.4e-6,
         false,
         {}},
        {Kind::Size,
         QStringLiteral("M3"),
         QStringLiteral("w"),
         QStringLiteral("W"),
         m,
         {QStringLiteral("M3")},
         2e-6,
         1e-6,
         4e-6,
         false,
         {}},
        {Kind::Temperature,
         QStringLiteral("Conditions"),
         QStringLiteral("temperature"),
         QStringLiteral("Temperature"),
         QStringLiteral("\u00b0C"),
         {},
         27,
         -40,
         125,
         false,
         {}},
        {Kind::Corner,
         QStringLiteral("Conditions"),
         QStringLiteral("corner"),
         QStringLiteral("Corner"),
         {},
         {},
         0,
         0,
         2,
         false,
         conditions},
    };
}

std::shared_ptr<const SweepData> sweep(std::size_t done) {
    auto data = std::make_shared<SweepData>();
    data->variable = sweepVariables().front();
    for (int i = 0; i <= 20; ++i) {
        const double w = 4e-6 + 0.6e-6 * i;
        data->positions.push_back(w);
        if (static_cast<std::size_t>(i) >= done) {
            data->results.push_back(nullptr);
            continue;
        }
        auto evaluation = std::make_shared<simulation::Evaluation>();
        if (i == 4) {
            evaluation->error =
                Error{ErrorCode::Convergence, "The operating point did not converge.", {}, 0, {}};
        } else {
            evaluation->performances = {{Performance::GainDb, 55 + 10 * std::log10(w / 4e-6)},
                                        {Performance::TransitFrequency, 12e6 * std::sqrt(w / 8e-6)},
                                        {Performance::PhaseMargin, 70 - w * 1e6},
                                        {Performance::Power, 148e-6 + w}};
        }
        data->results.push_back(evaluation);
    }
    return data;
}

} // namespace headroom::widgets::samples
