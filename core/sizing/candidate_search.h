#pragma once

#include <memory>
#include <set>
#include <vector>

#include "core/sizing/updated_forward_model.h"

namespace headroom::sizing {

struct SearchSettings {
    /// What is searched for: no performance worse than its target by more than this, relative.
    double tolerance = 0;
    std::size_t polished = 8; ///< sizings that are improved on the forward model per round; 0: none
    int steps = 30;           ///< of that improvement
    /// Of the sizings that are improved, how many may be ones that were chosen before: where the aim is far
    /// away, one improvement does not get there.
    std::size_t resumed = 0;
};

/// A sizing and what the forward model expects of it.
struct RankedSizing {
    std::vector<double> values;    ///< by variable, SI units, snapped
    std::vector<double> predicted; ///< by the forward model's performances, SI units
    double logProbability = 0;     ///< of meeting all targets with every MOSFET saturated; natural logarithm
    bool polished = false;         ///< improved on the forward model, not just sampled
};

/// Chooses which sizings are worth a simulation, for one specification: those most likely to meet it by the
/// forward model, which learns from each simulation. Not thread-safe; many may share one forward model.
class CandidateSearch {
public:
    /// The specification's pinned sizes hold for all candidates.
    CandidateSearch(std::shared_ptr<const ForwardModel> model, const DesignSpace& space,
                    const Specification& specification, double supplyVoltage, const SearchSettings& settings);

    /// Adds sampled sizings, snapped to the grid; those that are there already are left out.
    void offer(const std::vector<std::vector<double>>& samples);

    /// The next sizings to simulate, likeliest first; fewer where no more are there. Error: Cancelled.
    Result<std::vector<RankedSizing>> next(std::size_t count, JobContext& context);

    /// Takes the result of a simulation into account.
    void learn(const std::vector<double>& values, const simulation::Evaluation& evaluation) {
        m_expected.learn(values, evaluation);
    }

    /// How many sizings to simulate before the next are chosen. @param round from 0
    static std::size_t roundSize(std::size_t round);

    /// Searches for sizings that hold another specification from now on. What was offered, pinned and learned
    /// stays.
    void aimAt(const Specification& specification);

    /// The sizings that were offered and not chosen, likeliest first; with a rough logProbability, since an
    /// exact one takes as long as a simulation.
    std::vector<RankedSizing> ranking() const;

private:
    struct Candidate {
        std::vector<double> values;
        bool polished = false;
        bool taken = false; ///< by next()
    };
    struct Scores {
        Eigen::MatrixXd mean, deviation; ///< candidates x outputs
        Eigen::VectorXd logProbability;
    };

    struct Box {
        Eigen::VectorXd low, high; ///< by variable, logarithms
    };

    bool add(const std::vector<double>& sample, bool polished);
    Eigen::MatrixXd means(const Eigen::MatrixXd& inputs) const;
    Scores score(const std::vector<std::size_t>& candidates) const;
    Scores scoreRoughly(const std::vector<std::size_t>& candidates) const;
    static void append(Scores& scores, const Scores& more);
    void sumLogProbability(Scores& scores) const;
    std::vector<std::size_t> shortList(std::size_t count, bool taken) const;
    Box boxAround(const std::vector<double>& values, bool keepsRatios) const;
    void tie(Eigen::VectorXd& gradient) const;
    std::vector<double> polish(const std::vector<double>& values, const Eigen::VectorXd& deviation,
                               bool keepsRatios) const;
    Eigen::VectorXd inputsAt(const Eigen::VectorXd& logarithms) const;
    Eigen::MatrixXd jacobianAt(const Eigen::VectorXd& logarithms) const;
    double climb(const Eigen::VectorXd& inputs, const Eigen::VectorXd& deviation,
                 Eigen::VectorXd& byInputs) const;
    RankedSizing ranked(std::size_t candidate, const Scores& scores, Eigen::Index row) const;

    UpdatedForwardModel m_expected;
    const DesignSpace& m_space;
    std::vector<PinnedSize> m_pinned;
    double m_supplyVoltage;
    SearchSettings m_settings;
    std::vector<OutputLimit> m_limits;
    std::vector<Candidate> m_candidates;
    std::set<std::vector<double>> m_known;
};

} // namespace headroom::sizing
