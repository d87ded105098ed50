#pragma once

#include <QWidget>

#include <optional>

#include "core/delay/characterisation.h"

class QLineEdit;

namespace headroom::widgets {

/// From one quantity to another, typed with their units; one alone, or two that are equal, fix it.
class RangeEdit final : public QWidget {
    Q_OBJECT

public:
    /// @param name object name; the fields are called name + "Low" and name + "High"
    /// @param automatic what an empty field means; empty: it has to be filled in
    RangeEdit(const QString& name, const QString& title, const char* unit, const QString& automatic = {},
              QWidget* parent = nullptr);

    /// Absent where what is typed is no range. Both zero: automatic.
    std::optional<delay::Range> range() const;
    /// Emits nothing.
    void setRange(const delay::Range& range);

signals:
    void edited();

private:
    std::optional<double> valueOf(const QLineEdit* field, QString* problem = nullptr) const;
    void showProblems();

    const char* m_unit;
    QString m_automatic;
    QLineEdit *m_low, *m_high;
};

} // namespace headroom::widgets
