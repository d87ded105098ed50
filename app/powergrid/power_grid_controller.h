#pragma once

#include <QObject>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/powergrid/grid_answers.h"
#include "app/powergrid/grid_keeper.h"
#include "app/powergrid/grid_sheet.h"

class QWidget;

namespace headroom::widgets {
class PowerGridView;
}

namespace headroom::app {

class JobQueue;
class Settings;

/// The panel "IR Drop": what is painted is answered while the brush moves, by the exact solver or a network.
/// Every finished stroke is kept in the project's folder and is a step of undo; undo goes back to what was
/// kept.
class PowerGridController final : public QObject {
    Q_OBJECT

public:
    struct Parts {
        Document& document;
        JobQueue& jobs;
        Settings& settings;
        widgets::PowerGridView& view;
        QWidget& window;
    };
    PowerGridController(const Parts& parts, QObject* parent);
    ~PowerGridController() override;

    /// Maps of a sheet are imported together; a netlist, or a folder with one, is opened on its own; from
    /// maps of a chip's currents and pads its grid is rebuilt.
    void importFiles(const std::vector<std::filesystem::path>& files);
    void askForFiles(widgets::GridFiles kind);
    void startExample(const QString& id);
    void startBlank(int rows, int columns);

    const powergrid::GridSheet& sheet() const { return m_sheet; }
    /// Whether a sheet or an answer is on its way, or a change is being kept.
    bool isBusy() const;

signals:
    /// There is no project that a change could be kept in; the application makes one.
    void projectRequested();
    void failed(const headroom::Error& error);
    void remarked(const QString& sentence);
    /// An answer is on show.
    void answered();

private:
    using SheetPointer = std::shared_ptr<const powergrid::GridSheet>;

    void connectView();
    void show(const GridContent& content);
    void showSheet(const SheetPointer& sheet);
    using NetlistPointer = std::shared_ptr<const SolvedNetlist>;
    void showNetlist(const NetlistPointer& solved);
    /// Whether the user wants no such netlist.
    bool isRefused(const SolvedNetlist& solved) const;
    void showNothing();
    void remark(const GridContent& content);
    void change(powergrid::GridSheet sheet, const QString& text);
    /// Makes a sheet in a job and shows it. @param text of the job and of the step of undo
    void make(const QString& text, std::function<Result<powergrid::GridSheet>()> how);
    void paint(const widgets::MapPatch& patch);
    void keep(const SheetPointer& sheet, const QString& text);
    void takeObjects(const QString& text);
    void importMapsNow(const std::vector<std::filesystem::path>& files);
    void askForProperties();
    void askForMemory(const powergrid::MapSize& size, const std::vector<std::filesystem::path>& files);
    void exportValues();
    void exportNetlist();
    void handOver(const QString& title, const QString& suffix,
                  std::function<Result<std::string>(JobContext&)> make);
    void requestAnswer();
    void take(const Result<GridDrop>& drop, const QSize& size);
    void showPath(QPointF um);
    void showNetlistPath(QPointF um);
    void openNetlist(const std::filesystem::path& file);
    using GridSource = std::function<Result<powergrid::GridText>(JobContext&)>;
    void openGrid(const QString& name, GridSource source);
    void keepScenario();
    void chooseScenario(int scenario);
    void removeScenario(int scenario);

    Parts m_parts;
    ContentKeeper* m_keeper;
    powergrid::GridSheet m_sheet; ///< as it is painted; empty while a netlist is on show, or nothing
    NetlistPointer m_netlist;     ///< that the project is about, on show or refused; null for sheets
    SheetUpdate m_update;         ///< that the next answer has to know of
    QString m_name;               ///< of what is on show
    std::shared_ptr<GridAnswers> m_answers;
    bool m_answering = false, m_again = false, m_checks = false;
    QString m_problem; ///< why there is no answer, as it was told
    widgets::HeatMapData m_drop;
    std::vector<std::pair<QString, widgets::HeatMapData>> m_scenarios;
    int m_scenario = -1, m_scenariosMade = 0;
};

} // namespace headroom::app
