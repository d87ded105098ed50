#include "app/powergrid/power_grid_controller.h"

#include <QFileDialog>
#include <QMessageBox>
#include <QPushButton>

#include <algorithm>

#include "app/document/error_text.h"
#include "app/jobs/job_queue.h"
#include "app/powergrid/sheet_memory.h"
#include "app/settings/settings.h"
#include "core/base/file.h"
#include "core/base/quantity.h"
#include "core/powergrid/sheet_netlist.h"
#include "widgets/common/picture_export.h"
#include "widgets/common/quantity_text.h"
#include "widgets/powergrid/power_grid_view.h"
#include "widgets/powergrid/sheet_properties_dialog.h"

namespace headroom::app {
namespace {

using widgets::GridLayer;
using widgets::PowerGridView;

constexpr const char* kPanel = "powergrid";
constexpr const char* kOpenKey = "powergrid.open";
constexpr const char* kPathKey = "powergrid.path";

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

std::vector<std::filesystem::path> pathsOf(const QStringList& names) {
    std::vector<std::filesystem::path> files;
    for (const QString& name : names)
        files.emplace_back(name.toStdString());
    return files;
}

powergrid::Map mapOf(const widgets::HeatMapData& data) {
    return {static_cast<std::size_t>(data.width), static_cast<std::size_t>(data.height),
            std::vector<double>(data.values->begin(), data.values->end())};
}

} // namespace

PowerGridController::PowerGridController(const Parts& parts, QObject* parent)
    : QObject(parent)
    , m_parts(parts)
    , m_keeper(makeGridKeeper(parts.document, parts.jobs, this))
    , m_answers(std::make_shared<GridAnswers>()) {
    connectView();
    std::vector<std::pair<QString, QString>> examples;
    for (const Example& example : kExamples)
        examples.emplace_back(QString::fromLatin1(example.id), tr(example.title));
    parts.view.setExamples(examples);
    parts.view.setNetworkAvailable(GridAnswers::whyNoNetwork());
    parts.view.setSheetCost(sheetCost);
    parts.view.restoreViewState(parts.settings.panelState(kPanel));
    connect(&parts.view, &PowerGridView::viewStateChanged, this,
            [this] { m_parts.settings.savePanelState(kPanel, m_parts.view.viewState()); });
    connect(m_keeper, &ContentKeeper::reading, this,
            [this] { m_parts.view.showBusy(tr("Reading the power grid"), false); });
    connect(m_keeper, &ContentKeeper::found, this, [this](const KeptContent& content) {
        const GridContent grid = gridOf(content);
        show(grid);
        remark(grid);
    });
    connect(m_keeper, &ContentKeeper::kept, this,
            [this](const KeptContent& content) { remark(gridOf(content)); });
    connect(m_keeper, &ContentKeeper::failed, this, &PowerGridController::failed);
    connect(m_keeper, &ContentKeeper::projectRequested, this, &PowerGridController::projectRequested);
    connect(m_keeper, &ContentKeeper::unreadable, this, [this](const Error& error) {
        showNothing();
        m_parts.view.showError(errorSentence(error), errorDetail(error));
        emit failed(error);
    });
    connect(m_keeper, &ContentKeeper::projectChanged, this, [this] {
        m_scenarios.clear();
        chooseScenario(-1);
    });
    m_keeper->refresh();
}

PowerGridController::~PowerGridController() = default;

void PowerGridController::connectView() {
    PowerGridView& view = m_parts.view;
    connect(&view, &PowerGridView::strokeMoved, this, [this](const widgets::MapPatch& patch) {
        paint(patch);
        requestAnswer();
    });
    connect(&view, &PowerGridView::strokeFinished, this, [this](const widgets::MapPatch& patch) {
        paint(patch);
        keep(std::make_shared<const powergrid::GridSheet>(m_sheet), patch.text);
        requestAnswer();
    });
    connect(&view, &PowerGridView::strokeCancelled, this, &PowerGridController::requestAnswer);
    connect(&view, &PowerGridView::objectsChanged, this,
            [this](const widgets::ObjectChange& change) { takeObjects(change.text); });
    connect(&view, &PowerGridView::answerChosen, this, &PowerGridController::requestAnswer);
    connect(&view, &PowerGridView::checkRequested, this, [this] {
        m_checks = true;
        requestAnswer();
    });
    connect(&view, &PowerGridView::newSheetRequested, this,
            [this](const QSize& cells) { startBlank(cells.width(), cells.height()); });
    connect(&view, &PowerGridView::propertiesRequested, this, &PowerGridController::askForProperties);
    connect(&view, &PowerGridView::exampleRequested, this, &PowerGridController::startExample);
    connect(&view, &PowerGridView::importRequested, this, &PowerGridController::askForFiles);
    connect(&view, &PowerGridView::filesDropped, this,
            [this](const QStringList& paths) { importFiles(pathsOf(paths)); });
    connect(&view, &PowerGridView::islandChoiceChanged, this, [this] {
        if (m_netlist && m_netlist->islandRefusal) show({nullptr, m_netlist});
    });
    connect(&view, &PowerGridView::actionRequested, this, [this] { // of a netlist that is refused
        m_parts.view.setIslandChoice(widgets::IslandChoice::LeaveOut);
        emit m_parts.view.viewStateChanged();
        if (m_netlist) show({nullptr, m_netlist});
    });
    connect(&view, &PowerGridView::valuesRequested, this, &PowerGridController::exportValues);
    connect(&view, &PowerGridView::netlistRequested, this, &PowerGridController::exportNetlist);
    connect(&view, &PowerGridView::cancelRequested, this, [this] { m_parts.jobs.cancelKey(kOpenKey); });
    connect(&view, &PowerGridView::pathRequested, this, &PowerGridController::showPath);
    connect(&view, &PowerGridView::keepScenarioRequested, this, &PowerGridController::keepScenario);
    connect(&view, &PowerGridView::scenarioChosen, this, &PowerGridController::chooseScenario);
    connect(&view, &PowerGridView::removeScenarioRequested, this, &PowerGridController::removeScenario);
}

void PowerGridController::show(const GridContent& content) {
    m_parts.jobs.cancelKey(kOpenKey);
    if (content.sheet)
        showSheet(content.sheet);
    else if (content.netlist && !isRefused(*content.netlist))
        showNetlist(content.netlist);
    else
        showNothing();
    m_parts.view.showContent();
    if (!content.netlist || !isRefused(*content.netlist)) return;
    m_netlist = content.netlist;
    m_parts.view.showError(errorSentence(*m_netlist->islandRefusal), {}, tr("Leave Islands Out"));
    emit failed(*m_netlist->islandRefusal);
}

bool PowerGridController::isRefused(const SolvedNetlist& solved) const {
    return solved.islandRefusal && m_parts.view.islandChoice() == widgets::IslandChoice::Refuse;
}

void PowerGridController::showNothing() {
    m_sheet = {};
    m_netlist.reset();
    m_drop = {};
    m_name.clear();
    m_parts.view.setPropertiesAvailable(false);
    m_parts.view.setData(
        nullptr,
        tr("Paint a block's power grid, cell density and activity, and watch the drop. Begin here, or "
           "drop maps or a power-grid netlist on this panel."));
}

void PowerGridController::showSheet(const SheetPointer& sheet) {
    m_sheet = *sheet;
    m_netlist.reset();
    m_update = {sheet, {}, {}};
    m_drop = {};
    m_problem.clear();
    m_name = QString::fromStdString(sheet->name);
    m_parts.view.setData(panelData(m_sheet));
    m_parts.view.setPropertiesAvailable(true);
    requestAnswer();
}

void PowerGridController::showNetlist(const NetlistPointer& solved) {
    m_sheet = {}; // there is nothing to paint on
    m_netlist = solved;
    m_parts.view.setPropertiesAvailable(false);
    m_drop = solved->data->drop;
    m_name = solved->data->name;
    m_parts.view.setData(solved->data);
    emit answered();
}

// A project that had to be made for it would take the notice away.
void PowerGridController::remark(const GridContent& content) {
    if (content.netlist && !isRefused(*content.netlist) && !content.netlist->remark.isEmpty())
        emit remarked(content.netlist->remark);
}

void PowerGridController::change(powergrid::GridSheet sheet, const QString& text) {
    m_parts.jobs.cancelKey(kOpenKey);
    const auto shared = std::make_shared<const powergrid::GridSheet>(std::move(sheet));
    showSheet(shared);
    keep(shared, text);
}

void PowerGridController::make(const QString& text, std::function<Result<powergrid::GridSheet>()> how) {
    m_parts.jobs.start<powergrid::GridSheet>(
        {text, kOpenKey, true}, this, [how = std::move(how)](JobMonitor&) { return how(); },
        [this, text](Result<powergrid::GridSheet> sheet) {
            if (sheet) {
                change(std::move(*sheet), text);
            } else if (sheet.error().code != ErrorCode::Cancelled) {
                emit failed(sheet.error());
            }
        });
}

bool PowerGridController::isBusy() const {
    return m_answering || m_keeper->isBusy() || m_parts.jobs.isActive(kOpenKey);
}

void PowerGridController::paint(const widgets::MapPatch& patch) {
    applyPatch(m_sheet.plan, patch);
    m_update.patches.push_back(patch);
}

void PowerGridController::keep(const SheetPointer& sheet, const QString& text) {
    keepGrid(*m_keeper, {sheet, nullptr}, nullptr, text);
}

// The sheet has one supply: a pad that is given another voltage gives it to all.
void PowerGridController::takeObjects(const QString& text) {
    const auto& objects = m_parts.view.canvas().objects();
    const double before = m_sheet.plan.technology.supplyVolts;
    setObjects(m_sheet.plan, objects);
    const auto other = std::find_if(objects.begin(), objects.end(), [&](const widgets::GridObject& object) {
        return object.kind == widgets::GridObjectKind::Pad && object.value > 0 && object.value != before;
    });
    if (other == objects.end()) {
        m_update.objects = objects;
        keep(std::make_shared<const powergrid::GridSheet>(m_sheet), text);
        requestAnswer();
        return;
    }
    m_sheet.plan.technology.supplyVolts = other->value;
    change(m_sheet, text);
}

void PowerGridController::requestAnswer() {
    if (m_sheet.isEmpty()) return;
    if (m_answering) {
        m_again = true;
        return;
    }
    m_answering = true;
    m_again = false;
    GridQuestion question{std::exchange(m_update, {}), m_parts.view.answer(), std::exchange(m_checks, false),
                          m_parts.view.canvas().reference()};
    const QSize size(static_cast<int>(m_sheet.plan.strength.rows),
                     static_cast<int>(m_sheet.plan.strength.columns));
    m_parts.jobs.start<GridDrop>(
        {tr("Work out the drop"), {}, true}, this,
        [answers = m_answers, question = std::move(question)](JobMonitor& monitor) {
            return answers->answer(question, monitor);
        },
        [this, size](Result<GridDrop> drop) {
            m_answering = false;
            // The job may have ended before it took the update.
            if (!drop) m_update = {std::make_shared<const powergrid::GridSheet>(m_sheet), {}, {}};
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
    if (m_netlist) return showNetlistPath(um);
    if (m_sheet.isEmpty()) return;
    m_parts.jobs.start<powergrid::SheetPath>(
        {tr("Find the way to a pad"), kPathKey, true}, this,
        [answers = m_answers, um](JobMonitor& monitor) { return answers->pathToPad(um, monitor); },
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

void PowerGridController::showNetlistPath(QPointF um) {
    m_parts.jobs.start<NetlistPath>(
        {tr("Find the way to a pad"), kPathKey, true}, this,
        [netlist = m_netlist->netlist, um](JobMonitor& monitor) { return pathToPad(*netlist, um, monitor); },
        [this, of = m_netlist](const Result<NetlistPath>& path) {
            if (m_netlist != of) return; // another one is on show by now
            if (path)
                m_parts.view.setPath(path->um, path->text);
            else if (path.error().code != ErrorCode::Cancelled)
                m_parts.view.setPath({}, errorSentence(path.error()));
        });
}

void PowerGridController::startBlank(int rows, int columns) {
    const powergrid::MapSize size{static_cast<std::uint64_t>(std::max(1, rows)),
                                  static_cast<std::uint64_t>(std::max(1, columns))};
    if (const auto fits = checkSheetMemory(size); !fits) {
        emit failed(fits.error());
        return;
    }
    make(tr("New sheet"), [size] { return blankSheet(size.rows, size.columns); });
}

void PowerGridController::startExample(const QString& id) {
    const auto found = std::find_if(std::begin(kExamples), std::end(kExamples),
                                    [&](const Example& example) { return id == QLatin1String(example.id); });
    const Example& example = found == std::end(kExamples) ? kExamples[0] : *found;
    make(tr("Open example"), [&example, title = tr(example.title).toStdString()] {
        return exampleSheet(example.side, example.seed, title);
    });
}

void PowerGridController::askForProperties() {
    if (m_sheet.isEmpty()) return;
    auto* dialog = new widgets::SheetPropertiesDialog(propertiesOf(m_sheet.plan), &m_parts.window);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        powergrid::GridSheet changed = m_sheet;
        setProperties(changed.plan, dialog->properties());
        if (!m_sheet.isEmpty() && changed.plan.technology != m_sheet.plan.technology)
            change(std::move(changed), tr("Change the sheet's properties"));
    });
    dialog->open();
}

void PowerGridController::askForFiles(widgets::GridFiles kind) {
    const QString maps = QStringLiteral("*.csv *.npy *.png *.txt"),
                  netlists = QStringLiteral("*.sp *.spice *.cir *.net");
    QString title, filter;
    switch (kind) {
    case widgets::GridFiles::Maps:
        title = tr("Import Maps");
        filter = tr("Maps (%1)").arg(maps);
        break;
    case widgets::GridFiles::Netlist:
        title = tr("Open Netlist");
        filter = tr("Power-grid netlists (%1)").arg(netlists);
        break;
    case widgets::GridFiles::Any:
        title = tr("Import Maps or a Netlist");
        filter = tr("Maps and netlists (%1)").arg(maps + QLatin1Char(' ') + netlists);
        break;
    }
    auto* dialog = new QFileDialog(&m_parts.window, title);
    dialog->setObjectName("powerGridImportDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(kind == widgets::GridFiles::Netlist ? QFileDialog::ExistingFile
                                                            : QFileDialog::ExistingFiles);
    dialog->setNameFilters({filter, tr("All files (*)")});
    connect(dialog, &QFileDialog::filesSelected, this,
            [this](const QStringList& paths) { importFiles(pathsOf(paths)); });
    dialog->open();
}

void PowerGridController::importFiles(const std::vector<std::filesystem::path>& files) {
    if (files.empty()) return;
    m_parts.view.showContent(); // what was being opened gives way
    if (const auto maps = mapsOfAGrid(files)) {
        const auto name = (maps->currents.parent_path().filename().string());
        openGrid(QString::fromStdString(name),
                 [maps, name](JobContext& context) { return rebuiltText(*maps, name, context); });
        return;
    }
    if (files.size() == 1 && !powergrid::isMapFile(files.front())) {
        openNetlist(files.front());
        return;
    }
    m_parts.jobs.start<powergrid::MapSize>(
        {tr("Look at maps"), kOpenKey, true}, this,
        [files](JobMonitor&) -> Result<powergrid::MapSize> {
            const auto size = commonMapSize(files);
            if (!size) return forward(size);
            if (const auto fits = checkSheetMemory(*size); !fits)
                return failAt(fits.error().code, files.front().string(), 0, fits.error().message);
            return size;
        },
        [this, files](Result<powergrid::MapSize> size) {
            if (!size) {
                if (size.error().code != ErrorCode::Cancelled) emit failed(size.error());
            } else if (paintedSheetBytes(*size) > kMuchMemory) {
                askForMemory(*size, files);
            } else {
                importMapsNow(files);
            }
        });
}

void PowerGridController::askForMemory(const powergrid::MapSize& size,
                                       const std::vector<std::filesystem::path>& files) {
    auto* box = new QMessageBox(QMessageBox::Question, tr("Import Maps"),
                                tr("The maps have %1 \u00d7 %2 cells.").arg(size.rows).arg(size.columns),
                                QMessageBox::Cancel, &m_parts.window);
    box->setObjectName("powerGridMemoryBox");
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(
        sheetCost(QSize(static_cast<int>(size.rows), static_cast<int>(size.columns))).text);
    const auto* import = box->addButton(tr("Import"), QMessageBox::AcceptRole);
    connect(box, &QMessageBox::buttonClicked, this, [this, import, files](QAbstractButton* button) {
        if (button == import) importMapsNow(files);
    });
    box->open();
}

void PowerGridController::importMapsNow(const std::vector<std::filesystem::path>& files) {
    make(tr("Import maps"), [files, before = m_sheet] { return importMaps(files, before); });
}

void PowerGridController::openNetlist(const std::filesystem::path& given) {
    std::error_code code;
    const auto file = std::filesystem::is_directory(given, code) ? given / kNetlistInFolder : given;
    openGrid(QString::fromStdString(file.filename().string()),
             [file](JobContext&) -> Result<powergrid::GridText> {
                 auto text = readFile(file);
                 if (!text) return forward(text);
                 return powergrid::GridText{std::move(*text), file.filename().string(), file};
             });
}

void PowerGridController::openGrid(const QString& name, GridSource source) {
    struct Opened {
        std::shared_ptr<const SolvedNetlist> solved;
        std::shared_ptr<const std::string> text;
    };
    m_parts.view.showBusy(tr("Solving %1").arg(name));
    m_parts.jobs.start<Opened>(
        {tr("Solve %1").arg(name), kOpenKey}, this,
        [source = std::move(source)](JobMonitor& monitor) -> Result<Opened> {
            auto netlist = source(monitor);
            if (!netlist) return forward(netlist);
            auto solved = solveNetlist(*netlist, monitor);
            if (!solved) return forward(solved);
            return Opened{std::make_shared<const SolvedNetlist>(std::move(*solved)),
                          std::make_shared<const std::string>(std::move(netlist->text))};
        },
        [this, name](Result<Opened> opened) {
            m_parts.view.showContent();
            if (!opened) {
                if (opened.error().code != ErrorCode::Cancelled) emit failed(opened.error());
                return;
            }
            if (isRefused(*opened->solved)) {
                emit failed(*opened->solved->islandRefusal);
                return;
            }
            showNetlist(opened->solved);
            keepGrid(*m_keeper, {nullptr, opened->solved}, opened->text, tr("Open %1").arg(name));
        });
}

void PowerGridController::handOver(const QString& title, const QString& suffix,
                                   std::function<Result<std::string>(JobContext&)> make) {
    const QString name = (m_name.isEmpty() ? QStringLiteral("sheet") : m_name) + title;
    m_parts.jobs.start<std::string>(
        {tr("Export %1").arg(name), {}, true}, this,
        [make = std::move(make)](JobMonitor& monitor) { return make(monitor); },
        [this, file = widgets::fileNameOf(name) + suffix](Result<std::string> bytes) {
            if (bytes)
                emit m_parts.view.exportRequested(QByteArray::fromStdString(*bytes), file);
            else if (bytes.error().code != ErrorCode::Cancelled)
                emit failed(bytes.error());
        });
}

void PowerGridController::exportValues() {
    const auto layer = m_parts.view.canvas().shownLayer();
    if (!layer) return;
    handOver(QLatin1Char('_') + widgets::gridLayerTitle(*layer).toLower(), QStringLiteral(".npy"),
             [data = m_parts.view.canvas().map(*layer)](JobContext&) -> Result<std::string> {
                 return powergrid::writeMapNpy(mapOf(data));
             });
}

void PowerGridController::exportNetlist() {
    if (m_sheet.isEmpty()) return;
    handOver(
        {}, QStringLiteral(".sp"),
        [sheet = std::make_shared<const powergrid::GridSheet>(m_sheet)](JobContext&) -> Result<std::string> {
            const powergrid::SheetPlan& plan = sheet->plan;
            const powergrid::Sheet solved = powergrid::sheetOf(powergrid::mapsOf(plan), plan.technology);
            return powergrid::writeGridNetlist(powergrid::sheetNetlist(solved, plan.technology.cellUm));
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
