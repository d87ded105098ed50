#pragma once

class QMainWindow;
class QUndoStack;

namespace headroom::widgets {
class BlocksView;
class DatasetView;
class DelayView;
class JobsView;
class ModelView;
class NetlistView;
class PowerGridView;
class RobustnessView;
class SchematicView;
class SimulationView;
class SizingView;
class SlackView;
class SpecificationView;
} // namespace headroom::widgets

namespace headroom::app {

class DockLayout;

/// The window's panels; the window owns them.
struct Panels {
    widgets::NetlistView* netlist = nullptr;
    widgets::BlocksView* blocks = nullptr;
    widgets::SchematicView* schematic = nullptr;
    widgets::SpecificationView* specification = nullptr;
    widgets::SizingView* sizing = nullptr;
    widgets::DatasetView* dataset = nullptr;
    widgets::ModelView* model = nullptr;
    widgets::SimulationView* simulation = nullptr;
    widgets::SlackView* slack = nullptr;
    widgets::RobustnessView* robustness = nullptr;
    widgets::PowerGridView* powerGrid = nullptr;
    widgets::DelayView* delay = nullptr;
    widgets::JobsView* jobs = nullptr;
};

/// Makes all panels and puts them where they belong at a first start.
Panels makePanels(QMainWindow& window, DockLayout& layouts, QUndoStack& undo);

} // namespace headroom::app
