#pragma once

#include <QObject>

#include <memory>

namespace headroom::widgets {
class DatasetView;
class SpecificationView;
} // namespace headroom::widgets

namespace headroom::app {

struct DataSource;
class Session;
class Settings;

/// Shows the session's data set in the panel "Data Set".
class DatasetController final : public QObject {
    Q_OBJECT

public:
    struct Parts {
        Session& session;
        Settings& settings;
        widgets::DatasetView& view;
        widgets::SpecificationView& specification;
    };

    explicit DatasetController(const Parts& parts, QObject* parent = nullptr);

signals:
    void dataSetRequested();
    void extensionRequested();
    void importRequested();

private:
    void show();

    Parts m_parts;
    std::shared_ptr<const DataSource> m_shown;
};

} // namespace headroom::app
