#pragma once

#include <QObject>

#include <memory>

#include "core/project/project.h"
#include "core/sizing/specification.h"

namespace headroom::widgets {
class SpecificationView;
struct RobustnessData;
struct SpecificationRow;
} // namespace headroom::widgets

namespace headroom::app {

class Document;
class Results;
class Session;

/// Keeps the Specification panel and the document's specification in step.
class SpecificationController final : public QObject {
    Q_OBJECT

public:
    SpecificationController(Document& document, Session& session, Results& results,
                            widgets::SpecificationView& view, QObject* parent = nullptr);

    /// Takes these figures as targets; locked ones keep theirs. @param text of the undo step
    void setTargets(const std::vector<simulation::Performance>& performances,
                    const std::vector<double>& values, const QString& text);

    /// What the sizing on show comes to over corners; null: not known.
    void setCorners(std::shared_ptr<const widgets::RobustnessData> corners);

    /// Shows what was found out about the specification, until it changes.
    void showAnswer(const QString& text);

private:
    void show();
    void showCorners(widgets::SpecificationRow& row) const;
    void editRequirement(const sizing::Requirement& requirement);
    void askForPins();
    void toggleLock(simulation::Performance performance, bool locked);
    void takeRow(std::size_t row);
    void takeRandomRow();
    QString hint() const;

    Document& m_document;
    Session& m_session;
    Results& m_results;
    widgets::SpecificationView& m_view;
    std::shared_ptr<const widgets::RobustnessData> m_corners;
    QString m_answer;
    project::SpecificationState m_answered; ///< what it is about
};

} // namespace headroom::app
