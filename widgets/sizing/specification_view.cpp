#include "widgets/sizing/specification_view.h"

#include <QAction>
#include <QCursor>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

#include "widgets/common/elided_label.h"
#include "widgets/common/icons.h"
#include "widgets/common/table_export.h"
#include "widgets/sizing/range_slider.h"
#include "widgets/sizing/specification_model.h"

namespace headroom::widgets {
namespace {

/// Least widths of sliders and titles, in heights of the text.
constexpr int kSliderWidth = 5, kTitleWidth = 7;

} // namespace

double SpecificationRow::handle() const {
    const bool bigger = simulation::info(requirement.performance).biggerIsBetter;
    if (requirement.isFree()) return std::numeric_limits<double>::quiet_NaN();
    const bool movesMinimum = bigger ? requirement.hasMinimum() : !requirement.hasMaximum();
    return movesMinimum ? requirement.minimum : requirement.maximum;
}

sizing::Requirement SpecificationRow::withHandle(double value) const {
    const bool bigger = simulation::info(requirement.performance).biggerIsBetter;
    sizing::Requirement moved = requirement;
    const bool movesMinimum =
        bigger ? moved.hasMinimum() || moved.isFree() : !moved.hasMaximum() && !moved.isFree();
    if (movesMinimum)
        moved.minimum = std::min(value, moved.maximum);
    else
        moved.maximum = std::max(value, moved.minimum);
    return moved;
}

SpecificationView::SpecificationView(QWidget* parent)
    : Panel(QStringLiteral("specificationPanel"), tr("Specification"), parent) {
    buildContent();
    setData({});
}

void SpecificationView::buildContent() {
    auto* content = new QWidget(this);
    m_model = new SpecificationModel(this);
    m_table = new QTableView(content);
    m_table->setObjectName(QStringLiteral("specificationTable"));
    m_table->setAccessibleName(tr("Targets"));
    m_table->setModel(m_model);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() * 7 / 4);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setTabKeyNavigation(false);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed |
                             QAbstractItemView::AnyKeyPressed | QAbstractItemView::SelectedClicked);
    QHeaderView* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setMinimumSectionSize(fontMetrics().height());
    for (int column = 0; column < SpecificationModel::ColumnCount; ++column)
        header->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    header->setSectionResizeMode(SpecificationModel::Range, QHeaderView::Stretch);
    header->setSectionResizeMode(SpecificationModel::Title, QHeaderView::Fixed);
    m_table->viewport()->installEventFilter(this);
    m_weights = new QAction(tr("Show Weights"), m_table);
    m_weights->setObjectName(QStringLiteral("specificationWeights"));
    m_weights->setCheckable(true);
    m_table->addAction(m_weights);
    m_corners = new QMenu(tr("Corners"), m_table);
    m_corners->setObjectName(QStringLiteral("specificationCorners"));
    m_table->addAction(m_corners->menuAction());
    connect(m_corners, &QMenu::aboutToShow, this, &SpecificationView::fillCornerMenu);
    connect(m_table, &QTableView::doubleClicked, this, [this](const QModelIndex& index) {
        if (index.column() == SpecificationModel::Corners) m_corners->popup(QCursor::pos());
    });
    connect(m_weights, &QAction::toggled, this, &SpecificationView::updateColumns);
    addCopyAction(m_table);
    addExportAction(m_table, [this](const QByteArray& csv) {
        emit exportRequested(csv, QStringLiteral("specification.csv"));
    });

    m_message = new QLabel(content);
    m_message->setObjectName(QStringLiteral("specificationMessage"));
    m_message->setWordWrap(true);
    m_message->setContentsMargins(6, 3, 6, 3);
    m_message->hide();
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildOriginBar());
    column->addWidget(m_table, 1);
    column->addWidget(m_message);
    column->addWidget(buildSampleBar());
    setContent(content);

    connect(m_model, &SpecificationModel::requirementTyped, this, &SpecificationView::requirementSet);
    connect(m_model, &SpecificationModel::rejected, this,
            [this](int, const QString& problem) { showMessage(problem, true); });
}

