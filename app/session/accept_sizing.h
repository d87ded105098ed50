#pragma once

#include <QString>

#include <functional>

#include "core/base/error.h"
#include "core/netlist/sizing_export.h"

class QObject;

namespace headroom::app {

class Document;
class JobQueue;
class Session;

/// Puts a sizing into the netlist's text as one step of undo; from then on the netlist is what is looked at,
/// and no longer the candidate that it came from. A value that cannot be written into the text is told by @p
/// failed, and nothing changes; nor where another circuit is opened meanwhile.
/// @param sizing over the imported netlist  @param step what the undo list calls it
/// @param receiver whose death ends it
void acceptSizing(Document& document, JobQueue& jobs, Session& session, QObject* receiver,
                  const netlist::Sizing& sizing, const QString& step,
                  const std::function<void(const Error& error)>& failed);

} // namespace headroom::app
