#pragma once

#include <QFlags>
#include <QObject>
#include <QString>
#include <QUndoStack>

#include <cstdint>
#include <filesystem>
#include <memory>

#include "core/project/project.h"

namespace headroom::app {

class SessionLock;

/// What a change touched, so that listeners look only at what concerns them.
enum class Facet : unsigned {
    Netlist = 1, ///< another netlist
    Sizing = 2,  ///< sizes accepted into the netlist
    Technology = 4,
    Conditions = 8,
    Specification = 16,
    Sampling = 32,
    Model = 64,        ///< model or data set
    Results = 128,     ///< exploration, chosen or excluded candidates
    Schematic = 256,   ///< devices that were moved on the drawing
    Roles = 512,       ///< functions of devices that were corrected
    Supplies = 1024,   ///< nets that were said to be supplies
    PowerGrid = 2048,  ///< another power-grid sheet, or a change of it
    DelayTable = 4096, ///< another table of delays, or a change of it
};
Q_DECLARE_FLAGS(Facets, Facet)
Q_DECLARE_OPERATORS_FOR_FLAGS(Facets)

/// The facets in which two projects differ.
Facets differences(const project::Project& a, const project::Project& b);

/// The open project: a plain value, one undo stack, and the folder that it works in. Every panel's edits go
/// through edit(); facts cross between panels only through changed(). Files are the DocumentController's.
class Document final : public QObject {
    Q_OBJECT

public:
    explicit Document(QObject* parent = nullptr);
    /// Closing counts as ending well; a crash does not come here.
    ~Document() override;

    const project::Project& project() const { return m_project; }

    /// Where imports, results and models of the session lie: the project's folder, or a recovery folder while
    /// it has no name yet.
    const std::filesystem::path& folder() const { return m_folder; }
    bool isUntitled() const { return m_untitled; }
    QString displayName() const;

    /// Replaces everything: another project was opened. Clears the undo stack.
    /// @param modified whether it differs from what is on disk (a recovered one)
    /// @param lock kept as long as the project is open
    void reset(project::Project project, std::filesystem::path folder, bool untitled,
               std::shared_ptr<SessionLock> lock = {}, bool modified = false);

    /// Makes a change that can be undone. @param text what the undo list calls it: "Edit gain"
    /// @param mergeKey steps with the same key that follow each other are one, e.g. walking through a table;
    /// 0: a step of its own
    void edit(const QString& text, project::Project after, int mergeKey = 0);

    /// The project now lies in another folder (saved under a name).
    void moveTo(std::filesystem::path folder, std::shared_ptr<SessionLock> lock);

    /// Jobs that write into folder() hold on to it; null in tests that need none.
    const std::shared_ptr<SessionLock>& lock() const { return m_lock; }

    QUndoStack& undoStack() { return m_undoStack; }

    /// Names the present state: undo and redo come back to the same number, every edit gets a new one.
    std::uint64_t stateId() const { return m_stateId; }
    void setSaved(std::uint64_t stateId);
    bool isModified() const { return m_stateId != m_savedStateId; }

signals:
    void changed(headroom::app::Facets facets);
    /// After reset(), once listeners of changed() have seen all facets.
    void wasReset();
    void modifiedChanged(bool modified);
    void nameChanged();
    /// The project was saved under another name: its files lie elsewhere now.
    void folderChanged();

private:
    class Change;
    void apply(const project::Project& project, std::uint64_t stateId);

    project::Project m_project;
    std::filesystem::path m_folder;
    bool m_untitled = true;
    std::shared_ptr<SessionLock> m_lock;
    QUndoStack m_undoStack;
    std::uint64_t m_stateId = 1;
    std::uint64_t m_savedStateId = 1;
    std::uint64_t m_lastStateId = 1;
};

} // namespace headroom::app
