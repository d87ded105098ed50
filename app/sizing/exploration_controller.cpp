#include "app/sizing/exploration_controller.h"

#include <algorithm>
#include <limits>

#include "app/document/error_text.h"
#include "app/jobs/job_queue.h"
#include "app/session/results.h"
#include "app/session/session.h"
#include "app/session/shown_evaluation.h"
#include "app/settings/settings.h"
#include "app/sizing/exploration_job.h"
#include "app/sizing/sampling_dialog.h"
#include "widgets/sizing/sizing_view.h"
#include "widgets/sizing/specification_view.h"
#include "widgets/structure/blocks_view.h"

namespace headroom::app {
namespace {

using widgets::ExplorationData;
using widgets::SizingView;

constexpr const char* kKey = "sizing.explore";
constexpr const char* kPanel = "sizing";
/// Walking through the candidates is one undo step.
constexpr int kChooseKey = 1;

/// The exploration judged against another specification, without simulating anything again.
sizing::Exploration judged(sizing::Exploration exploration, const sizing::Specification& specification,
                           double supplyVoltage) {
    exploration.specification = specification;
    for (sizing::Candidate& candidate : exploration.candidates) {
        if (!candidate.evaluation.ok() || candidate.evaluation.performances.empty()) continue;
        candidate.judge(specification, supplyVoltage);
    }
    return exploration;
}

/// Without corners: candidates are simulated at one.
sizing::Specification presentSpecification(const project::SpecificationState& state) {
    sizing::Specification specification;
    for (const project::Target& target : state.targets) {
        specification.requirements.push_back(target.requirement());
        specification.requirements.back().corners.clear();
    }
    return specification;
}

/// "Pin candidate 3", "Pin 5 candidates".
QString undoText(const std::vector<int>& candidates, const QString& one, const QString& many) {
    return candidates.size() == 1 ? one.arg(candidates.front() + 1) : many.arg(candidates.size());
}

/// Puts candidates into an ascending list, or takes them out of it.
void setListed(std::vector<std::size_t>& list, const std::vector<int>& candidates, bool listed) {
    for (const int candidate : candidates) {
        const auto index = static_cast<std::size_t>(candidate);
        std::erase(list, index);
        if (listed) list.push_back(index);
    }
    std::sort(list.begin(), list.end());
}

} // namespace

ExplorationController::ExplorationController(const Parts& parts, QObject* parent)
    : QObject(parent)
    , m_parts(parts) {
    connect(&m_parts.results, &Results::currentChanged, this, &ExplorationController::show);
    connect(&m_parts.results, &Results::failed, this, [this](const Error& error) {
        m_parts.sizing.showError(errorSentence(error), errorDetail(error));
    });
    connect(&m_parts.document, &Document::changed, this, [this](Facets facets) {
        const Facets others = Facets(Facet::Netlist) | Facet::Technology | Facet::Conditions;
        if (facets & others) cancel(); // what runs is about something else now
        if (facets.testFlag(Facet::Specification) || facets.testFlag(Facet::Conditions)) show();
    });
    connect(&m_parts.session, &Session::circuitChanged, this, &ExplorationController::show);
    connect(&m_parts.session, &Session::dataChanged, this, &ExplorationController::show);
    connect(&m_parts.session, &Session::modelChanged, this, &ExplorationController::show);
    connect(&m_parts.sizing, &SizingView::candidateChosen, this, &ExplorationController::choose);
    connect(&m_parts.sizing, &SizingView::exclusionRequested, this, &ExplorationController::exclude);
    connect(&m_parts.sizing, &SizingView::pinRequested, this, &ExplorationController::pin);
    connect(&m_parts.sizing, &SizingView::noteEdited, this, &ExplorationController::note);
    m_parts.sizing.restoreViewState(m_parts.settings.panelState(kPanel));
    connect(&m_parts.sizing, &SizingView::viewStateChanged, this,
            [this] { m_parts.settings.savePanelState(kPanel, m_parts.sizing.viewState()); });
    connect(&m_parts.sizing, &SizingView::targetsFromCandidateRequested, this,
            &ExplorationController::takeTargets);
    connect(&m_parts.sizing, &SizingView::actionRequested, this, &ExplorationController::act);
    connect(&m_parts.sizing, &SizingView::cancelRequested, this, &ExplorationController::cancel);
    connect(&m_parts.jobs, &JobQueue::rowChanged, this, [this](const widgets::JobRow& row) {
        if (row.id == m_job) m_parts.sizing.setProgress(row.fraction, row.activity);
    });
    connect(&m_parts.specification, &widgets::SpecificationView::sampleRequested, this, [this](int count) {
        project::Project project = m_parts.document.project();
        project.sampling.count = static_cast<std::size_t>(count);
        m_parts.document.edit(tr("Sample %1").arg(count), std::move(project));
        propose();
    });
    connect(&m_parts.specification, &widgets::SpecificationView::keepSamplingRequested, this,
            &ExplorationController::keepSampling);
    show();
}

bool ExplorationController::canSimulate() const {
    return m_parts.session.circuit() && m_parts.session.circuit()->space && m_parts.session.pool();
}

bool ExplorationController::canPropose() const {
    return canSimulate() && m_parts.session.data() && m_parts.session.model() &&
           !m_parts.session.modelProblem() && !m_parts.document.project().specification.targets.empty();
}

bool ExplorationController::isRunning() const {
    return m_parts.jobs.isActive(kKey);
}

void ExplorationController::cancel() {
    m_parts.jobs.cancelKey(kKey);
}

ExplorationInput ExplorationController::presentInput() const {
    const project::Project& project = m_parts.document.project();
    return {m_parts.session.circuit(),   m_parts.session.data(), m_parts.session.model(),
            m_parts.session.pool(),      project.specification,  project.sampling,
            toString(project.conditions)};
}

void ExplorationController::findNearest() {
    if (!canPropose()) {
        show();
        return;
    }
    auto sentences = std::make_shared<QStringList>();
    const auto work = [input = presentInput(), sentences](JobMonitor& monitor) -> Result<Stored> {
        const auto found = runReach(input, monitor);
        if (!found) return forward(found);
        for (const std::string& sentence : found->sentences)
            *sentences << QString::fromStdString(sentence);
        return found->exploration;
    };
    start(work, {tr("Find the nearest sizing"), Keep::Pinned, sentences});
}

void ExplorationController::propose() {
    if (!canPropose()) {
        show();
        return;
    }
    const ExplorationInput input = presentInput();
    const auto count = static_cast<int>(input.sampling.count);
    const auto work = [this, input](JobMonitor& monitor) {
        return runExploration(input, monitor, previewer(input.circuit, monitor));
    };
    const QString title = count == 1 ? tr("Propose one sizing") : tr("Propose %1 sizings").arg(count);
    start(work, {title, Keep::Pinned, nullptr});
}

/// Called on the worker thread.
OnPartial ExplorationController::previewer(const std::shared_ptr<const Circuit>& circuit,
                                           JobMonitor& monitor) {
    return [this, circuit, &monitor](const sizing::Exploration& partial) {
        auto data =
            std::make_shared<const ExplorationData>(widgets::explorationData(partial, *circuit->space));
        // `this` is the job's receiver: the queue calls this only while it lives.
        monitor.publish([this, data] {
            m_preview = true;
            m_parts.sizing.setData(data);
        });
    };
}

void ExplorationController::keepSampling() {
    if (!canPropose()) {
        show();
        return;
    }
    auto growth = std::make_shared<KeptSampling>();
    const auto work = [this, input = presentInput(), before = m_parts.results.current(),
                       growth](JobMonitor& monitor) -> Result<Stored> {
        auto kept = runKeepSampling(input, before, monitor, previewer(input.circuit, monitor));
        if (!kept) return forward(kept);
        *growth = std::move(*kept);
        return growth->exploration;
    };
    start(work, {tr("Keep sampling"), Keep::Pinned, nullptr, growth});
}

void ExplorationController::proposeOthers() {
    project::Project project = m_parts.document.project();
    ++project.sampling.seed;
    m_parts.document.edit(tr("Sample with seed %1").arg(project.sampling.seed), std::move(project));
    propose();
}

void ExplorationController::askForSampling(QWidget& window) {
    auto* dialog = new SamplingDialog(m_parts.document.project().sampling, &window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        project::Project project = m_parts.document.project();
        project.sampling = dialog->sampling();
        m_parts.document.edit(tr("Change sampling settings"), std::move(project));
    });
    dialog->open();
}

