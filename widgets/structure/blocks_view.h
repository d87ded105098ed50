#pragma once

#include <QStringList>

#include <memory>

#include "core/netlist/circuit.h"
#include "core/netlist/sizing_export.h"
#include "core/structure/structure.h"
#include "widgets/common/panel.h"

class QAbstractItemView;
class QItemSelection;
class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QPushButton;
class QTabWidget;
class QTableView;
class QTextBrowser;
class QTreeView;

namespace headroom::widgets {

class BlockTreeModel;
class DeviceTableModel;

/// Panel "Blocks": the recognised building blocks with their devices, and the devices with function,
/// stage, matched group and size. What the recognition could not explain is marked.
class BlocksView final : public Panel {
    Q_OBJECT

public:
    explicit BlocksView(QWidget* parent = nullptr);

    /// Both of one circuit; null shows the empty state.
    void setData(std::shared_ptr<const netlist::Circuit> circuit,
                 std::shared_ptr<const structure::Structure> structure);

    /// Widths and lengths of a proposal, shown in place of the netlist's; empty: the netlist's own.
    /// @param origin what to call it in the heading, e.g. "candidate 12"
    void setSizing(const netlist::Sizing& sizing, const QString& origin);

    /// Selects devices in tree and table. Emits nothing.
    void selectDevices(const QStringList& names);

signals:
    /// The user says what these devices do.
    void functionCorrected(const QStringList& devices, headroom::structure::Function function);
    void stageCorrected(const QStringList& devices, headroom::structure::Stage stage);
    /// Back to what was recognised.
    void correctionsDropped(const QStringList& devices);
    /// The user says that a net is a supply. @param positive else the negative one
    void supplyChosen(const QString& net, bool positive);
    void compareRequested();
    void reportRequested();
    /// The user selected these devices, directly or by a block that holds them.
    void devicesSelected(const QStringList& names);

private:
    void buildContent();
    QWidget* buildTreePage();
    QWidget* buildTablePage();
    void applyFilter(const QString& text);
    void treeSelectionChanged();
    void tableSelectionChanged();
    void showDetail(const QString& text);
    void summarise();
    QWidget* buildHead();
    void addCorrections(QAbstractItemView* view);
    /// The devices that are selected there, blocks taken apart.
    QStringList devicesIn(const QAbstractItemView& view) const;
    void explain(const QStringList& devices, const QStringList& reasons);

    std::shared_ptr<const netlist::Circuit> m_circuit;
    std::shared_ptr<const structure::Structure> m_structure;
    bool m_selecting = false;
    QLineEdit* m_filter = nullptr;
    QTabWidget* m_tabs = nullptr;
    QTreeView* m_tree = nullptr;
    QTableView* m_table = nullptr;
    QLabel* m_summary = nullptr;
    QTextBrowser* m_detail = nullptr;
    QPushButton* m_supply = nullptr;
    BlockTreeModel* m_treeModel = nullptr;
    DeviceTableModel* m_tableModel = nullptr;
    QSortFilterProxyModel* m_treeFilter = nullptr;
    QSortFilterProxyModel* m_tableFilter = nullptr;
};

} // namespace headroom::widgets
