#include "widgets/common/natural_order.h"

namespace headroom::widgets {

QString naturalKey(const QString& name) {
    QString key, digits;
    const auto flush = [&] {
        if (!digits.isEmpty()) key += digits.rightJustified(12, QLatin1Char('0'));
        digits.clear();
    };
    for (const QChar c : name.toLower()) {
        if (c.isDigit()) {
            digits += c;
        } else {
            flush();
            key += c;
        }
    }
    flush();
    return key;
}

} // namespace headroom::widgets
