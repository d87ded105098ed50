#pragma once

#include <QDialog>

#include "core/sizing/dataset.h"
#include "core/sizing/sizing_model.h"

class QComboBox;
class QDoubleSpinBox;
class QListWidget;
class QPushButton;
class QSpinBox;

namespace headroom::app {

/// Asks how to build a data set.
class DatasetDialog final : public QDialog {
    Q_OBJECT

public:
    DatasetDialog(const sizing::DatasetSettings& settings, QWidget* parent);
    sizing::DatasetSettings settings() const;
    /// What the sizings are selected by and a model can be asked for.
    std::vector<simulation::Performance> performances() const;

private:
    QSpinBox* m_size;
    QDoubleSpinBox* m_selectivity;
    QDoubleSpinBox* m_margin;
    QDoubleSpinBox* m_phaseMargin;
    QDoubleSpinBox* m_gain;
    QSpinBox* m_seed;
    QListWidget* m_performances;
    QPushButton* m_build = nullptr;
};

/// Asks to how many rows a data set is extended.
class ExtensionDialog final : public QDialog {
    Q_OBJECT

public:
    ExtensionDialog(std::size_t rows, QWidget* parent);
    std::size_t size() const;

private:
    QSpinBox* m_size;
};

/// Asks how to train.
class TrainingDialog final : public QDialog {
    Q_OBJECT

public:
    /// @param rows that there are to train on
    TrainingDialog(const sizing::SizingTraining& training, std::size_t rows, QWidget* parent);
    sizing::SizingTraining training() const;

private:
    sizing::SizingTraining m_training;
    QComboBox* m_method;
    QSpinBox* m_epochs;
    QSpinBox* m_batchSize;
    QDoubleSpinBox* m_learningRate;
    QSpinBox* m_seed;
};

} // namespace headroom::app
