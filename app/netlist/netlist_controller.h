#pragma once

#include <QObject>

namespace headroom {
struct Error;
namespace widgets {
class BlocksView;
class NetlistView;
} // namespace widgets
} // namespace headroom

namespace headroom::app {

class ProjectController;
class Session;

/// Shows the open circuit in the Netlist and Blocks panels and keeps their selections in step.
class NetlistController final : public QObject {
    Q_OBJECT

public:
    NetlistController(Session& session, ProjectController& projects, widgets::NetlistView& netlist,
                      widgets::BlocksView& blocks, QObject* parent = nullptr);

private:
    void show();
    void showFailure(const Error& error);

    Session& m_session;
    widgets::NetlistView& m_netlist;
    widgets::BlocksView& m_blocks;
};

} // namespace headroom::app
