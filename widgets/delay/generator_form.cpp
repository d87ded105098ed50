#include "widgets/delay/generator_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>

#include <algorithm>

#include "core/delay/diffusion_generator.h"
#include "widgets/common/icons.h"

namespace headroom::widgets {
namespace {

constexpr int kMostRows = 1000000;
constexpr int kHighestSeed = 1000000000;

bool isNetwork(const QString& method) {
    return method.startsWith(QLatin1String("ddpm"));
}

QString titleOf(const QString& method) {
    if (method == QLatin1String("ddpm")) return GeneratorForm::tr("Diffusion of the target");
    if (method == QLatin1String("ddpm-joint")) return GeneratorForm::tr("Diffusion of all columns");
    if (method == QLatin1String("ddpm-paper")) return GeneratorForm::tr("Diffusion as published");
    if (method == QLatin1String("copula")) return GeneratorForm::tr("Gaussian copula");
    if (method == QLatin1String("smote")) return GeneratorForm::tr("SMOTE");
    if (method == QLatin1String("noise")) return GeneratorForm::tr("Gaussian noise");
    return method;
}

} // namespace

GeneratorForm::GeneratorForm(QWidget* parent)
    : QWidget(parent)
    , m_method(new QComboBox(this))
    , m_count(new QSpinBox(this))
    , m_seed(new QSpinBox(this))
    , m_epochs(new QSpinBox(this))
    , m_steps(new QSpinBox(this))
    , m_neighbours(new QSpinBox(this))
    , m_firstBeta(new QDoubleSpinBox(this))
    , m_lastBeta(new QDoubleSpinBox(this))
    , m_noise(new QDoubleSpinBox(this))
    , m_refined(new QCheckBox(tr("&Targets by a Gaussian process"), this))
    , m_form(new QFormLayout(this))
    , m_make(new QPushButton(icon(QStringLiteral("train")), tr("&Make Rows"), this)) {
    m_method->setObjectName(QStringLiteral("delayMethod"));
    m_method->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_method->setMinimumContentsLength(10);
    for (const delay::GeneratorMethod& method : delay::generatorMethods()) {
        const QString name = QString::fromStdString(method.name);
        m_method->addItem(titleOf(name), name);
        m_method->setItemData(m_method->count() - 1,
                              tr("%1: %2").arg(name, QString::fromStdString(method.description)),
                              Qt::ToolTipRole);
    }
    const auto prepare = [](auto* box, const char* name, auto low, auto high, const QString& tip) {
        box->setObjectName(QLatin1String(name));
        box->setRange(low, high);
        box->setToolTip(tip);
    };
    prepare(m_count, "delayCount", 1, kMostRows, tr("Synthetic rows"));
    m_count->setSingleStep(500);
    prepare(m_seed, "delayGeneratorSeed", 0, kHighestSeed, tr("Equal seeds give equal rows"));
    prepare(m_epochs, "delayEpochs", 0, 1000000, tr("How often the network sees every row"));
    m_epochs->setSingleStep(100);
    m_epochs->setSpecialValueText(tr("default"));
    prepare(m_steps, "delayDiffusionSteps", 0, 100000, tr("T, the steps from a row to noise"));
    m_steps->setSingleStep(100);
    m_steps->setSpecialValueText(tr("default"));
    for (QDoubleSpinBox* beta : {m_firstBeta, m_lastBeta}) {
        beta->setDecimals(5);
        beta->setSingleStep(0.001);
    }
    prepare(m_firstBeta, "delayFirstBeta", 0.00001, 0.999, tr("Of the linear schedule, at the first step"));
    prepare(m_lastBeta, "delayLastBeta", 0.00001, 0.999, tr("Of the linear schedule, at the last step"));
    prepare(m_noise, "delayNoise", 0.0, 10.0, tr("Standard deviation of the noise, by that of each column"));
    m_noise->setSingleStep(0.05);
    m_noise->setPrefix(QStringLiteral("\u00d7 "));
    m_noise->setSuffix(QStringLiteral(" \u03c3"));
    prepare(m_neighbours, "delayNeighbours", 1, 10000,
            tr("Of a row's nearest neighbours, how many are interpolated with"));
    m_refined->setObjectName(QStringLiteral("delayRefined"));
    m_refined->setToolTip(tr("Replace the generator's targets by those of a Gaussian process that is fitted "
                             "on the same rows"));
    m_make->setObjectName(QStringLiteral("delayMake"));
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->addRow(tr("Method"), m_method);
    m_form->addRow(tr("Rows"), m_count);
    m_form->addRow(tr("Epochs"), m_epochs);
    m_form->addRow(tr("Steps T"), m_steps);
    m_form->addRow(tr("First \u03b2"), m_firstBeta);
    m_form->addRow(tr("Last \u03b2"), m_lastBeta);
    m_form->addRow(tr("Noise"), m_noise);
    m_form->addRow(tr("Neighbours"), m_neighbours);
    m_form->addRow(tr("Seed"), m_seed);
    m_form->addRow(m_refined);
    m_form->addRow(m_make);
    setWishes({});
    connect(m_make, &QPushButton::clicked, this, &GeneratorForm::makeRequested);
    connect(m_method, &QComboBox::currentIndexChanged, this, [this] {
        showMethod();
        emit edited();
    });
    for (QSpinBox* box : {m_count, m_seed, m_epochs, m_steps, m_neighbours})
        connect(box, &QSpinBox::valueChanged, this, &GeneratorForm::edited);
    for (QDoubleSpinBox* box : {m_firstBeta, m_lastBeta, m_noise})
        connect(box, &QDoubleSpinBox::valueChanged, this, &GeneratorForm::edited);
    connect(m_refined, &QCheckBox::toggled, this, &GeneratorForm::edited);
}

GeneratorWishes GeneratorForm::wishes() const {
    GeneratorWishes wishes;
    wishes.method = m_method->currentData().toString();
    wishes.count = m_count->value();
    wishes.seed = m_seed->value();
    delay::GeneratorOptions& options = wishes.options;
    options.noise = m_noise->value();
    options.neighbours = static_cast<std::size_t>(m_neighbours->value());
    options.epochs = m_epochs->value();
    options.diffusionSteps = m_steps->value();
    const delay::RowDiffusionConfig paper = delay::DiffusionSettings::paper().network;
    if (m_firstBeta->value() != paper.firstBeta || m_lastBeta->value() != paper.lastBeta) {
        options.firstBeta = std::min(m_firstBeta->value(), m_lastBeta->value());
        options.lastBeta = std::max(m_firstBeta->value(), m_lastBeta->value());
    }
    options.refined = m_refined->isChecked();
    return wishes;
}

void GeneratorForm::setWishes(const GeneratorWishes& wishes) {
    const QSignalBlocker quiet(this);
    const int index = m_method->findData(wishes.method);
    m_method->setCurrentIndex(std::max(0, index));
    m_count->setValue(wishes.count);
    m_seed->setValue(wishes.seed);
    m_noise->setValue(wishes.options.noise);
    m_neighbours->setValue(static_cast<int>(wishes.options.neighbours));
    m_epochs->setValue(wishes.options.epochs);
    m_steps->setValue(wishes.options.diffusionSteps);
    const delay::RowDiffusionConfig paper = delay::DiffusionSettings::paper().network;
    const bool hasBetas = wishes.options.lastBeta > 0;
    m_firstBeta->setValue(hasBetas ? wishes.options.firstBeta : paper.firstBeta);
    m_lastBeta->setValue(hasBetas ? wishes.options.lastBeta : paper.lastBeta);
    m_refined->setChecked(wishes.options.refined);
    showMethod();
}

void GeneratorForm::setMakeable(const QString& why) {
    m_whyNot = why;
    showMethod();
}

void GeneratorForm::showMethod() {
    const QString method = m_method->currentData().toString();
    const bool network = isNetwork(method), paper = method == QLatin1String("ddpm-paper");
    m_form->setRowVisible(m_epochs, network);
    m_form->setRowVisible(m_steps, network);
    m_form->setRowVisible(m_firstBeta, paper);
    m_form->setRowVisible(m_lastBeta, paper);
    m_form->setRowVisible(m_noise, method == QLatin1String("noise"));
    m_form->setRowVisible(m_neighbours, method == QLatin1String("smote"));
    m_method->setToolTip(m_method->currentData(Qt::ToolTipRole).toString());
    m_make->setEnabled(m_whyNot.isEmpty());
    m_make->setToolTip(m_whyNot.isEmpty() ? tr("Fit the generator to the rows that are learned from and draw "
                                               "synthetic rows from it")
                                          : m_whyNot);
}

QVariantMap GeneratorForm::state() const {
    const GeneratorWishes present = wishes();
    return {{QStringLiteral("method"), present.method},
            {QStringLiteral("count"), present.count},
            {QStringLiteral("seed"), present.seed},
            {QStringLiteral("epochs"), present.options.epochs},
            {QStringLiteral("steps"), present.options.diffusionSteps},
            {QStringLiteral("firstBeta"), m_firstBeta->value()},
            {QStringLiteral("lastBeta"), m_lastBeta->value()},
            {QStringLiteral("noise"), present.options.noise},
            {QStringLiteral("neighbours"), static_cast<int>(present.options.neighbours)},
            {QStringLiteral("refined"), present.options.refined}};
}

void GeneratorForm::restoreState(const QVariantMap& state) {
    GeneratorWishes wishes;
    delay::GeneratorOptions& options = wishes.options;
    wishes.method = state.value(QStringLiteral("method"), wishes.method).toString();
    wishes.count = state.value(QStringLiteral("count"), wishes.count).toInt();
    wishes.seed = state.value(QStringLiteral("seed"), wishes.seed).toInt();
    options.epochs = state.value(QStringLiteral("epochs"), options.epochs).toInt();
    options.diffusionSteps = state.value(QStringLiteral("steps"), options.diffusionSteps).toInt();
    options.firstBeta = state.value(QStringLiteral("firstBeta"), 0).toDouble();
    options.lastBeta = state.value(QStringLiteral("lastBeta"), 0).toDouble();
    options.noise = state.value(QStringLiteral("noise"), options.noise).toDouble();
    options.neighbours =
        static_cast<std::size_t>(std::max(1, state.value(QStringLiteral("neighbours"), 5).toInt()));
    options.refined = state.value(QStringLiteral("refined"), false).toBool();
    setWishes(wishes);
}

} // namespace headroom::widgets
