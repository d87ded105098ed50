#pragma once

#include <QByteArray>
#include <QKeySequence>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QVariantMap>

#include <map>
#include <memory>
#include <optional>

#include "core/compute/device.h"
#include "widgets/common/theme.h"

class QSettings;
class QTemporaryDir;

namespace headroom::app {

/// What the user prefers, kept between runs. What is saved is never trusted: a value that cannot be used
/// counts as not saved. Window layouts live in a file of their own, so that losing them loses nothing else.
class Settings final : public QObject {
    Q_OBJECT

public:
    enum class Mode {
        Normal,
        Safe, ///< defaults only; what is changed lasts until the program ends
    };

    /// @param folder of settings.ini and layout.ini; made when something is saved
    Settings(const QString& folder, Mode mode, QObject* parent = nullptr);
    ~Settings() override;

    /// The folder that the platform keeps settings in.
    static QString defaultFolder();

    /// The user's own building blocks: blocks.yaml beside the settings. Empty where there is no such file.
    QString blockLibraryFile() const;

    Mode mode() const { return m_mode; }

    widgets::Appearance appearance() const;
    void setAppearance(widgets::Appearance appearance);

    compute::DeviceChoice device() const;
    void setDevice(compute::DeviceChoice device);

    /// Simulator processes; 0: one per core.
    int workers() const;
    void setWorkers(int workers);

    /// What a project's cache of simulations may take on the disk, in megabytes (10^6 bytes).
    int cacheMegabytes() const;
    void setCacheMegabytes(int megabytes);
    static constexpr int kLeastCacheMegabytes = 10, kMostCacheMegabytes = 1000000;

    /// Of new projects: a shipped technology's name or a file.
    QString technology() const;
    void setTechnology(const QString& technology);
    /// Holds until the program ends, whatever is saved.
    void overrideTechnology(const QString& technology) { m_technologyOverride = technology; }

    int autosaveSeconds() const;
    void setAutosaveSeconds(int seconds);

    /// Newest first, without those that no longer exist.
    QStringList recentProjects() const;
    void addRecentProject(const QString& folder);
    void clearRecentProjects();

    /// A shortcut that differs from the command's own; absent: the command's own.
    std::optional<QKeySequence> shortcut(const QString& command) const;
    void setShortcut(const QString& command, const std::optional<QKeySequence>& keys);

    QByteArray windowGeometry() const;
    QByteArray windowState() const;
    void saveWindow(const QByteArray& geometry, const QByteArray& state);

    /// How a panel was left: numbers, flags and texts by name.
    QVariantMap panelState(const QString& panel) const;
    void savePanelState(const QString& panel, const QVariantMap& state);

    QStringList layoutNames() const;
    QByteArray layout(const QString& name) const;
    void saveLayout(const QString& name, const QByteArray& state);
    void removeLayout(const QString& name);

    /// Between these two a crash makes the next start ignore the saved window: a layout that breaks the start
    /// does so once.
    void beginStart();
    void endStart();

    /// Writes what is pending to disk.
    void sync();

signals:
    void changed();

private:
    void write(QSettings& store, const QString& key, const QVariant& value);

    Mode m_mode;
    bool m_layoutUsable = true;
    QString m_technologyOverride;
    std::unique_ptr<QTemporaryDir> m_temporary; ///< of safe mode; outlives the two that write into it
    std::unique_ptr<QSettings> m_settings, m_layout;
};

} // namespace headroom::app
