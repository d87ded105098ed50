#include "app/delay/delay_controller.h"

#include <QFileDialog>
#include <QInputDialog>
#include <QMessageBox>
#include <QPushButton>

#include <fmt/format.h>

#include "app/document/error_text.h"
#include "app/jobs/job_queue.h"
#include "app/settings/settings.h"
#include "core/base/csv.h"
#include "core/delay/cell.h"
#include "core/delay/kept_study.h"
#include "core/netlist/netlist.h"
#include "widgets/common/picture_export.h"
#include "widgets/delay/delay_view.h"
#include "widgets/delay/table_import_dialog.h"

namespace headroom::app {
namespace {

using delay::TableDocument;
using widgets::DelayView;

constexpr const char* kPanel = "delay";
constexpr const char* kStudyPanel = "delay.study";
constexpr const char* kKey = "delay.run";
constexpr const char* kResembleKey = "delay.resemble";
constexpr const char* kReadKey = "delay.import";

TablePointer tableOf(const KeptContent& content) {
    return std::static_pointer_cast<const TableDocument>(content);
}

ContentKind tableKind() {
    ContentKind kind;
    kind.facet = Facet::DelayTable;
    kind.number = &project::Project::delayTable;
    kind.folder = project::delayTableFolderName;
    kind.readTitle = DelayController::tr("Read delay data");
    kind.keepTitle = DelayController::tr("Keep delay data");
    kind.read = [](const std::filesystem::path& folder, const std::string& number,
                   JobContext&) -> Result<KeptContent> {
        auto read = delay::readKeptTable(folder, number);
        if (!read) return forward(read);
        return std::make_shared<const TableDocument>(std::move(*read));
    };
    kind.weight = [](const KeptContent& content) {
        const TablePointer table = tableOf(content);
        return table->table.rows() * table->table.columns.size();
    };
    return kind;
}

bool isSpice(const std::filesystem::path& file) {
    const std::string suffix = file.extension().string();
    return suffix == ".sp" || suffix == ".spice" || suffix == ".cir" || suffix == ".net" || suffix == ".ckt";
}

QStringList numberColumns(const delay::Table& table) {
    QStringList names;
    for (const delay::Column& column : table.columns)
        if (column.kind == delay::ColumnKind::Number) names << QString::fromStdString(column.name);
    return names;
}

} // namespace

DelayController::DelayController(const Parts& parts, QObject* parent)
    : QObject(parent)
    , m_parts(parts)
    , m_keeper(new ContentKeeper(tableKind(), parts.document, parts.jobs, this))
    , m_study(widgets::StudyWishes::fromState(parts.settings.panelState(kStudyPanel))) {
    parts.view.restoreViewState(parts.settings.panelState(kPanel));
    connectView();
    connect(m_keeper, &ContentKeeper::reading, this,
            [this] { m_parts.view.showBusy(tr("Reading the table"), false); });
    connect(m_keeper, &ContentKeeper::found, this, [this](const KeptContent& content) {
        m_parts.jobs.cancelKey(kKey);
        show(tableOf(content));
        m_parts.view.showContent();
    });
    connect(m_keeper, &ContentKeeper::kept, this, &DelayController::keepJudgement);
    connect(m_keeper, &ContentKeeper::failed, this, &DelayController::failed);
    connect(m_keeper, &ContentKeeper::projectRequested, this, &DelayController::projectRequested);
    connect(m_keeper, &ContentKeeper::unreadable, this, [this](const Error& error) {
        show(nullptr);
        m_parts.view.showError(errorSentence(error), errorDetail(error));
        emit failed(error);
    });
    connect(&parts.document, &Document::changed, this, [this] {
        m_parts.view.setTechnology(QString::fromStdString(m_parts.document.project().technology));
    });
    connect(&parts.jobs, &JobQueue::rowChanged, this, [this](const widgets::JobRow& row) {
        if (row.id == m_job && m_job != 0)
            m_parts.view.setProgress(row.fraction, widgets::activityAndTimeLeft(row));
    });
    m_parts.view.setTechnology(QString::fromStdString(parts.document.project().technology));
    m_keeper->refresh();
}

DelayController::~DelayController() = default;

void DelayController::connectView() {
    DelayView& view = m_parts.view;
    connect(&view, &DelayView::simulateRequested, this, &DelayController::simulate);
    connect(&view, &DelayView::makeRequested, this, &DelayController::make);
    connect(&view, &DelayView::clearRequested, this, &DelayController::removeSynthetic);
    connect(&view, &DelayView::resimulateRequested, this, &DelayController::simulateTargets);
    connect(&view, &DelayView::judgeRequested, this, &DelayController::judge);
    connect(&view, &DelayView::compareRequested, this, &DelayController::askForComparison);
    connect(&view, &DelayView::tableRequested, this, &DelayController::exportTable);
    connect(&view, &DelayView::cancelRequested, this, [this] { m_parts.jobs.cancelKey(kKey); });
    connect(&view, &DelayView::viewStateChanged, this, &DelayController::saveState);
    connect(&view, &DelayView::importRequested, this,
            [this] { askForFile(tr("Import Table"), tr("Tables (*.csv *.tsv *.txt)"), "delayTableDialog"); });
    connect(&view, &DelayView::cellFileRequested, this, [this] {
        askForFile(tr("Open Cell"), tr("SPICE files (*.sp *.spice *.cir *.net *.ckt)"), "delayCellDialog");
    });
    connect(&view, &DelayView::filesDropped, this, [this](const QStringList& names) {
        std::vector<std::filesystem::path> files;
        for (const QString& name : names)
            files.emplace_back(name.toStdString());
        openFiles(files);
    });
    connect(&view, &DelayView::targetChosen, this, [this](const QString& column) {
        if (!m_table || column.isEmpty() || column.toStdString() == m_table->target) return;
        if (const auto usable = checkTarget(m_table->table, *m_table->table.column(column.toStdString()));
            !usable) {
            emit failed(usable.error());
            show(m_table);
            return;
        }
        TableDocument document = *m_table;
        document.target = column.toStdString();
        change(std::move(document), tr("Choose target"));
    });
    connect(&view, &DelayView::heldOutChosen, this, [this](int percent) {
        if (!m_table) return;
        TableDocument document = *m_table;
        document.heldOutShare = percent / 100.0;
        // What was made of rows that are held out now would give them away.
        document.table = document.realRows();
        change(std::move(document), tr("Change the share held out"));
    });
}

void DelayController::saveState() {
    m_parts.settings.savePanelState(kPanel, m_parts.view.viewState());
}

bool DelayController::isBusy() const {
    return m_parts.jobs.isActive(kKey) || m_parts.jobs.isActive(kResembleKey) || m_keeper->isBusy();
}

void DelayController::show(TablePointer table) {
    const bool isOther = table != m_table;
    m_table = std::move(table);
    m_parts.view.setData(m_table ? widgets::delayTableData(*m_table) : nullptr);
    m_parts.view.setRunning(m_parts.jobs.isActive(kKey));
    if (!isOther) return;
    if (m_table && m_table->study && m_judged != m_table) {
        m_judged = m_table;
        m_judgement = judgementOf(*m_table, *m_table->study);
        m_isJudgementKept = true;
    }
    showJudgement();
    resemble();
}

void DelayController::takeJudgement(JudgementPointer judgement, TablePointer judged) {
    m_judgement = std::move(judgement);
    m_judged = std::move(judged);
    m_isJudgementKept = false;
    showJudgement();
    keepJudgement();
}

void DelayController::keepJudgement() {
    if (!m_judgement || m_isJudgementKept) return;
    const std::string number = m_keeper->numberOf(m_judged);
    if (number.empty()) return;
    m_isJudgementKept = true;
    m_parts.jobs.start<bool>(
        {tr("Keep the verdict"), {}, true}, this,
        [number, judgement = m_judgement, lock = m_parts.document.lock(),
         folder = m_parts.document.folder() / project::delayTableFolderName](JobMonitor&) -> Result<bool> {
            const auto kept = delay::keepStudy(folder, number, judgement->study);
            if (!kept) return forward(kept);
            return true;
        },
        [this](const Result<bool>& kept) {
            if (!kept && kept.error().code != ErrorCode::Cancelled) emit failed(kept.error());
        });
}

void DelayController::showJudgement() {
    if (!m_table) m_judgement.reset();
    if (!m_judgement) {
        m_parts.view.setJudgement(
            nullptr, tr("Nothing has been judged yet. Rows held out tell what learning from the synthetic "
                        "ones is worth."));
        return;
    }
    auto data = std::make_shared<widgets::JudgementData>(*m_judgement);
    data->isOld = m_judged != m_table;
    m_parts.view.setJudgement(std::move(data));
}

void DelayController::change(TableDocument document, const QString& text) {
    document.study.reset(); // it was about the table as it was
    change(std::make_shared<const TableDocument>(std::move(document)), text);
}

void DelayController::change(const TablePointer& table, const QString& text) {
    show(table);
    m_keeper->keep(
        table, [table](const std::filesystem::path& folder) { return delay::keepTable(folder, *table); },
        text);
}

template <class T>
void DelayController::run(const QString& title, bool precious, std::function<Result<T>(JobMonitor&)> work,
                          std::function<void(T)> done) {
    m_job = m_parts.jobs.start<T>({title, kKey, false, precious}, this, std::move(work),
                                  [this, done = std::move(done)](Result<T> result) {
                                      m_job = 0;
                                      m_parts.view.setRunning(false);
                                      m_parts.view.showContent();
                                      if (result) {
                                          done(std::move(*result));
                                      } else if (result.error().code != ErrorCode::Cancelled) {
                                          m_parts.view.showError(errorSentence(result.error()),
                                                                 errorDetail(result.error()));
                                      }
                                      emit finished();
                                  });
    m_running = title;
    m_parts.view.setRunning(true);
    m_parts.view.showBusy(title);
}

void DelayController::simulate() {
    const auto wishes = m_parts.view.cell().wishes();
    if (!wishes) return;
    const project::Project& project = m_parts.document.project();
    const CellJob job{*wishes,
                      project.technology,
                      project.conditions.corner,
                      m_parts.settings.workers(),
                      cacheFile(),
                      m_table ? m_table->heldOutShare : TableDocument().heldOutShare};
    const QString title =
        tr("Simulate %1 rows of %2").arg(wishes->samples).arg(wishes->cell.section(QLatin1Char('/'), -1));
    run<TableDocument>(
        title, true, [job](JobMonitor& monitor) { return simulateTable(job, monitor); },
        [this, title](TableDocument document) {
            change(std::move(document), title);
            m_parts.view.showPage(DelayView::Page::Rows);
        });
}

void DelayController::make() {
    if (!m_table) return;
    const widgets::GeneratorWishes wishes = m_parts.view.generator().wishes();
    const QString title = tr("Make %1 rows by %2").arg(wishes.count).arg(wishes.method);
    m_parts.view.clearTraining();
    const bool trains = wishes.method.startsWith(QLatin1String("ddpm"));
    if (trains) m_parts.view.showPage(DelayView::Page::Training);
    run<MadeRows>(
        title, trains,
        [this, table = m_table, wishes, device = m_parts.settings.device()](JobMonitor& monitor) {
            return makeRows(*table, wishes, device, monitor,
                            [this, &monitor](const std::shared_ptr<const widgets::TrainingData>& training) {
                                // `this` is the job's receiver: the queue calls this only while it lives.
                                monitor.publish([this, training] { m_parts.view.setTraining(*training); });
                            });
        },
        [this, title, trains](MadeRows made) {
            if (made.training) m_parts.view.setTraining(*made.training);
            change(std::move(made.document), title);
            if (!trains) m_parts.view.showPage(DelayView::Page::Resemblance);
        });
}

std::string DelayController::cacheFile() const {
    const std::filesystem::path folder = m_parts.document.folder();
    return folder.empty() ? std::string() : (folder / project::resultsFileName).string();
}

void DelayController::simulateTargets() {
    if (!m_table || !m_table->origin) return;
    const QString title = tr("Simulate the targets of %1 rows").arg(m_table->syntheticCount());
    run<SimulatedTargets>(
        title, true,
        [table = m_table, workers = m_parts.settings.workers(), cache = cacheFile()](JobMonitor& monitor) {
            return app::simulateTargets(*table, workers, cache, monitor);
        },
        [this, title](SimulatedTargets targets) {
            m_targetsNote = tr("The targets that these rows had were %1 % off the simulated ones on average.")
                                .arg(targets.percentage, 0, 'f', 2);
            if (targets.failed > 0)
                m_targetsNote += tr(" %1 rows could not be simulated and are left out.").arg(targets.failed);
            m_noted = std::make_shared<const TableDocument>(std::move(targets.document));
            change(m_noted, title);
            m_parts.view.showPage(DelayView::Page::Resemblance);
        });
}

void DelayController::removeSynthetic() {
    if (!m_table) return;
    TableDocument document = *m_table;
    document.table = document.realRows();
    change(std::move(document), tr("Remove synthetic rows"));
}

/// Cheap enough to be there without being asked for.
void DelayController::resemble() {
    m_parts.jobs.cancelKey(kResembleKey);
    if (!m_table || m_table->syntheticCount() == 0) {
        m_parts.view.setResemblance(nullptr, tr("There are no synthetic rows yet."));
        return;
    }
    m_parts.view.setResemblance(nullptr, tr("The synthetic rows are being compared with the real ones."));
    using Pointer = std::shared_ptr<const widgets::ResemblanceData>;
    m_parts.jobs.start<Pointer>(
        {tr("Compare synthetic and real rows"), kResembleKey, true}, this,
        [table = m_table, note = m_table == m_noted ? m_targetsNote : QString()](JobMonitor& monitor) {
            return compareTables(*table, note, monitor);
        },
        [this](Result<Pointer> data) {
            if (data)
                m_parts.view.setResemblance(*data);
            else if (data.error().code != ErrorCode::Cancelled)
                m_parts.view.setResemblance(nullptr, errorSentence(data.error()));
        });
}

void DelayController::judge() {
    if (!m_table) return;
    run<JudgementPointer>(
        tr("Judge %1").arg(QString::fromStdString(m_table->name)), false,
        [table = m_table](JobMonitor& monitor) { return judgeTable(*table, monitor); },
        [this, table = m_table](JudgementPointer judgement) { takeJudgement(std::move(judgement), table); });
}

void DelayController::askForComparison() {
    if (!m_table) return;
    auto* dialog = new widgets::StudyDialog(m_study, m_table->split().first.rows(), &m_parts.window);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { compare(dialog->wishes()); });
    dialog->open();
}

