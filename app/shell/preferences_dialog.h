#pragma once

#include <QDialog>

#include <filesystem>

class QComboBox;
class QLabel;
class QSpinBox;
class QTabWidget;

namespace headroom::app {

class JobQueue;
class Settings;
class ShortcutPage;

/// Appearance, computing and shortcuts. All but the button that clears the cache applies
/// when the dialog is accepted.
class PreferencesDialog final : public QDialog {
    Q_OBJECT

public:
    enum class Page { General, Computing, Shortcuts };

    /// @param jobs asks the network library for its devices
    /// @param folder of the open project
    PreferencesDialog(Settings& settings, JobQueue& jobs, const std::filesystem::path& folder, Page page,
                      QWidget* parent);

    void accept() override;

private:
    QWidget* buildGeneral();
    QWidget* buildComputing(JobQueue& jobs, const std::filesystem::path& folder);
    void askForDevices(JobQueue& jobs);

    Settings& m_settings;
    QTabWidget* m_tabs;
    QComboBox* m_appearance;
    QSpinBox* m_autosave;
    QComboBox* m_device;
    QLabel* m_deviceNote;
    QSpinBox* m_workers;
    QSpinBox* m_cacheMegabytes;
    QComboBox* m_technology;
    ShortcutPage* m_shortcuts;
};

} // namespace headroom::app
