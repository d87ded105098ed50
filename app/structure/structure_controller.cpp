#include "app/structure/structure_controller.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QVBoxLayout>

#include <algorithm>

#include "app/document/document.h"
#include "app/jobs/job_queue.h"
#include "app/session/session.h"
#include "core/base/file.h"
#include "core/schematic/export.h"
#include "core/schematic/placer.h"
#include "core/structure/constraints.h"
#include "core/structure/explanation.h"
#include "widgets/structure/blocks_view.h"
#include "widgets/structure/comparison_view.h"

namespace headroom::app {
namespace {

struct Compared {
    std::string name;
    structure::Comparison comparison;
};

QString reportFilter() {
    return StructureController::tr("Report (*.json)");
}
QString alignFilter() {
    return StructureController::tr("ALIGN constraints (*.json)");
}
QString constraintFilter() {
    return StructureController::tr("Symmetry as JSON (*.json)");
}

std::string jsonText(const Circuit& circuit, const QString& filter) {
    const netlist::Circuit& drawn = circuit.current->circuit;
    const structure::Structure& structure = circuit.amplifier->structure;
    if (filter == alignFilter())
        return structure::writeConstraints(drawn, structure, structure::ConstraintForm::Align);
    if (filter == constraintFilter())
        return structure::writeConstraints(drawn, structure, structure::ConstraintForm::Json);
    return structure::writeReport(drawn, structure);
}

} // namespace

StructureController::StructureController(const Parts& parts, QObject* parent)
    : QObject(parent)
    , m_parts(parts) {
    using View = widgets::BlocksView;
    connect(&parts.view, &View::functionCorrected, this,
            [this](const QStringList& devices, structure::Function function) {
                correct(devices, tr("function"),
                        [function](structure::RoleCorrection& role) { role.function = function; });
            });
    connect(&parts.view, &View::stageCorrected, this,
            [this](const QStringList& devices, structure::Stage stage) {
                correct(devices, tr("stage"), [stage](structure::RoleCorrection& role) { role.stage = stage; });
            });
    connect(&parts.view, &View::correctionsDropped, this, &StructureController::drop);
    connect(&parts.view, &View::supplyChosen, this, &StructureController::chooseSupply);
    connect(&parts.view, &View::compareRequested, this, &StructureController::chooseCircuitToCompare);
    connect(&parts.view, &View::reportRequested, this, &StructureController::chooseReport);
}

template <class Change>
void StructureController::correct(const QStringList& devices, const QString& what, const Change& change) {
    const auto circuit = m_parts.session.circuit();
    if (!circuit || devices.isEmpty()) return;
    project::Project project = m_parts.document.project();
    const auto& drawn = circuit->current->circuit.devices;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        if (!devices.contains(QString::fromStdString(drawn[i].name))) continue;
        const structure::DeviceRole& role = circuit->amplifier->structure.roles[i];
        structure::RoleCorrection correction{drawn[i].name, role.function, role.stage};
        change(correction);
        std::erase_if(project.roleCorrections,
                      [&](const structure::RoleCorrection& each) { return each.device == correction.device; });
        project.roleCorrections.push_back(std::move(correction));
    }
    const QString subject = devices.size() == 1 ? devices.front() : tr("%1 devices").arg(devices.size());
    m_parts.document.edit(tr("Correct %1 of %2").arg(what, subject), std::move(project));
}

void StructureController::drop(const QStringList& devices) {
    project::Project project = m_parts.document.project();
    const auto dropped =
        std::erase_if(project.roleCorrections, [&](const structure::RoleCorrection& correction) {
            return devices.contains(QString::fromStdString(correction.device));
        });
    if (dropped > 0) m_parts.document.edit(tr("Take functions as recognised"), std::move(project));
}

void StructureController::chooseSupply(const QString& net, bool positive) {
    project::Project project = m_parts.document.project();
    (positive ? project.positiveSupplies : project.negativeSupplies).push_back(net.toStdString());
    m_parts.document.edit(tr("Take %1 as supply").arg(net), std::move(project));
}

