#pragma once

#include <QString>

#include <optional>

namespace headroom::widgets {

/// formatQuantity for labels and cells; an em dash for NaN (a value that does not exist).
QString quantityText(double value, const char* unit, int digits = 4);

/// parseQuantity for line edits. @param problem receives the sentence for the user where the text is no
/// such quantity
std::optional<double> parsedQuantity(const QString& text, const char* unit, QString* problem = nullptr);

/// "1 min 20 s", "0.4 s", "2 h 05 min".
QString durationText(double seconds);

} // namespace headroom::widgets
