#include "tests/flows/flow_window.h"

#include <QAbstractButton>
#include <QAction>
#include <QLabel>
#include <QMessageBox>

#include "app/document/document.h"
#include "app/document/recovery.h"
#include "app/jobs/job_queue.h"
#include "app/session/session.h"
#include "app/shell/command_set.h"
#include "app/shell/notice_bar.h"

namespace headroom::app {

namespace fs = std::filesystem;

FlowWindow::FlowWindow(Settings::Mode mode)
    : m_dir(std::make_shared<QTemporaryDir>()) {
    if (!qEnvironmentVariableIsSet("HEADROOM_RESOURCES")) qputenv("HEADROOM_RESOURCES", resources().c_str());
    build(mode);
}

FlowWindow::FlowWindow(const FlowWindow& before, Settings::Mode mode)
    : m_dir(before.m_dir) {
    build(mode);
}

FlowWindow::FlowWindow(std::shared_ptr<QTemporaryDir> dir)
    : m_dir(std::move(dir)) {
    build(Settings::Mode::Normal);
}

FlowWindow::~FlowWindow() = default;

void FlowWindow::build(Settings::Mode mode) {
    m_settings = std::make_unique<Settings>(m_dir->filePath("settings"), mode);
    m_window = std::make_unique<MainWindow>(*m_settings, RecoveryFolder(path("recovery")));
    m_window->resize(1280, 800);
    m_window->show();
}

fs::path FlowWindow::path(const char* name) const {
    return fs::path(m_dir->path().toStdString()) / name;
}

fs::path FlowWindow::resources() {
    return HEADROOM_FLOW_RESOURCES;
}

bool FlowWindow::settle(int milliseconds) {
    // Twice: the end of one job may begin another through queued signals.
    const auto idle = [this] { return m_window->jobs().activeCount() == 0; };
    for (int i = 0; i < 2; ++i) {
        if (!QTest::qWaitFor(idle, milliseconds)) return false;
        QTest::qWait(20);
    }
    return idle();
}

void FlowWindow::open(const fs::path& file) {
    m_window->start(file);
    QVERIFY(settle());
}

void FlowWindow::startOnExample() {
    open({});
    QVERIFY(m_window->session().circuit() != nullptr);
}

void FlowWindow::trigger(const char* command) {
    QAction* action = m_window->commands().action(command);
    QVERIFY2(action != nullptr, command);
    QVERIFY2(action->isEnabled(), command);
    action->trigger();
}

bool FlowWindow::answer(const char* name, const QString& button) {
    auto* box = find<QMessageBox>(name);
    if (box == nullptr) return false;
    for (QAbstractButton* candidate : box->buttons()) {
        if (candidate->text().remove('&') != button) continue;
        candidate->click();
        QTest::qWait(0);
        return true;
    }
    return false;
}

QString FlowWindow::notice() const {
    return m_window->findChild<NoticeBar*>("noticeBar")->text();
}

std::unique_ptr<FlowWindow> FlowWindow::afterCrash() const {
    auto copy = std::make_shared<QTemporaryDir>();
    const fs::path to = copy->path().toStdString();
    fs::copy(m_dir->path().toStdString(), to,
             fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    for (const auto& entry : fs::recursive_directory_iterator(to)) {
        if (entry.path().filename() == ".headroom.lock") fs::remove(entry.path());
    }
    return std::make_unique<FlowWindow>(std::move(copy));
}

FlowWindow::OwnResources::OwnResources()
    : m_path(fs::path(m_dir.path().toStdString()) / "resources") {
    fs::copy(resources(), m_path, fs::copy_options::recursive);
    qputenv("HEADROOM_RESOURCES", m_path.c_str());
}

FlowWindow::OwnResources::~OwnResources() {
    qputenv("HEADROOM_RESOURCES", resources().c_str());
}

} // namespace headroom::app
