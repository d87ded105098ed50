#include "app/netlist/netlist_controller.h"

#include "app/document/error_text.h"
#include "app/document/project_controller.h"
#include "app/session/selection.h"
#include "app/session/session.h"
#include "core/simulation/source_findings.h"
#include "widgets/netlist/netlist_view.h"
#include "widgets/structure/blocks_view.h"

namespace headroom::app {

NetlistController::NetlistController(Session& session, ProjectController& projects,
                                     widgets::NetlistView& netlist, widgets::BlocksView& blocks,
                                     QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_netlist(netlist)
    , m_blocks(blocks) {
    connect(&session, &Session::circuitChanged, this, &NetlistController::show);
    connect(&session, &Session::circuitFailed, this, &NetlistController::showFailure);
    connect(&netlist, &widgets::NetlistView::importRequested, &projects, &ProjectController::chooseNetlist);
    connect(&netlist, &widgets::NetlistView::cellRequested, &projects, &ProjectController::readCell);
    session.selection().connectView(netlist, &widgets::NetlistView::deviceSelected);
    session.selection().connectView(blocks, &widgets::BlocksView::devicesSelected);
}

void NetlistController::show() {
    const auto circuit = m_session.circuit();
    if (!circuit) {
        m_netlist.setData(nullptr);
        m_blocks.setData(nullptr, nullptr);
        return;
    }
    const auto& amplifier = circuit->amplifier;
    m_netlist.setData(circuit->current, simulation::sourceFindings(*amplifier));
    m_blocks.setData({circuit->current, &circuit->current->circuit}, {amplifier, &amplifier->structure});
}

void NetlistController::showFailure(const Error& error) {
    m_netlist.showError(errorSentence(error), errorDetail(error));
    m_blocks.setData(nullptr, nullptr);
}

} // namespace headroom::app
