#include "app/powergrid/power_grid_controller.h"

#include <QFileDialog>

#include <algorithm>

#include "app/document/error_text.h"
#include "app/jobs/job_queue.h"
#include "app/powergrid/grid_netlist_job.h"
#include "app/settings/settings.h"
#include "core/base/quantity.h"
#include "core/netlist/letter_case.h"
#include "core/powergrid/sheet_folder.h"
#include "widgets/common/quantity_text.h"
#include "widgets/powergrid/power_grid_view.h"

namespace headroom::app {
namespace {

using widgets::GridLayer;
using widgets::PowerGridView;

constexpr const char* kPanel = "powergrid";
constexpr const char* kLimit = "limitPercent";
constexpr const char* kReadKey = "powergrid.read";
constexpr const char* kPathKey = "powergrid.path";
/// Kept sheets that are remembered, so that undo does not have to read them.
constexpr std::size_t kMostKnown = 30;

struct Example {
    const char* id;
    const char* title;
    std::size_t side;
    std::uint64_t seed;
};
constexpr Example kExamples[] = {
    {"block64", QT_TRANSLATE_NOOP("PowerGridController", "Block of 64 × 64 cells"), 64, 11},
    {"block128", QT_TRANSLATE_NOOP("PowerGridController", "Block of 128 × 128 cells"), 128, 12},
    {"block256", QT_TRANSLATE_NOOP("PowerGridController", "Block of 256 × 256 cells"), 256, 13},
    {"block512", QT_TRANSLATE_NOOP("PowerGridController", "Block of 512 × 512 cells"), 512, 14}};

bool isMapFile(const std::filesystem::path& file) {
    const std::string suffix = netlist::lowerCase(file.extension().string());
    return suffix == ".csv" || suffix == ".npy" || suffix == ".png";
}

} // namespace

PowerGridController::PowerGridController(const Parts& parts, QObject* parent)
    : QObject(parent)
    , m_parts(parts)
    , m_answers(std::make_shared<GridAnswers>()) {
    connectView();
    std::vector<std::pair<QString, QString>> examples;
    for (const Example& example : kExamples)
        examples.emplace_back(QString::fromLatin1(example.id), tr(example.title));
    parts.view.setExamples(examples);
    parts.view.setNetworkAvailable(GridAnswers::whyNoNetwork());
    const QVariantMap state = parts.settings.panelState(kPanel);
    if (state.contains(kLimit)) parts.view.setLimitPercent(state.value(kLimit).toDouble());
    connect(&parts.document, &Document::changed, this, [this](Facets facets) {
        if (facets.testFlag(Facet::PowerGrid)) refresh();
    });
    connect(&parts.document, &Document::folderChanged, this,
            [this] { m_folder = m_parts.document.folder(); });
    connect(&parts.document, &Document::wasReset, this, &PowerGridController::refresh);
    refresh();
}

PowerGridController::~PowerGridController() = default;

void PowerGridController::connectView() {
    PowerGridView& view = m_parts.view;
    connect(&view, &PowerGridView::strokeMoved, this, [this](const widgets::MapPatch& patch) {
        applyPatch(m_sheet.plan, patch);
        requestAnswer();
    });
    connect(&view, &PowerGridView::strokeFinished, this, [this](const widgets::MapPatch& patch) {
        applyPatch(m_sheet.plan, patch);
        keep(patch.text);
        requestAnswer();
    });
    connect(&view, &PowerGridView::strokeCancelled, this, &PowerGridController::requestAnswer);
    connect(&view, &PowerGridView::objectsChanged, this, [this](const widgets::ObjectChange& change) {
        setObjects(m_sheet.plan, m_parts.view.canvas().objects());
        keep(change.text);
        requestAnswer();
    });
    connect(&view, &PowerGridView::answerChosen, this, &PowerGridController::requestAnswer);
    connect(&view, &PowerGridView::checkRequested, this, [this] {
        m_checks = true;
        requestAnswer();
    });
    connect(&view, &PowerGridView::newSheetRequested, this,
            [this](const QSize& cells) { startBlank(cells.width(), cells.height()); });
    connect(&view, &PowerGridView::exampleRequested, this, &PowerGridController::startExample);
    connect(&view, &PowerGridView::actionRequested, this, [this] { startExample({}); });
    connect(&view, &PowerGridView::importRequested, this, &PowerGridController::askForFiles);
    connect(&view, &PowerGridView::filesDropped, this, [this](const QStringList& paths) {
        std::vector<std::filesystem::path> files;
        for (const QString& path : paths)
            files.emplace_back(path.toStdString());
        importFiles(files);
    });
    connect(&view, &PowerGridView::pathRequested, this, &PowerGridController::showPath);
    connect(&view, &PowerGridView::keepScenarioRequested, this, &PowerGridController::keepScenario);
    connect(&view, &PowerGridView::scenarioChosen, this, &PowerGridController::chooseScenario);
    connect(&view, &PowerGridView::removeScenarioRequested, this, &PowerGridController::removeScenario);
    connect(&view, &PowerGridView::limitChanged, this, [this](double percent) {
        QVariantMap state = m_parts.settings.panelState(kPanel);
        state.insert(kLimit, percent);
        m_parts.settings.savePanelState(kPanel, state);
    });
}

void PowerGridController::refresh() {
    const std::string& number = m_parts.document.project().powerGrid;
    if (m_waitsForProject) {
        if (!m_parts.document.lock()) return;
        m_waitsForProject = false;
        m_folder = m_parts.document.folder();
        keepNext();
        return;
    }
    if (m_folder != m_parts.document.folder()) {
        m_folder = m_parts.document.folder();
        m_known.clear();
        m_pending.clear();
        m_number.clear();
        m_sheet = {};
        m_scenarios.clear();
        chooseScenario(-1);
    }
    m_parts.jobs.cancelKey(kReadKey);
    if (number.empty()) {
        m_number.clear();
        showNothing();
        return;
    }
    if (number == m_number) return;
    const auto known = m_known.find(number);
    if (known != m_known.end()) {
        m_number = number;
        showSheet(known->second);
        return;
    }
    m_parts.jobs.start<SheetPointer>(
        {tr("Read power grid"), kReadKey, true}, this,
        [folder = m_folder / project::powerGridFolderName, number](JobMonitor&) -> Result<SheetPointer> {
            auto kept = powergrid::readSheet(folder, number);
            if (!kept) return forward(kept);
            return std::make_shared<const GridSheet>(GridSheet{std::move(kept->plan), std::move(kept->name)});
        },
        [this, number](Result<SheetPointer> sheet) {
            if (!sheet) {
                if (sheet.error().code == ErrorCode::Cancelled) return;
                m_parts.view.showError(errorSentence(sheet.error()), errorDetail(sheet.error()));
                emit failed(sheet.error());
                return;
            }
            m_known[number] = *sheet;
            m_number = number;
            showSheet(*sheet);
        });
}

void PowerGridController::showNothing() {
    m_sheet = {};
    m_drop = {};
    m_parts.view.setData(
        nullptr,
        tr("Paint a block's power grid, cell density and activity, and watch the drop. Begin with an "
           "example, a blank sheet, maps or a netlist dropped here."),
        tr("Open an Example"));
}

void PowerGridController::showSheet(const SheetPointer& sheet) {
    m_sheet = *sheet;
    m_drop = {};
    m_problem.clear();
    m_parts.view.setData(panelData(m_sheet));
    requestAnswer();
}

void PowerGridController::change(GridSheet sheet, const QString& text) {
    showSheet(std::make_shared<const GridSheet>(std::move(sheet)));
    keep(text);
}

void PowerGridController::keep(const QString& text) {
    m_pending.push_back({std::make_shared<const GridSheet>(m_sheet), text});
    if (m_pending.size() == 1) keepNext();
}

void PowerGridController::keepNext() {
    if (m_pending.empty() || m_waitsForProject) return;
    if (!m_parts.document.lock()) {
        m_waitsForProject = true;
        emit projectRequested();
        return;
    }
    const std::filesystem::path folder = m_parts.document.folder();
    m_parts.jobs.start<std::string>(
        {tr("Keep power grid"), {}, true}, this,
        [folder = folder / project::powerGridFolderName, sheet = m_pending.front().sheet,
         lock = m_parts.document.lock()](JobMonitor&) {
            return powergrid::keepSheet(folder, sheet->plan, sheet->name);
        },
        [this, folder](Result<std::string> number) {
            if (m_pending.empty()) return; // another project was opened meanwhile
            if (number && folder != m_parts.document.folder()) {
                keepNext(); // saved under another name meanwhile: kept there as well
                return;
            }
            const Pending kept = std::move(m_pending.front());
            m_pending.pop_front();
            if (number) {
                if (m_known.size() >= kMostKnown) m_known.clear();
                m_known[*number] = kept.sheet;
                m_number = *number;
                project::Project project = m_parts.document.project();
                project.powerGrid = *number;
                m_parts.document.edit(kept.text, std::move(project));
            } else if (number.error().code != ErrorCode::Cancelled) {
                emit failed(number.error());
            }
            keepNext();
        });
}

void PowerGridController::requestAnswer() {
    if (m_sheet.isEmpty()) return;
    if (m_answering) {
        m_again = true;
        return;
    }
    m_answering = true;
    m_again = false;
    const bool checks = std::exchange(m_checks, false);
    const QSize size(static_cast<int>(m_sheet.plan.strength.rows),
                     static_cast<int>(m_sheet.plan.strength.columns));
    m_parts.jobs.start<GridDrop>(
        {tr("Work out the drop"), {}, true}, this,
        [answers = m_answers, sheet = std::make_shared<const GridSheet>(m_sheet), by = m_parts.view.answer(),
         checks](JobMonitor& monitor) { return answers->answer(*sheet, by, checks, monitor); },
        [this, size](Result<GridDrop> drop) {
            m_answering = false;
            take(drop, size);
            if (m_again) requestAnswer();
        });
}

void PowerGridController::take(const Result<GridDrop>& drop, const QSize& size) {
    const bool isOther = size != QSize(static_cast<int>(m_sheet.plan.strength.rows),
                                       static_cast<int>(m_sheet.plan.strength.columns));
    if (isOther || m_sheet.isEmpty()) return; // another sheet is on show by now
    if (drop) {
        m_problem.clear();
        m_drop = drop->drop;
        widgets::AnswerNote note = drop->note;
        note.isStale = m_again;
        m_parts.view.setMap(GridLayer::Drop, m_drop);
        m_parts.view.setNote(note);
        emit answered();
        return;
    }
    if (drop.error().code == ErrorCode::Cancelled) return;
    m_drop = {};
    m_parts.view.setMap(GridLayer::Drop, {});
    m_parts.view.setNote(std::nullopt);
    // Painting on would tell the same again and again.
    const QString sentence = errorSentence(drop.error());
    if (std::exchange(m_problem, sentence) != sentence) emit remarked(sentence);
}

void PowerGridController::showPath(QPointF um) {
    if (m_sheet.isEmpty()) return;
    m_parts.jobs.start<powergrid::SheetPath>(
        {tr("Find the way to a pad"), kPathKey, true}, this,
        [answers = m_answers, sheet = std::make_shared<const GridSheet>(m_sheet), um](JobMonitor& monitor) {
            return answers->pathToPad(*sheet, um, monitor);
        },
        [this, cellUm = m_sheet.plan.technology.cellUm](Result<powergrid::SheetPath> path) {
            std::vector<QPointF> points;
            if (!path) {
                if (path.error().code != ErrorCode::Cancelled)
                    m_parts.view.setPath({}, errorSentence(path.error()));
                return;
            }
            for (const auto& [row, column] : path->cells)
                points.emplace_back((static_cast<double>(row) + 0.5) * cellUm,
                                    (static_cast<double>(column) + 0.5) * cellUm);
            m_parts.view.setPath(points, tr("%1 through %2 cells to the pad")
                                             .arg(widgets::quantityText(path->ohms, "ohm", 3))
                                             .arg(path->cells.size()));
        });
}

void PowerGridController::startBlank(int rows, int columns) {
    change(blankSheet(static_cast<std::size_t>(std::max(1, rows)),
                      static_cast<std::size_t>(std::max(1, columns))),
           tr("New sheet"));
}

void PowerGridController::startExample(const QString& id) {
    const auto found = std::find_if(std::begin(kExamples), std::end(kExamples),
                                    [&](const Example& example) { return id == QLatin1String(example.id); });
    const Example& example = found == std::end(kExamples) ? kExamples[0] : *found;
    change(exampleSheet(example.side, example.seed, tr(example.title).toStdString()), tr("Open example"));
}

void PowerGridController::askForFiles() {
    auto* dialog = new QFileDialog(&m_parts.window, tr("Import Maps or a Netlist"));
    dialog->setObjectName("powerGridImportDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters(
        {tr("Maps and netlists (*.csv *.npy *.png *.sp *.spice *.cir *.net)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList& paths) {
        std::vector<std::filesystem::path> files;
        for (const QString& path : paths)
            files.emplace_back(path.toStdString());
        importFiles(files);
    });
    dialog->open();
}

void PowerGridController::importFiles(const std::vector<std::filesystem::path>& files) {
    if (files.empty()) return;
    if (files.size() == 1 && !isMapFile(files.front())) {
        openNetlist(files.front());
        return;
    }
    m_parts.jobs.start<GridSheet>(
        {tr("Import maps"), {}, true}, this,
        [files, before = m_sheet](JobMonitor&) { return importMaps(files, before); },
        [this](Result<GridSheet> sheet) {
            if (sheet) {
                change(std::move(*sheet), tr("Import maps"));
            } else {
                emit failed(sheet.error());
            }
        });
}

void PowerGridController::openNetlist(const std::filesystem::path& file) {
    m_parts.jobs.start<SolvedNetlist>(
        {tr("Solve %1").arg(QString::fromStdString(file.filename().string())), kReadKey}, this,
        [file](JobMonitor& monitor) { return solveNetlist(file, monitor); },
        [this](Result<SolvedNetlist> solved) {
            if (!solved) {
                if (solved.error().code != ErrorCode::Cancelled) emit failed(solved.error());
                return;
            }
            m_sheet = {}; // there is nothing to paint on
            m_drop = solved->data->drop;
            m_parts.view.setData(solved->data);
            if (!solved->remark.isEmpty()) emit remarked(solved->remark);
            emit answered();
        });
}

void PowerGridController::keepScenario() {
    if (!m_drop.isPresent()) return;
    m_scenarios.emplace_back(tr("Scenario %1").arg(++m_scenariosMade), m_drop);
    chooseScenario(static_cast<int>(m_scenarios.size()) - 1);
}

void PowerGridController::chooseScenario(int scenario) {
    const bool exists = scenario >= 0 && scenario < static_cast<int>(m_scenarios.size());
    m_scenario = exists ? scenario : -1;
    QStringList names;
    for (const auto& [name, drop] : m_scenarios)
        names << name;
    m_parts.view.setScenarios(names, m_scenario);
    if (exists)
        m_parts.view.setReference(m_scenarios[static_cast<std::size_t>(scenario)].second, names[scenario]);
    else
        m_parts.view.setReference({}, {});
}

void PowerGridController::removeScenario(int scenario) {
    if (scenario < 0 || scenario >= static_cast<int>(m_scenarios.size())) return;
    m_scenarios.erase(m_scenarios.begin() + scenario);
    chooseScenario(m_scenario == scenario ? -1 : m_scenario - (m_scenario > scenario ? 1 : 0));
}

} // namespace headroom::app
