#pragma once

#include <QObject>

#include <memory>

#include "core/base/error.h"
#include "core/schematic/drawing.h"

class QWidget;

namespace headroom::widgets {
class SchematicView;
}

namespace headroom::app {

struct Circuit;
class Document;
class JobQueue;
class Results;
class Session;

/// Draws the open circuit in the Schematic panel, keeps what the user drags in the document, and writes the
/// drawing into files. Drawings are made in jobs.
class SchematicController final : public QObject {
    Q_OBJECT

public:
    struct Parts {
        Document& document;
        JobQueue& jobs;
        Session& session;
        Results& results;
        widgets::SchematicView& view;
        QWidget& window;
    };
    SchematicController(const Parts& parts, QObject* parent);

    bool canExport() const { return m_drawing != nullptr; }
    /// Asks for a file and writes the drawing: SVG, PDF or xschem by its suffix.
    void exportDrawing();

signals:
    void failed(const headroom::Error& error);
    void exported(const QString& file);
    /// Written, and what the file shows in another way than the drawing.
    void remarked(const QString& sentences);
    /// There is a drawing now, or none any more.
    void stateChanged();

private:
    void draw();
    void show(std::shared_ptr<const schematic::Drawing> drawing, std::shared_ptr<const Circuit> circuit);
    void annotate();
    void moveDevice(const QString& name, QPointF at);
    void write(const QString& file);

    Parts m_parts;
    std::shared_ptr<const Circuit> m_circuit;            ///< that was drawn
    std::shared_ptr<const schematic::Drawing> m_drawing; ///< with the netlist's own sizes
    std::shared_ptr<const schematic::Drawing> m_shown;   ///< with the chosen candidate's, where there is one
};

} // namespace headroom::app
