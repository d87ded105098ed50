#include "app/shell/preferences_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QSpinBox>
#include <QTabWidget>
#include <QVBoxLayout>

#include <thread>
#include <vector>

#include "app/jobs/job_queue.h"
#include "app/settings/settings.h"
#include "app/shell/cache_box.h"
#include "app/shell/shortcut_page.h"
#include "core/compute/device.h"
#include "core/project/project.h"
#include "core/technology/technology.h"
#include "widgets/common/theme.h"

namespace headroom::app {

using compute::DeviceChoice;
using widgets::Appearance;

PreferencesDialog::PreferencesDialog(Settings& settings, JobQueue& jobs, const std::filesystem::path& folder,
                                     Page page, QWidget* parent)
    : QDialog(parent)
    , m_settings(settings)
    , m_tabs(new QTabWidget(this))
    , m_appearance(new QComboBox(this))
    , m_autosave(new QSpinBox(this))
    , m_device(new QComboBox(this))
    , m_deviceNote(new QLabel(this))
    , m_workers(new QSpinBox(this))
    , m_cacheMegabytes(new QSpinBox(this))
    , m_technology(new QComboBox(this))
    , m_shortcuts(new ShortcutPage(settings, this)) {
    setObjectName("preferencesDialog");
    setWindowTitle(tr("Preferences"));
    resize(560, 520);
    m_tabs->setObjectName("preferencesTabs");
    m_tabs->addTab(buildGeneral(), tr("General"));
    m_tabs->addTab(buildComputing(jobs, folder), tr("Computing"));
    m_tabs->addTab(m_shortcuts, tr("Shortcuts"));
    m_tabs->setCurrentIndex(static_cast<int>(page));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    connect(buttons, &QDialogButtonBox::accepted, this, &PreferencesDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_tabs, 1);
    column->addWidget(buttons);
    askForDevices(jobs);
}

QWidget* PreferencesDialog::buildGeneral() {
    auto* page = new QWidget(m_tabs);
    m_appearance->setObjectName("appearanceChoice");
    m_appearance->addItem(tr("As the desktop"), static_cast<int>(Appearance::System));
    m_appearance->addItem(tr("Light"), static_cast<int>(Appearance::Light));
    m_appearance->addItem(tr("Dark"), static_cast<int>(Appearance::Dark));
    m_appearance->setCurrentIndex(m_appearance->findData(static_cast<int>(m_settings.appearance())));
    m_autosave->setObjectName("autosaveSeconds");
    m_autosave->setRange(1, 3600);
    m_autosave->setSuffix(tr(" s"));
    m_autosave->setValue(m_settings.autosaveSeconds());
    m_technology->setObjectName("defaultTechnology");
    for (const std::string& name : technology::shippedTechnologies()) {
        m_technology->addItem(QString::fromStdString(name));
    }
    if (m_technology->findText(m_settings.technology()) < 0) m_technology->addItem(m_settings.technology());
    m_technology->setCurrentText(m_settings.technology());
    auto* form = new QFormLayout(page);
    form->addRow(tr("Appearance:"), m_appearance);
    form->addRow(tr("Technology of new projects:"), m_technology);
    form->addRow(tr("Autosave every:"), m_autosave);
    return page;
}

QWidget* PreferencesDialog::buildComputing(JobQueue& jobs, const std::filesystem::path& folder) {
    auto* page = new QWidget(m_tabs);
    m_device->setObjectName("deviceChoice");
    m_device->addItem(tr("Automatic"), static_cast<int>(DeviceChoice::Auto));
    m_device->addItem(tr("CPU"), static_cast<int>(DeviceChoice::Cpu));
    m_device->addItem(tr("CUDA"), static_cast<int>(DeviceChoice::Cuda));
    m_device->setCurrentIndex(m_device->findData(static_cast<int>(m_settings.device())));
    m_deviceNote->setObjectName("deviceNote");
    m_deviceNote->setWordWrap(true);
    m_workers->setObjectName("workerCount");
    m_workers->setRange(0, 256);
    m_workers->setSpecialValueText(
        tr("One per core (%1)").arg(std::max(1U, std::thread::hardware_concurrency())));
    m_workers->setValue(m_settings.workers());
    m_cacheMegabytes->setObjectName("cacheMegabytes");
    m_cacheMegabytes->setRange(Settings::kLeastCacheMegabytes, Settings::kMostCacheMegabytes);
    m_cacheMegabytes->setSingleStep(100);
    m_cacheMegabytes->setSuffix(tr(" MB"));
    m_cacheMegabytes->setToolTip(tr("Beyond this a project's cache forgets the simulations that were unused "
                                    "for longest."));
    m_cacheMegabytes->setValue(m_settings.cacheMegabytes());
    auto* form = new QFormLayout(page);
    form->addRow(tr("Networks run on:"), m_device);
    form->addRow(QString(), m_deviceNote);
    form->addRow(tr("Simulator processes:"), m_workers);
    form->addRow(tr("Simulations are cached up to:"), m_cacheMegabytes);
    form->addRow(QString(), new CacheBox(jobs, folder / project::resultsFileName, page));
    return page;
}

void PreferencesDialog::askForDevices(JobQueue& jobs) {
    using Devices = std::vector<compute::DeviceInfo>;
    m_deviceNote->setText(tr("Looking for devices…"));
    jobs.start<Devices>(
        {tr("Look for devices"), {}, true}, this, [](JobMonitor&) { return compute::availableDevices(); },
        [this](Result<Devices> devices) {
            if (!devices) {
                m_deviceNote->setText(QString::fromStdString(devices.error().message));
                return;
            }
            QStringList found;
            for (const auto& device : *devices)
                found.append(QString::fromStdString(device.description));
            m_deviceNote->setText(tr("Found: %1").arg(found.join(", ")));
        });
}

void PreferencesDialog::accept() {
    const auto appearance = static_cast<Appearance>(m_appearance->currentData().toInt());
    if (appearance != m_settings.appearance()) {
        m_settings.setAppearance(appearance);
        widgets::Theme::instance().apply(appearance);
    }
    const auto device = static_cast<DeviceChoice>(m_device->currentData().toInt());
    if (device != m_settings.device()) m_settings.setDevice(device);
    if (m_workers->value() != m_settings.workers()) m_settings.setWorkers(m_workers->value());
    if (m_cacheMegabytes->value() != m_settings.cacheMegabytes())
        m_settings.setCacheMegabytes(m_cacheMegabytes->value());
    if (m_autosave->value() != m_settings.autosaveSeconds())
        m_settings.setAutosaveSeconds(m_autosave->value());
    if (m_technology->currentText() != m_settings.technology())
        m_settings.setTechnology(m_technology->currentText());
    m_shortcuts->save(m_settings);
    QDialog::accept();
}

} // namespace headroom::app