void DelayController::compare(const widgets::StudyWishes& wishes) {
    if (!m_table) return;
    m_study = wishes;
    m_parts.settings.savePanelState(kStudyPanel, wishes.state());
    run<JudgementPointer>(
        tr("Compare generators for %1").arg(QString::fromStdString(m_table->name)), true,
        [table = m_table, wishes, device = m_parts.settings.device()](JobMonitor& monitor) {
            return studyTable(*table, wishes, device, monitor);
        },
        [this, table = m_table](JudgementPointer judgement) {
            takeJudgement(std::move(judgement), table);
            m_parts.view.showPage(DelayView::Page::Verdict);
        });
}

void DelayController::askForFile(const QString& title, const QString& filter, const char* name) {
    auto* dialog = new QFileDialog(&m_parts.window, title);
    dialog->setObjectName(QLatin1String(name));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({filter, tr("All files (*)")});
    const bool isCell = name == std::string_view("delayCellDialog");
    connect(dialog, &QFileDialog::fileSelected, this, [this, isCell](const QString& file) {
        if (isCell)
            openCell(file.toStdString());
        else
            importTable(file.toStdString());
    });
    dialog->open();
}

void DelayController::openFiles(const std::vector<std::filesystem::path>& files) {
    if (files.empty()) return;
    if (isSpice(files.front()))
        openCell(files.front());
    else
        importTable(files.front());
}

