#include "app/session/data_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/hash.h"
#include "core/sizing/dataset_folder.h"
#include "core/sizing/model_origin.h"
#include "core/sizing/shipped_models.h"
#include "core/sizing/training_data.h"

namespace headroom::app {
namespace {

std::vector<std::pair<double, double>> rangesOf(const sizing::Dataset& dataset) {
    std::vector<std::pair<double, double>> ranges;
    const auto rows = dataset.trainingRows();
    for (std::size_t p = 0; p < dataset.performances.size(); ++p) {
        std::pair<double, double> range{0, 0};
        bool first = true;
        for (const std::size_t row : rows) {
            const double value = dataset.rows[row].performances[p];
            range.first = first ? value : std::min(range.first, value);
            range.second = first ? value : std::max(range.second, value);
            first = false;
        }
        ranges.push_back(range);
    }
    return ranges;
}

const project::Target* find(const project::SpecificationState& specification,
                            simulation::Performance performance) {
    const auto found =
        std::find_if(specification.targets.begin(), specification.targets.end(),
                     [&](const project::Target& target) { return target.performance == performance; });
    return found == specification.targets.end() ? nullptr : &*found;
}

} // namespace

Result<SizingSources> findSources(const project::Project& project, const std::filesystem::path& folder,
                                  const Circuit& circuit) {
    SizingSources sources;
    if (!project.dataset.empty()) sources.dataset = sizing::resolveReference(project.dataset, folder);
    if (!project.model.empty()) {
        sources.model = sizing::resolveReference(project.model, folder);
    } else if (const auto shipped = sizing::findShippedModel(circuit.amplifier->netlist.circuit,
                                                             circuit.amplifier->technology.name);
               shipped && sources.dataset.empty()) {
        sources.model = *shipped;
    }
    if (!sources.model.empty() && sources.dataset.empty()) {
        const auto source = sizing::readModelSource(sources.model);
        if (!source) return forward(source);
        sources.dataset = source->dataset;
    }
    return sources;
}

Result<std::shared_ptr<const DataSource>> loadData(const std::filesystem::path& folder,
                                                   const Circuit& circuit) {
    auto read = sizing::loadDatasetFolder(folder);
    if (!read) return forward(read);
    if (!circuit.space) {
        return tl::unexpected<Error>(
            Error{ErrorCode::BadInput, "The data set belongs to another circuit.", folder.string(), 0, {}});
    }
    if (auto fits = sizing::checkVariables(read->dataset.variableNames, *circuit.space); !fits) {
        fits.error().file = folder.string();
        return forward(fits);
    }
    auto data = std::make_shared<DataSource>();
    data->hash = sha256(sizing::writeDatasetCsv(read->dataset));
    // What is the same whatever the sizes cannot be asked for.
    auto varying = sizing::withoutConstants(read->dataset);
    data->dataset = varying ? std::move(*varying) : std::move(read->dataset);
    data->ranges = rangesOf(data->dataset);
    data->folder = folder;
    return data;
}

project::SpecificationState specificationFromRow(const sizing::Dataset& dataset, std::size_t row,
                                                 const project::SpecificationState& before) {
    project::SpecificationState specification;
    specification.dataRow = row;
    specification.pinned = before.pinned;
    for (std::size_t p = 0; p < dataset.performances.size(); ++p) {
        project::Target target{dataset.performances[p], dataset.rows.at(row).performances.at(p), false};
        if (const auto* old = find(before, target.performance); old != nullptr) {
            if (old->locked) target = *old;
            target.weight = old->weight;
            target.corners = old->corners;
        }
        specification.targets.push_back(target);
    }
    if (!groundTruth(dataset, specification)) specification.dataRow.reset();
    return specification;
}

std::optional<sizing::DataRow> groundTruth(const sizing::Dataset& dataset,
                                           const project::SpecificationState& specification) {
    if (!specification.dataRow || *specification.dataRow >= dataset.rows.size()) return std::nullopt;
    const sizing::DataRow& row = dataset.rows[*specification.dataRow];
    for (std::size_t p = 0; p < dataset.performances.size(); ++p) {
        const auto* target = find(specification, dataset.performances[p]);
        if (target == nullptr || target->requirement().target() != row.performances[p]) return std::nullopt;
    }
    return row;
}

Result<sizing::Specification> toSpecification(const sizing::Dataset& dataset,
                                              const sizing::DesignSpace& space,
                                              const project::SpecificationState& specification) {
    sizing::Specification result;
    for (const simulation::Performance performance : dataset.performances) {
        const auto* target = find(specification, performance);
        result.requirements.push_back(target == nullptr ? sizing::Requirement::free(performance)
                                                        : target->requirement());
    }
    for (const netlist::Assignment& pin : specification.pinned) {
        const auto variable = space.find(pin.device, pin.parameter);
        if (!variable) {
            return fail(ErrorCode::BadInput,
                        fmt::format("{} is pinned but has no size \"{}\" in this circuit.", pin.device,
                                    pin.parameter));
        }
        result.pinned.push_back({*variable, pin.value});
    }
    if (const auto fits = sizing::checkSpecification(result); !fits) return forward(fits);
    return result;
}

} // namespace headroom::app
