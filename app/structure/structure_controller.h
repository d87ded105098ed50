#pragma once

#include <QObject>
#include <QStringList>

#include "core/structure/structure.h"

class QWidget;

namespace headroom {
struct Error;
namespace widgets {
class BlocksView;
}
} // namespace headroom

namespace headroom::app {

class Document;
class JobQueue;
class Session;

/// Carries out what the Blocks panel asks for: corrections of functions, supplies that the user names,
/// comparison with another circuit, reports and constraints.
class StructureController final : public QObject {
    Q_OBJECT

public:
    struct Parts {
        Document& document;
        JobQueue& jobs;
        Session& session;
        widgets::BlocksView& view;
        QWidget& window;
    };
    explicit StructureController(const Parts& parts, QObject* parent = nullptr);

    void chooseCircuitToCompare();
    /// Another circuit, read in the background, beside the open one.
    void compareWith(const QString& file);
    void chooseReport();
    /// By suffix: .svg, .pdf, .sym (MAGICAL); .json by @p filter: report, constraints, ALIGN.
    void writeReport(const QString& file, const QString& filter);

signals:
    void exported(const QString& file);
    void failed(const headroom::Error& error);
    /// A table of the comparison, to be saved under a name that the user chooses.
    void exportRequested(const QByteArray& csv, const QString& name);

private:
    template <class Change>
    void correct(const QStringList& devices, const QString& what, const Change& change);
    void drop(const QStringList& devices);
    void chooseSupply(const QString& net, bool positive);

    Parts m_parts;
};

} // namespace headroom::app
