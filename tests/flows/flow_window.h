#pragma once

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <memory>

#include "app/settings/settings.h"
#include "app/shell/main_window.h"

namespace headroom::app {

/// The real main window with fresh settings and folders of its own, as a user finds it after the
/// installation. Widgets are found by their object names.
class FlowWindow {
public:
    explicit FlowWindow(Settings::Mode mode = Settings::Mode::Normal);
    /// Another window over the same settings and recovery folder: the next start of the program.
    FlowWindow(const FlowWindow& before, Settings::Mode mode);
    explicit FlowWindow(std::shared_ptr<QTemporaryDir> dir);
    ~FlowWindow();

    MainWindow& operator*() { return *m_window; }
    MainWindow* operator->() { return m_window.get(); }
    Settings& settings() { return *m_settings; }

    /// A path in the test's own folder.
    std::filesystem::path path(const char* name) const;

    /// Opens the example and waits until model and data are there.
    void startOnExample();
    void open(const std::filesystem::path& path);

    /// Waits until no job runs. @return whether that happened in time
    bool settle(int milliseconds = 60000);

    template <class T>
    T* find(const char* name) {
        return m_window->findChild<T*>(QString::fromLatin1(name));
    }
    /// As above for one of several of that name.
    template <class T>
    T* find(const char* parent, const char* name) {
        auto* place = m_window->findChild<QWidget*>(QString::fromLatin1(parent));
        return place != nullptr ? place->findChild<T*>(QString::fromLatin1(name)) : nullptr;
    }

    void trigger(const char* command);
    /// Presses the button of a question that is on show, by its text without mnemonics.
    bool answer(const char* box, const QString& button);
    QString notice() const;

    /// What the next start finds if the program crashed now: copies of all files, locks of a process that is
    /// gone.
    std::unique_ptr<FlowWindow> afterCrash() const;

    /// Where the shipped resources of the tests are, with a small trained model among them.
    static std::filesystem::path resources();
    /// A copy of them that the test may damage, for as long as the object lives.
    class OwnResources;

private:
    void build(Settings::Mode mode);

    std::shared_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<MainWindow> m_window;
};

class FlowWindow::OwnResources {
public:
    OwnResources();
    ~OwnResources();
    std::filesystem::path models() const { return m_path / "models"; }
    std::filesystem::path model() const { return models() / "folded_cascode"; }

private:
    QTemporaryDir m_dir;
    std::filesystem::path m_path;
};

} // namespace headroom::app
