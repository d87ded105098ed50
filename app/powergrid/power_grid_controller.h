#pragma once

#include <QObject>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/document/document.h"
#include "app/powergrid/grid_answers.h"
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

    void importFiles(const std::vector<std::filesystem::path>& files);
    void askForFiles();
    void startExample(const QString& id);
    void startBlank(int rows, int columns);

    const GridSheet& sheet() const { return m_sheet; }
    /// Whether an answer is on its way or a change is being kept.
    bool isBusy() const { return m_answering || !m_pending.empty(); }

signals:
    /// There is no project that a change could be kept in; the application makes one.
    void projectRequested();
    void failed(const headroom::Error& error);
    void remarked(const QString& sentence);
    /// An answer is on show.
    void answered();

private:
    using SheetPointer = std::shared_ptr<const GridSheet>;
    struct Pending {
        SheetPointer sheet;
        QString text;
    };

    void connectView();
    void refresh();
    void showSheet(const SheetPointer& sheet);
    void showNothing();
    void change(GridSheet sheet, const QString& text);
    void keep(const QString& text);
    void keepNext();
    void requestAnswer();
    void take(const Result<GridDrop>& drop, const QSize& size);
    void showPath(QPointF um);
    void openNetlist(const std::filesystem::path& file);
    void keepScenario();
    void chooseScenario(int scenario);
    void removeScenario(int scenario);

    Parts m_parts;
    GridSheet m_sheet;              ///< as it is painted
    std::string m_number;           ///< of the kept sheet that m_sheet began as
    std::filesystem::path m_folder; ///< that m_known belongs to
    std::map<std::string, SheetPointer> m_known;
    std::deque<Pending> m_pending; ///< changes that are to be kept, in their order
    std::shared_ptr<GridAnswers> m_answers;
    bool m_answering = false, m_again = false, m_checks = false;
    bool m_waitsForProject = false; ///< what is pending goes into the project that was asked for
    QString m_problem;              ///< why there is no answer, as it was told
    widgets::HeatMapData m_drop;
    std::vector<std::pair<QString, widgets::HeatMapData>> m_scenarios;
    int m_scenario = -1, m_scenariosMade = 0;
};

} // namespace headroom::app