QWidget* SpecificationView::buildOriginBar() {
    auto* bar = new QWidget;
    m_origin = new ElidedLabel(bar);
    m_origin->setObjectName(QStringLiteral("specificationOrigin"));
    m_dataRow = new QSpinBox(bar);
    m_dataRow->setObjectName(QStringLiteral("specificationDataRow"));
    m_dataRow->setAccessibleName(tr("Row of the data set"));
    m_dataRow->setMinimum(1);
    m_fromRow = new QPushButton(icon(QStringLiteral("data-row")), tr("From row"), bar);
    m_fromRow->setObjectName(QStringLiteral("specificationFromRow"));
    m_fromRow->setToolTip(
        tr("Take the targets from this simulated sizing of the data set, which then is the ground truth"));
    m_random = new QPushButton(icon(QStringLiteral("random")), tr("Random"), bar);
    m_random->setObjectName(QStringLiteral("specificationRandom"));
    m_random->setToolTip(tr("Take the targets from a row of the data set drawn at random"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(6, 3, 6, 3);
    row->addWidget(m_origin, 1);
    row->addWidget(m_fromRow);
    row->addWidget(m_dataRow);
    row->addWidget(m_random);
    connect(m_fromRow, &QPushButton::clicked, this,
            [this] { emit dataRowRequested(m_dataRow->value() - 1); });
    connect(m_random, &QPushButton::clicked, this, &SpecificationView::randomTargetRequested);
    return bar;
}

QWidget* SpecificationView::buildSampleBar() {
    auto* bar = new QWidget;
    m_count = new QSpinBox(bar);
    m_count->setObjectName(QStringLiteral("specificationCount"));
    m_count->setAccessibleName(tr("Number of sizings"));
    m_count->setRange(1, 100000);
    m_count->setValue(100);
    m_count->setSuffix(tr(" sizings"));
    m_count->setToolTip(tr("How many sizings the networks propose; all of them are simulated"));
    m_sample = new QPushButton(icon(QStringLiteral("explore")), tr("Sample"), bar);
    m_sample->setObjectName(QStringLiteral("specificationSample"));
    m_sample->setDefault(true);
    auto* sample = new QAction(this);
    sample->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return));
    sample->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(sample);
    connect(sample, &QAction::triggered, m_sample, [this] { m_sample->click(); });
    m_sample->setToolTip(tr("Propose sizings for these targets and simulate them (Ctrl+Return)"));
    m_keep = new QToolButton(bar);
    m_keep->setIcon(icon(QStringLiteral("refresh")));
    m_keep->setObjectName(QStringLiteral("specificationKeepSampling"));
    m_keep->setAccessibleName(tr("Keep sampling"));
    m_keep->setToolTip(
        tr("Keep sampling: more and more sizings beside those that there are, until it is stopped"));
    connect(m_keep, &QToolButton::clicked, this, &SpecificationView::keepSamplingRequested);
    m_pins = new QPushButton(icon(QStringLiteral("lock")), {}, bar);
    m_pins->setObjectName(QStringLiteral("specificationPins"));
    connect(m_pins, &QPushButton::clicked, this, &SpecificationView::pinsRequested);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(6, 3, 6, 6);
    row->addWidget(m_pins);
    row->addStretch(1);
    row->addWidget(m_count);
    row->addWidget(m_sample);
    row->addWidget(m_keep);
    connect(m_sample, &QPushButton::clicked, this, [this] { emit sampleRequested(m_count->value()); });
    return bar;
}

void SpecificationView::setData(const SpecificationData& data) {
    const std::vector<SpecificationRow>& old = m_model->rows();
    const bool sameRows =
        old.size() == data.rows.size() &&
        std::equal(old.begin(), old.end(), data.rows.begin(), [](const auto& a, const auto& b) {
            return a.requirement.performance == b.requirement.performance;
        });
    m_data = data;
    if (sameRows) {
        for (int row = 0; row < m_model->rowCount(); ++row) {
            const SpecificationRow& line = data.rows[static_cast<std::size_t>(row)];
            m_model->setRow(row, line);
            showRow(row);
        }
    } else {
        m_model->setRows(data.rows);
        addRowWidgets();
    }
    m_origin->setText(data.origin);
    m_dataRow->setMaximum(std::max(1, static_cast<int>(data.dataRows)));
    if (data.dataRow) m_dataRow->setValue(*data.dataRow + 1);
    updateButtons();
    updateColumns();
    showRemarks();
    setContentPresent(!data.rows.empty(), tr("No specification yet. It needs an amplifier and a data set."));
}

