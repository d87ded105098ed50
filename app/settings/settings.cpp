#include "app/settings/settings.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <algorithm>

#include "core/project/project.h"

namespace headroom::app {
namespace {

constexpr int kMostRecent = 10;
constexpr int kMostWorkers = 256;
constexpr int kDefaultCacheMegabytes = 1000;
constexpr int kDefaultAutosaveSeconds = 30;
constexpr const char* kDefaultTechnology = "freepdk45";

QString appearanceName(widgets::Appearance appearance) {
    switch (appearance) {
    case widgets::Appearance::System:
        return "system";
    case widgets::Appearance::Light:
        return "light";
    case widgets::Appearance::Dark:
        return "dark";
    }
    return "system";
}

/// A settings group's key for a name that users chose: any character is allowed in it.
QString keyOf(const char* group, const QString& name) {
    return QString::fromLatin1(group) + '/' + QString::fromLatin1(name.toUtf8().toHex());
}

} // namespace

Settings::Settings(const QString& folder, Mode mode, QObject* parent)
    : QObject(parent)
    , m_mode(mode) {
    if (mode == Mode::Safe) m_temporary = std::make_unique<QTemporaryDir>();
    const QDir place(m_temporary ? m_temporary->path() : folder);
    m_settings = std::make_unique<QSettings>(place.filePath("settings.ini"), QSettings::IniFormat);
    m_layout = std::make_unique<QSettings>(place.filePath("layout.ini"), QSettings::IniFormat);
}

Settings::~Settings() = default;

QString Settings::defaultFolder() {
    return QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation);
}

QString Settings::blockLibraryFile() const {
    const QFileInfo file(QFileInfo(m_settings->fileName()).dir().filePath("blocks.yaml"));
    return file.isFile() ? file.filePath() : QString();
}

void Settings::write(QSettings& store, const QString& key, const QVariant& value) {
    store.setValue(key, value);
    emit changed();
}

widgets::Appearance Settings::appearance() const {
    const QString name = m_settings->value("appearance").toString();
    for (const auto appearance : {widgets::Appearance::Light, widgets::Appearance::Dark}) {
        if (name == appearanceName(appearance)) return appearance;
    }
    return widgets::Appearance::System;
}

void Settings::setAppearance(widgets::Appearance appearance) {
    write(*m_settings, "appearance", appearanceName(appearance));
}

compute::DeviceChoice Settings::device() const {
    const auto name = m_settings->value("device").toString().toStdString();
    return compute::deviceFromName(name).value_or(compute::DeviceChoice::Auto);
}

void Settings::setDevice(compute::DeviceChoice device) {
    write(*m_settings, "device", compute::toString(device));
}

int Settings::workers() const {
    const int workers = m_settings->value("workers").toInt();
    return workers >= 0 && workers <= kMostWorkers ? workers : 0;
}

void Settings::setWorkers(int workers) {
    write(*m_settings, "workers", workers);
}

int Settings::cacheMegabytes() const {
    const int megabytes = m_settings->value("cache_megabytes").toInt();
    return megabytes >= kLeastCacheMegabytes && megabytes <= kMostCacheMegabytes ? megabytes
                                                                                 : kDefaultCacheMegabytes;
}

void Settings::setCacheMegabytes(int megabytes) {
    write(*m_settings, "cache_megabytes", megabytes);
}

QString Settings::technology() const {
    if (!m_technologyOverride.isEmpty()) return m_technologyOverride;
    const QString technology = m_settings->value("technology").toString();
    return technology.isEmpty() ? QString::fromLatin1(kDefaultTechnology) : technology;
}

void Settings::setTechnology(const QString& technology) {
    write(*m_settings, "technology", technology);
}

int Settings::autosaveSeconds() const {
    const int seconds = m_settings->value("autosave_seconds").toInt();
    return seconds > 0 && seconds <= 3600 ? seconds : kDefaultAutosaveSeconds;
}

void Settings::setAutosaveSeconds(int seconds) {
    write(*m_settings, "autosave_seconds", seconds);
}

QStringList Settings::recentProjects() const {
    QStringList existing;
    for (const QString& folder : m_settings->value("recent").toStringList()) {
        const bool project = QFileInfo::exists(folder + '/' + QString::fromUtf8(project::projectFileName));
        if (project && existing.size() < kMostRecent) existing.append(folder);
    }
    return existing;
}

void Settings::addRecentProject(const QString& folder) {
    QStringList recent = recentProjects();
    recent.removeAll(folder);
    recent.prepend(folder);
    write(*m_settings, "recent", recent.mid(0, kMostRecent));
}

void Settings::clearRecentProjects() {
    write(*m_settings, "recent", QStringList());
}

std::optional<QKeySequence> Settings::shortcut(const QString& command) const {
    const QVariant saved = m_settings->value("shortcuts/" + command);
    if (!saved.isValid()) return std::nullopt;
    const auto keys = QKeySequence::fromString(saved.toString(), QKeySequence::PortableText);
    const bool unreadable = keys.isEmpty() && !saved.toString().isEmpty();
    if (unreadable || (keys.count() > 0 && keys[0].key() == Qt::Key_unknown)) return std::nullopt;
    return keys;
}

void Settings::setShortcut(const QString& command, const std::optional<QKeySequence>& keys) {
    const QString key = "shortcuts/" + command;
    if (keys) {
        write(*m_settings, key, keys->toString(QKeySequence::PortableText));
    } else {
        m_settings->remove(key);
        emit changed();
    }
}

QByteArray Settings::windowGeometry() const {
    return m_layoutUsable ? m_layout->value("geometry").toByteArray() : QByteArray();
}

QByteArray Settings::windowState() const {
    return m_layoutUsable ? m_layout->value("state").toByteArray() : QByteArray();
}

void Settings::saveWindow(const QByteArray& geometry, const QByteArray& state) {
    m_layout->setValue("geometry", geometry);
    m_layout->setValue("state", state);
}

QVariantMap Settings::panelState(const QString& panel) const {
    const QByteArray text = m_layoutUsable ? m_layout->value("panels/" + panel).toByteArray() : QByteArray();
    return QJsonDocument::fromJson(text).object().toVariantMap();
}

void Settings::savePanelState(const QString& panel, const QVariantMap& state) {
    m_layout->setValue("panels/" + panel,
                       QJsonDocument(QJsonObject::fromVariantMap(state)).toJson(QJsonDocument::Compact));
}

QStringList Settings::layoutNames() const {
    QStringList names;
    m_layout->beginGroup("layouts");
    for (const QString& key : m_layout->childKeys()) {
        const QString name = QString::fromUtf8(QByteArray::fromHex(key.toLatin1()));
        if (!name.isEmpty()) names.append(name);
    }
    m_layout->endGroup();
    names.sort(Qt::CaseInsensitive);
    return names;
}

QByteArray Settings::layout(const QString& name) const {
    return m_layout->value(keyOf("layouts", name)).toByteArray();
}

void Settings::saveLayout(const QString& name, const QByteArray& state) {
    write(*m_layout, keyOf("layouts", name), state);
}

void Settings::removeLayout(const QString& name) {
    m_layout->remove(keyOf("layouts", name));
    emit changed();
}

void Settings::beginStart() {
    m_layoutUsable = !m_layout->value("starting", false).toBool();
    m_layout->setValue("starting", true);
    m_layout->sync();
}

void Settings::endStart() {
    m_layout->setValue("starting", false);
    m_layout->sync();
}

void Settings::sync() {
    m_settings->sync();
    m_layout->sync();
}

} // namespace headroom::app
