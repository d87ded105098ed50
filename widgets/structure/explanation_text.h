#pragma once

#include <QString>

#include "core/structure/explanation.h"

namespace headroom::widgets {

/// Why a device is what it is, as rich text: its role, its blocks, what fits as well but lost, symmetry.
QString explanationHtml(const QString& device, const structure::Explanation& explanation);

} // namespace headroom::widgets
