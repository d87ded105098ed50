#include "widgets/sizing/candidate_table.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

#include "widgets/common/icons.h"
#include "widgets/common/table_columns.h"
#include "widgets/common/table_export.h"

namespace headroom::widgets {
namespace {

constexpr qsizetype kMostCompared = 4;

} // namespace

CandidateTable::CandidateTable(QWidget* parent)
    : QWidget(parent)
    , m_model(new CandidateModel(this))
    , m_view(new QTableView(this)) {
    buildView();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildBar());
    column->addWidget(m_view, 1);
}

void CandidateTable::buildView() {
    m_view->setObjectName(QStringLiteral("candidateTable"));
    m_view->setAccessibleName(tr("Candidates"));
    m_view->setModel(m_model);
    prepareRows(m_view);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setEditTriggers(QAbstractItemView::DoubleClicked); // notes alone can be edited
    m_view->setWordWrap(false);
    m_view->horizontalHeader()->setSortIndicator(CandidateModel::Number, Qt::AscendingOrder);
    m_view->setSortingEnabled(true);
    buildActions();
    addColumnMenu(m_view, CandidateModel::Shortfall);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &CandidateTable::selectionChanged);
}

void CandidateTable::buildActions() {
    const auto make = [this](const char* name, const char* iconName, const QString& text,
                             const QKeySequence& keys, const QString& toolTip) {
        auto* action = new QAction(icon(QLatin1String(iconName)), text, this);
        action->setObjectName(QLatin1String(name));
        action->setShortcut(keys);
        action->setToolTip(QStringLiteral("%1 (%2)").arg(toolTip, keys.toString(QKeySequence::NativeText)));
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        action->setEnabled(false);
        m_view->addAction(action);
        return action;
    };
    m_pin =
        make("candidatePin", "pin", tr("Pin"), QKeySequence(Qt::CTRL | Qt::Key_P),
             tr("Keep the selected candidates at the top, also of the next proposals; again to let them go"));
    m_note = make("candidateNote", "note", tr("Note"), QKeySequence(Qt::Key_F2),
                  tr("Write a note on the candidate"));
    m_compare =
        make("candidateCompare", "compare", tr("Compare"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C),
             tr("Show two to four selected candidates side by side"));
    m_exclude = make("candidateExclude", "exclude", tr("Exclude"), QKeySequence::Delete,
                     tr("Leave the selected candidates out of histograms and figures"));
    m_keep = make("candidateKeep", "keep", tr("Keep"), QKeySequence(Qt::Key_Insert),
                  tr("Take excluded candidates in again"));
    for (QAction* action : {m_exclude, m_keep}) {
        connect(action, &QAction::triggered, this,
                [this, action] { emit exclusionRequested(selectedCandidates(), action == m_exclude); });
    }
    connect(m_pin, &QAction::triggered, this, &CandidateTable::pinSelected);
    connect(m_note, &QAction::triggered, this, &CandidateTable::editNote);
    connect(m_compare, &QAction::triggered, this, [this] { emit comparisonRequested(selectedCandidates()); });
    connect(m_model, &CandidateModel::noteEdited, this, &CandidateTable::noteEdited);
}

void CandidateTable::pinSelected() {
    const std::vector<int> candidates = selectedCandidates();
    const bool allPinned = std::all_of(candidates.begin(), candidates.end(), [this](int candidate) {
        return m_model->candidateRow(candidate).pinned;
    });
    emit pinRequested(candidates, !allPinned);
}

void CandidateTable::editNote() {
    const QModelIndex current = m_view->currentIndex();
    if (!current.isValid()) return;
    const QModelIndex note = current.siblingAtColumn(m_model->noteColumn());
    m_view->setColumnHidden(m_model->noteColumn(), false);
    m_view->scrollTo(note);
    m_view->edit(note);
}

