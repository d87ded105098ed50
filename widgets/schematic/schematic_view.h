#pragma once

#include <QPointF>
#include <QStringList>

#include <map>
#include <memory>
#include <vector>

#include "core/netlist/circuit.h"
#include "core/schematic/annotation.h"
#include "core/schematic/drawing.h"
#include "core/structure/structure.h"
#include "widgets/common/panel.h"

class QAction;
class QLabel;

namespace headroom::widgets {

class SchematicCanvas;

/// Panel "Schematic": the circuit as a drawing, with functions shaded and, where there is one, the operating
/// point written in.
class SchematicView final : public Panel {
    Q_OBJECT

public:
    explicit SchematicView(QWidget* parent = nullptr);

    /// All of one circuit; null shows the empty state.
    void setData(std::shared_ptr<const schematic::Drawing> drawing,
                 std::shared_ptr<const netlist::Circuit> circuit,
                 std::shared_ptr<const structure::Structure> structure);

    /// Values to write beside devices and nets. @param origin what they are of, for the heading:
    /// "candidate 12"
    void setAnnotation(const schematic::Annotation& annotation, const QString& origin);

    /// How far sizes may move, as bars beside devices; empty: nothing is known.
    /// @param origin of what sizing: "candidate 12"
    void setTolerances(const std::map<netlist::DeviceId, std::vector<schematic::ToleranceBar>>& bars,
                       const QString& origin);

    /// Selects devices. Unknown ones are ignored. Emits nothing.
    void selectDevices(const QStringList& names);
    QStringList selectedDevices() const;

    /// The layers as they are switched on, for files.
    schematic::Annotation shownAnnotation() const;

    SchematicCanvas& canvas() { return *m_canvas; }
    /// What is on show; null for nothing.
    std::shared_ptr<const schematic::Drawing> drawing() const { return m_drawing; }

signals:
    /// The user selected these devices.
    void devicesSelected(const QStringList& names);
    /// The user dragged a device. The application answers with setData().
    void deviceMoved(const QString& name, QPointF at);
    /// All devices are to go back to where the program puts them.
    void resetPlacesRequested();
    /// The drawing is wanted in a file.
    void exportDrawingRequested();

private:
    void buildContent();
    void copyPicture();
    void summarise();
    void showAnnotation();

    std::shared_ptr<const schematic::Drawing> m_drawing;
    std::shared_ptr<const netlist::Circuit> m_circuit;
    schematic::Annotation m_annotation;
    QString m_origin;
    std::map<netlist::DeviceId, std::vector<schematic::ToleranceBar>> m_bars;
    QString m_barsOrigin;
    SchematicCanvas* m_canvas = nullptr;
    QLabel* m_summary = nullptr;
    QAction* m_values = nullptr;
    QAction* m_tolerances = nullptr;
};

} // namespace headroom::widgets
