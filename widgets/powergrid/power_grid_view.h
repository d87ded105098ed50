#pragma once

#include <QList>
#include <QPointF>
#include <QSize>
#include <QStringList>
#include <QTimer>
#include <QVariantMap>

#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "widgets/common/panel.h"
#include "widgets/common/picture_export.h"
#include "widgets/powergrid/heat_map_view.h"
#include "widgets/powergrid/power_grid_data.h"

class QMenu;
class QSplitter;
class QTabWidget;
class QTableView;

namespace headroom::widgets {

class AnswerBar;
class BrushBar;
class ColourBar;
class ComparePage;
class ElidedLabel;
class LayerList;
class LimitBar;
class ColourPage;
class SectionPlots;
class ToolStrip;
class WorstModel;

/// Panel "IR Drop": paint on a power grid's maps, move pads, straps and macros, and watch the drop.
///
/// A controller answers strokeMoved() and objectsChanged() with setMap(GridLayer::Drop, ...) and setNote(),
/// makes strokeFinished() and objectsChanged() undo commands that call apply(), and sets data anew with
/// setData() when the sheet is another one. Nothing that is set emits.
class PowerGridView final : public Panel {
    Q_OBJECT

public:
    explicit PowerGridView(QWidget* parent = nullptr);

    // Contents
    /// The whole sheet; null shows the empty state. Zoom, probe, tools, colours and reference stay while the
    /// size does.
    void setData(std::shared_ptr<const PowerGridData> data, const QString& sentence = {},
                 const QString& action = {});
    /// One map, as often as wanted. @param changed cells that differ from the map before; null: all
    void setMap(GridLayer layer, HeatMapData map, const QRect& changed = {});
    void setNote(const std::optional<AnswerNote>& note);
    /// Named nodes; absent: local maxima of the map of the drop.
    void setWorst(std::optional<std::vector<WorstPlace>> worst);
    /// Undo and redo. False where the patch does not fit the sheet.
    bool apply(const MapPatch& patch);
    void apply(const ObjectChange& change);
    /// Answer to pathRequested(). @param text "3.2 ohms to pad VDD_4"
    void setPath(std::vector<QPointF> um, const QString& text);
    /// Answer to scenarioChosen(); an absent map for none.
    void setReference(HeatMapData drop, const QString& name);
    /// @param chosen -1: none
    void setScenarios(const QStringList& names, int chosen);

    // Settings
    void setAnswer(GridAnswer answer);
    GridAnswer answer() const;
    /// @param whyNot empty where there is a network
    void setNetworkAvailable(const QString& whyNot);
    void setExamples(const std::vector<std::pair<QString, QString>>& examples); ///< identifiers and titles
    /// Whether the sheet has properties that can be changed.
    void setPropertiesAvailable(bool available);
    void setIslandChoice(IslandChoice choice);
    IslandChoice islandChoice() const;
    /// What the dialog for a new sheet says before one is made.
    void setSheetCost(SheetCostOf costOf);
    void setLimitPercent(double percent); ///< of the supply
    double limitPercent() const;
    /// What brushes leave within; 0 and more unless set.
    void setBounds(GridLayer layer, const ValueBounds& bounds);
    void setTool(CanvasTool tool);
    void setPaintedLayer(GridLayer layer);
    void setLayerVisible(GridLayer layer, bool visible);
    void setDisplay(GridLayer layer, const DisplaySettings& display);
    void setSectionsVisible(bool visible);
    void setProbe(std::optional<QPoint> cell);

    /// Colours, limit, layers, brush and how the panel is divided, for the next start.
    QVariantMap viewState() const;
    /// Takes what can be used of it, and emits nothing.
    void restoreViewState(const QVariantMap& state);

    HeatMapView& canvas() { return *m_canvas; }
    /// What is on show in a file's bytes: layers with legend and badge, or the topmost map as CSV.
    QByteArray exported(ExportFormat format) const;

signals:
    void answerChosen(headroom::widgets::GridAnswer answer);
    void checkRequested(); ///< the network's answer against the solver's
    void newSheetRequested(const QSize& cells);
    void propertiesRequested(); ///< of the sheet on show; the application asks for them
    void importRequested(headroom::widgets::GridFiles files); ///< the application asks for them
    void filesDropped(const QStringList& paths);
    void islandChoiceChanged();
    void exampleRequested(const QString& id); ///< empty: any
    void strokeMoved(const headroom::widgets::MapPatch& patch);
    void strokeFinished(const headroom::widgets::MapPatch& patch);
    void strokeCancelled();
    void objectsChanged(const headroom::widgets::ObjectChange& change);
    void probeMoved(QPoint cell);
    /// The way of least resistance from here to a pad is wanted.
    void pathRequested(QPointF um);
    void keepScenarioRequested();
    void scenarioChosen(int scenario); ///< -1: none
    void removeScenarioRequested(int scenario);
    void limitChanged(double percent);
    /// What viewState() holds has changed.
    void viewStateChanged();
    /// The values on show are wanted as NPY; the application writes them.
    void valuesRequested();
    /// The sheet is wanted as a SPICE netlist.
    void netlistRequested();

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildContent();
    void buildBeginnings();
    QWidget* buildStage(QWidget* parent);
    QWidget* buildSide(QWidget* parent);
    void connectCanvas();
    void connectSide();
    void connectState();
    void fillExportMenu(QMenu* menu);

    void chooseLayer(GridLayer layer);
    void showAlone(GridLayer layer);
    void useTool(CanvasTool tool);
    bool isPaintableSheet() const;
    void takeToolFor(bool paintable);
    void startValue(GridLayer layer);
    void showLegend();
    void showLayers();
    void showLimit();
    void showHover(QPoint cell);
    void showProbe();
    void showSections();
    void showWorst();
    void showDifference();
    void showSelected();
    void refreshSoon(bool worstToo);
    void jumpTo(int row);
    std::optional<double> limitVolts() const;
    void stepMark(int step);
    void copyProbe();
    QString valueText(GridLayer layer, QPoint cell, int digits = 4) const;

    std::shared_ptr<const PowerGridData> m_data;
    std::optional<std::vector<WorstPlace>> m_named;
    std::map<GridLayer, double> m_brushValues;
    std::optional<CanvasTool> m_sheetTool; ///< that comes back where there is a sheet to paint on again
    QPoint m_hovered{-1, -1};
    QString m_pathText;
    std::optional<AnswerNote> m_note;
    QTimer m_refresh, m_worstRefresh;

    AnswerBar* m_answers = nullptr;
    BrushBar* m_brushes = nullptr;
    ToolStrip* m_tools = nullptr;
    HeatMapView* m_canvas = nullptr;
    ColourBar* m_colours = nullptr;
    ElidedLabel* m_status = nullptr;
    SectionPlots* m_sections = nullptr;
    QTabWidget* m_side = nullptr;
    LayerList* m_layers = nullptr;
    ColourPage* m_range = nullptr;
    LimitBar* m_limit = nullptr;
    QTableView* m_worst = nullptr;
    WorstModel* m_worstModel = nullptr;
    ComparePage* m_compare = nullptr;
    QSplitter* m_splitter = nullptr;
    QSplitter* m_rows = nullptr;
    QList<int> m_columnSizes, m_rowSizes; ///< as the user left them; empty: never moved
};

} // namespace headroom::widgets
