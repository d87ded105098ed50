#include "app/sizing/specification_controller.h"

#include <QRandomGenerator>

#include <algorithm>
#include <limits>

#include "app/document/document.h"
#include "app/document/error_text.h"
#include "app/session/session.h"
#include "widgets/sizing/specification_view.h"

namespace headroom::app {
namespace {

using simulation::Performance;
using widgets::SpecificationView;

QString titleOf(Performance performance) {
    return QString::fromUtf8(simulation::info(performance).title);
}

/// The range of a performance in the data set; NaN where unknown.
std::pair<double, double> rangeOf(const DataSource* data, Performance performance) {
    constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
    if (data == nullptr) return {kUnknown, kUnknown};
    const auto& performances = data->dataset.performances;
    const auto found = std::find(performances.begin(), performances.end(), performance);
    if (found == performances.end()) return {kUnknown, kUnknown};
    return data->ranges.at(static_cast<std::size_t>(found - performances.begin()));
}

project::Target* find(project::SpecificationState& specification, Performance performance) {
    const auto found =
        std::find_if(specification.targets.begin(), specification.targets.end(),
                     [&](const project::Target& target) { return target.performance == performance; });
    return found == specification.targets.end() ? nullptr : &*found;
}

} // namespace

SpecificationController::SpecificationController(Document& document, Session& session,
                                                 SpecificationView& view, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_session(session)
    , m_view(view) {
    connect(&document, &Document::changed, this, [this](Facets facets) {
        if (facets.testFlag(Facet::Specification) || facets.testFlag(Facet::Sampling)) show();
    });
    connect(&session, &Session::circuitChanged, this, &SpecificationController::show);
    connect(&session, &Session::dataChanged, this, &SpecificationController::show);
    connect(&session, &Session::modelChanged, this, &SpecificationController::show);
    connect(&view, &SpecificationView::targetEdited, this, &SpecificationController::editTarget);
    connect(&view, &SpecificationView::lockToggled, this, &SpecificationController::toggleLock);
    connect(&view, &SpecificationView::dataRowRequested, this,
            [this](int row) { takeRow(static_cast<std::size_t>(row)); });
    connect(&view, &SpecificationView::randomTargetRequested, this, &SpecificationController::takeRandomRow);
    show();
}

QString SpecificationController::hint() const {
    if (const auto& problem = m_session.modelProblem()) return errorSentence(*problem);
    if (const auto& problem = m_session.dataProblem()) return errorSentence(*problem);
    if (m_session.data() && !m_session.model()) return tr("No model is trained for this circuit yet.");
    if (m_session.model() && !m_session.modelReady()) return tr("The model is being loaded.");
    return {};
}

void SpecificationController::show() {
    const auto& specification = m_document.project().specification;
    const auto circuit = m_session.circuit();
    if (specification.targets.empty()) {
        m_view.setData({});
        if (!circuit) {
            m_view.showEmpty(tr("Import a netlist first."));
        } else if (circuit->problem) {
            m_view.showEmpty(errorSentence(*circuit->problem));
        } else {
            m_view.showEmpty(
                tr("What this circuit can reach is not known yet: there is no data set for it."));
        }
        return;
    }
    widgets::SpecificationData data;
    const auto source = m_session.data();
    for (const project::Target& target : specification.targets) {
        const auto [low, high] = rangeOf(source.get(), target.performance);
        data.rows.push_back({target.performance, target.value, low, high, target.locked});
    }
    data.dataRows = source ? source->dataset.rows.size() : 0;
    if (specification.dataRow) {
        const auto heldOutRows = source ? source->dataset.heldOutRows() : std::vector<std::size_t>();
        const bool heldOut =
            std::binary_search(heldOutRows.begin(), heldOutRows.end(), *specification.dataRow);
        const auto row = *specification.dataRow + 1;
        data.origin = heldOut ? tr("held-out data row %1").arg(row) : tr("data row %1").arg(row);
    }
    data.hint = hint();
    data.canSample = m_session.model() != nullptr && !m_session.modelProblem();
    m_view.setData(data);
    m_view.setSampleCount(static_cast<int>(m_document.project().sampling.count));
}

void SpecificationController::editTarget(Performance performance, double value) {
    project::Project project = m_document.project();
    project::Target* target = find(project.specification, performance);
    if (target == nullptr || target->value == value) return;
    target->value = value;
    project.specification.dataRow.reset();
    m_document.edit(tr("Edit %1").arg(titleOf(performance)), std::move(project));
}

void SpecificationController::toggleLock(Performance performance, bool locked) {
    project::Project project = m_document.project();
    project::Target* target = find(project.specification, performance);
    if (target == nullptr) return;
    target->locked = locked;
    m_document.edit((locked ? tr("Lock %1") : tr("Unlock %1")).arg(titleOf(performance)), std::move(project));
}

void SpecificationController::takeRow(std::size_t row) {
    const auto source = m_session.data();
    if (!source || row >= source->dataset.rows.size()) return;
    project::Project project = m_document.project();
    project.specification = specificationFromRow(source->dataset, row, project.specification);
    m_document.edit(tr("Take targets from data row %1").arg(row + 1), std::move(project));
}

void SpecificationController::takeRandomRow() {
    const auto source = m_session.data();
    if (!source) return;
    const auto rows = source->dataset.heldOutRows();
    if (rows.empty()) return;
    takeRow(rows[QRandomGenerator::global()->bounded(static_cast<quint32>(rows.size()))]);
}

void SpecificationController::setTargets(const std::vector<Performance>& performances,
                                         const std::vector<double>& values, const QString& text) {
    project::Project project = m_document.project();
    for (std::size_t p = 0; p < performances.size() && p < values.size(); ++p) {
        project::Target* target = find(project.specification, performances[p]);
        if (target == nullptr || target->locked || target->value == values[p]) continue;
        target->value = values[p];
        project.specification.dataRow.reset();
    }
    m_document.edit(text, std::move(project));
}

} // namespace headroom::app
