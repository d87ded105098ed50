#pragma once

#include <QWidget>

#include "widgets/powergrid/colour_scale.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;

namespace headroom::widgets {

/// How the chosen layer's values become colours.
class ColourPage final : public QWidget {
    Q_OBJECT

public:
    explicit ColourPage(QWidget* parent = nullptr);

    // Nothing of this emits.
    /// @param scale that is drawn: what fitted ends are  @param isSigned no logarithms
    void setDisplay(const QString& layer, const DisplaySettings& settings, const ColourScale& scale,
                    const QString& unit, bool isSigned);
    const DisplaySettings& display() const { return m_settings; }
    void setSmooth(bool smooth);

signals:
    void displayChanged(const headroom::widgets::DisplaySettings& settings);
    void smoothChanged(bool smooth);

protected:
    void changeEvent(QEvent* event) override;

private:
    void takeEnds();
    void showEnds();
    void fillMaps();

    DisplaySettings m_settings;
    ColourScale m_scale;
    QString m_unit;
    QLabel* m_title;
    QComboBox* m_map;
    QCheckBox* m_logarithmic;
    QCheckBox* m_fitted;
    QLineEdit* m_low;
    QLineEdit* m_high;
    QCheckBox* m_smooth;
};

/// The limit: its size, and how much of the sheet lies above it.
class LimitBar final : public QWidget {
    Q_OBJECT

public:
    explicit LimitBar(QWidget* parent = nullptr);

    // Nothing of this emits.
    void setPercent(double percent);
    double percent() const;
    bool isOn() const;
    void setOn(bool on);
    /// "26 mV: 1,204 µm² (3.1 %) above".
    void setResult(const QString& text);
    QString result() const;

signals:
    void changed();

private:
    QCheckBox* m_on;
    QDoubleSpinBox* m_percent;
    QLabel* m_result;
};

} // namespace headroom::widgets
