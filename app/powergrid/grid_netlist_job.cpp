#include "app/powergrid/grid_netlist_job.h"

#include <QCoreApplication>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

#include "app/document/error_text.h"
#include "app/powergrid/grid_sheet.h"
#include "core/powergrid/drop_map.h"
#include "core/powergrid/least_resistance.h"
#include "core/powergrid/node_place.h"
#include "core/powergrid/rebuilt_grid.h"
#include "widgets/common/quantity_text.h"
#include "widgets/powergrid/map_digest.h"

namespace headroom::app {
namespace {

/// Named nodes in the table of the worst.
constexpr std::size_t kWorstNodes = 100;
/// Findings in the tool tip of the answer.
constexpr std::size_t kToldInTip = 10;
/// Cells along the longer side of a map.
constexpr double kMostCells = 2048;
/// Whose rules a grid is rebuilt by.
constexpr const char* kGridTechnology = "iccad2023";
/// Islands and pads that are drawn.
constexpr std::size_t kIslands = 200, kPads = 2000;

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

/// Whole micrometres, so that the map stays small enough to be shown.
double cellSide(const powergrid::GridNetlist& netlist, double unitsPerUm) {
    std::int32_t farthest = 0;
    for (std::size_t node = 1; node < netlist.nodes.size(); ++node)
        if (const auto place = powergrid::placeOf(netlist.nodes[static_cast<powergrid::NodeId>(node)]))
            farthest = std::max({farthest, place->x, place->y});
    return std::max(1.0, std::ceil(static_cast<double>(farthest) / unitsPerUm / kMostCells));
}

/// An error that does not say which file it is about.
tl::unexpected<Error> failIn(const powergrid::GridText& text, Error error) {
    if (error.file.empty()) error.file = text.file.string();
    return tl::unexpected<Error>(std::move(error));
}

/// The parts that no pad supplies, the largest first, as far as their nodes' names hold places.
std::vector<widgets::GridIsland> islandsOf(const powergrid::GridModel& model, double unitsPerUm) {
    std::map<std::int32_t, widgets::GridIsland> islands;
    for (std::size_t node = 1; node < model.nets.size(); ++node) {
        const std::int32_t net = model.nets[node];
        if (net < 0 || !model.allNets[static_cast<std::size_t>(net)].isIsland) continue;
        const std::string_view name = model.netlist->nodes[static_cast<powergrid::NodeId>(node)];
        const auto place = powergrid::placeOf(name);
        if (!place) continue;
        const QPointF um(static_cast<double>(place->x) / unitsPerUm,
                         static_cast<double>(place->y) / unitsPerUm);
        auto [island, isNew] = islands.try_emplace(net);
        if (isNew) {
            const powergrid::GridNet& all = model.allNets[static_cast<std::size_t>(net)];
            const std::string_view first = model.netlist->nodes[all.firstNode];
            island->second = {QString::fromUtf8(first.data(), static_cast<qsizetype>(first.size())), um, um,
                              all.nodes};
            continue;
        }
        QPointF &from = island->second.from, &to = island->second.to;
        from = {std::min(from.x(), um.x()), std::min(from.y(), um.y())};
        to = {std::max(to.x(), um.x()), std::max(to.y(), um.y())};
    }
    std::vector<widgets::GridIsland> found;
    for (auto& [net, island] : islands)
        found.push_back(std::move(island));
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.nodes > b.nodes; });
    if (found.size() > kIslands) found.resize(kIslands);
    return found;
}

/// Places that sources hold against ground.
std::shared_ptr<const widgets::GridObjects> padsOf(const powergrid::GridNetlist& netlist, double unitsPerUm) {
    widgets::GridObjects pads;
    for (const powergrid::VoltageSource& each : netlist.voltages) {
        if ((each.plus == powergrid::kGround) == (each.minus == powergrid::kGround)) continue;
        const auto place =
            powergrid::placeOf(netlist.nodes[each.plus == powergrid::kGround ? each.minus : each.plus]);
        if (!place || pads.size() == kPads) continue;
        const QPointF um(static_cast<double>(place->x) / unitsPerUm,
                         static_cast<double>(place->y) / unitsPerUm);
        pads.push_back({static_cast<int>(pads.size()) + 1, widgets::GridObjectKind::Pad, um, um, 0,
                        each.plus == powergrid::kGround ? -each.volts : each.volts,
                        QString::fromStdString(each.name)});
    }
    return std::make_shared<const widgets::GridObjects>(std::move(pads));
}

/// The first finding with its line, and how many there are.
QString remarkOf(const std::vector<netlist::Diagnostic>& diagnostics, const std::string& name) {
    const auto isWarning = [](const netlist::Diagnostic& each) {
        return each.severity != netlist::Severity::Note;
    };
    const auto count = std::count_if(diagnostics.begin(), diagnostics.end(), isWarning);
    if (count == 0) return {};
    const netlist::Diagnostic& first = *std::find_if(diagnostics.begin(), diagnostics.end(), isWarning);
    const QString remark = errorSentence(
        {ErrorCode::BadInput, first.message, first.line > 0 ? name : std::string(), first.line, {}});
    if (count == 1) return remark;
    return remark +
           QCoreApplication::translate("GridNetlist", " (and %n more)", nullptr, static_cast<int>(count) - 1);
}

} // namespace

