#include "widgets/schematic/schematic_view.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QImage>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/common/icons.h"
#include "widgets/schematic/schematic_canvas.h"

namespace headroom::widgets {

SchematicView::SchematicView(QWidget* parent)
    : Panel(QStringLiteral("schematicPanel"), tr("Schematic"), parent) {
    buildContent();
    setData(nullptr, nullptr, nullptr);
}

void SchematicView::buildContent() {
    auto* content = new QWidget(this);
    m_canvas = new SchematicCanvas(content);
    m_canvas->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_summary = new QLabel(content);
    m_summary->setObjectName(QStringLiteral("schematicSummary"));
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(6, 3, 6, 3);
    bar->addWidget(m_summary, 1);
    const auto add = [&](const char* name, const QString& text, const QString& iconName, bool checkable) {
        auto* action = new QAction(icon(iconName), text, this);
        action->setObjectName(QString::fromLatin1(name));
        action->setCheckable(checkable);
        m_canvas->addAction(action);
        return action;
    };
    const auto show = [&](QAction* action) {
        auto* button = new QToolButton(content);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        bar->addWidget(button);
    };
    auto* fit = add("schematicFit", tr("Fit Drawing (F)"), QStringLiteral("fit"), false);
    auto* shading = add("schematicShading", tr("Shade Functions"), QStringLiteral("blocks"), true);
    m_values = add("schematicValues", tr("Show Operating Point"), QStringLiteral("simulate"), true);
    m_tolerances = add("schematicTolerances", tr("Show Slack"), QStringLiteral("slack"), true);
    auto* copy = add("schematicCopy", tr("Copy Picture"), QStringLiteral("copy"), false);
    auto* write = add("schematicExport", tr("Export Drawing…"), QStringLiteral("export"), false);
    auto* reset = add("schematicReset", tr("Put Devices Back"), QStringLiteral("undo"), false);
    for (QAction* action : {fit, shading, m_values, m_tolerances, write})
        show(action);
    shading->setChecked(true);
    m_values->setChecked(true);
    m_values->setEnabled(false);
    m_tolerances->setChecked(true);
    m_tolerances->setEnabled(false);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(fit, &QAction::triggered, m_canvas, &SchematicCanvas::fit);
    connect(shading, &QAction::toggled, m_canvas, &SchematicCanvas::setShading);
    connect(m_values, &QAction::toggled, this, &SchematicView::showAnnotation);
    connect(m_tolerances, &QAction::toggled, this, &SchematicView::showAnnotation);
    connect(copy, &QAction::triggered, this, &SchematicView::copyPicture);
    connect(write, &QAction::triggered, this, &SchematicView::exportDrawingRequested);
    connect(reset, &QAction::triggered, this, &SchematicView::resetPlacesRequested);
    connect(m_canvas, &SchematicCanvas::selectionChanged, this,
            [this] { emit devicesSelected(selectedDevices()); });
    connect(m_canvas, &SchematicCanvas::deviceMoved, this, [this](netlist::DeviceId device, QPointF at) {
        if (const auto* symbol = m_drawing ? m_drawing->symbolOf(device) : nullptr)
            emit deviceMoved(QString::fromStdString(symbol->name), at);
    });
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addWidget(m_canvas, 1);
    setContent(content);
}

void SchematicView::setData(std::shared_ptr<const schematic::Drawing> drawing,
                            std::shared_ptr<const netlist::Circuit> circuit,
                            std::shared_ptr<const structure::Structure> structure) {
    m_drawing = std::move(drawing);
    m_circuit = std::move(circuit);
    m_canvas->setData(m_drawing, m_circuit, std::move(structure));
    if (!m_drawing || !m_circuit || m_drawing->symbols.empty()) {
        setContentPresent(false, tr("No circuit yet. Its schematic is drawn here once a netlist is read."));
        return;
    }
    summarise();
    setContentPresent(true);
}

void SchematicView::setAnnotation(const schematic::Annotation& annotation, const QString& origin) {
    m_annotation = annotation;
    m_origin = origin;
    m_values->setEnabled(!annotation.empty());
    showAnnotation();
    if (m_drawing) summarise();
}

void SchematicView::setTolerances(
    const std::map<netlist::DeviceId, std::vector<schematic::ToleranceBar>>& bars, const QString& origin) {
    m_bars = bars;
    m_barsOrigin = origin;
    m_tolerances->setEnabled(!bars.empty());
    showAnnotation();
    if (m_drawing) summarise();
}

schematic::Annotation SchematicView::shownAnnotation() const {
    schematic::Annotation shown = m_values->isChecked() ? m_annotation : schematic::Annotation{};
    if (m_tolerances->isChecked())
        for (const auto& [device, bars] : m_bars)
            shown.devices[device].bars = bars;
    return shown;
}

void SchematicView::showAnnotation() {
    m_canvas->setAnnotation(shownAnnotation());
}

void SchematicView::summarise() {
    const auto count = m_drawing->symbols.size();
    QString text = count == 1 ? tr("1 device") : tr("%1 devices").arg(count);
    text += m_drawing->fromSheet ? tr(", as its author drew it") : tr(", placed from the structure");
    if (!m_annotation.empty() && !m_origin.isEmpty())
        text += tr("; sizes and operating point of %1").arg(m_origin);
    if (!m_bars.empty()) text += tr("; slack of %1").arg(m_barsOrigin);
    m_summary->setText(text);
}

void SchematicView::selectDevices(const QStringList& names) {
    std::set<netlist::DeviceId> devices;
    if (m_drawing)
        for (const schematic::Symbol& symbol : m_drawing->symbols)
            if (symbol.device >= 0 &&
                names.contains(QString::fromStdString(symbol.name), Qt::CaseInsensitive))
                devices.insert(symbol.device);
    m_canvas->select(devices);
    if (devices.size() == 1) m_canvas->reveal(*devices.begin());
}

QStringList SchematicView::selectedDevices() const {
    QStringList names;
    for (const netlist::DeviceId device : m_canvas->selection())
        if (const auto* symbol = m_drawing ? m_drawing->symbolOf(device) : nullptr)
            names << QString::fromStdString(symbol->name);
    return names;
}

void SchematicView::copyPicture() {
    QGuiApplication::clipboard()->setImage(m_canvas->picture());
}

} // namespace headroom::widgets
