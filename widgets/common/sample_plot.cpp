#include "widgets/common/sample_plot.h"

#include <QBuffer>
#include <QHBoxLayout>
#include <QMenu>
#include <QPaintEvent>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

#include "widgets/common/elided_label.h"
#include "widgets/common/icons.h"

namespace headroom::widgets {
namespace {

/// Drawing that goes on longer than this waits for the next turn of the window.
constexpr std::chrono::milliseconds kSlice(5);
constexpr double kExportScale = 2;
constexpr QSize kPlotExportSize(1000, 700);

QStringList toList(const std::set<QString>& keys) {
    return {keys.begin(), keys.end()};
}

} // namespace

SamplePlot::SamplePlot(Kind kind, QWidget* parent)
    : QAbstractScrollArea(parent)
    , m_kind(kind)
    , m_figure(kind == Kind::Parallel ? makeParallelFigure() : makeScatterFigure()) {
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    m_scene.table = std::make_shared<const SampleTable>();
    m_work.setSingleShot(true);
    connect(&m_work, &QTimer::timeout, this, &SamplePlot::work);
}

SamplePlot::~SamplePlot() = default;

void SamplePlot::setData(std::shared_ptr<const SampleTable> table) {
    m_scene.table = table ? std::move(table) : std::make_shared<const SampleTable>();
    const auto rows = static_cast<int>(m_scene.table->rowCount());
    m_scene.marked.assign(m_scene.table->rowCount(), 0);
    m_scene.anyMarked = false;
    if (m_scene.chosen >= rows) m_scene.chosen = -1;
    m_axes.clear();
    rebuildAxes();
}

void SamplePlot::setBrush(const RowBrush& brush, const std::vector<std::uint8_t>& marked) {
    if (marked.size() != m_scene.table->rowCount()) return;
    m_scene.brush = brush;
    m_scene.marked = marked;
    const bool any = !brush.isEmpty();
    if (any != m_scene.anyMarked) m_figure->recolor();
    m_scene.anyMarked = any;
    m_figure->restart();
    m_complete = false;
    viewport()->update();
}

void SamplePlot::setChosen(int row) {
    m_scene.chosen = row >= 0 && static_cast<std::size_t>(row) < m_scene.table->rowCount() ? row : -1;
    viewport()->update();
}

void SamplePlot::setTitle(const QString& title) {
    m_title = title;
    setAccessibleName(title);
}

QStringList SamplePlot::shownColumns() const {
    QStringList keys;
    for (const int column : columnOrder()) {
        const SampleColumn& candidate = m_scene.table->columns[static_cast<std::size_t>(column)];
        if (isShown(candidate)) keys << candidate.key;
    }
    return keys;
}

bool SamplePlot::isShown(const SampleColumn& column) const {
    const auto chosen = m_shown.find(column.key);
    return chosen == m_shown.end() ? column.shownAtFirst : chosen->second;
}

std::vector<int> SamplePlot::columnOrder() const {
    std::vector<int> order;
    for (const QString& key : m_order) {
        const int column = m_scene.table->columnOf(key);
        if (column >= 0) order.push_back(column);
    }
    for (int column = 0; column < static_cast<int>(m_scene.table->columns.size()); ++column) {
        if (!m_order.contains(m_scene.table->columns[static_cast<std::size_t>(column)].key))
            order.push_back(column);
    }
    return order;
}

SampleAxis SamplePlot::makeAxis(int number) {
    const SampleColumn& column = m_scene.table->columns[static_cast<std::size_t>(number)];
    const auto [low, high] = column.extent();
    const auto chosen = m_logarithmic.find(column.key);
    const bool logarithmic = chosen == m_logarithmic.end() ? spansDecades(low, high) : chosen->second;
    SampleAxis axis;
    axis.column = number;
    axis.scale = AxisScale(low, high, logarithmic, m_inverted.contains(column.key));
    auto shares = std::make_shared<std::vector<float>>();
    shares->reserve(column.values.size());
    for (const double value : column.values)
        shares->push_back(static_cast<float>(axis.scale.shareOf(value)));
    axis.shares = std::move(shares);
    return axis;
}

void SamplePlot::rebuildAxes() {
    m_stale = !isVisible();
    if (m_stale) return; // a hidden plot costs nothing
    const QString focused = m_scene.focused >= 0 && m_scene.focused < static_cast<int>(m_scene.axes.size())
                                ? m_scene.column(static_cast<std::size_t>(m_scene.focused)).key
                                : QString();
    m_scene.axes.clear();
    for (const int column : columnOrder()) {
        if (!isShown(m_scene.table->columns[static_cast<std::size_t>(column)])) continue;
        auto known = m_axes.find(column);
        if (known == m_axes.end()) known = m_axes.emplace(column, makeAxis(column)).first;
        m_scene.axes.push_back(known->second);
    }
    m_scene.focused = focused.isEmpty() ? -1 : m_scene.axisOf(focused);
    layOut();
}

void SamplePlot::layOut() {
    m_scene.dark = Theme::instance().isDark();
    QSize seen = maximumViewportSize();
    m_figure->layOut(m_scene, QSizeF(seen) * m_zoom, font(), devicePixelRatioF());
    const bool wide = m_figure->size().width() > seen.width(),
               high = m_figure->size().height() > seen.height();
    if (wide || high) { // scroll bars take room from each other
        if (wide) seen.rheight() -= horizontalScrollBar()->sizeHint().height();
        if (high) seen.rwidth() -= verticalScrollBar()->sizeHint().width();
        m_figure->layOut(m_scene, QSizeF(seen) * m_zoom, font(), devicePixelRatioF());
    }
    const auto adapt = [](QScrollBar* bar, double content, int page) {
        bar->setRange(0, std::max(0, static_cast<int>(std::ceil(content)) - page));
        bar->setPageStep(page);
        bar->setSingleStep(20);
    };
    adapt(horizontalScrollBar(), m_figure->size().width(), seen.width());
    adapt(verticalScrollBar(), m_figure->size().height(), seen.height());
    m_complete = false;
    viewport()->update();
}

void SamplePlot::work() {
    viewport()->update();
}

void SamplePlot::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    painter.translate(-horizontalScrollBar()->value(), -verticalScrollBar()->value());
    if (!m_complete) {
        m_complete = m_figure->advance(m_scene, std::chrono::steady_clock::now() + kSlice);
        if (!m_complete) m_work.start(0);
    }
    const QRectF visible(toContent({0, 0}), QSizeF(viewport()->size()));
    m_figure->paint(painter, m_scene, visible);
    if (m_scene.axes.empty()) {
        painter.setPen(Theme::instance().color(ColorRole::Muted));
        painter.drawText(visible, Qt::AlignCenter | Qt::TextWordWrap,
                         m_scene.table->columns.empty()
                             ? tr("There is nothing to show yet.")
                             : tr("No columns are shown. Choose some under Columns."));
    }
    if (m_drag.kind == Drag::Kind::Title && m_drag.moved) {
        const int position = m_figure->positionAt(m_scene, m_drag.to);
        painter.setPen(QPen(Theme::instance().color(ColorRole::Note), 2, Qt::DashLine));
        painter.drawRect(titleOf(position).translated(toContent({0, 0})));
    }
}