Result<SolvedNetlist> solveNetlist(const powergrid::GridText& text, JobContext& context) {
    const auto start = std::chrono::steady_clock::now();
    auto netlist = powergrid::parseGridNetlist(text.text, text.file.string(), context);
    if (!netlist) return forward(netlist);
    const auto solution =
        powergrid::solveGrid(std::make_shared<const powergrid::GridNetlist>(std::move(*netlist)),
                             powergrid::IslandPolicy::Exclude, {}, context);
    if (!solution) return failIn(text, solution.error());
    const double unitsPerUm = powergrid::DropMapSettings{}.unitsPerUm;
    const double cellUm = cellSide(*solution->model->netlist, unitsPerUm);
    powergrid::DropMapSettings settings;
    settings.unitsPerUm = unitsPerUm * cellUm;
    const auto map = powergrid::dropMap(*solution, settings, context);
    if (!map) return failIn(text, map.error());
    auto data = std::make_shared<widgets::PowerGridData>();
    data->name = QString::fromStdString(text.name);
    data->width = static_cast<int>(map->rows);
    data->height = static_cast<int>(map->columns);
    data->cellUm = cellUm;
    for (const powergrid::GridNet& net : solution->model->allNets)
        data->supplyVolts = std::max(data->supplyVolts, std::abs(net.supplyVolts));
    data->drop = widgets::digested(heatMapOf(*map, QStringLiteral("V")));
    data->worst = worstNodes(*solution, unitsPerUm);
    data->islands = islandsOf(*solution->model, unitsPerUm);
    data->objects = padsOf(*solution->model->netlist, unitsPerUm);
    widgets::AnswerNote note;
    note.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    note.residual = solution->residual;
    note.detail = QCoreApplication::translate("GridNetlist", "%1 nodes, read, solved and drawn")
                      .arg(solution->model->netlist->nodes.size() - 1);
    for (std::size_t i = 0; i < std::min(kToldInTip, solution->model->diagnostics.size()); ++i)
        note.detail += QLatin1Char('\n') + QString::fromStdString(solution->model->diagnostics[i].message);
    data->note = note;
    SolvedNetlist solved{data, solution->model->netlist, remarkOf(solution->model->diagnostics, text.name),
                         powergrid::islandRefusal(*solution->model)};
    if (solved.islandRefusal) solved.islandRefusal->file = text.name; // a kept one's own file has no name
    return solved;
}

Result<NetlistPath> pathToPad(const powergrid::GridNetlist& netlist, QPointF um, JobContext& context) {
    const double unitsPerUm = powergrid::DropMapSettings{}.unitsPerUm;
    const auto path = powergrid::pathOfLeastResistance(
        netlist, powergrid::nearestNode(netlist, um.x(), um.y(), unitsPerUm), context);
    if (!path) return forward(path);
    NetlistPath found;
    for (const powergrid::NodeId node : path->nodes)
        if (const auto place = powergrid::placeOf(netlist.nodes[node]))
            found.um.emplace_back(static_cast<double>(place->x) / unitsPerUm,
                                  static_cast<double>(place->y) / unitsPerUm);
    const auto name = [&](powergrid::NodeId node) {
        const std::string_view text = netlist.nodes[node];
        return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    };
    found.text = QCoreApplication::translate("GridNetlist", "%1 from %2 to the pad %3")
                     .arg(widgets::quantityText(path->ohms, "ohm", 3), name(path->nodes.front()),
                          name(path->nodes.back()));
    return found;
}

std::optional<powergrid::GridMapFiles> mapsOfAGrid(const std::vector<std::filesystem::path>& files) {
    std::error_code code;
    if (files.size() == 1 && std::filesystem::exists(files.front() / kNetlistInFolder, code))
        return std::nullopt;
    const auto maps = powergrid::findGridMaps(files);
    if (!maps || maps->distances.empty()) return std::nullopt;
    return *maps;
}

Result<powergrid::GridText> rebuiltText(const powergrid::GridMapFiles& files, const std::string& name,
                                        JobContext& context) {
    const auto technology = powergrid::loadGridTechnology(kGridTechnology);
    if (!technology) return forward(technology);
    auto maps = powergrid::readGridMaps(files, {}, context);
    if (!maps) return forward(maps);
    // A chip without a map of templates has the densest one everywhere.
    if (maps->templates.empty()) maps->everywhere = 0;
    const auto netlist = powergrid::rebuildGrid(*maps, *technology, context);
    if (!netlist) return forward(netlist);
    return powergrid::GridText{powergrid::writeGridNetlist(*netlist), name + " (rebuilt)", files.currents};
}

} // namespace headroom::app
