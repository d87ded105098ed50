#include "app/powergrid/grid_answers.h"

#include <QCoreApplication>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/base/file.h"
#include "widgets/powergrid/map_digest.h"

namespace headroom::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kNetwork = "ir_drop_sheet";

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

} // namespace

Result<powergrid::SheetSolution> GridAnswers::solve(powergrid::SheetMaps maps, JobContext& context) {
    if (const auto valid = powergrid::checkSheetMaps(maps); !valid) return forward(valid);
    return m_solver.solve(
        std::make_shared<const powergrid::Sheet>(powergrid::sheetOf(std::move(maps), m_plan.technology)),
        context);
}

Result<powergrid::DropModel*> GridAnswers::network() {
    if (!m_network) {
        auto loaded = powergrid::DropModel::load(resourcePath(std::string("models/") + kNetwork),
                                                 compute::DeviceChoice::Auto);
        if (!loaded) return forward(loaded);
        m_network.emplace(std::move(*loaded));
    }
    return &*m_network;
}

QString GridAnswers::whyNoNetwork() {
    std::error_code code;
    if (std::filesystem::exists(resourcePath(std::string("models/") + kNetwork) / "model.yaml", code))
        return {};
    return QCoreApplication::translate("GridAnswers", "No network for IR drop is installed.");
}

void GridAnswers::apply(const SheetUpdate& update) {
    if (update.whole) m_plan = update.whole->plan;
    for (const widgets::MapPatch& patch : update.patches)
        applyPatch(m_plan, patch);
    if (update.objects) setObjects(m_plan, *update.objects);
}

Result<GridDrop> GridAnswers::answer(const GridQuestion& question, JobContext& context) {
    const std::scoped_lock lock(m_mutex);
    const auto start = Clock::now();
    apply(question.update);
    powergrid::SheetMaps maps = powergrid::mapsOf(m_plan);
    auto result = question.by == widgets::GridAnswer::Exact
                      ? solved(std::move(maps), context)
                      : predicted(std::move(maps), question.checks, context);
    if (!result) return result;
    result->note.answer = question.by;
    if (!result->note.maxError) result->note.seconds = secondsSince(start);
    result->drop = widgets::digested(std::move(result->drop), question.reference);
    return result;
}

Result<GridDrop> GridAnswers::solved(powergrid::SheetMaps maps, JobContext& context) {
    const auto solution = solve(std::move(maps), context);
    if (!solution) return forward(solution);
    GridDrop result{heatMapOf(solution->drop, QStringLiteral("V")), {}};
    result.note.residual = solution->residual;
    result.note.detail =
        QCoreApplication::translate("GridAnswers", "%1 steps of multigrid; %2 A supplied, %3 A drawn")
            .arg(solution->iterations)
            .arg(solution->suppliedAmperes, 0, 'g', 6)
            .arg(solution->loadAmperes, 0, 'g', 6);
    return result;
}

Result<GridDrop> GridAnswers::predicted(powergrid::SheetMaps maps, bool checks, JobContext& context) {
    const auto scale = powergrid::dropScale(m_plan.technology);
    if (!scale)
        return fail(ErrorCode::Unsupported,
                    "The network knows only sheets whose resistance at grid strength 0 is ten times that at "
                    "strength 1; the exact solver knows all.");
    const auto start = Clock::now();
    const auto model = network();
    if (!model) return forward(model);
    auto drop = (*model)->predict(maps, compute::threadBudget(), context);
    if (!drop) return forward(drop);
    for (double& value : drop->values)
        value *= *scale;
    GridDrop result{heatMapOf(*drop, QStringLiteral("V")), {}};
    result.note.model = QString::fromLatin1(kNetwork);
    result.note.detail = QCoreApplication::translate("GridAnswers", "weights %1, on %2")
                             .arg(QString::fromStdString((*model)->card().weightsHash).left(12),
                                  QString::fromStdString((*model)->card().device));
    if (!checks) return result;
    result.note.seconds = secondsSince(start); // the network's, without the solver's
    const auto exact = solve(std::move(maps), context);
    if (!exact) return forward(exact);
    double largest = 0;
    for (std::size_t i = 0; i < drop->values.size(); ++i) {
        const double difference = std::abs(drop->values[i] - exact->drop.values[i]);
        if (std::isfinite(difference)) largest = std::max(largest, difference);
    }
    result.note.maxError = largest;
    return result;
}

Result<powergrid::SheetPath> GridAnswers::pathToPad(QPointF um, JobContext& context) {
    if (um.x() < 0 || um.y() < 0) return fail(ErrorCode::BadInput, "The place lies beside the sheet.");
    powergrid::Sheet solved;
    double cellUm = 1;
    { // a copy, so that answers do not wait for the search
        const std::scoped_lock lock(m_mutex);
        cellUm = m_plan.technology.cellUm;
        solved = powergrid::sheetOf(powergrid::mapsOf(m_plan), m_plan.technology);
    }
    return powergrid::pathOfLeastResistance(solved, static_cast<std::size_t>(um.x() / cellUm),
                                            static_cast<std::size_t>(um.y() / cellUm), context);
}

} // namespace headroom::app
