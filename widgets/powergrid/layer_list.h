#pragma once

#include <QWidget>

#include <map>

#include "widgets/powergrid/power_grid_data.h"

class QLabel;
class QSlider;
class QTreeWidget;
class QTreeWidgetItem;

namespace headroom::widgets {

/// The layers from the topmost to the lowest: an eye shows and hides each, the chosen one's colours are on
/// offer and, where it may be painted on, strokes go to it. A column tells their values at the probe.
class LayerList final : public QWidget {
    Q_OBJECT

public:
    explicit LayerList(QWidget* parent = nullptr);

    // Nothing of this emits.
    void setPresent(GridLayer layer, bool present);
    void setShown(GridLayer layer, bool shown);
    void setOpacity(GridLayer layer, double opacity);
    void choose(GridLayer layer);
    GridLayer chosen() const { return m_chosen; }
    /// Where strokes go to.
    void setPainted(GridLayer layer);
    void setValue(GridLayer layer, const QString& text);
    QString value(GridLayer layer) const;
    /// What the values are of: "at 120, 48 µm".
    void setPlace(const QString& text);

signals:
    void shownChanged(headroom::widgets::GridLayer layer, bool shown);
    void opacityChanged(headroom::widgets::GridLayer layer, double opacity);
    void layerChosen(headroom::widgets::GridLayer layer);
    /// Of all maps this one alone is to be seen.
    void aloneRequested(headroom::widgets::GridLayer layer);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QTreeWidgetItem* item(GridLayer layer) const { return m_items.at(layer); }
    void toggle(GridLayer layer);
    void showRow(GridLayer layer);

    QTreeWidget* m_list;
    QLabel* m_place;
    QSlider* m_opacity;
    std::map<GridLayer, QTreeWidgetItem*> m_items;
    std::map<GridLayer, bool> m_shown, m_present;
    std::map<GridLayer, double> m_opacities;
    GridLayer m_chosen = GridLayer::Drop;
    GridLayer m_painted = GridLayer::Density;
};

} // namespace headroom::widgets
