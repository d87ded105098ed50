#include "widgets/delay/delay_data.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

#include "core/delay/kept_table.h"

namespace headroom::widgets {
namespace {

enum RowClass : std::uint8_t { kKnown, kHeldOut, kSynthetic };

QString tr(const char* text) {
    return QCoreApplication::translate("DelayData", text);
}

QStringList categoriesOf(const delay::Column& column) {
    QStringList names;
    if (column.kind == delay::ColumnKind::Category)
        for (const std::string& name : column.categories)
            names << QString::fromStdString(name);
    return names;
}

/// Many inputs make a scatter matrix that nobody can read: the target, and those that go with it most.
constexpr std::size_t kShownAtFirst = 6;

void chooseColumns(SampleTable& samples, std::size_t target) {
    std::vector<std::pair<double, std::size_t>> strengths;
    for (std::size_t c = 0; c < samples.columns.size(); ++c) {
        samples.columns[c].shownAtFirst = c == target;
        if (c == target) continue;
        const double correlation = rankCorrelation(samples.columns[c], samples.columns[target], 1000);
        strengths.emplace_back(std::isfinite(correlation) ? -std::abs(correlation) : 0, c);
    }
    std::sort(strengths.begin(), strengths.end());
    for (std::size_t i = 0; i < std::min(kShownAtFirst - 1, strengths.size()); ++i)
        samples.columns[strengths[i].second].shownAtFirst = true;
}

} // namespace

std::shared_ptr<const DelayTableData> delayTableData(const delay::TableDocument& document) {
    auto data = std::make_shared<DelayTableData>();
    auto samples = std::make_shared<SampleTable>();
    samples->classes = {SampleClass{tr("learned from"), ColorRole::Simulated},
                        SampleClass{tr("held out"), ColorRole::GroundTruth},
                        SampleClass{tr("synthetic"), ColorRole::Predicted}};
    samples->rowTitle = tr("Row %1");
    const auto real = delay::rowsOfOrigin(document.table, true),
               synthetic = delay::rowsOfOrigin(document.table, false);
    const std::vector<bool> heldOut = document.heldOut();
    for (const bool isHeldOut : heldOut)
        samples->classOf.push_back(isHeldOut ? kHeldOut : kKnown);
    samples->classOf.insert(samples->classOf.end(), synthetic.size(), kSynthetic);
    for (const delay::Column& column : document.table.columns) {
        SampleColumn own;
        own.key = QString::fromStdString(column.heading());
        own.title = QString::fromStdString(column.name);
        own.unit = QString::fromStdString(column.unit);
        own.categories = categoriesOf(column);
        own.definition = own.key;
        own.values.reserve(column.values.size());
        for (const auto* rows : {&real, &synthetic})
            for (const std::size_t row : *rows)
                own.values.push_back(column.values[row]);
        if (column.kind == delay::ColumnKind::Number) data->targets << own.title;
        samples->columns.push_back(std::move(own));
    }
    const std::size_t target = document.targetColumn();
    chooseColumns(*samples, target);
    data->heldOut = static_cast<std::size_t>(std::count(heldOut.begin(), heldOut.end(), true));
    data->known = real.size() - data->heldOut;
    data->synthetic = synthetic.size();
    data->name = QString::fromStdString(document.name);
    if (!synthetic.empty())
        data->synthesis = QString::fromStdString(document.table.provenance[synthetic.front()]);
    data->target = QString::fromStdString(document.table.columns[target].name);
    data->unit = QString::fromStdString(document.table.columns[target].unit);
    data->heldOutShare = document.heldOutShare;
    data->isSimulated = document.origin.has_value();
    data->samples = std::move(samples);
    return data;
}

std::vector<DensityData> densityData(const delay::Table& real, const delay::Table& synthetic) {
    std::vector<DensityData> densities;
    for (std::size_t c = 0; c < real.columns.size(); ++c) {
        const delay::Column& column = real.columns[c];
        densities.push_back({QString::fromStdString(column.name), QString::fromStdString(column.unit),
                             categoriesOf(column), delay::densityOf(column, synthetic.columns[c])});
    }
    return densities;
}

} // namespace headroom::widgets
