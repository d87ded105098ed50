#include <QAbstractItemModel>
#include <QAction>
#include <QFileDialog>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QTest>

#include <algorithm>
#include <cmath>

#include "app/document/document.h"
#include "app/session/results.h"
#include "app/session/session.h"
#include "app/shell/dock_layout.h"
#include "tests/flows/flow_window.h"
#include "widgets/common/sample_plot.h"
#include "widgets/common/table_export.h"
#include "widgets/sizing/candidate_table.h"
#include "widgets/sizing/dataset_view.h"
#include "widgets/sizing/sizing_view.h"

namespace headroom::app {

/// What a designer does with many candidates, and with the data set behind them.
class CandidatesFlow : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void tellsPredictedFromSimulated();
    void pinsAndNotesStayWithTheNextProposals();
    void pinsAndNotesAreKeptInTheProject();
    void brushesInThePlots();
    void plotsAreLeftAsTheyWere();
    void aRowOfTheDataSetBecomesTheSpecification();

private:
    Document& document() { return (*m_window)->document(); }
    const project::ResultReference& results() { return *document().project().results; }
    widgets::CandidateTable* candidates() {
        return m_window->find<widgets::SizingView>("sizingPanel")->findChild<widgets::CandidateTable*>();
    }
    void propose(int count);
    void pin(int candidate);
    std::unique_ptr<FlowWindow> m_window;
};

void CandidatesFlow::init() {
    m_window = std::make_unique<FlowWindow>();
    m_window->startOnExample();
}

void CandidatesFlow::cleanup() {
    m_window.reset();
}

void CandidatesFlow::propose(int count) {
    project::Project project = document().project();
    project.sampling.count = static_cast<std::size_t>(count);
    document().edit("count", project);
    m_window->trigger("sizing.propose");
    QVERIFY(m_window->settle());
    QVERIFY((*m_window)->results().current() != nullptr);
}

void CandidatesFlow::pin(int candidate) {
    candidates()->view()->selectRow(candidates()->model()->rowOf(candidate));
    QTest::qWait(0);
    candidates()->findChild<QAction*>("candidatePin")->trigger();
}

void CandidatesFlow::tellsPredictedFromSimulated() {
    propose(10);
    const auto stored = (*m_window)->results().current();
    const auto& all = stored->exploration.candidates;
    const auto ranked = std::find_if(all.begin(), all.end(), [](const sizing::Candidate& candidate) {
        return !candidate.predicted.empty() && candidate.evaluation.ok();
    });
    QVERIFY(ranked != all.end());
    const auto* model = candidates()->model();
    const int row = model->rowOf(static_cast<int>(ranked - all.begin()));
    const auto exact = [&](int column) {
        return model->index(row, column).data(widgets::ExportTextRole).toDouble();
    };
    QCOMPARE(exact(model->firstPrediction()), ranked->predicted[0]);
    QCOMPARE(exact(model->probabilityColumn()), ranked->probability);
    QCOMPARE(exact(widgets::CandidateModel::FirstPerformance),
             ranked->evaluation.performances.at(stored->exploration.specification.performances()[0]));
}

void CandidatesFlow::pinsAndNotesStayWithTheNextProposals() {
    propose(6);
    const auto before = (*m_window)->results().current();
    pin(4);
    QCOMPARE(results().pinned, std::vector<std::size_t>{4});
    QCOMPARE(document().undoStack().undoText(), "Pin candidate 5");
    auto* model = candidates()->model();
    QCOMPARE(model->candidateAt(0), 4);
    QVERIFY(model->setData(model->index(0, model->noteColumn()), "robust", Qt::EditRole));
    QCOMPARE(results().notes, (std::vector<project::CandidateNote>{{4, "robust"}}));
    QCOMPARE(model->index(0, model->noteColumn()).data().toString(), "robust");

    m_window->trigger("sizing.propose_others");
    QVERIFY(m_window->settle());
    const auto after = (*m_window)->results().current();
    QCOMPARE(after->exploration.candidates.size(), 7U);
    QCOMPARE(results().pinned, std::vector<std::size_t>{6});
    QCOMPARE(results().notes, (std::vector<project::CandidateNote>{{6, "robust"}}));
    QCOMPARE(after->exploration.candidates[6].values, before->exploration.candidates[4].values);
    QCOMPARE(model->candidateAt(0), 6);
    // Under other conditions its figures would not be comparable: it is not taken along.
    project::Project project = document().project();
    project.conditions.temperature = 85;
    document().edit("hot", project);
    QVERIFY(m_window->settle());
    m_window->trigger("sizing.propose");
    QVERIFY(m_window->settle());
    QCOMPARE((*m_window)->results().current()->exploration.candidates.size(), 6U);
    QVERIFY(results().pinned.empty());
    for (int step = 0; step < 4; ++step) // hot proposals, hot, others, their seed
        m_window->trigger("edit.undo");
    QVERIFY(m_window->settle());
    QCOMPARE((*m_window)->results().current(), before);
    QCOMPARE(results().pinned, std::vector<std::size_t>{4});
    m_window->trigger("edit.undo");
    QVERIFY(results().notes.empty());
    m_window->trigger("edit.undo");
    QVERIFY(results().pinned.empty());
}