void SpecificationView::addRowWidgets() {
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const simulation::PerformanceInfo& info =
            simulation::info(m_model->rows()[static_cast<std::size_t>(row)].requirement.performance);
        const QString title = QString::fromUtf8(info.title);
        auto* slider = new RangeSlider;
        slider->setObjectName(QStringLiteral("range_%1").arg(QLatin1String(info.name)));
        slider->setAccessibleName(title);
        connect(slider, &RangeSlider::moved, this, [this, row](double value) {
            const SpecificationRow& line = m_model->rows()[static_cast<std::size_t>(row)];
            m_model->setRequirement(row, line.withHandle(value));
            emit requirementPreviewed(line.requirement);
        });
        connect(slider, &RangeSlider::edited, this, [this, row](double value) {
            m_model->setRequirement(row, m_model->rows()[static_cast<std::size_t>(row)].withHandle(value));
            requirementSet(row);
        });
        m_table->setIndexWidget(m_model->index(row, SpecificationModel::Range), slider);

        auto* lock = new QToolButton;
        lock->setObjectName(QStringLiteral("lock_%1").arg(QLatin1String(info.name)));
        lock->setAccessibleName(tr("Lock %1").arg(title));
        lock->setCheckable(true);
        lock->setAutoRaise(true);
        connect(lock, &QToolButton::clicked, this, [this, row](bool locked) {
            m_model->setLocked(row, locked);
            showRow(row);
            emit lockToggled(m_model->rows()[static_cast<std::size_t>(row)].requirement.performance, locked);
        });
        m_table->setIndexWidget(m_model->index(row, SpecificationModel::Lock), lock);
        showRow(row);
    }
    m_table->horizontalHeader()->resizeSections(QHeaderView::ResizeToContents);
    fitColumns();
}

void SpecificationView::showRow(int row) {
    const SpecificationRow& line = m_model->rows()[static_cast<std::size_t>(row)];
    auto* slider =
        static_cast<RangeSlider*>(m_table->indexWidget(m_model->index(row, SpecificationModel::Range)));
    slider->setRange(line.low, line.high,
                     QString::fromUtf8(simulation::info(line.requirement.performance).unit));
    slider->setLimits(line.handle(), line.requirement.minimum, line.requirement.maximum);
    auto* lock =
        static_cast<QToolButton*>(m_table->indexWidget(m_model->index(row, SpecificationModel::Lock)));
    lock->setChecked(line.locked);
    lock->setIcon(icon(line.locked ? QStringLiteral("lock") : QStringLiteral("unlock"),
                       line.locked ? ColorRole::Note : ColorRole::Muted));
    lock->setToolTip(line.locked
                         ? tr("Locked: drawing targets leaves it alone. Click to unlock.")
                         : tr("Click to keep this target when targets are taken from a row or drawn."));
}

void SpecificationView::requirementSet(int row) {
    showRow(row);
    showRemarks();
    updateColumns();
    emit requirementEdited(m_model->rows()[static_cast<std::size_t>(row)].requirement);
}

/// Weights are on show where the user wants them or one is not ordinary; the chosen candidate and its corners
/// where they are known.
void SpecificationView::updateColumns() {
    const auto& rows = m_model->rows();
    const bool weighted = std::any_of(
        rows.begin(), rows.end(), [](const SpecificationRow& row) { return row.requirement.weight != 1; });
    const bool chosen = std::any_of(rows.begin(), rows.end(),
                                    [](const SpecificationRow& row) { return std::isfinite(row.chosen); });
    m_table->setColumnHidden(SpecificationModel::Weight, !weighted && !m_weights->isChecked());
    m_table->setColumnHidden(SpecificationModel::Chosen, !chosen);
    m_table->setColumnHidden(SpecificationModel::Corners,
                             std::none_of(rows.begin(), rows.end(), [](const SpecificationRow& row) {
                                 return std::isfinite(row.cornerWorst) || !row.requirement.corners.empty();
                             }));
    fitColumns();
}

/// The corners of the present row's requirement.
void SpecificationView::fillCornerMenu() {
    m_corners->clear();
    const int row = m_table->currentIndex().row();
    if (row < 0 || m_data.corners.isEmpty()) {
        m_corners->addAction(tr("None are known"))->setEnabled(false);
        return;
    }
    const auto& chosen = m_model->rows()[static_cast<std::size_t>(row)].requirement.corners;
    // Without its last corner a requirement would hold at none.
    const bool isLast = chosen.size() == 1 || (chosen.empty() && m_data.corners.size() == 1);
    const auto add = [&](const QString& title, const QString& corner, bool checked) {
        QAction* action = m_corners->addAction(title);
        action->setCheckable(true);
        action->setChecked(checked);
        action->setEnabled(!checked || (!corner.isEmpty() && !isLast));
        connect(action, &QAction::triggered, this, [this, corner](bool on) { chooseCorners(corner, on); });
    };
    add(tr("All"), {}, chosen.empty());
    m_corners->addSeparator();
    for (const QString& corner : m_data.corners)
        add(corner, corner,
            chosen.empty() || std::find(chosen.begin(), chosen.end(), corner.toStdString()) != chosen.end());
}

