#pragma once

#include <QString>

namespace headroom::widgets {

/// A key whose plain order is the order people expect of names: M2 before M10, case ignored.
QString naturalKey(const QString& name);

} // namespace headroom::widgets
