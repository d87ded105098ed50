#include "app/sizing/sampling_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <string>

#include "core/diffusion/diffusion_model.h"

namespace headroom::app {
namespace {

constexpr int kMostSizings = 100000;
constexpr int kMostSteps = 1000;
constexpr int kMostMirrorUnits = 200;
constexpr int kHighestSeed = 1000000000;

QString samplerTitle(const std::string& name) {
    if (name == "ddpm") return SamplingDialog::tr("DDPM");
    if (name == "ddim") return SamplingDialog::tr("DDIM");
    if (name == "dpm++") return SamplingDialog::tr("DPM-Solver++(2M)");
    if (name == "dpm++sde") return SamplingDialog::tr("DPM-Solver++(2M) with noise");
    return QString::fromStdString(name);
}

diffusion::SamplingConfig configOf(const project::SamplingState& sampling) {
    diffusion::SamplingConfig config;
    config.stochasticity = sampling.stochasticity;
    config.order = sampling.order;
    return config;
}

template <class Box, class Number>
void prepare(Box* box, const QString& name, Number low, Number high, Number value, const QString& tip) {
    box->setObjectName(name);
    box->setRange(low, high);
    box->setValue(std::clamp(value, low, high));
    box->setToolTip(tip);
}

} // namespace

SamplingDialog::SamplingDialog(const project::SamplingState& sampling, QWidget* parent)
    : QDialog(parent)
    , m_before(sampling)
    , m_count(new QSpinBox(this))
    , m_seed(new QSpinBox(this))
    , m_steps(new QSpinBox(this))
    , m_guidance(new QDoubleSpinBox(this))
    , m_temperature(new QDoubleSpinBox(this))
    , m_sampler(new QComboBox(this))
    , m_mirrorUnits(new QSpinBox(this)) {
    setObjectName("samplingDialog");
    setWindowTitle(tr("Sampling Settings"));
    setMinimumWidth(360);
    prepare(m_count, "samplingCount", 1, kMostSizings,
            static_cast<int>(std::min<std::size_t>(sampling.count, kMostSizings)),
            tr("How many sizings are proposed at once"));
    prepare(m_seed, "samplingSeed", 0, kHighestSeed,
            static_cast<int>(std::min<std::uint64_t>(sampling.seed, kHighestSeed)),
            tr("Equal seeds give equal sizings"));
    prepare(m_steps, "samplingSteps", 1, kMostSteps, sampling.steps,
            tr("Denoising steps: some 10 are the most accurate; 50 and more spread as wide as the data"));
    m_guidance->setSingleStep(0.1);
    prepare(m_guidance, "samplingGuidance", 0.0, 10.0, sampling.guidance,
            tr("Classifier-free guidance: 1 asks for the specification, more insists on it, 0 ignores it"));
    m_temperature->setSingleStep(0.05);
    prepare(m_temperature, "samplingTemperature", 0.0, 2.0, sampling.temperature,
            tr("Scale of the noise: below 1 the proposals keep closer together and meet the specification "
               "more often"));
    m_sampler->setObjectName("samplingSampler");
    m_sampler->setToolTip(
        tr("How each step is taken. DDPM adds noise at every step, as in training; DDIM adds "
           "none after the first; DPM-Solver++ extrapolates from two steps and gets on with "
           "fewer"));
    for (const std::string& name : diffusion::samplerNames())
        m_sampler->addItem(samplerTitle(name), QString::fromStdString(name));
    const std::string present = diffusion::samplerOf(configOf(sampling));
    if (present.empty()) { // of an older project
        m_sampler->addItem(tr("Between DDIM and DDPM (η = %1)").arg(sampling.stochasticity), QString());
    }
    m_sampler->setCurrentIndex(m_sampler->findData(QString::fromStdString(present)));
    prepare(
        m_mirrorUnits, "samplingMirrorUnits", 0, kMostMirrorUnits,
        static_cast<int>(std::min<std::size_t>(sampling.mirrorUnits, kMostMirrorUnits)),
        tr("Transistors of current mirrors are made of equal unit transistors, as few of them as the ratio "
           "of their widths allows, and at most so many each unless the ratio takes more. With 0 all widths "
           "are free"));
    m_mirrorUnits->setSpecialValueText(tr("free widths"));
    m_mirrorUnits->setPrefix(tr("up to "));
    m_mirrorUnits->setSuffix(tr(" units each"));
    auto* form = new QFormLayout;
    form->addRow(tr("Sizings:"), m_count);
    form->addRow(tr("Seed:"), m_seed);
    form->addRow(tr("Steps:"), m_steps);
    form->addRow(tr("Guidance:"), m_guidance);
    form->addRow(tr("Temperature:"), m_temperature);
    form->addRow(tr("Sampler:"), m_sampler);
    form->addRow(tr("Mirrors:"), m_mirrorUnits);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    buttons->addButton(tr("Apply"), QDialogButtonBox::AcceptRole);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->addLayout(form);
    column->addStretch();
    column->addWidget(buttons);
}

project::SamplingState SamplingDialog::sampling() const {
    project::SamplingState sampling = m_before;
    sampling.count = static_cast<std::size_t>(m_count->value());
    if (m_before.seed <= kHighestSeed || m_seed->value() != kHighestSeed) {
        sampling.seed = static_cast<std::uint64_t>(m_seed->value());
    }
    sampling.steps = m_steps->value();
    sampling.guidance = m_guidance->value();
    sampling.temperature = m_temperature->value();
    sampling.mirrorUnits = static_cast<std::size_t>(m_mirrorUnits->value());
    const std::string sampler = m_sampler->currentData().toString().toStdString();
    diffusion::SamplingConfig config = configOf(sampling);
    if (diffusion::chooseSampler(config, sampler)) {
        sampling.stochasticity = config.stochasticity;
        sampling.order = config.order;
    }
    return sampling;
}

} // namespace headroom::app