void ExplorationController::simulateAsDrawn() {
    if (!canSimulate()) return;
    const project::Project& project = m_parts.document.project();
    const ExplorationInput input{m_parts.session.circuit(),   m_parts.session.data(), nullptr,
                                 m_parts.session.pool(),      project.specification,  {},
                                 toString(project.conditions)};
    start([input](JobMonitor& monitor) { return runAsDrawn(input, monitor); },
          {tr("Simulate as drawn"), Keep::Nothing, nullptr});
}

void ExplorationController::start(std::function<Result<Stored>(JobMonitor&)> work, const Run& run) {
    m_job = m_parts.jobs.start<Stored>(
        {run.title, kKey}, this, std::move(work),
        [this, run](Result<Stored> exploration) { finish(std::move(exploration), run); });
    m_parts.sizing.showBusy(run.title);
    emit stateChanged();
}

ExplorationController::Stored ExplorationController::withPinned(Stored exploration,
                                                                project::ResultReference& reference) const {
    const auto before = m_parts.results.current();
    const auto& results = m_parts.document.project().results;
    if (!before || !results || results->pinned.empty()) return exploration;
    const project::Provenance &old = before->provenance, &present = exploration->provenance;
    const sizing::Specification& specification = exploration->exploration.specification;
    // Figures of another circuit or other conditions would stand beside each other as if they were alike.
    if (old.circuit != present.circuit || old.technologyFingerprint != present.technologyFingerprint ||
        old.conditions != present.conditions || before->variableNames != exploration->variableNames ||
        before->exploration.specification.performances() != specification.performances()) {
        return exploration;
    }
    auto both = std::make_shared<project::StoredExploration>(*exploration);
    const sizing::Exploration kept = judged(before->exploration, specification, present.supplyVoltage);
    auto& candidates = both->exploration.candidates;
    for (const std::size_t pinned : results->pinned) {
        if (pinned >= kept.candidates.size()) continue;
        reference.pinned.push_back(candidates.size());
        for (const project::CandidateNote& note : results->notes) {
            if (note.candidate == pinned) reference.notes.push_back({candidates.size(), note.text});
        }
        candidates.push_back(kept.candidates[pinned]);
        auto& units = candidates.back().mirrorUnits;
        units = units.value_or(old.mirrorUnits);
        if (units == present.mirrorUnits) units.reset();
    }
    return both;
}

