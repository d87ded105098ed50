#pragma once

#include <memory>
#include <string>

#include "app/document/content_keeper.h"
#include "app/powergrid/grid_netlist_job.h"
#include "core/powergrid/sheet_folder.h"

namespace headroom::app {

/// What the panel "IR Drop" is about: a sheet to paint on, a solved netlist, or neither. What is shared is
/// never changed.
struct GridContent {
    std::shared_ptr<const powergrid::GridSheet> sheet;
    std::shared_ptr<const SolvedNetlist> netlist;

    bool isEmpty() const { return !sheet && !netlist; }
};

/// Sheets and netlists as content that is kept with the project.
ContentKeeper* makeGridKeeper(Document& document, JobQueue& jobs, QObject* parent);

/// Empty where there is none.
GridContent gridOf(const KeptContent& content);

/// Makes this what the project is about.
/// @param netlist the text of content.netlist, else null
/// @param text what the undo list calls it
void keepGrid(ContentKeeper& keeper, const GridContent& content, std::shared_ptr<const std::string> netlist,
              const QString& text);

} // namespace headroom::app
