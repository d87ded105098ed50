#pragma once

#include <QString>

#include <optional>

namespace headroom::widgets {

/// formatQuantity for labels and cells; an em dash for NaN (a value that does not exist).
QString quantityText(double value, const char* unit, int digits = 4);

/// A bare number with so many digits behind the point; nothing is "-0.00".
QString fixedText(double value, int digits);

/// What a value is to lie between: "≥ 60 dB", "60 dB … 80 dB"; empty without either limit.
QString limitsText(std::optional<double> minimum, std::optional<double> maximum, const char* unit,
                   int digits = 4);

/// parseQuantity for line edits. @param problem receives the sentence for the user where the text is no
/// such quantity
std::optional<double> parsedQuantity(const QString& text, const char* unit, QString* problem = nullptr);

/// How an axis or column writes its numbers: in `text` units, of which one SI unit is `perUnit`.
struct DisplayUnit {
    double perUnit = 1;
    QString text; ///< "MHz", "V/\u00b5s", "\u00b5m\u00b2", "dB"; empty for bare numbers
};

/// The unit in which a number of this magnitude reads best, by the rules of formatQuantity.
DisplayUnit displayUnit(double magnitude, const QString& unit);

/// "1 min 20 s", "0.4 s", "2 h 05 min".
QString durationText(double seconds);

} // namespace headroom::widgets
