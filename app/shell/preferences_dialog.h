#pragma once

#include <QDialog>

class QComboBox;
class QLabel;
class QSpinBox;
class QTabWidget;

namespace headroom::app {

class JobQueue;
class Settings;
class ShortcutPage;

/// Appearance, computing and shortcuts. Everything applies when the dialog is accepted.
class PreferencesDialog final : public QDialog {
    Q_OBJECT

public:
    enum class Page { General, Computing, Shortcuts };

    /// @param jobs asks the network library for its devices
    PreferencesDialog(Settings& settings, JobQueue& jobs, Page page, QWidget* parent);

    void accept() override;

private:
    QWidget* buildGeneral();
    QWidget* buildComputing();
    void askForDevices(JobQueue& jobs);

    Settings& m_settings;
    QTabWidget* m_tabs;
    QComboBox* m_appearance;
    QSpinBox* m_autosave;
    QComboBox* m_device;
    QLabel* m_deviceNote;
    QSpinBox* m_workers;
    QComboBox* m_technology;
    ShortcutPage* m_shortcuts;
};

} // namespace headroom::app
