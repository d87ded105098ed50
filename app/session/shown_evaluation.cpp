#include "app/session/shown_evaluation.h"

#include <fmt/format.h>

#include "app/session/results.h"
#include "app/session/session.h"
#include "core/base/hash.h"

namespace headroom::app {

netlist::Sizing sizesOf(const project::StoredExploration& stored, const sizing::Candidate& candidate,
                        const sizing::DesignSpace& space) {
    return space.withUnitTransistors(candidate.mirrorUnits.value_or(stored.provenance.mirrorUnits))
        .expand(candidate.values);
}

Subject presentSubject(const Document& document, const Circuit& circuit, const Results& results) {
    const auto stored = results.current();
    const auto& reference = document.project().results;
    const bool chosen = stored && reference && reference->chosen && circuit.space &&
                        stored->provenance.circuit == circuit.hash &&
                        *reference->chosen < stored->exploration.candidates.size();
    if (chosen) {
        const sizing::Candidate& candidate = stored->exploration.candidates[*reference->chosen];
        if (candidate.values.size() == circuit.space->size()) {
            return {sizesOf(*stored, candidate, *circuit.space),
                    ShownEvaluation::tr("candidate %1").arg(*reference->chosen + 1),
                    CandidatePointer(stored, &candidate)};
        }
    }
    return {circuit.acceptedSizing, ShownEvaluation::tr("netlist as it stands"), nullptr};
}

EvaluationKey evaluationKey(const Circuit& circuit, const project::Conditions& conditions,
                            const netlist::Sizing& sizing) {
    return {circuit.hash, circuit.technologyFingerprint, toString(conditions), sizing};
}

Subject presentSubject(const Document& document, const Session& session, const Results& results) {
    const auto circuit = session.circuit();
    return circuit ? presentSubject(document, *circuit, results) : Subject{};
}

EvaluationKey evaluationKey(const Session& session, const Document& document, const netlist::Sizing& sizing) {
    const auto circuit = session.circuit();
    return circuit ? evaluationKey(*circuit, document.project().conditions, sizing) : EvaluationKey{};
}

std::string subjectOf(const EvaluationKey& key) {
    if (key.circuit.empty()) return {};
    std::string text = key.circuit + '\n' + key.technology + '\n' + key.conditions + '\n';
    for (const netlist::Assignment& size : key.sizing)
        text += fmt::format("{}.{}={}\n", size.device, size.parameter, size.value);
    return sha256(text);
}

void ShownEvaluation::set(EvaluationKey key, Pointer evaluation) {
    m_key = std::move(key);
    m_evaluation = std::move(evaluation);
    emit changed();
}

} // namespace headroom::app
