#include "app/sizing/model_dialogs.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace headroom::app {
namespace {

QSpinBox* wholeNumber(const QString& name, int value, int low, int high, QWidget* parent) {
    auto* box = new QSpinBox(parent);
    box->setObjectName(name);
    box->setRange(low, high);
    box->setValue(value);
    box->setGroupSeparatorShown(true);
    return box;
}

QDoubleSpinBox* number(const QString& name, double value, double low, double high, int decimals,
                       const QString& unit, QWidget* parent) {
    auto* box = new QDoubleSpinBox(parent);
    box->setObjectName(name);
    box->setDecimals(decimals);
    box->setRange(low, high);
    box->setValue(value);
    if (!unit.isEmpty()) box->setSuffix(' ' + unit);
    return box;
}

/// A dialog of an explanation, a form and two buttons.
QFormLayout* buildForm(QDialog* dialog, const QString& explanation, const QString& action,
                       QPushButton** accept = nullptr) {
    auto* text = new QLabel(explanation, dialog);
    text->setWordWrap(true);
    auto* form = new QFormLayout;
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, dialog);
    QPushButton* go = buttons->addButton(action, QDialogButtonBox::AcceptRole);
    go->setDefault(true);
    if (accept != nullptr) *accept = go;
    QObject::connect(buttons, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto* column = new QVBoxLayout(dialog);
    column->setSpacing(12);
    column->addWidget(text);
    column->addLayout(form);
    column->addStretch();
    column->addWidget(buttons);
    dialog->setMinimumWidth(420);
    return form;
}

} // namespace

DatasetDialog::DatasetDialog(const sizing::DatasetSettings& settings, QWidget* parent)
    : QDialog(parent)
    , m_size(wholeNumber("datasetSize", static_cast<int>(settings.size), 10, 100000, this))
    , m_selectivity(number("datasetSelectivity", settings.selectivity, 1, 100, 1, {}, this))
    , m_margin(number("datasetMargin", settings.saturationMargin * 1e3, 0, 500, 0, "mV", this))
    , m_phaseMargin(number("datasetPhaseMargin", settings.minimumPhaseMargin, 0, 120, 0, "°", this))
    , m_gain(number("datasetGain", settings.minimumGainDb, -20, 200, 0, "dB", this))
    , m_seed(wholeNumber("datasetSeed", static_cast<int>(settings.seed), 0, 1000000000, this))
    , m_performances(new QListWidget(this)) {
    setObjectName("datasetDialog");
    setWindowTitle(tr("Build Data Set"));
    auto* form =
        buildForm(this,
                  tr("Sizings are drawn so that every transistor is saturated, simulated, and kept where no "
                     "other is better in every performance. A run that is stopped goes on where it stopped."),
                  tr("Build"), &m_build);
    form->addRow(tr("Sizings to keep:"), m_size);
    form->addRow(tr("Good drawings per kept sizing:"), m_selectivity);
    form->addRow(tr("Saturation margin of every MOSFET:"), m_margin);
    form->addRow(tr("Least phase margin:"), m_phaseMargin);
    form->addRow(tr("Least gain:"), m_gain);
    form->addRow(tr("Seed:"), m_seed);
    m_performances->setObjectName("datasetPerformances");
    m_performances->setToolTip(
        tr("What the sizings are selected by and a model can be asked for. Noise, offset, rejection and "
           "settling take longer to simulate than the ten that are chosen at first."));
    const auto& standard = simulation::standardPerformances();
    for (const simulation::Performance performance : simulation::wholeExtent().performances) {
        auto* item = new QListWidgetItem(QString::fromUtf8(simulation::info(performance).title));
        item->setData(Qt::UserRole, static_cast<int>(performance));
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        const bool chosen = std::find(standard.begin(), standard.end(), performance) != standard.end();
        item->setCheckState(chosen ? Qt::Checked : Qt::Unchecked);
        m_performances->addItem(item);
    }
    m_performances->setMinimumHeight(fontMetrics().lineSpacing() * 9);
    form->addRow(tr("Performances:"), m_performances);
    connect(m_performances, &QListWidget::itemChanged, this,
            [this] { m_build->setEnabled(!performances().empty()); });
}

