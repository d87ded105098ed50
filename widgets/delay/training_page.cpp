#include "widgets/delay/training_page.h"

#include <QLabel>
#include <QSplitter>
#include <QVBoxLayout>

#include "widgets/common/plot_view.h"
#include "widgets/delay/density_grid.h"

namespace headroom::widgets {

TrainingPage::TrainingPage(QWidget* parent)
    : QWidget(parent)
    , m_caption(new QLabel(this))
    , m_loss(new PlotView(this))
    , m_densities(new DensityGrid(this)) {
    m_caption->setObjectName(QStringLiteral("delayTrainingCaption"));
    m_caption->setContentsMargins(6, 3, 6, 0);
    m_caption->setWordWrap(true);
    m_loss->setObjectName(QStringLiteral("delayLoss"));
    m_loss->setTitle(tr("Loss"));
    m_densities->setObjectName(QStringLiteral("delayTrainingDensities"));
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_loss);
    splitter->addWidget(m_densities);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_caption);
    column->addWidget(splitter, 1);
    connect(m_loss, &PlotView::exportRequested, this, &TrainingPage::exportRequested);
    connect(m_densities, &DensityGrid::exportRequested, this, &TrainingPage::exportRequested);
    clear();
}

void TrainingPage::clear() {
    m_epochs = 0;
    m_caption->setText(
        tr("Here a network's loss is shown while it learns, and how its rows come to look like "
           "the real ones. Copula, SMOTE and noise have nothing to learn in epochs."));
    m_loss->hide();
    m_densities->hide();
}

void TrainingPage::setTraining(const TrainingData& training) {
    const bool isNew = m_epochs != training.epochs || m_loss->isHidden();
    m_epochs = training.epochs;
    m_caption->setText(training.epoch < training.epochs
                           ? tr("Epoch %1 of %2").arg(training.epoch).arg(training.epochs)
                           : tr("Trained for %1 epochs").arg(training.epochs));
    std::vector<double> epochs;
    for (std::size_t epoch = 1; epoch <= training.losses.size(); ++epoch)
        epochs.push_back(static_cast<double>(epoch));
    if (isNew)
        m_loss->clear();
    else
        m_loss->clearData();
    PlotAxis across{tr("Epoch"), {}};
    across.wholeNumbers = true;
    across.extent = {0, training.epochs};
    PlotAxis up{tr("Loss"), {}};
    up.logarithmic = true;
    m_loss->setAxes(across, up);
    m_loss->addPoints({tr("loss"), std::move(epochs), training.losses, ColorRole::Curve, true});
    m_loss->refresh();
    m_densities->setDensities(training.densities);
    m_loss->show();
    m_densities->setVisible(!training.densities.empty());
}

} // namespace headroom::widgets
