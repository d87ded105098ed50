#include "widgets/powergrid/layer_list.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <array>

#include "widgets/common/icons.h"
#include "widgets/common/theme.h"

namespace headroom::widgets {
namespace {

enum Column { Eye, Name, Value };

constexpr std::array kFromTop{GridLayer::Pads, GridLayer::Macros,   GridLayer::Straps,  GridLayer::Difference,
                              GridLayer::Drop, GridLayer::Activity, GridLayer::Density, GridLayer::Strength};

GridLayer layerOf(const QTreeWidgetItem& item) {
    return static_cast<GridLayer>(item.data(Name, Qt::UserRole).toInt());
}

} // namespace

LayerList::LayerList(QWidget* parent)
    : QWidget(parent)
    , m_list(new QTreeWidget(this))
    , m_place(new QLabel(this))
    , m_opacity(new QSlider(Qt::Horizontal, this)) {
    m_list->setObjectName(QStringLiteral("powergridLayers"));
    m_list->setAccessibleName(tr("Layers"));
    m_list->setColumnCount(3);
    m_list->setHeaderLabels({QString(), tr("Layer"), tr("At probe")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAllColumnsShowFocus(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setExpandsOnDoubleClick(false);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(Eye, QHeaderView::ResizeToContents);
    m_list->header()->setSectionResizeMode(Name, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(Value, QHeaderView::ResizeToContents);
    m_list->header()->setMinimumSectionSize(24);
    for (const GridLayer layer : kFromTop) {
        auto* row = new QTreeWidgetItem(m_list);
        row->setText(Name, gridLayerTitle(layer));
        row->setData(Name, Qt::UserRole, static_cast<int>(layer));
        row->setTextAlignment(Value, Qt::AlignRight | Qt::AlignVCenter);
        row->setToolTip(Eye, tr("Show or hide (space)"));
        m_items[layer] = row;
        m_shown[layer] = layer != GridLayer::Difference;
        m_present[layer] = true;
        m_opacities[layer] = 1;
    }
    m_list->setCurrentItem(item(m_chosen));
    m_list->installEventFilter(this);

    m_place->setObjectName(QStringLiteral("powergridPlace"));
    m_place->setWordWrap(true);
    m_opacity->setObjectName(QStringLiteral("powergridOpacity"));
    m_opacity->setRange(0, 100);
    m_opacity->setValue(100);
    m_opacity->setToolTip(tr("Opacity of the chosen layer"));
    m_opacity->setAccessibleName(tr("Opacity"));
    auto* opacity = new QHBoxLayout;
    opacity->addWidget(new QLabel(tr("Opacity"), this));
    opacity->addWidget(m_opacity, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_list, 1);
    column->addWidget(m_place);
    column->addLayout(opacity);

    connect(m_list, &QTreeWidget::itemClicked, this, [this](QTreeWidgetItem* row, int clicked) {
        if (clicked == Eye) toggle(layerOf(*row));
    });
    connect(m_list, &QTreeWidget::itemDoubleClicked, this, [this](QTreeWidgetItem* row, int clicked) {
        if (clicked != Eye && isMapLayer(layerOf(*row))) emit aloneRequested(layerOf(*row));
    });
    connect(m_list, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* row) {
        if (row == nullptr) return;
        choose(layerOf(*row));
        emit layerChosen(m_chosen);
    });
    connect(m_opacity, &QSlider::valueChanged, this, [this](int percent) {
        m_opacities[m_chosen] = percent / 100.0;
        emit opacityChanged(m_chosen, percent / 100.0);
    });
    for (const GridLayer layer : kFromTop)
        showRow(layer);
}

void LayerList::showRow(GridLayer layer) {
    QTreeWidgetItem* row = item(layer);
    const bool present = m_present.at(layer);
    row->setIcon(Eye, m_shown.at(layer) && present ? icon(QStringLiteral("eye"))
                                                   : icon(QStringLiteral("eye-off"), ColorRole::Muted));
    const bool isPainted = present && layer == m_painted;
    row->setIcon(Name, isPainted ? icon(QStringLiteral("paint")) : QIcon());
    row->setForeground(Name, present ? palette().brush(QPalette::Text)
                                     : QBrush(Theme::instance().color(ColorRole::Muted)));
    QString tip = isMapLayer(layer) ? tr("Double click shows this map alone.") : QString();
    if (isPainted) tip = tr("Strokes go to this layer. ") + tip;
    if (!present) tip = tr("The sheet has no such layer.");
    row->setToolTip(Name, tip);
    row->setData(Name, Qt::AccessibleTextRole,
                 tr("%1, %2").arg(row->text(Name), m_shown.at(layer) ? tr("shown") : tr("hidden")));
}

void LayerList::toggle(GridLayer layer) {
    setShown(layer, !m_shown.at(layer));
    emit shownChanged(layer, m_shown.at(layer));
}

void LayerList::setPresent(GridLayer layer, bool present) {
    m_present[layer] = present;
    showRow(layer);
}

void LayerList::setShown(GridLayer layer, bool shown) {
    m_shown[layer] = shown;
    showRow(layer);
}

void LayerList::setOpacity(GridLayer layer, double opacity) {
    m_opacities[layer] = opacity;
    if (layer == m_chosen) choose(layer);
}

void LayerList::choose(GridLayer layer) {
    m_chosen = layer;
    const QSignalBlocker quiet(m_list), quietSlider(m_opacity);
    m_list->setCurrentItem(item(layer));
    m_opacity->setEnabled(isMapLayer(layer));
    m_opacity->setValue(static_cast<int>(100 * m_opacities.at(layer) + 0.5));
}

void LayerList::setPainted(GridLayer layer) {
    const GridLayer before = std::exchange(m_painted, layer);
    showRow(before);
    showRow(layer);
}

void LayerList::setValue(GridLayer layer, const QString& text) {
    item(layer)->setText(Value, text);
}

QString LayerList::value(GridLayer layer) const {
    return item(layer)->text(Value);
}

void LayerList::setPlace(const QString& text) {
    m_place->setText(text);
}

bool LayerList::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Space) {
            toggle(m_chosen);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void LayerList::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange) return;
    for (const GridLayer layer : kFromTop)
        if (m_items.contains(layer)) showRow(layer);
}

} // namespace headroom::widgets