void SamplePlot::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    if (!m_stale) layOut();
}

void SamplePlot::showEvent(QShowEvent* event) {
    QAbstractScrollArea::showEvent(event);
    if (m_stale) rebuildAxes();
}

void SamplePlot::scrollContentsBy(int, int) {
    viewport()->update();
}

void SamplePlot::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        m_scene.dark = Theme::instance().isDark();
        m_figure->recolor();
        if (!m_stale && event->type() == QEvent::FontChange) layOut();
        viewport()->update();
    }
    QAbstractScrollArea::changeEvent(event);
}

QPointF SamplePlot::toContent(const QPointF& at) const {
    return at + QPointF(horizontalScrollBar()->value(), verticalScrollBar()->value());
}

QRectF SamplePlot::areaOf(int axis, int second) const {
    return m_figure->areaOf(axis, second).translated(-toContent({0, 0}));
}

QRectF SamplePlot::titleOf(int axis) const {
    return m_figure->titleOf(axis).translated(-toContent({0, 0}));
}

void SamplePlot::setColumnShown(const QString& key, bool shown) {
    m_shown[key] = shown;
    rebuildAxes();
}

void SamplePlot::moveColumn(const QString& key, int position) {
    QStringList shown = shownColumns();
    const auto from = shown.indexOf(key);
    if (from < 0) return;
    shown.move(from, std::clamp<qsizetype>(position, 0, shown.size() - 1));
    // Those that are hidden, or of other circuits, come after those on show.
    for (const int column : columnOrder()) {
        const QString& other = m_scene.table->columns[static_cast<std::size_t>(column)].key;
        if (!shown.contains(other)) shown << other;
    }
    for (const QString& other : std::as_const(m_order)) {
        if (!shown.contains(other)) shown << other;
    }
    m_order = shown;
    rebuildAxes();
}

