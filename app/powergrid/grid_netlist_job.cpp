#include "app/powergrid/grid_netlist_job.h"

#include <QCoreApplication>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "app/powergrid/grid_sheet.h"
#include "core/powergrid/drop_map.h"
#include "core/powergrid/node_place.h"

namespace headroom::app {
namespace {

/// Named nodes in the table of the worst.
constexpr std::size_t kWorstNodes = 100;

std::vector<widgets::WorstPlace> worstNodes(const powergrid::GridSolution& solution, double unitsPerUm) {
    std::vector<std::pair<double, powergrid::NodeId>> order;
    for (std::size_t node = 1; node < solution.volts.size(); ++node) {
        const auto id = static_cast<powergrid::NodeId>(node);
        const double drop = solution.dropOf(id);
        if (std::isfinite(drop)) order.emplace_back(drop, id);
    }
    const std::size_t count = std::min(kWorstNodes, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                      [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<widgets::WorstPlace> worst;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string name(solution.model->netlist->nodes[order[i].second]);
        const auto place = powergrid::placeOf(name);
        if (!place) continue;
        worst.push_back(
            {{static_cast<double>(place->x) / unitsPerUm, static_cast<double>(place->y) / unitsPerUm},
             order[i].first,
             QString::fromStdString(name)});
    }
    return worst;
}

} // namespace

Result<SolvedNetlist> solveNetlist(const std::filesystem::path& file, JobContext& context) {
    const auto start = std::chrono::steady_clock::now();
    auto netlist = powergrid::readGridNetlist(file, context);
    if (!netlist) return forward(netlist);
    const auto solution =
        powergrid::solveGrid(std::make_shared<const powergrid::GridNetlist>(std::move(*netlist)),
                             powergrid::IslandPolicy::Exclude, {}, context);
    if (!solution) return forward(solution);
    const powergrid::DropMapSettings settings;
    const auto map = powergrid::dropMap(*solution, settings, context);
    if (!map) return forward(map);
    auto data = std::make_shared<widgets::PowerGridData>();
    data->name = QString::fromStdString(file.filename().string());
    data->width = static_cast<int>(map->rows);
    data->height = static_cast<int>(map->columns);
    data->cellUm = 1;
    for (const powergrid::GridNet& net : solution->model->allNets)
        data->supplyVolts = std::max(data->supplyVolts, std::abs(net.supplyVolts));
    data->drop = heatMapOf(*map, QStringLiteral("V"));
    data->worst = worstNodes(*solution, settings.unitsPerUm);
    widgets::AnswerNote note;
    note.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    note.residual = solution->residual;
    note.detail = QCoreApplication::translate("GridNetlist", "%1 nodes, read, solved and drawn")
                      .arg(solution->model->netlist->nodes.size() - 1);
    data->note = note;
    SolvedNetlist solved{data, {}};
    const auto& diagnostics = solution->model->diagnostics;
    if (!diagnostics.empty()) {
        solved.remark = QString::fromStdString(diagnostics.front().message);
        if (diagnostics.size() > 1)
            solved.remark += QCoreApplication::translate("GridNetlist", " (and %n more)", nullptr,
                                                         static_cast<int>(diagnostics.size()) - 1);
    }
    return solved;
}

} // namespace headroom::app
