#include "widgets/common/quantity_text.h"

#include <QCoreApplication>

#include <cmath>

#include "core/base/quantity.h"

namespace headroom::widgets {

QString quantityText(double value, const char* unit, int digits) {
    return QString::fromStdString(formatQuantity(value, unit, digits));
}

QString fixedText(double value, int digits) {
    const QString text = QString::number(value, 'f', digits);
    return text.toDouble() == 0 ? QString::number(0.0, 'f', digits) : text;
}

QString limitsText(std::optional<double> minimum, std::optional<double> maximum, const char* unit,
                   int digits) {
    const auto text = [&](double limit) { return quantityText(limit, unit, digits); };
    if (minimum && maximum) return QStringLiteral("%1 \u2026 %2").arg(text(*minimum), text(*maximum));
    if (minimum) return QStringLiteral("\u2265 ") + text(*minimum);
    return maximum ? QStringLiteral("\u2264 ") + text(*maximum) : QString();
}

std::optional<double> parsedQuantity(const QString& text, const char* unit, QString* problem) {
    const Result<double> value = parseQuantity(text.toStdString(), unit);
    if (value) return *value;
    if (problem != nullptr) *problem = QString::fromStdString(value.error().message);
    return std::nullopt;
}

/// For units that take no prefix: "10\u00b2\u2074 m-3".
DisplayUnit powerOfTen(double magnitude, const QString& unit) {
    if (!std::isfinite(magnitude) || magnitude == 0) return {1, unit};
    const int exponent = 3 * static_cast<int>(std::floor(std::log10(std::abs(magnitude) * (1 + 1e-9)) / 3));
    if (exponent == 0) return {1, unit};
    static constexpr char16_t kDigits[] = u"\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";
    QString text = exponent < 0 ? QStringLiteral("10\u207b") : QStringLiteral("10");
    for (const QChar digit : QString::number(std::abs(exponent)))
        text += QChar(kDigits[digit.digitValue()]);
    return {std::pow(10.0, -exponent), text + QLatin1Char(' ') + unit};
}

DisplayUnit displayUnit(double magnitude, const QString& unit) {
    if (unit.endsWith(QLatin1String("sqrt(Hz)"))) {
        DisplayUnit plain = displayUnit(magnitude, unit.chopped(8));
        plain.text += QStringLiteral("\u221aHz");
        return plain;
    }
    if (unit == QLatin1String("m2")) return {1e12, QStringLiteral("\u00b5m\u00b2")};
    if (unit == QLatin1String("V/s")) return {1e-6, QStringLiteral("V/\u00b5s")};
    if (unit == QLatin1String("deg")) return {1, QStringLiteral("\u00b0")};
    if (unit.isEmpty() || unit == QLatin1String("1")) return {1, {}};
    if (beginsWithPower(unit.toStdString())) return powerOfTen(magnitude, unit);
    if (!takesPrefix(unit.toStdString())) return {1, unit};
    struct Prefix {
        double factor;
        const char16_t* text;
    };
    static constexpr Prefix kPrefixes[] = {{1e12, u"T"},  {1e9, u"G"},  {1e6, u"M"},       {1e3, u"k"},
                                           {1, u""},      {1e-3, u"m"}, {1e-6, u"\u00b5"}, {1e-9, u"n"},
                                           {1e-12, u"p"}, {1e-15, u"f"}};
    if (!std::isfinite(magnitude) || magnitude == 0) return {1, unit};
    for (const Prefix& prefix : kPrefixes) {
        if (std::abs(magnitude) >= prefix.factor * (1 - 1e-9)) {
            return {1 / prefix.factor, QString::fromUtf16(prefix.text) + unit};
        }
    }
    return {1e15, QStringLiteral("f") + unit};
}

QString durationText(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0) return QStringLiteral("\u2014");
    if (seconds < 0.0995)
        return QCoreApplication::translate("Duration", "%1 ms").arg(std::llround(seconds * 1000));
    if (seconds < 9.95) return QCoreApplication::translate("Duration", "%1 s").arg(seconds, 0, 'f', 1);
    const auto whole = static_cast<long long>(std::llround(seconds));
    if (whole < 60) return QCoreApplication::translate("Duration", "%1 s").arg(whole);
    if (whole < 3600) {
        return QCoreApplication::translate("Duration", "%1 min %2 s")
            .arg(whole / 60)
            .arg(whole % 60, 2, 10, QLatin1Char('0'));
    }
    return QCoreApplication::translate("Duration", "%1 h %2 min")
        .arg(whole / 3600)
        .arg(whole / 60 % 60, 2, 10, QLatin1Char('0'));
}

} // namespace headroom::widgets
