#pragma once

#include <QPointF>
#include <QStringList>

#include <memory>

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

    /// Selects devices. Unknown ones are ignored. Emits nothing.
    void selectDevices(const QStringList& names);
    QStringList selectedDevices() const;

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

    std::shared_ptr<const schematic::Drawing> m_drawing;
    std::shared_ptr<const netlist::Circuit> m_circuit;
    schematic::Annotation m_annotation;
    QString m_origin;
    SchematicCanvas* m_canvas = nullptr;
    QLabel* m_summary = nullptr;
    QAction* m_values = nullptr;
};

} // namespace headroom::widgets