void StructureController::chooseCircuitToCompare() {
    if (!m_parts.session.circuit()) return;
    auto* dialog = new QFileDialog(&m_parts.window, tr("Compare With"));
    dialog->setObjectName("compareDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &StructureController::compareWith);
    dialog->open();
}

void StructureController::compareWith(const QString& file) {
    const auto circuit = m_parts.session.circuit();
    if (!circuit) return;
    m_parts.jobs.start<Compared>(
        {tr("Compare with %1").arg(QFileInfo(file).fileName()), "structure.compare"}, this,
        [circuit, file](JobMonitor&) -> Result<Compared> {
            const auto other = netlist::readNetlist(file.toStdString());
            if (!other) return forward(other);
            const auto structure = structure::recognise(other->circuit);
            return Compared{other->circuit.name,
                            structure::compare({circuit->current->circuit, circuit->amplifier->structure},
                                               {other->circuit, structure})};
        },
        [this, circuit](Result<Compared> compared) {
            if (!compared) {
                if (compared.error().code != ErrorCode::Cancelled) emit failed(compared.error());
                return;
            }
            const QString first = QString::fromStdString(circuit->current->circuit.name);
            const QString second = QString::fromStdString(compared->name);
            auto* dialog = new QDialog(&m_parts.window);
            dialog->setObjectName("comparison");
            dialog->setAttribute(Qt::WA_DeleteOnClose);
            dialog->setWindowTitle(tr("%1 and %2").arg(first, second));
            auto* view = new widgets::ComparisonView(dialog);
            view->setData(first, second, compared->comparison);
            connect(view, &widgets::ComparisonView::exportRequested, this,
                    &StructureController::exportRequested);
            auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
            connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
            auto* column = new QVBoxLayout(dialog);
            column->addWidget(view, 1);
            column->addWidget(buttons);
            dialog->resize(760, 460);
            dialog->show();
        });
}

void StructureController::chooseReport() {
    const auto circuit = m_parts.session.circuit();
    if (!circuit) return;
    auto* dialog = new QFileDialog(&m_parts.window, tr("Export Report"));
    dialog->setObjectName("reportDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Drawing with functions (*.svg)"), tr("Drawing with functions (*.pdf)"),
                            reportFilter(), constraintFilter(), alignFilter(),
                            tr("MAGICAL symmetry (*.sym)")});
    dialog->setDefaultSuffix("svg");
    dialog->selectFile(QString::fromStdString(circuit->current->circuit.name) + "_blocks.svg");
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        dialog->setDefaultSuffix(filter.section("*.", 1).chopped(1));
    });
    connect(dialog, &QFileDialog::fileSelected, this, [this, dialog](const QString& file) {
        writeReport(file, dialog->selectedNameFilter());
    });
    dialog->open();
}

void StructureController::writeReport(const QString& file, const QString& filter) {
    const auto circuit = m_parts.session.circuit();
    if (!circuit) return;
    m_parts.jobs.start<bool>(
        {tr("Export %1").arg(QFileInfo(file).fileName()), {}}, this,
        [circuit, file, filter](JobMonitor&) -> Result<bool> {
            const std::string path = file.toStdString();
            const structure::Structure& structure = circuit->amplifier->structure;
            Result<void> written;
            if (file.endsWith(".json"))
                written = writeFileAtomically(path, jsonText(*circuit, filter));
            else if (file.endsWith(".sym"))
                written = writeFileAtomically(
                    path, structure::writeConstraints(circuit->current->circuit, structure,
                                                      structure::ConstraintForm::Magical));
            else
                written = schematic::writeStructureDrawing(
                    path, schematic::drawingOf(*circuit->current, structure), structure);
            if (!written) return forward(written);
            return true;
        },
        [this, file](Result<bool> written) {
            if (written)
                emit exported(file);
            else if (written.error().code != ErrorCode::Cancelled)
                emit failed(written.error());
        });
}

} // namespace headroom::app
