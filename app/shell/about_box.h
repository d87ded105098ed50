#pragma once

class QWidget;

namespace headroom::app {

/// Version, licence and what Headroom is built on.
void showAboutBox(QWidget* parent);

} // namespace headroom::app
