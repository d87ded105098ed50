#pragma once

#include <QWidget>

#include "widgets/delay/delay_data.h"

class QLabel;

namespace headroom::widgets {

class DensityGrid;
class PlotView;

/// A network's training: its loss by epoch, and how the rows that it makes come to look like the real ones.
class TrainingPage final : public QWidget {
    Q_OBJECT

public:
    explicit TrainingPage(QWidget* parent = nullptr);

    void setTraining(const TrainingData& training);
    void clear();
    bool isEmpty() const { return m_epochs == 0; }

signals:
    void exportRequested(const QByteArray& contents, const QString& suggestedFileName);

private:
    int m_epochs = 0;
    QLabel* m_caption;
    PlotView* m_loss;
    DensityGrid* m_densities;
};

} // namespace headroom::widgets