/// @param corner empty: all of them
void SpecificationView::chooseCorners(const QString& corner, bool chosen) {
    const int row = m_table->currentIndex().row();
    if (row < 0) return;
    sizing::Requirement requirement = m_model->rows()[static_cast<std::size_t>(row)].requirement;
    std::vector<std::string> corners;
    for (const QString& each : m_data.corners) {
        const std::string name = each.toStdString();
        const bool was = requirement.corners.empty() ||
                         std::find(requirement.corners.begin(), requirement.corners.end(), name) !=
                             requirement.corners.end();
        if (each == corner ? chosen : was) corners.push_back(name);
    }
    const bool isAll = corner.isEmpty() || corners.empty() ||
                       corners.size() == static_cast<std::size_t>(m_data.corners.size());
    requirement.corners = isAll ? std::vector<std::string>() : std::move(corners);
    m_model->setRequirement(row, requirement);
    requirementSet(row);
}

/// Where it is narrow, titles are elided for the sliders' sake, and sliders that no hand could use go away.
void SpecificationView::fitColumns() {
    QHeaderView* header = m_table->horizontalHeader();
    int left = m_table->viewport()->width();
    for (const int column :
         {SpecificationModel::Minimum, SpecificationModel::Maximum, SpecificationModel::Weight,
          SpecificationModel::Chosen, SpecificationModel::Corners, SpecificationModel::Lock})
        left -= header->sectionSize(column); // 0 where it is hidden
    const int unit = fontMetrics().height();
    const int wanted = static_cast<QAbstractItemView*>(m_table)->sizeHintForColumn(SpecificationModel::Title);
    const int title = std::clamp(left - kSliderWidth * unit, std::min(wanted, kTitleWidth * unit), wanted);
    m_table->setColumnHidden(SpecificationModel::Range, left - title < kSliderWidth * unit / 2);
    header->resizeSection(SpecificationModel::Title, title);
}

bool SpecificationView::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_table->viewport() && event->type() == QEvent::Resize) fitColumns();
    return Panel::eventFilter(watched, event);
}

std::vector<sizing::Requirement> SpecificationView::requirements() const {
    std::vector<sizing::Requirement> requirements;
    for (const SpecificationRow& row : m_model->rows())
        requirements.push_back(row.requirement);
    return requirements;
}

std::vector<bool> SpecificationView::locked() const {
    std::vector<bool> locked;
    for (const SpecificationRow& row : m_model->rows())
        locked.push_back(row.locked);
    return locked;
}

int SpecificationView::sampleCount() const {
    return m_count->value();
}

void SpecificationView::setSampleCount(int count) {
    m_count->setValue(count);
}

void SpecificationView::showRemarks() {
    QStringList lines = m_model->remarks();
    if (!m_data.hint.isEmpty()) lines << m_data.hint;
    if (lines.isEmpty())
        m_message->hide();
    else
        showMessage(lines.join(QLatin1Char('\n')), false);
}

void SpecificationView::showMessage(const QString& text, bool problem) {
    m_problem = problem;
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText,
                    Theme::instance().color(problem ? ColorRole::Error : ColorRole::Warning));
    m_message->setPalette(colors);
    m_message->setText((problem ? QStringLiteral("\u2716 ") : QStringLiteral("\u26a0 ")) + text);
    m_message->show();
}

void SpecificationView::updateButtons() {
    m_dataRow->setEnabled(m_data.dataRows > 0);
    m_fromRow->setEnabled(m_data.dataRows > 0);
    m_random->setEnabled(m_data.dataRows > 0);
    m_sample->setEnabled(m_data.canSample);
    m_keep->setEnabled(m_data.canSample);
    m_pins->setEnabled(m_data.canPin);
    m_pins->setText(m_data.pinned.isEmpty()
                        ? tr("Pin sizes\u2026")
                        : tr("%n pinned\u2026", nullptr, static_cast<int>(m_data.pinned.size())));
    m_pins->setToolTip(
        m_data.pinned.isEmpty()
            ? tr("Choose sizes that proposals must not move")
            : tr("These stay as they are in every proposal:\n%1").arg(m_data.pinned.join(QLatin1Char('\n'))));
}

void SpecificationView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange && m_message != nullptr && !m_message->isHidden()) {
        QPalette colors = palette();
        colors.setColor(QPalette::WindowText,
                        Theme::instance().color(m_problem ? ColorRole::Error : ColorRole::Warning));
        m_message->setPalette(colors);
    }
    Panel::changeEvent(event);
}

} // namespace headroom::widgets