void CandidatesFlow::pinsAndNotesAreKeptInTheProject() {
    propose(5);
    pin(2);
    auto* model = candidates()->model();
    QVERIFY(model->setData(model->index(0, model->noteColumn()), "tape-out: yes", Qt::EditRole));
    const auto before = (*m_window)->results().current();
    m_window->trigger("file.save");
    auto* dialog = m_window->find<QFileDialog>("saveProjectDialog");
    QVERIFY(dialog != nullptr);
    const auto folder = m_window->path("kept");
    emit dialog->fileSelected(QString::fromStdString(folder.string()));
    dialog->close();
    QVERIFY(m_window->settle());
    QVERIFY2(!document().isModified(), qPrintable(m_window->notice()));
    FlowWindow next(*m_window, Settings::Mode::Normal);
    m_window.reset();
    next.open(folder);
    const auto& results = next->document().project().results;
    QVERIFY(results);
    QCOMPARE(results->pinned, std::vector<std::size_t>{2});
    QCOMPARE(results->notes, (std::vector<project::CandidateNote>{{2, "tape-out: yes"}}));
    const auto stored = next->results().current();
    QVERIFY(stored != nullptr);
    for (std::size_t c = 0; c < 5; ++c)
        QCOMPARE(stored->exploration.candidates[c].predicted, before->exploration.candidates[c].predicted);
    QCOMPARE(next.find<widgets::SizingView>("sizingPanel")
                 ->findChild<widgets::CandidateTable*>()
                 ->model()
                 ->candidateAt(0),
             2);
}

void CandidatesFlow::brushesInThePlots() {
    propose(20);
    auto* sizing = m_window->find<widgets::SizingView>("sizingPanel");
    m_window->find<QTabWidget>("sizingHistograms")->setCurrentIndex(3);
    auto* plot = m_window->find<QWidget>("candidateParallel")->findChild<widgets::SamplePlot*>();
    QTRY_VERIFY(plot->isComplete());
    const QRectF axis = plot->areaOf(0);
    QTest::mousePress(plot->viewport(), Qt::LeftButton, {},
                      QPoint(int(axis.center().x()), int(axis.bottom())));
    QTest::mouseMove(plot->viewport(), axis.center().toPoint());
    QTest::mouseRelease(plot->viewport(), Qt::LeftButton, {}, axis.center().toPoint());
    QVERIFY(!plot->scene().brush.isEmpty());
    const auto interval = plot->scene().brush.regions().front().sides.front();
    std::vector<int> expected;
    const auto& column = plot->scene().column(0);
    for (std::size_t row = 0; row < column.values.size(); ++row) {
        if (column.values[row] >= interval.low && column.values[row] <= interval.high)
            expected.push_back(static_cast<int>(row));
    }
    QCOMPARE(sizing->brushed(), expected);
    m_window->find<QAction>("sizingClearBrush")->trigger();
    QVERIFY(sizing->brushed().empty());
}

void CandidatesFlow::plotsAreLeftAsTheyWere() {
    auto* plot = m_window->find<QWidget>("datasetScatter")->findChild<widgets::SamplePlot*>();
    plot->setColumnShown("power", false);
    emit plot->columnsChanged();
    FlowWindow next(*m_window, Settings::Mode::Normal);
    next.startOnExample();
    const auto* again = next.find<QWidget>("datasetScatter")->findChild<widgets::SamplePlot*>();
    QVERIFY(!again->shownColumns().contains("power"));
    QCOMPARE(again->shownColumns(), plot->shownColumns());
}

void CandidatesFlow::aRowOfTheDataSetBecomesTheSpecification() {
    auto* panel = m_window->find<widgets::DatasetView>("datasetPanel");
    const auto data = (*m_window)->session().data();
    QVERIFY(data != nullptr);
    QCOMPARE(panel->state(), widgets::Panel::State::Content);
    (*m_window)->layouts().raise("datasetPanel");
    panel->showPage(widgets::DatasetView::Page::Rows);
    QVERIFY(m_window->find<QTableView>("datasetRows")->model()->rowCount() >=
            static_cast<int>(data->dataset.rows.size()));
    panel->chooseSample(3);
    m_window->find<QPushButton>("datasetUseRow")->click();
    const auto& specification = document().project().specification;
    QCOMPARE(specification.dataRow, std::optional<std::size_t>(3));
    QCOMPARE(specification.targets[0].value, data->dataset.rows[3].performances[0]);
    m_window->trigger("edit.undo");
    QVERIFY(specification.dataRow != std::optional<std::size_t>(3));
}

} // namespace headroom::app

QTEST_MAIN(headroom::app::CandidatesFlow)
#include "candidates_flow_test.moc"