QWidget* CandidateTable::buildBar() {
    auto* bar = new QWidget;
    m_filter = new QComboBox(bar);
    m_filter->setObjectName(QStringLiteral("candidateFilter"));
    m_filter->setAccessibleName(tr("Show"));
    m_filter->setToolTip(tr("Which candidates the table shows"));
    m_filter->addItem(tr("All candidates"), static_cast<int>(CandidateFilter::All));
    m_filter->addItem(tr("Met"), static_cast<int>(CandidateFilter::Met));
    m_filter->addItem(tr("Met or nearly met"), static_cast<int>(CandidateFilter::MetOrNearly));
    m_filter->addItem(tr("Brushed"), static_cast<int>(CandidateFilter::Brushed));
    QAction* exportTable = addExportAction(m_view, [this](const QByteArray& csv) {
        emit exportRequested(csv, QStringLiteral("candidates.csv"));
    });
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(4, 2, 4, 2);
    row->addWidget(m_filter);
    row->addStretch(1);
    for (QAction* action : {m_pin, m_note, m_compare, m_keep, m_exclude, exportTable}) {
        auto* button = new QToolButton(bar);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setToolButtonStyle(Qt::ToolButtonIconOnly);
        row->addWidget(button);
    }
    connect(m_filter, &QComboBox::activated, this,
            [this] { m_model->setFilter(static_cast<CandidateFilter>(m_filter->currentData().toInt())); });
    return bar;
}

void CandidateTable::setData(std::shared_ptr<const ExplorationData> data) {
    const bool empty = !data || data->candidates.empty();
    const bool noArea =
        empty || std::all_of(data->candidates.begin(), data->candidates.end(),
                             [](const CandidateRow& row) { return !std::isfinite(row.area); });
    const bool results =
        !empty && std::none_of(data->candidates.begin(), data->candidates.end(), [](const CandidateRow& row) {
            return row.status == CandidateStatus::Predicted;
        });
    m_choosing = true;
    m_model->setData(std::move(data));
    m_choosing = false;
    if (empty) {
        m_fitted = m_fittedToResults = false;
        return;
    }
    if (m_model->hasPredictions() != m_predictionsShown) {
        m_predictionsShown = m_model->hasPredictions();
        for (int column = m_model->probabilityColumn(); column < m_model->noteColumn(); ++column)
            m_view->setColumnHidden(column, !m_predictionsShown);
    }
    // Proposals that are not simulated yet are narrow: the figures need room when they have come.
    if (!m_fitted || (results && !m_fittedToResults)) {
        m_fittedToResults = results;
        // The best come first, until the user sorts otherwise.
        if (results && m_view->horizontalHeader()->sortIndicatorSection() == CandidateModel::Number) {
            m_view->sortByColumn(CandidateModel::Shortfall, Qt::AscendingOrder);
        }
        m_view->setColumnHidden(m_model->areaColumn(), noArea);
        fitColumns(m_view);
        m_fitted = true;
    }
    selectionChanged();
}

void CandidateTable::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    // Only now is the width known that columns may share.
    if (!m_shown && m_model->rowCount() > 0) fitColumns(m_view);
    m_shown = m_shown || m_model->rowCount() > 0;
}

void CandidateTable::setBrushed(const std::vector<int>& candidates) {
    m_choosing = true;
    m_model->setBrushed(candidates);
    m_choosing = false;
}

void CandidateTable::choose(int candidate) {
    m_choosing = true;
    const int row = m_model->rowOf(candidate);
    if (row < 0) {
        m_view->clearSelection();
        m_view->setCurrentIndex({});
    } else {
        // Not selectRow(): that heeds the keys that happen to be held down.
        m_view->selectionModel()->setCurrentIndex(
            m_model->index(row, 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        m_view->scrollTo(m_model->index(row, 0));
    }
    m_choosing = false;
    selectionChanged();
}

std::vector<int> CandidateTable::selectedCandidates() const {
    std::vector<int> candidates;
    for (const QModelIndex& index : m_view->selectionModel()->selectedRows())
        candidates.push_back(m_model->candidateAt(index.row()));
    std::sort(candidates.begin(), candidates.end());
    return candidates;
}

void CandidateTable::updateActions() {
    const auto count = m_view->selectionModel()->selectedRows().size();
    for (QAction* action : {m_exclude, m_keep, m_pin})
        action->setEnabled(count > 0);
    m_note->setEnabled(count == 1);
    m_compare->setEnabled(count >= 2 && count <= kMostCompared);
}

void CandidateTable::selectionChanged() {
    updateActions();
    if (m_choosing) return;
    const std::vector<int> candidates = selectedCandidates();
    if (candidates.size() == 1) emit chosen(candidates.front());
    if (candidates.size() > 1) emit selected(candidates);
}

} // namespace headroom::widgets
