#pragma once

#include <QObject>
#include <QPointer>

#include <filesystem>
#include <functional>
#include <vector>

#include "app/delay/delay_jobs.h"
#include "app/document/content_keeper.h"

class QWidget;

namespace headroom::widgets {
class DelayView;
class TableImportDialog;
} // namespace headroom::widgets

namespace headroom::app {

class JobMonitor;
class Settings;

/// The panel "Delay Data". Every change of its table is kept in the project's folder and is a step of undo.
class DelayController final : public QObject {
    Q_OBJECT

public:
    struct Parts {
        Document& document;
        JobQueue& jobs;
        Settings& settings;
        widgets::DelayView& view;
        QWidget& window;
    };
    DelayController(const Parts& parts, QObject* parent);
    ~DelayController() override;

    /// A table (CSV), or a SPICE file with a cell.
    void openFiles(const std::vector<std::filesystem::path>& files);

    /// By the settings that the panel shows; each ends with finished().
    void simulate();
    void make();
    void judge();

    /// Null: there is none.
    const TablePointer& table() const { return m_table; }
    const JudgementPointer& judgement() const { return m_judgement; }
    /// Whether something runs or is being kept.
    bool isBusy() const;

signals:
    /// There is no project that a change could be kept in; the application makes one.
    void projectRequested();
    void failed(const headroom::Error& error);
    void remarked(const QString& sentence);
    /// What was asked for is on show.
    void finished();

private:
    void connectView();
    void show(TablePointer table);
    /// Shows another table and keeps it. @param text what the undo list calls it
    void change(delay::TableDocument document, const QString& text);
    void change(const TablePointer& table, const QString& text);
    void removeSynthetic();
    void simulateTargets();
    void resemble();
    std::string cacheFile() const;
    void askForComparison();
    void compare(const widgets::StudyWishes& wishes);
    void askForFile(const QString& title, const QString& filter, const char* name);
    void importTable(const std::filesystem::path& file);
    void readAgain(const std::filesystem::path& file, widgets::TableImportDialog* dialog);
    void openCell(const std::filesystem::path& file);
    void chooseCell(const std::filesystem::path& file, const QStringList& cells);
    void takeCell(const QString& cell);
    void exportTable();
    void saveState();
    /// Runs what the panel waits for. @param done on the GUI thread, with what work gave
    template <class T>
    void run(const QString& title, bool precious, std::function<Result<T>(JobMonitor&)> work,
             std::function<void(T)> done);
    void takeJudgement(JudgementPointer judgement, TablePointer judged);
    void showJudgement();
    /// Puts it beside the table that it is about, as soon as that is kept.
    void keepJudgement();
    void takeImport(const std::filesystem::path& file, const delay::Table& table, const QString& target);
    /// Does it now, or where something runs if the user wants that stopped.
    void whenNothingRuns(const std::function<void()>& then);

    Parts m_parts;
    ContentKeeper* m_keeper;
    TablePointer m_table, m_judged; ///< on show, and that the judgement is about
    JudgementPointer m_judgement;
    bool m_isJudgementKept = false;
    /// How far off the targets were that were simulated, and of which table. Told beside its resemblance.
    QString m_targetsNote;
    TablePointer m_noted;
    widgets::StudyWishes m_study;
    QPointer<widgets::TableImportDialog> m_import;
    std::shared_ptr<const delay::ImportedTable> m_imported; ///< by the dialog's present settings
    quint64 m_job = 0;
    QString m_running; ///< title of the job
};

} // namespace headroom::app