void SamplePlot::setInverted(const QString& key, bool inverted) {
    if (inverted) {
        m_inverted.insert(key);
    } else {
        m_inverted.erase(key);
    }
    m_axes.erase(m_scene.table->columnOf(key));
    rebuildAxes();
}

void SamplePlot::setLogarithmic(const QString& key, bool logarithmic) {
    m_logarithmic[key] = logarithmic;
    m_axes.erase(m_scene.table->columnOf(key));
    rebuildAxes();
}

void SamplePlot::resetColumns() {
    m_order.clear();
    m_shown.clear();
    m_logarithmic.clear();
    m_inverted.clear();
    m_axes.clear();
    rebuildAxes();
}

void SamplePlot::columnsEdited() {
    emit columnsChanged();
}

QVariantMap SamplePlot::state() const {
    const auto keys = [](const std::map<QString, bool>& chosen, bool value) {
        QStringList list;
        for (const auto& [key, on] : chosen) {
            if (on == value) list << key;
        }
        return list;
    };
    return {{QStringLiteral("order"), m_order},
            {QStringLiteral("shown"), keys(m_shown, true)},
            {QStringLiteral("hidden"), keys(m_shown, false)},
            {QStringLiteral("logarithmic"), keys(m_logarithmic, true)},
            {QStringLiteral("linear"), keys(m_logarithmic, false)},
            {QStringLiteral("inverted"), toList(m_inverted)}};
}

void SamplePlot::restoreState(const QVariantMap& state) {
    const auto list = [&](const char* name) { return state.value(QLatin1String(name)).toStringList(); };
    m_order = list("order");
    m_order.removeDuplicates();
    m_shown.clear();
    m_logarithmic.clear();
    m_inverted.clear();
    for (const QString& key : list("shown"))
        m_shown[key] = true;
    for (const QString& key : list("hidden"))
        m_shown[key] = false;
    for (const QString& key : list("logarithmic"))
        m_logarithmic[key] = true;
    for (const QString& key : list("linear"))
        m_logarithmic[key] = false;
    for (const QString& key : list("inverted"))
        m_inverted.insert(key);
    m_axes.clear();
    rebuildAxes();
}