void ExplorationController::finish(Result<Stored> exploration, const Run& run) {
    m_job = 0;
    if (!exploration) {
        show();
        if (exploration.error().code != ErrorCode::Cancelled) {
            m_parts.sizing.showError(errorSentence(exploration.error()), errorDetail(exploration.error()));
            emit failed(exploration.error());
        }
        emit stateChanged();
        emit finished();
        return;
    }
    const auto circuit = m_parts.session.circuit();
    if (!circuit ||
        circuit->hash != (*exploration)->provenance.circuit) { // another netlist was opened meanwhile
        show();
        emit finished();
        return;
    }
    project::ResultReference reference;
    Stored stored = *exploration;
    const auto& before = m_parts.document.project().results;
    if (run.growth && run.growth->goesOn && before)
        reference = *before; // the same candidates come first
    else if (run.keep == Keep::Pinned)
        stored = withPinned(stored, reference);
    reference.chosen = sizing::bestCandidate(stored->exploration);
    const QString text = run.answer ? run.answer->join(QLatin1Char('\n')) : QString();
    m_parts.results.store(stored, [this, reference, run, text](std::int64_t id) {
        project::Project project = m_parts.document.project();
        project.results = reference;
        project.results->exploration = id;
        if (run.growth) project.sampling.seed = run.growth->lastSeed;
        m_parts.document.edit(run.title, std::move(project));
        if (!text.isEmpty()) emit answered(text);
        emit stateChanged();
        emit finished();
    });
}

std::shared_ptr<const ExplorationData>
ExplorationController::viewOf(const project::StoredExploration& stored) const {
    const auto circuit = m_parts.session.circuit();
    const auto& results = m_parts.document.project().results;
    const sizing::Specification present = presentSpecification(m_parts.document.project().specification);
    const sizing::Specification& own = stored.exploration.specification;
    const bool another =
        present.performances() == own.performances() && present.requirements != own.requirements;
    auto data = std::make_shared<ExplorationData>(
        another ? widgets::explorationData(
                      judged(stored.exploration, present, stored.provenance.supplyVoltage), *circuit->space)
                : widgets::explorationData(stored.exploration, *circuit->space));
    if (another)
        data->caption += tr("; proposed for an earlier specification, judged against the present one");
    const project::Provenance& provenance = stored.provenance;
    if (provenance.technologyFingerprint != circuit->technologyFingerprint) {
        data->caption += tr("; simulated in %1").arg(QString::fromStdString(provenance.technology));
    }
    if (provenance.conditions != toString(m_parts.document.project().conditions)) {
        const QString conditions = QString::fromStdString(provenance.conditions);
        data->caption +=
            tr("; simulated under %1").arg(conditions.isEmpty() ? tr("nominal conditions") : conditions);
    }
    if (results) {
        for (const std::size_t candidate : results->excluded) {
            if (candidate < data->candidates.size()) data->candidates[candidate].excluded = true;
        }
        for (const std::size_t candidate : results->pinned) {
            if (candidate < data->candidates.size()) data->candidates[candidate].pinned = true;
        }
        for (const project::CandidateNote& note : results->notes) {
            if (note.candidate < data->candidates.size())
                data->candidates[note.candidate].note = QString::fromStdString(note.text);
        }
    }
    return data;
}

