#pragma once

#include <QDialog>

#include "core/project/project.h"

class QComboBox;
class QDoubleSpinBox;
class QSpinBox;

namespace headroom::app {

/// Asks how sizings are sampled.
class SamplingDialog final : public QDialog {
    Q_OBJECT

public:
    SamplingDialog(const project::SamplingState& sampling, QWidget* parent);
    project::SamplingState sampling() const;

private:
    project::SamplingState m_before;
    QSpinBox* m_count;
    QSpinBox* m_seed;
    QSpinBox* m_steps;
    QDoubleSpinBox* m_guidance;
    QDoubleSpinBox* m_temperature;
    QComboBox* m_sampler;
    QSpinBox* m_mirrorUnits;
};

} // namespace headroom::app
