#include "app/sizing/specification_controller.h"

#include <QRandomGenerator>

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/document/document.h"
#include "app/document/error_text.h"
#include "app/session/results.h"
#include "app/session/session.h"
#include "app/session/shared_pool.h"
#include "app/session/shown_evaluation.h"
#include "app/sizing/pin_dialog.h"
#include "core/base/quantity.h"
#include "core/sizing/robustness.h"
#include "widgets/robustness/robustness_data.h"
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

/// "M1,M2 w = 12 µm"
QString pinText(const netlist::Assignment& pin, const Circuit* circuit) {
    const auto variable =
        circuit != nullptr && circuit->space ? circuit->space->find(pin.device, pin.parameter) : std::nullopt;
    if (!variable)
        return QStringLiteral("%1 %2").arg(QString::fromStdString(pin.device),
                                           QString::fromStdString(pin.parameter));
    const sizing::Variable& sized = circuit->space->variables()[*variable];
    return QStringLiteral("%1 = %2").arg(QString::fromStdString(sized.name),
                                         QString::fromStdString(formatQuantity(pin.value, sized.unit)));
}

} // namespace

SpecificationController::SpecificationController(Document& document, Session& session, Results& results,
                                                 SpecificationView& view, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_session(session)
    , m_results(results)
    , m_view(view) {
    connect(&document, &Document::changed, this, [this](Facets facets) {
        if (facets.testFlag(Facet::Specification) || facets.testFlag(Facet::Sampling) ||
            facets.testFlag(Facet::Results)) {
            show();
        }
    });
    connect(&results, &Results::currentChanged, this, &SpecificationController::show);
    connect(&session, &Session::circuitChanged, this, &SpecificationController::show);
    connect(&session, &Session::dataChanged, this, &SpecificationController::show);
    connect(&session, &Session::modelChanged, this, &SpecificationController::show);
    connect(&view, &SpecificationView::requirementEdited, this, &SpecificationController::editRequirement);
    connect(&view, &SpecificationView::pinsRequested, this, &SpecificationController::askForPins);
    connect(&view, &SpecificationView::lockToggled, this, &SpecificationController::toggleLock);
    connect(&view, &SpecificationView::dataRowRequested, this,
            [this](int row) { takeRow(static_cast<std::size_t>(row)); });
    connect(&view, &SpecificationView::randomTargetRequested, this, &SpecificationController::takeRandomRow);
    show();
}

void SpecificationController::setCorners(std::shared_ptr<const widgets::RobustnessData> corners) {
    if (corners == m_corners) return;
    m_corners = std::move(corners);
    show();
}

void SpecificationController::showAnswer(const QString& text) {
    m_answer = text;
    m_answered = m_document.project().specification;
    show();
}

QString SpecificationController::hint() const {
    if (const auto& problem = m_session.modelProblem()) return errorSentence(*problem);
    if (const auto& problem = m_session.dataProblem()) return errorSentence(*problem);
    if (m_session.data() && !m_session.model()) return tr("No model is trained for this circuit yet.");
    if (m_session.model() && !m_session.modelReady()) return tr("The model is being loaded.");
    return m_answered == m_document.project().specification ? m_answer : QString();
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
    const auto chosen = presentSubject(m_document, m_session, m_results).candidate;
    for (const project::Target& target : specification.targets) {
        const auto [low, high] = rangeOf(source.get(), target.performance);
        widgets::SpecificationRow row{target.requirement(), low, high, target.locked};
        if (circuit)
            row.requirement = sizing::atKnownCorners(row.requirement, circuit->amplifier->technology.corners);
        if (chosen) {
            const auto value = chosen->evaluation.performances.find(target.performance);
            if (value != chosen->evaluation.performances.end()) {
                row.chosen = value->second;
                row.shortfall =
                    row.requirement.shortfall(row.chosen, m_results.current()->provenance.supplyVoltage);
            }
        }
        if (m_corners) showCorners(row);
        data.rows.push_back(row);
    }
    for (const netlist::Assignment& pin : specification.pinned)
        data.pinned << pinText(pin, circuit.get());
    if (circuit) {
        for (const std::string& corner : circuit->amplifier->technology.corners)
            data.corners << QString::fromStdString(corner);
    }
    data.canPin = circuit && circuit->space;
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

/// The worst of the places that a row's requirement is about.
void SpecificationController::showCorners(widgets::SpecificationRow& row) const {
    const auto& known = m_corners->performances;
    const auto performance = std::find_if(known.begin(), known.end(), [&](const auto& each) {
        return each.performance == row.requirement.performance;
    });
    if (performance == known.end()) return;
    const auto index = static_cast<std::size_t>(performance - known.begin());
    const double supplyVoltage = m_session.pool() ? m_session.pool()->supplyVoltage() : 1;
    const bool biggerIsBetter = simulation::info(row.requirement.performance).biggerIsBetter;
    const auto isWorse = [&](double value) {
        if (std::isnan(row.cornerWorst)) return true;
        if (row.requirement.isFree())
            return biggerIsBetter ? value < row.cornerWorst : value > row.cornerWorst;
        return sizing::marginOf(row.requirement, value, supplyVoltage) <
               sizing::marginOf(row.requirement, row.cornerWorst, supplyVoltage);
    };
    int missing = 0;
    for (const widgets::RobustPlace& place : m_corners->places) {
        if (!place.corner.isEmpty() && !row.requirement.appliesAt(place.corner.toStdString())) continue;
        const double value = place.values[index];
        if (std::isnan(value)) {
            ++missing;
        } else if (isWorse(value)) {
            row.cornerWorst = value;
            row.cornerName = place.name;
        }
    }
    if (!std::isfinite(row.cornerWorst)) return;
    row.cornerShortfall = row.requirement.shortfall(row.cornerWorst, supplyVoltage);
    if (missing > 0) row.cornerName += tr("; no value at %1").arg(missing);
}

void SpecificationController::editRequirement(const sizing::Requirement& requirement) {
    project::Project project = m_document.project();
    project::Target* target = find(project.specification, requirement.performance);
    if (target == nullptr || target->requirement() == requirement) return;
    const sizing::Requirement before = target->requirement();
    target->take(requirement);
    // What a row weighs and at which corners it holds does not make it another data row's.
    if (before.minimum != requirement.minimum || before.maximum != requirement.maximum)
        project.specification.dataRow.reset();
    m_document.edit(tr("Edit %1").arg(titleOf(requirement.performance)), std::move(project));
}

void SpecificationController::askForPins() {
    const auto circuit = m_session.circuit();
    if (!circuit || !circuit->space) return;
    const auto values = circuit->space->collapse(circuit->amplifier->netlist,
                                                 presentSubject(m_document, m_session, m_results).sizing);
    auto* dialog = new PinDialog(*circuit->space, values.value_or(std::vector<double>()),
                                 m_document.project().specification.pinned, &m_view);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        project::Project project = m_document.project();
        project.specification.pinned = dialog->pinned();
        const auto count = static_cast<int>(project.specification.pinned.size());
        m_document.edit(count == 0 ? tr("Unpin all sizes") : tr("Pin %n size(s)", nullptr, count),
                        std::move(project));
    });
    dialog->open();
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
        const auto requirement = sizing::Requirement::reaching(performances[p], values[p]);
        if (target == nullptr || target->locked || target->requirement().target() == values[p]) continue;
        auto changed = requirement;
        changed.weight = target->weight;
        changed.corners = target->corners;
        target->take(changed);
        project.specification.dataRow.reset();
    }
    m_document.edit(text, std::move(project));
}

} // namespace headroom::app
