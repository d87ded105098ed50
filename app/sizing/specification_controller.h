#pragma once

#include <QObject>

#include "core/simulation/performance.h"

namespace headroom::widgets {
class SpecificationView;
}

namespace headroom::app {

class Document;
class Session;

/// Keeps the Specification panel and the document's specification in step.
class SpecificationController final : public QObject {
    Q_OBJECT

public:
    SpecificationController(Document& document, Session& session, widgets::SpecificationView& view,
                            QObject* parent = nullptr);

    /// Takes these figures as targets; locked ones keep theirs. @param text of the undo step
    void setTargets(const std::vector<simulation::Performance>& performances,
                    const std::vector<double>& values, const QString& text);

private:
    void show();
    void editTarget(simulation::Performance performance, double value);
    void toggleLock(simulation::Performance performance, bool locked);
    void takeRow(std::size_t row);
    void takeRandomRow();
    QString hint() const;

    Document& m_document;
    Session& m_session;
    widgets::SpecificationView& m_view;
};

} // namespace headroom::app