std::vector<simulation::Performance> DatasetDialog::performances() const {
    std::vector<simulation::Performance> chosen;
    for (int row = 0; row < m_performances->count(); ++row) {
        const QListWidgetItem* item = m_performances->item(row);
        if (item->checkState() == Qt::Checked)
            chosen.push_back(static_cast<simulation::Performance>(item->data(Qt::UserRole).toInt()));
    }
    return chosen;
}

ExtensionDialog::ExtensionDialog(std::size_t rows, QWidget* parent)
    : QDialog(parent)
    , m_size(wholeNumber("extensionSize", static_cast<int>(2 * rows), static_cast<int>(rows) + 1, 100000,
                         this)) {
    setObjectName("extensionDialog");
    setWindowTitle(tr("Extend Data Set"));
    auto* form = buildForm(
        this,
        tr("The %1 rows that there are keep their numbers, and held-out ones stay held out. A training row "
           "that a new drawing beats in every performance gives its place to a new one. A model has to be "
           "trained again to know the new rows.")
            .arg(rows),
        tr("Extend"));
    form->addRow(tr("Rows in the end:"), m_size);
}

std::size_t ExtensionDialog::size() const {
    return static_cast<std::size_t>(m_size->value());
}

sizing::DatasetSettings DatasetDialog::settings() const {
    sizing::DatasetSettings settings;
    settings.size = static_cast<std::size_t>(m_size->value());
    settings.selectivity = m_selectivity->value();
    settings.saturationMargin = m_margin->value() * 1e-3;
    settings.minimumPhaseMargin = m_phaseMargin->value();
    settings.minimumGainDb = m_gain->value();
    settings.seed = static_cast<std::uint64_t>(m_seed->value());
    return settings;
}

TrainingDialog::TrainingDialog(const sizing::SizingTraining& training, std::size_t rows, QWidget* parent)
    : QDialog(parent)
    , m_training(training)
    , m_method(new QComboBox(this))
    , m_epochs(wholeNumber("trainingEpochs", training.training.epochs, 1, 100000, this))
    , m_batchSize(wholeNumber("trainingBatchSize", training.training.batchSize, 1, 10000, this))
    , m_learningRate(number("trainingRate", training.training.learningRate, 1e-6, 1, 6, {}, this))
    , m_seed(wholeNumber("trainingSeed", static_cast<int>(training.training.seed), 0, 1000000000, this)) {
    setObjectName("trainingDialog");
    setWindowTitle(tr("Train Model"));
    m_method->setObjectName("trainingMethod");
    m_method->addItem(tr("One network per building block"), static_cast<int>(sizing::Method::Blocks));
    m_method->addItem(tr("One network for the whole circuit"), static_cast<int>(sizing::Method::Joint));
    m_method->addItem(tr("One network that keeps the building blocks together"),
                      static_cast<int>(sizing::Method::Coordinated));
    m_method->setCurrentIndex(m_method->findData(static_cast<int>(training.method)));
    auto* form = buildForm(
        this,
        tr("Diffusion networks learn which sizes belong to which performances, from %1 sizings of the data "
           "set; the held-out ones are not shown to them.")
            .arg(rows),
        tr("Train"));
    form->addRow(tr("Networks:"), m_method);
    form->addRow(tr("Epochs:"), m_epochs);
    form->addRow(tr("Batch size:"), m_batchSize);
    form->addRow(tr("Learning rate:"), m_learningRate);
    form->addRow(tr("Seed:"), m_seed);
}

sizing::SizingTraining TrainingDialog::training() const {
    sizing::SizingTraining training = m_training;
    training.method = static_cast<sizing::Method>(m_method->currentData().toInt());
    training.training.epochs = m_epochs->value();
    training.training.batchSize = m_batchSize->value();
    training.training.learningRate = m_learningRate->value();
    training.training.seed = static_cast<std::uint64_t>(m_seed->value());
    return training;
}

} // namespace headroom::app