void DelayController::importTable(const std::filesystem::path& file) {
    auto* dialog =
        new widgets::TableImportDialog(QString::fromStdString(file.filename().string()), &m_parts.window);
    m_import = dialog;
    connect(dialog, &widgets::TableImportDialog::settingsChanged, this,
            [this, file, dialog] { readAgain(file, dialog); });
    connect(dialog, &QDialog::accepted, this, [this, file, dialog] {
        if (!m_imported) return;
        whenNothingRuns([=, this, table = m_imported->table, target = dialog->target()] {
            takeImport(file, table, target);
        });
    });
    dialog->open();
    readAgain(file, dialog);
}

void DelayController::takeImport(const std::filesystem::path& file, const delay::Table& table,
                                 const QString& target) {
    TableDocument document;
    document.name = file.filename().string();
    document.table = table;
    document.target = target.toStdString();
    if (const auto usable = checkTarget(document.table, document.targetColumn()); !usable) {
        Error error = usable.error();
        error.file = file.string();
        emit failed(error);
        return;
    }
    m_parts.jobs.cancelKey(kKey); // what runs is about another table
    change(std::move(document), tr("Import %1").arg(QString::fromStdString(file.filename().string())));
    m_parts.view.showContent();
}

void DelayController::whenNothingRuns(const std::function<void()>& then) {
    if (!m_parts.jobs.isActive(kKey)) {
        then();
        return;
    }
    auto* box = new QMessageBox(QMessageBox::Question, tr("Import Table"),
                                tr("\"%1\" is still running. Stop it?").arg(m_running), QMessageBox::NoButton,
                                &m_parts.window);
    box->setObjectName(QStringLiteral("delayRunningBox"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(tr("It is about the table that the imported one takes the place of."));
    const auto* stop = box->addButton(tr("Stop It"), QMessageBox::DestructiveRole);
    box->addButton(tr("Keep Running"), QMessageBox::RejectRole);
    connect(box, &QMessageBox::buttonClicked, this, [then, stop](QAbstractButton* button) {
        if (button == stop) then();
    });
    box->open();
}

void DelayController::readAgain(const std::filesystem::path& file, widgets::TableImportDialog* dialog) {
    using Pointer = std::shared_ptr<const delay::ImportedTable>;
    m_imported.reset();
    m_parts.jobs.start<Pointer>(
        {tr("Read %1").arg(QString::fromStdString(file.filename().string())), kReadKey, true}, this,
        [file, settings = dialog->settings()](JobMonitor&) -> Result<Pointer> {
            auto read = delay::readTable(file, settings);
            if (!read) return forward(read);
            if (const auto enough = delay::checkRows(read->table); !enough) {
                Error error = enough.error();
                error.file = file.string();
                return tl::unexpected<Error>(std::move(error));
            }
            return std::make_shared<const delay::ImportedTable>(std::move(*read));
        },
        [this](Result<Pointer> read) {
            if (!m_import || (!read && read.error().code == ErrorCode::Cancelled)) return;
            if (!read) {
                m_import->setOutcome(errorSentence(read.error()), false, {});
                return;
            }
            m_imported = std::move(*read);
            const delay::Table& table = m_imported->table;
            QStringList lines{tr("%1 rows of %2 columns.").arg(table.rows()).arg(table.columns.size())};
            for (const std::string& note : m_imported->report.notes)
                lines << QString::fromStdString(note);
            const QStringList columns = numberColumns(table);
            if (columns.isEmpty()) lines << tr("No column holds numbers: there is nothing to predict.");
            m_import->setOutcome(lines.join(QLatin1Char('\n')), !columns.isEmpty(), columns);
        });
}

void DelayController::openCell(const std::filesystem::path& file) {
    m_parts.jobs.start<QStringList>(
        {tr("Read %1").arg(QString::fromStdString(file.filename().string())), kReadKey, true}, this,
        [file](JobMonitor&) -> Result<QStringList> {
            const auto netlist = netlist::readNetlist(file);
            if (!netlist) return forward(netlist);
            QStringList usable;
            std::optional<Error> problem;
            const auto attempt = [&](const std::string& cell) {
                const auto loaded = delay::loadCell(cell);
                if (loaded)
                    usable << QString::fromStdString(cell);
                else if (!problem)
                    problem = loaded.error();
            };
            for (const std::string& name : netlist->subcircuits)
                attempt(fmt::format("{}:{}", file.string(), name));
            if (netlist->subcircuits.empty()) attempt(file.string());
            if (usable.isEmpty() && problem) return tl::unexpected<Error>(*problem);
            return usable;
        },
        [this, file](Result<QStringList> cells) {
            if (!cells) {
                if (cells.error().code != ErrorCode::Cancelled) emit failed(cells.error());
            } else if (cells->size() == 1) {
                takeCell(cells->front());
            } else {
                chooseCell(file, *cells);
            }
        });
}

void DelayController::chooseCell(const std::filesystem::path& file, const QStringList& cells) {
    QStringList names;
    for (const QString& cell : cells)
        names << cell.section(QLatin1Char(':'), -1);
    auto* dialog = new QInputDialog(&m_parts.window);
    dialog->setObjectName(QStringLiteral("delayCellChoice"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Open Cell"));
    dialog->setLabelText(tr("%1 has several cells:").arg(QString::fromStdString(file.filename().string())));
    dialog->setComboBoxItems(names);
    connect(dialog, &QInputDialog::textValueSelected, this, [this, names, cells](const QString& name) {
        if (const auto index = names.indexOf(name); index >= 0) takeCell(cells[index]);
    });
    dialog->open();
}

void DelayController::takeCell(const QString& cell) {
    widgets::CellWishes wishes = m_parts.view.cell().wishes().value_or(widgets::CellWishes());
    wishes.cell = cell;
    m_parts.view.cell().setWishes(wishes);
    saveState();
}

void DelayController::exportTable() {
    if (!m_table) return;
    m_parts.jobs.start<std::string>(
        {tr("Export delay data"), {}, true}, this,
        [table = m_table](JobMonitor&) -> Result<std::string> {
            return writeCsv(delay::toCsv(table->table));
        },
        [this, name = widgets::fileNameOf(QString::fromStdString(m_table->name).section('.', 0, 0))](
            Result<std::string> csv) {
            if (csv)
                emit m_parts.view.exportRequested(QByteArray::fromStdString(*csv),
                                                  name + QStringLiteral(".csv"));
        });
}

} // namespace headroom::app
