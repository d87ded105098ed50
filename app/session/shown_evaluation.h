#pragma once

#include <QObject>
#include <QString>

#include <memory>

#include "app/document/document.h"
#include "app/session/circuit.h"
#include "core/project/result_store.h"
#include "core/sizing/exploration.h"

namespace headroom::app {

class Results;
class Session;

using CandidatePointer = std::shared_ptr<const sizing::Candidate>;

/// A candidate's sizes, its mirrors made of units where they were when it was simulated.
netlist::Sizing sizesOf(const project::StoredExploration& stored, const sizing::Candidate& candidate,
                        const sizing::DesignSpace& space);

/// The sizing that everything shows which shows one: the chosen candidate's, else the netlist's as it stands.
struct Subject {
    netlist::Sizing sizing; ///< over the imported netlist
    QString title;          ///< "candidate 12", "netlist as it stands"
    /// The chosen candidate; null for the netlist. Owned by the results.
    CandidatePointer candidate;
};
Subject presentSubject(const Document& document, const Circuit& circuit, const Results& results);

/// The same of a session; an empty one without a circuit.
Subject presentSubject(const Document& document, const Session& session, const Results& results);

/// What an evaluation depends on.
struct EvaluationKey {
    std::string circuit, technology, conditions;
    netlist::Sizing sizing;

    bool operator==(const EvaluationKey&) const = default;
};
EvaluationKey evaluationKey(const Circuit& circuit, const project::Conditions& conditions,
                            const netlist::Sizing& sizing);

/// The same under the document's conditions; an empty one without a circuit.
EvaluationKey evaluationKey(const Session& session, const Document& document, const netlist::Sizing& sizing);

/// The same as a name under which assessments are kept; empty for an empty one.
std::string subjectOf(const EvaluationKey& key);

/// The evaluation that the Simulation panel shows. The drawing's values come from here, so that both say the
/// same.
class ShownEvaluation final : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;
    using Pointer = std::shared_ptr<const simulation::Evaluation>;

    void set(EvaluationKey key, Pointer evaluation);
    /// The evaluation, where it is of this; else null.
    Pointer of(const EvaluationKey& key) const { return key == m_key ? m_evaluation : nullptr; }

signals:
    void changed();

private:
    EvaluationKey m_key;
    Pointer m_evaluation;
};

} // namespace headroom::app