void ExplorationController::show() {
    if (isRunning()) return;
    const auto circuit = m_parts.session.circuit();
    const auto stored = m_parts.results.current();
    const bool fits = circuit && circuit->space && stored && stored->provenance.circuit == circuit->hash;
    if (fits) {
        const auto& project = m_parts.document.project();
        Shown wanted{stored,
                     m_parts.session.circuit(),
                     project.specification,
                     project.conditions,
                     project.results->excluded,
                     project.results->pinned,
                     project.results->notes};
        // Choosing a candidate comes here too: histograms are built anew only for what changes them.
        if (m_shown != wanted || m_preview) m_parts.sizing.setData(viewOf(*stored));
        m_shown = std::move(wanted);
        showOutcome(stored->exploration);
    } else {
        m_shown = {};
        m_parts.sizing.setData(nullptr);
        showNothing();
    }
    m_preview = false;
    showChosen();
    emit stateChanged();
}

/// The results; where no candidate has any, the reason of the first one as well.
void ExplorationController::showOutcome(const sizing::Exploration& exploration) {
    const auto& candidates = exploration.candidates;
    const bool allFailed =
        !candidates.empty() && std::all_of(candidates.begin(), candidates.end(), [](const auto& candidate) {
            return candidate.evaluation.error.has_value();
        });
    if (allFailed) {
        const Error& error = *candidates.front().evaluation.error;
        m_parts.sizing.showError(errorSentence(error), errorDetail(error));
    } else {
        m_parts.sizing.showContent();
    }
}

void ExplorationController::showNothing() {
    const auto circuit = m_parts.session.circuit();
    const auto& modelProblem = m_parts.session.modelProblem();
    const auto& dataProblem = m_parts.session.dataProblem();
    m_action = Action::None;
    if (!circuit) {
        if (m_parts.session.busy()) return;
        m_action = Action::Import;
        m_parts.sizing.showEmpty(tr("Import a netlist to begin."), tr("Import Netlist…"));
    } else if (circuit->problem) {
        m_parts.sizing.showError(errorSentence(*circuit->problem), errorDetail(*circuit->problem));
    } else if (modelProblem) {
        m_action = Action::Train;
        m_parts.sizing.showError(errorSentence(*modelProblem), errorDetail(*modelProblem),
                                 tr("Train a Model…"));
    } else if (dataProblem) {
        m_action = Action::BuildData;
        m_parts.sizing.showError(errorSentence(*dataProblem), errorDetail(*dataProblem),
                                 tr("Build Data Set…"));
    } else if (m_parts.session.busy() && !m_parts.session.model()) {
        m_parts.sizing.showEmpty(tr("The model is being loaded."));
    } else if (!m_parts.session.data()) {
        m_action = Action::BuildData;
        m_parts.sizing.showEmpty(
            tr("There is no data set for this circuit yet. It takes simulating a few thousand sizings."),
            tr("Build Data Set…"));
    } else if (!m_parts.session.model()) {
        m_action = Action::Train;
        m_parts.sizing.showEmpty(tr("There is no model for this circuit yet: train one first."),
                                 tr("Train a Model…"));
    } else {
        const auto count = static_cast<int>(m_parts.document.project().sampling.count);
        m_action = Action::Propose;
        m_parts.sizing.showEmpty(tr("No sizings have been proposed for the specification yet."),
                                 count == 1 ? tr("Propose One Sizing") : tr("Propose %1 Sizings").arg(count));
    }
}

void ExplorationController::act() {
    switch (m_action) {
    case Action::None:
        break;
    case Action::Propose:
        propose();
        break;
    case Action::Train:
        emit modelRequested();
        break;
    case Action::BuildData:
        emit dataSetRequested();
        break;
    case Action::Import:
        emit importRequested();
        break;
    }
}

const sizing::Candidate* ExplorationController::chosenCandidate() const {
    const auto& results = m_parts.document.project().results;
    const auto stored = m_parts.results.current();
    if (!results || !results->chosen || !stored ||
        *results->chosen >= stored->exploration.candidates.size()) {
        return nullptr;
    }
    return &stored->exploration.candidates[*results->chosen];
}

