#pragma once

#include <QWidget>

#include <filesystem>

class QLabel;
class QPushButton;

namespace headroom::app {

class JobQueue;

/// What the project's cache of simulations holds, in words, and a button that empties it.
class CacheBox final : public QWidget {
    Q_OBJECT

public:
    /// @param file of the cache; need not be there
    CacheBox(JobQueue& jobs, std::filesystem::path file, QWidget* parent);

private:
    void look();
    void clear();

    JobQueue& m_jobs;
    const std::filesystem::path m_file;
    QLabel* m_facts;
    QPushButton* m_clear;
};

} // namespace headroom::app
