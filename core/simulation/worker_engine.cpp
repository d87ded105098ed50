#include "core/simulation/worker_engine.h"

#include <map>
#include <mutex>

#include <fmt/format.h>

#include "core/simulation/ngspice_commands.h"
#include "core/simulation/worker_process.h"

namespace headroom::simulation {
namespace {

constexpr auto startTimeout = std::chrono::seconds(20);

std::string figureName(std::size_t index) {
    return fmt::format("figure{}", index);
}

/// What a worker is told for one analysis; see worker_protocol.h.
std::string script(const std::vector<Alteration>& alterations, const Analysis& analysis) {
    std::string text = "destroy all\ndelete all\n" + ngspice::commands(alterations);
    if (analysis.kind != Analysis::Kind::Noise)
        text += ngspice::saveCommands(ngspice::savedVectors(analysis));
    text += (analysis.mayBreakOff ? "try " : "") + ngspice::command(analysis) + '\n';
    // Noise over a range leaves two plots, the one with the totals on top: expressions may name vectors of
    // either.
    const bool hasTwo = ngspice::leavesTwoPlots(analysis);
    for (const std::string& vector : analysis.wanted) {
        const bool below = hasTwo && !vector.ends_with("_total");
        text += fmt::format("{}get {}\n{}", below ? "setplot previous\n" : "", vector,
                            below ? "setplot next\n" : "");
    }
    for (std::size_t index = 0; index < analysis.expressions.size(); ++index) {
        const Expression& expression = analysis.expressions[index];
        const bool below = hasTwo && expression.text.find("_total") == std::string::npos;
        if (below) text += "setplot previous\n";
        text +=
            fmt::format("try {}\nseek {}\n", ngspice::command(expression, analysis.kind, figureName(index)),
                        figureName(index));
        if (below) text += "setplot next\n";
    }
    return text;
}

class WorkerEngine final : public Engine {
public:
    explicit WorkerEngine(WorkerProcess worker)
        : m_worker(std::move(worker)) {}

    Result<void> load(const std::string& deck, Clock::time_point deadline,
                      const JobContext& context) override {
        return m_worker.load(deck, deadline, context);
    }

    Result<Answer> analyse(const std::vector<Alteration>& alterations, const Analysis& analysis,
                           Clock::time_point deadline, const JobContext& context) override {
        Result<std::vector<Vector>> vectors = m_worker.run(script(alterations, analysis), deadline, context);
        if (!vectors) return forward(vectors);
        if (vectors->size() != analysis.wanted.size() + analysis.expressions.size())
            return fail(ErrorCode::Simulator, "The simulator's answer cannot be read.");
        Answer answer;
        for (std::size_t index = analysis.wanted.size(); index < vectors->size(); ++index) {
            Vector& vector = (*vectors)[index];
            answer.complaints.push_back(std::move(vector.complaint));
            if (vector.numbers.empty())
                answer.figures.emplace_back();
            else
                answer.figures.emplace_back(
                    vector.numbers[vector.numbers.size() - static_cast<std::size_t>(vector.width)]);
        }
        vectors->resize(analysis.wanted.size());
        answer.vectors = std::move(*vectors);
        return answer;
    }

    bool alive() const override { return m_worker.alive(); }
    bool prefersAlterations() const override { return true; }
    std::optional<pid_t> processId() const override {
        return m_worker.alive() ? std::optional(m_worker.processId()) : std::nullopt;
    }
    std::int64_t memory() const override { return m_worker.memory(); }

private:
    WorkerProcess m_worker;
};

} // namespace

Result<std::unique_ptr<Engine>> startWorkerEngine(const std::filesystem::path& executable) {
    Result<WorkerProcess> worker = WorkerProcess::start(executable);
    if (!worker) return forward(worker);
    return std::make_unique<WorkerEngine>(std::move(*worker));
}

Result<std::string> workerVersion(const std::filesystem::path& executable) {
    static std::mutex mutex;
    static std::map<std::filesystem::path, std::string> known;
    const std::lock_guard lock(mutex);
    if (const auto found = known.find(executable); found != known.end()) return found->second;
    Result<WorkerProcess> worker = WorkerProcess::start(executable);
    if (!worker) return forward(worker);
    const SilentContext context;
    const Result<std::string> version = worker->version(Engine::Clock::now() + startTimeout, context);
    if (version) known.emplace(executable, *version);
    return version;
}

} // namespace headroom::simulation
