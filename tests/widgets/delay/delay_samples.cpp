#include "tests/widgets/delay/delay_samples.h"

#include <cmath>
#include <stdexcept>

#include "core/delay/generator.h"
#include "tests/core/delay/known_delays.h"

namespace headroom::widgets::samples {
namespace {

template <class T>
T value(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().describe());
    return std::move(*result);
}

delay::TableDocument makeTable() {
    delay::TableDocument document;
    document.name = "inv";
    document.table = delay::KnownDelays::draw(200, 5);
    document.target = "delay";
    document.origin = delay::CellRecord{"inv", "freepdk45", "", {}, {}};
    SilentContext context;
    const auto copula = delay::makeCopulaGenerator();
    const delay::Table known = document.split().first;
    if (!copula->fit(known, 1, context)) throw std::runtime_error("no copula");
    document.table = value(joined(document.table, value(copula->sample(300, 1, context))));
    return document;
}

} // namespace

const delay::TableDocument& delayTable() {
    static const delay::TableDocument document = makeTable();
    return document;
}

TrainingData training(int epoch) {
    TrainingData data;
    data.epoch = epoch;
    data.epochs = 1000;
    for (int each = 0; each < epoch; ++each)
        data.losses.push_back(0.9 / (1 + 0.02 * each) + 0.05 + 0.02 * std::sin(0.7 * each));
    data.densities = densityData(delayTable().split().first, delayTable().syntheticRows());
    return data;
}

std::shared_ptr<const ResemblanceData> resemblance() {
    static const auto data = [] {
        auto made = std::make_shared<ResemblanceData>();
        const auto [known, heldOut] = delayTable().split();
        SilentContext context;
        made->resemblance = value(
            compareRows(known, delayTable().syntheticRows(), {&heldOut, std::nullopt, nullptr}, {}, context));
        made->densities = densityData(known, delayTable().syntheticRows());
        made->note = QStringLiteral("The targets that these rows had were 4.32 % off the simulated ones.");
        return made;
    }();
    return data;
}

std::shared_ptr<const JudgementData> judgement() {
    static const auto data = [] {
        auto made = std::make_shared<JudgementData>();
        const auto [known, heldOut] = delayTable().split();
        delay::StudySettings settings;
        settings.sizes = {50, 130};
        settings.repeats = 2;
        settings.synthetic = 200;
        const auto judges = delay::defaultJudges();
        SilentContext context;
        made->study = value(runStudy(
            known, heldOut, delayTable().targetColumn(),
            {[] { return delay::makeSmoteGenerator({}); }, [] { return delay::makeCopulaGenerator(); }},
            judges, settings, context));
        made->verdicts = verdicts(made->study, judges);
        made->unit = QStringLiteral("s");
        made->errorUnit = QStringLiteral("%");
        return made;
    }();
    return data;
}

} // namespace headroom::widgets::samples