QByteArray SamplePlot::rendered(ExportFormat format, const QSize& wanted) const {
    if (format == ExportFormat::Csv) {
        std::vector<int> columns, rows;
        for (const QString& key : shownColumns())
            columns.push_back(m_scene.table->columnOf(key));
        for (std::size_t row = 0; row < m_scene.marked.size(); ++row) {
            if (!m_scene.anyMarked || m_scene.marked[row] != 0) rows.push_back(static_cast<int>(row));
        }
        return sampleCsv(*m_scene.table, columns, rows);
    }
    const QSize size = wanted.isEmpty() ? kPlotExportSize : wanted;
    SampleScene scene = m_scene; // on white, with nothing of the moment
    scene.dark = false;
    scene.focused = -1;
    const auto figure = m_kind == Kind::Parallel ? makeParallelFigure() : makeScatterFigure();
    figure->layOut(scene, size, font(), kExportScale);
    figure->advance(scene, kNoDeadline);
    const QSize whole = figure->size().toSize();
    QPainter painter;
    if (format != ExportFormat::Png) {
        return vectorPicture(format, whole, m_title, painter,
                             [&] { figure->paint(painter, scene, QRectF(QPointF(0, 0), whole)); });
    }
    QImage picture(whole * kExportScale, QImage::Format_RGB32);
    picture.setDevicePixelRatio(kExportScale);
    painter.begin(&picture);
    figure->paint(painter, scene, QRectF(QPointF(0, 0), whole));
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    picture.save(&buffer, "PNG");
    return bytes;
}

void SamplePlot::fillColumnMenu(QMenu& menu) {
    for (const int number : columnOrder()) {
        const SampleColumn& column = m_scene.table->columns[static_cast<std::size_t>(number)];
        QAction* action = menu.addAction(column.title);
        action->setToolTip(column.definition);
        action->setCheckable(true);
        action->setChecked(isShown(column));
        connect(action, &QAction::toggled, this, [this, key = column.key](bool on) {
            setColumnShown(key, on);
            columnsEdited();
        });
    }
    menu.addSeparator();
    menu.addAction(tr("All Columns"), this, [this] {
        for (const SampleColumn& column : m_scene.table->columns)
            m_shown[column.key] = true;
        rebuildAxes();
        columnsEdited();
    });
    menu.addAction(tr("As at First"), this, [this] {
        resetColumns();
        columnsEdited();
    });
}

void SamplePlot::fillExportMenu(QMenu& menu) {
    addExportActions(menu, *this,
                     {m_title, [this](ExportFormat format) { return rendered(format); },
                      [this](const QByteArray& contents, const QString& suggestedFileName) {
                          emit exportRequested(contents, suggestedFileName);
                      }});
}

QSize SamplePlot::sizeHint() const {
    return {640, 400};
}

QSize SamplePlot::minimumSizeHint() const {
    return {200, 160};
}

SamplePlotPage::SamplePlotPage(SamplePlot::Kind kind, QWidget* parent)
    : QWidget(parent)
    , m_plot(new SamplePlot(kind, this)) {
    auto* bar = new QWidget(this);
    auto* hint = new ElidedLabel(bar);
    hint->setText(
        kind == SamplePlot::Kind::Parallel
            ? tr("Drag along axes to brush (Shift adds, Ctrl removes, Escape ends); drag titles to "
                 "reorder, double-click them to invert")
            : tr("Drag over cells to brush (Shift adds, Ctrl removes, Escape ends); click a point to "
                 "choose it"));
    const auto button = [&](const QString& name, const QString& iconName, const QString& text, auto fill) {
        auto* tool = new QToolButton(bar);
        tool->setObjectName(name);
        tool->setIcon(icon(iconName));
        tool->setText(text);
        tool->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        tool->setAutoRaise(true);
        tool->setPopupMode(QToolButton::InstantPopup);
        auto* menu = new QMenu(tool);
        menu->setToolTipsVisible(true);
        connect(menu, &QMenu::aboutToShow, this, [menu, fill] {
            menu->clear();
            fill(*menu);
        });
        tool->setMenu(menu);
        return tool;
    };
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(6, 1, 4, 1);
    row->addWidget(hint, 1);
    row->addWidget(button(QStringLiteral("sampleColumns"), QStringLiteral("columns"), tr("Columns"),
                          [this](QMenu& menu) { m_plot->fillColumnMenu(menu); }));
    row->addWidget(button(QStringLiteral("sampleExport"), QStringLiteral("export"), tr("Export"),
                          [this](QMenu& menu) { m_plot->fillExportMenu(menu); }));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(bar);
    column->addWidget(m_plot, 1);
}

} // namespace headroom::widgets
