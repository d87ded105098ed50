#include "app/schematic/schematic_controller.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QPointF>

#include "app/document/document.h"
#include "app/document/error_text.h"
#include "app/jobs/job_queue.h"
#include "app/session/results.h"
#include "app/session/selection.h"
#include "app/session/session.h"
#include "app/session/shown_evaluation.h"
#include "core/schematic/export.h"
#include "core/schematic/moved_devices.h"
#include "core/schematic/placer.h"
#include "core/schematic/resized_devices.h"
#include "core/simulation/drawing_values.h"
#include "widgets/schematic/schematic_view.h"

namespace headroom::app {
namespace {

constexpr const char* kKey = "schematic.draw";

using DrawingPointer = std::shared_ptr<const schematic::Drawing>;

struct Values {
    netlist::Sizing sizing;
    schematic::Annotation annotation;
    QString origin;
};

/// What is written on the drawing: of the chosen candidate or of the netlist. Where the Simulation panel
/// shows an evaluation of the same, it is that one.
Values shownValues(const Document& document, const Session& session, const Results& results) {
    const auto circuit = session.circuit();
    if (!circuit) return {};
    const Subject subject = presentSubject(document, *circuit, results);
    const auto shown =
        session.shown().of(evaluationKey(*circuit, document.project().conditions, subject.sizing));
    Values values;
    // The netlist's own sizes are in the drawing already.
    if (subject.candidate) values.sizing = subject.sizing;
    const simulation::Evaluation* evaluation = shown               ? shown.get()
                                               : subject.candidate ? &subject.candidate->evaluation
                                                                   : nullptr;
    if (evaluation == nullptr) return values;
    values.annotation = simulation::drawingValues(evaluation->operatingPoint, circuit->current->circuit);
    values.origin = subject.title;
    return values;
}

} // namespace

SchematicController::SchematicController(const Parts& parts, QObject* parent)
    : QObject(parent)
    , m_parts(parts) {
    connect(&parts.session, &Session::circuitChanged, this, &SchematicController::draw);
    connect(&parts.session, &Session::circuitFailed, this, [this](const Error&) { show(nullptr, nullptr); });
    connect(&parts.document, &Document::changed, this, [this](Facets facets) {
        if (facets.testFlag(Facet::Schematic) && !facets.testFlag(Facet::Netlist)) draw();
        if (facets.testFlag(Facet::Results) || facets.testFlag(Facet::Conditions)) annotate();
    });
    connect(&parts.results, &Results::currentChanged, this, &SchematicController::annotate);
    connect(&parts.session.shown(), &ShownEvaluation::changed, this, &SchematicController::annotate);
    using View = widgets::SchematicView;
    parts.session.selection().connectView(parts.view, &View::devicesSelected);
    connect(&parts.view, &View::deviceMoved, this, &SchematicController::moveDevice);
    connect(&parts.view, &View::exportDrawingRequested, this, &SchematicController::exportDrawing);
    connect(&parts.view, &View::resetPlacesRequested, this, [this] {
        project::Project project = m_parts.document.project();
        project.devicePositions.clear();
        m_parts.document.edit(tr("Put devices back"), std::move(project));
    });
}

void SchematicController::draw() {
    const auto circuit = m_parts.session.circuit();
    if (!circuit) {
        m_parts.jobs.cancelKey(kKey);
        show(nullptr, nullptr);
        return;
    }
    std::vector<schematic::MovedDevice> moves;
    for (const project::DevicePosition& position : m_parts.document.project().devicePositions)
        moves.push_back({position.device, {position.x, position.y}});
    m_parts.jobs.start<DrawingPointer>(
        {tr("Draw schematic"), kKey, true}, this,
        [circuit, moves](JobMonitor&) -> Result<DrawingPointer> {
            auto drawing = schematic::drawingOf(*circuit->current, circuit->amplifier->structure);
            return std::make_shared<const schematic::Drawing>(
                schematic::withMovedDevices(std::move(drawing), moves));
        },
        [this, circuit](Result<DrawingPointer> drawing) {
            if (drawing) {
                show(std::move(*drawing), circuit);
            } else if (drawing.error().code != ErrorCode::Cancelled) {
                show(nullptr, nullptr);
                m_parts.view.showError(errorSentence(drawing.error()), errorDetail(drawing.error()));
            }
        });
}

void SchematicController::show(DrawingPointer drawing, std::shared_ptr<const Circuit> circuit) {
    m_drawing = std::move(drawing);
    m_circuit = std::move(circuit);
    if (m_drawing) {
        annotate();
        m_parts.view.selectDevices(m_parts.session.selection().devices());
    } else {
        m_shown.reset();
        m_parts.view.setData(nullptr, nullptr, nullptr);
    }
    emit stateChanged();
}

void SchematicController::annotate() {
    // Another circuit was opened, and its drawing is under way.
    if (!m_drawing || m_parts.session.circuit() != m_circuit) return;
    const Values values = shownValues(m_parts.document, m_parts.session, m_parts.results);
    m_shown = std::make_shared<const schematic::Drawing>(
        schematic::withSizes(*m_drawing, m_circuit->current->circuit, values.sizing));
    m_parts.view.setData(m_shown, {m_circuit->current, &m_circuit->current->circuit},
                         {m_circuit->amplifier, &m_circuit->amplifier->structure});
    m_parts.view.setAnnotation(values.annotation, values.origin);
}

void SchematicController::moveDevice(const QString& name, QPointF at) {
    project::Project project = m_parts.document.project();
    auto& positions = project.devicePositions;
    const std::string device = name.toStdString();
    // The last one moved is placed last, as the user did.
    std::erase_if(positions, [&](const project::DevicePosition& p) { return p.device == device; });
    positions.push_back({device, at.x(), at.y()});
    m_parts.document.edit(tr("Move %1").arg(name), std::move(project));
}

void SchematicController::exportDrawing() {
    if (!m_drawing) return;
    const QString name = QString::fromStdString(m_circuit->current->circuit.name);
    auto* dialog = new QFileDialog(&m_parts.window, tr("Export Drawing"));
    dialog->setObjectName("exportDrawingDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(
        {tr("SVG picture (*.svg)"), tr("PDF document (*.pdf)"), tr("xschem schematic (*.sch)")});
    dialog->setDefaultSuffix("svg");
    dialog->selectFile(name + ".svg");
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        dialog->setDefaultSuffix(filter.section("*.", 1).chopped(1));
    });
    connect(dialog, &QFileDialog::fileSelected, this, &SchematicController::write);
    dialog->open();
}

void SchematicController::write(const QString& file) {
    const auto circuit = m_circuit;
    if (!m_shown) return;
    using Notes = std::vector<std::string>;
    m_parts.jobs.start<Notes>(
        {tr("Export %1").arg(QFileInfo(file).fileName()), {}}, this,
        [drawing = m_shown, circuit, annotation = m_parts.view.shownAnnotation(), file](JobMonitor&) {
            return schematic::writeDrawing(file.toStdString(), *drawing, *circuit->current, annotation);
        },
        [this, file](Result<Notes> written) {
            if (written && !written->empty()) {
                QStringList sentences{tr("Written: %1.").arg(file)};
                for (const std::string& note : *written)
                    sentences << QString::fromStdString(note);
                emit remarked(sentences.join(' '));
            } else if (written) {
                emit exported(file);
            } else if (written.error().code != ErrorCode::Cancelled) {
                emit failed(written.error());
            }
        });
}

} // namespace headroom::app
