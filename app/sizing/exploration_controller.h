#pragma once

#include <QObject>

#include <memory>
#include <optional>

#include "app/document/document.h"
#include "app/sizing/exploration_job.h"
#include "core/project/result_store.h"
#include "widgets/sizing/exploration_data.h"

class QWidget;

namespace headroom::widgets {
class BlocksView;
class SizingView;
class SpecificationView;
} // namespace headroom::widgets

namespace headroom::app {

struct Circuit;
class JobMonitor;
class JobQueue;
class Results;
class Session;
class Settings;

/// The main job in the Sizing panel: propose sizings for the specification, simulate them with live partial
/// results, choose one, accept it into the netlist.
class ExplorationController final : public QObject {
    Q_OBJECT

public:
    struct Parts {
        Document& document;
        JobQueue& jobs;
        Session& session;
        Results& results;
        widgets::SizingView& sizing;
        widgets::SpecificationView& specification;
        widgets::BlocksView& blocks;
        Settings& settings;
    };

    explicit ExplorationController(const Parts& parts, QObject* parent = nullptr);

    /// Samples as many sizings as the document says, snaps them to the grid and simulates all.
    void propose();

    /// As above with the next seed: other sizings for the same specification.
    void proposeOthers();

    /// Proposes and simulates more and more sizings, each batch with the next seed, until cancel(). What
    /// there is for the same specification stays.
    void keepSampling();

    /// Asks for seed, steps, guidance; one undo step.
    void askForSampling(QWidget& window);

    /// Finds out how near the circuit comes to the specification and what blocks it.
    void findNearest();

    /// Looks for a sizing that holds the specification at all corners, supplies and temperatures.
    void findRobust();

    /// Simulates the netlist with the sizes that it has.
    void simulateAsDrawn();

    void cancel();

    /// Puts the chosen candidate's sizes into the netlist's text.
    void acceptChosen();

    bool canPropose() const;
    bool canSimulate() const;
    bool isRunning() const;
    bool hasChosen() const;
    /// The sizes of the chosen candidate; empty where none is chosen.
    netlist::Sizing chosenSizing() const;

signals:
    void failed(const headroom::Error& error);
    /// What the user asked to find out.
    void answered(const QString& text);
    /// What can be done now has changed.
    void stateChanged();
    void modelRequested();
    void dataSetRequested();
    void importRequested();
    void targetsRequested(const std::vector<headroom::simulation::Performance>& performances,
                          const std::vector<double>& values, const QString& text);
    /// A run has ended, well or not.
    void finished();

private:
    enum class Keep { Pinned, Nothing }; ///< of the candidates that there are when new ones come
    enum class Action { None, Propose, Train, BuildData, Import };
    using Stored = std::shared_ptr<const project::StoredExploration>;

    ExplorationInput presentInput() const;
    void show();
    void showOutcome(const sizing::Exploration& exploration);
    void showNothing();
    void showChosen();
    void choose(int candidate);
    void exclude(const std::vector<int>& candidates, bool excluded);
    void pin(const std::vector<int>& candidates, bool pinned);
    void note(int candidate, const QString& text);
    void takeTargets(int candidate);
    /// New proposals with the pinned candidates of the present ones behind them.
    Stored withPinned(Stored exploration, project::ResultReference& reference) const;
    /// What a run is called, in the list of jobs and in that of undo, and what becomes of its result.
    struct Run {
        QString title;
        Keep keep = Keep::Pinned;
        std::shared_ptr<const QStringList> answer;            ///< to be told; may be null
        std::shared_ptr<const KeptSampling> growth = nullptr; ///< of a run that keeps sampling
        /// Of a run that looked at corners: its first candidate is the one to choose.
        std::shared_ptr<const FoundHardening> hardening = nullptr;
    };
    void start(std::function<Result<Stored>(JobMonitor&)> work, const Run& run);
    void finish(Result<Stored> exploration, const Run& run);
    OnPartial previewer(const std::shared_ptr<const Circuit>& circuit, JobMonitor& monitor);
    void act();
    std::shared_ptr<const widgets::ExplorationData> viewOf(const project::StoredExploration& stored) const;
    const sizing::Candidate* chosenCandidate() const;

    /// What the panel shows, so that it is built anew only when that changes.
    struct Shown {
        Stored exploration;
        std::shared_ptr<const Circuit> circuit;
        project::SpecificationState specification;
        project::Conditions conditions;
        std::vector<std::size_t> excluded, pinned;
        std::vector<project::CandidateNote> notes;
        bool operator==(const Shown&) const = default;
    };

    Parts m_parts;
    Shown m_shown;
    bool m_preview = false; ///< the panel shows partial results
    Action m_action = Action::None;
    quint64 m_job = 0;
};

} // namespace headroom::app
