#include "app/session/accept_sizing.h"

#include "app/document/document.h"
#include "app/jobs/job_queue.h"
#include "app/session/session.h"

namespace headroom::app {

void acceptSizing(Document& document, JobQueue& jobs, Session& session, QObject* receiver,
                  const netlist::Sizing& sizing, const QString& step,
                  const std::function<void(const Error& error)>& failed) {
    const auto circuit = session.circuit();
    if (!circuit) return;
    jobs.start<bool>(
        {step, QStringLiteral("session.accept"), true}, receiver,
        [circuit, sizing](JobMonitor&) -> Result<bool> {
            const auto edited = netlist::applySizing(circuit->amplifier->netlist, sizing);
            if (!edited) return forward(edited);
            return true;
        },
        [&document, &session, circuit, sizing, step, failed](Result<bool> writable) {
            if (!writable) {
                if (writable.error().code != ErrorCode::Cancelled) failed(writable.error());
                return;
            }
            if (session.circuit() != circuit) return; // changed meanwhile
            project::Project project = document.project();
            project.acceptedSizing = sizing;
            if (project.results) project.results->chosen.reset();
            document.edit(step, std::move(project));
        });
}

} // namespace headroom::app