bool ExplorationController::hasChosen() const {
    return chosenCandidate() != nullptr && canSimulate();
}

netlist::Sizing ExplorationController::chosenSizing() const {
    const sizing::Candidate* candidate = chosenCandidate();
    const auto circuit = m_parts.session.circuit();
    if (candidate == nullptr || !circuit || !circuit->space) return {};
    if (candidate->values.size() != circuit->space->size()) return {};
    return sizesOf(*m_parts.results.current(), *candidate, *circuit->space);
}

void ExplorationController::showChosen() {
    const sizing::Candidate* candidate = chosenCandidate();
    if (candidate == nullptr) {
        m_parts.sizing.chooseCandidate(-1);
        m_parts.sizing.setOperatingPoint(-1, nullptr);
        m_parts.blocks.setSizing({}, {});
        return;
    }
    const auto chosen = static_cast<int>(*m_parts.document.project().results->chosen);
    const auto stored = m_parts.results.current();
    m_parts.sizing.chooseCandidate(chosen);
    m_parts.sizing.setOperatingPoint(chosen, {stored, &candidate->evaluation.operatingPoint});
    m_parts.blocks.setSizing(chosenSizing(), tr("candidate %1").arg(chosen + 1));
}

void ExplorationController::choose(int candidate) {
    project::Project project = m_parts.document.project();
    if (isRunning() || !project.results) return;
    if (candidate < 0) {
        project.results->chosen.reset();
        m_parts.document.edit(tr("Choose no candidate"), std::move(project), kChooseKey);
    } else {
        project.results->chosen = static_cast<std::size_t>(candidate);
        m_parts.document.edit(tr("Choose candidate %1").arg(candidate + 1), std::move(project), kChooseKey);
    }
}

void ExplorationController::exclude(const std::vector<int>& candidates, bool excluded) {
    project::Project project = m_parts.document.project();
    if (isRunning() || !project.results) return;
    setListed(project.results->excluded, candidates, excluded);
    m_parts.document.edit(excluded
                              ? undoText(candidates, tr("Exclude candidate %1"), tr("Exclude %1 candidates"))
                              : undoText(candidates, tr("Keep candidate %1"), tr("Keep %1 candidates")),
                          std::move(project));
}

void ExplorationController::pin(const std::vector<int>& candidates, bool pinned) {
    project::Project project = m_parts.document.project();
    if (isRunning() || !project.results) return;
    setListed(project.results->pinned, candidates, pinned);
    m_parts.document.edit(pinned ? undoText(candidates, tr("Pin candidate %1"), tr("Pin %1 candidates"))
                                 : undoText(candidates, tr("Unpin candidate %1"), tr("Unpin %1 candidates")),
                          std::move(project));
}

void ExplorationController::note(int candidate, const QString& text) {
    project::Project project = m_parts.document.project();
    if (isRunning() || !project.results) return;
    const auto index = static_cast<std::size_t>(candidate);
    auto& notes = project.results->notes;
    std::erase_if(notes, [index](const project::CandidateNote& note) { return note.candidate == index; });
    if (!text.isEmpty()) notes.push_back({index, text.toStdString()});
    std::sort(notes.begin(), notes.end(),
              [](const auto& a, const auto& b) { return a.candidate < b.candidate; });
    m_parts.document.edit(tr("Note on candidate %1").arg(candidate + 1), std::move(project));
}

void ExplorationController::takeTargets(int candidate) {
    const auto stored = m_parts.results.current();
    if (!stored || candidate < 0 ||
        static_cast<std::size_t>(candidate) >= stored->exploration.candidates.size())
        return;
    const auto& evaluation = stored->exploration.candidates[static_cast<std::size_t>(candidate)].evaluation;
    std::vector<simulation::Performance> performances;
    std::vector<double> values;
    for (const auto& [performance, value] : evaluation.performances) {
        performances.push_back(performance);
        values.push_back(value);
    }
    emit targetsRequested(performances, values, tr("Take targets from candidate %1").arg(candidate + 1));
}

void ExplorationController::acceptChosen() {
    const netlist::Sizing sizing = chosenSizing();
    if (sizing.empty()) return;
    project::Project project = m_parts.document.project();
    project.acceptedSizing = sizing;
    m_parts.document.edit(tr("Accept candidate %1 into the netlist").arg(*project.results->chosen + 1),
                          std::move(project));
}

} // namespace headroom::app
