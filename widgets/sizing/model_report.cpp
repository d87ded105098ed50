#include "widgets/sizing/model_report.h"

#include <QCoreApplication>

#include "core/sizing/design_space.h"
#include "core/sizing/paper_report.h"
#include "widgets/sizing/exploration_data.h"
#include "widgets/sizing/exploration_histograms.h"

namespace headroom::widgets {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ModelReport", text);
}

QString percent(double share) {
    return QStringLiteral("%1 %").arg(QString::number(100 * share, 'f', 1));
}

} // namespace

std::shared_ptr<const ModelReport> modelReport(const sizing::PaperReport& report,
                                               const sizing::DesignSpace& space) {
    auto result = std::make_shared<ModelReport>();
    const sizing::MethodScore& own = report.boxes.methods.front();
    result->caption =
        tr("One sample for each of %1 held-out targets: %2 are within 5 %, %3 within 10 % of what "
           "is asked for, or better; %4 do not work.")
            .arg(report.boxes.targets)
            .arg(percent(own.metAt5.at(1)), percent(own.metAt10.at(1)))
            .arg(own.failed);
    for (std::size_t p = 0; p < report.boxes.performances.size(); ++p) {
        const sizing::Quartiles& box = own.relativeDifferences[p];
        result->boxes.push_back({QString::fromUtf8(simulation::info(report.boxes.performances[p]).symbol),
                                 QString::fromStdString(own.name), 100 * box.lowWhisker, 100 * box.lower,
                                 100 * box.median, 100 * box.upper, 100 * box.highWhisker,
                                 ColorRole::Simulated, false});
    }
    const ExplorationData data = explorationData(report.exploration, space);
    const std::vector<bool> predicted(data.candidates.size(), false);
    result->performances = performanceHistograms(data, predicted);
    result->widths = widthHistograms(data, predicted);
    const sizing::VarietyScore& variety = report.variety.front();
    result->samplesCaption = tr("%1 samples for data row %2, whose sizing is the star. Half of them miss "
                                "what is asked for by more "
                                "than %3; widths vary by %4 of their means.")
                                 .arg(data.candidates.size())
                                 .arg(report.row + 1)
                                 .arg(percent(variety.accuracy), percent(variety.variety));
    for (const sizing::WidthVariety& width : variety.widths)
        result->spreads.push_back({QString::fromStdString(width.device), width.mean, width.deviation});
    return result;
}

} // namespace headroom::widgets
