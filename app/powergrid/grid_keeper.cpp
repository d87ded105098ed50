#include "app/powergrid/grid_keeper.h"

namespace headroom::app {
namespace {

Result<KeptContent> readContent(const std::filesystem::path& folder, const std::string& number,
                                JobContext& context) {
    auto kept = powergrid::readKeptGrid(folder, number);
    if (!kept) return forward(kept);
    auto content = std::make_shared<GridContent>();
    if (auto* sheet = std::get_if<powergrid::GridSheet>(&*kept)) {
        content->sheet = std::make_shared<const powergrid::GridSheet>(std::move(*sheet));
        return content;
    }
    auto solved = solveNetlist(std::get<powergrid::GridText>(*kept), context);
    if (!solved) return forward(solved);
    content->netlist = std::make_shared<const SolvedNetlist>(std::move(*solved));
    return content;
}

} // namespace

ContentKeeper* makeGridKeeper(Document& document, JobQueue& jobs, QObject* parent) {
    ContentKind kind;
    kind.facet = Facet::PowerGrid;
    kind.number = &project::Project::powerGrid;
    kind.folder = project::powerGridFolderName;
    kind.readTitle = ContentKeeper::tr("Read power grid");
    kind.keepTitle = ContentKeeper::tr("Keep power grid");
    kind.read = readContent;
    kind.weight = [](const KeptContent& content) {
        const GridContent grid = gridOf(content);
        return grid.sheet ? grid.sheet->plan.strength.values.size() : 0;
    };
    return new ContentKeeper(std::move(kind), document, jobs, parent);
}

GridContent gridOf(const KeptContent& content) {
    return content ? *std::static_pointer_cast<const GridContent>(content) : GridContent{};
}

void keepGrid(ContentKeeper& keeper, const GridContent& content, std::shared_ptr<const std::string> netlist,
              const QString& text) {
    keeper.keep(
        std::make_shared<const GridContent>(content),
        [content, netlist = std::move(netlist)](const std::filesystem::path& folder) {
            return content.sheet
                       ? powergrid::keepSheet(folder, *content.sheet)
                       : powergrid::keepNetlist(folder, *netlist, content.netlist->data->name.toStdString());
        },
        text);
}

} // namespace headroom::app
