#include "app/document/document.h"

#include <QUndoCommand>

#include <utility>

#include "app/document/recovery.h"

namespace headroom::app {
namespace {

constexpr int kUndoSteps = 1000;

} // namespace

Facets differences(const project::Project& a, const project::Project& b) {
    Facets facets;
    const auto compare = [&](bool equal, Facet facet) {
        if (!equal) facets |= facet;
    };
    compare(a.netlist == b.netlist, Facet::Netlist);
    compare(a.acceptedSizing == b.acceptedSizing, Facet::Sizing);
    compare(a.technology == b.technology, Facet::Technology);
    compare(a.conditions == b.conditions, Facet::Conditions);
    compare(a.specification == b.specification, Facet::Specification);
    compare(a.sampling == b.sampling, Facet::Sampling);
    compare(a.model == b.model && a.dataset == b.dataset, Facet::Model);
    compare(a.results == b.results, Facet::Results);
    compare(a.devicePositions == b.devicePositions, Facet::Schematic);
    compare(a.roleCorrections == b.roleCorrections, Facet::Roles);
    compare(a.positiveSupplies == b.positiveSupplies && a.negativeSupplies == b.negativeSupplies,
            Facet::Supplies);
    compare(a.powerGrid == b.powerGrid, Facet::PowerGrid);
    compare(a.delayTable == b.delayTable, Facet::DelayTable);
    return facets;
}

/// One step of the undo list: the whole project before and after. A project is a few kilobytes, and whole
/// values cannot get out of step.
class Document::Change final : public QUndoCommand {
public:
    Change(Document& document, const QString& text, project::Project after, std::uint64_t stateId,
           int mergeKey)
        : QUndoCommand(text)
        , m_document(document)
        , m_before(document.m_project)
        , m_after(std::move(after))
        , m_stateBefore(document.m_stateId)
        , m_stateAfter(stateId)
        , m_mergeKey(mergeKey) {}

    void undo() override { m_document.apply(m_before, m_stateBefore); }
    void redo() override { m_document.apply(m_after, m_stateAfter); }

    int id() const override { return m_mergeKey == 0 ? -1 : m_mergeKey; }
    bool mergeWith(const QUndoCommand* next) override {
        const auto* other = static_cast<const Change*>(next);
        m_after = other->m_after;
        m_stateAfter = other->m_stateAfter;
        setText(other->text());
        return true;
    }

private:
    Document& m_document;
    project::Project m_before, m_after;
    std::uint64_t m_stateBefore, m_stateAfter;
    int m_mergeKey;
};

Document::Document(QObject* parent)
    : QObject(parent) {
    m_undoStack.setUndoLimit(kUndoSteps);
}

Document::~Document() {
    if (m_lock) m_lock->closeWell();
}

QString Document::displayName() const {
    if (!m_untitled) return QString::fromStdString(m_folder.filename().string());
    if (!m_project.netlist) return tr("Untitled");
    return QString::fromStdString(std::filesystem::path(m_project.netlist->file).stem().string());
}

void Document::reset(project::Project project, std::filesystem::path folder, bool untitled,
                     std::shared_ptr<SessionLock> lock, bool modified) {
    m_undoStack.clear();
    if (m_lock) m_lock->closeWell();
    m_lock = std::move(lock);
    m_project = std::move(project);
    m_folder = std::move(folder);
    m_untitled = untitled;
    m_stateId = ++m_lastStateId;
    m_savedStateId = modified ? 0 : m_stateId;
    emit changed(Facets(Facet::Netlist) | Facet::Sizing | Facet::Technology | Facet::Conditions |
                 Facet::Specification | Facet::Sampling | Facet::Model | Facet::Results | Facet::Schematic);
    emit nameChanged();
    emit modifiedChanged(isModified());
    emit wasReset();
}

void Document::edit(const QString& text, project::Project after, int mergeKey) {
    if (after == m_project) return;
    m_undoStack.push(new Change(*this, text, std::move(after), ++m_lastStateId, mergeKey));
}

void Document::apply(const project::Project& project, std::uint64_t stateId) {
    const bool wasModified = isModified();
    const Facets facets = differences(m_project, project);
    m_project = project;
    m_stateId = stateId;
    emit changed(facets);
    if (facets.testFlag(Facet::Netlist)) emit nameChanged();
    if (wasModified != isModified()) emit modifiedChanged(isModified());
}

void Document::moveTo(std::filesystem::path folder, std::shared_ptr<SessionLock> lock) {
    if (m_lock) m_lock->closeWell();
    m_lock = std::move(lock);
    m_folder = std::move(folder);
    m_untitled = false;
    emit folderChanged();
    emit nameChanged();
}

void Document::setSaved(std::uint64_t stateId) {
    m_savedStateId = stateId;
    emit modifiedChanged(isModified());
}

} // namespace headroom::app
