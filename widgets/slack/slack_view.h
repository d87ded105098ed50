#pragma once

#include <memory>

#include "widgets/common/panel.h"
#include "widgets/slack/slack_data.h"

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QSplitter;
class QTabWidget;
class QTableView;

namespace headroom::widgets {

class SignedMap;
class SlackModel;
class SlackMover;

/// Panel "Slack": how far each size may move, alone and together with the others, while a specification
/// holds; principal directions; correlations; and a slider that moves one size and lets the others follow.
class SlackView final : public Panel {
    Q_OBJECT

public:
    /// What is to be held.
    enum class Held { Specification, OwnPerformances };
    Q_ENUM(Held)

    explicit SlackView(QWidget* parent = nullptr);

    /// The room around a sizing; null: none is known, and @p sentence says what to do.
    void setData(std::shared_ptr<const SlackData> data, const QString& sentence = {},
                 const QString& action = {});
    /// Nothing is known, but it can be looked for: settings and button stay in reach below @p sentence.
    void setReady(const QString& sentence);
    /// Where the slider has led; null: nowhere.
    void setMoved(std::shared_ptr<const MovedSizing> moved);

    /// Whether slack can be looked for now. @param what "candidate 12", that it is looked for around
    void setFindable(bool findable, const QString& what);
    Held held() const;
    double tolerance() const; ///< relative
    /// Emits nothing.
    void setSettings(Held held, double tolerance);

    /// Chooses the size of these devices. Emits nothing.
    void selectDevices(const QStringList& names);

signals:
    void findRequested();
    void settingsChanged();
    void devicesSelected(const QStringList& names);
    void moveRequested(int row, double value);
    void moveSettled();
    void moveReset();
    void useRequested();

private:
    QWidget* buildBar();
    QWidget* buildSizes();
    void fillMaps();
    void fill(std::shared_ptr<const SlackData> data);
    void chooseRow(int row);

    std::shared_ptr<const SlackData> m_data;
    QComboBox* m_held = nullptr;
    QDoubleSpinBox* m_tolerance = nullptr;
    QPushButton* m_find = nullptr;
    QLabel* m_summary = nullptr;
    QTabWidget* m_tabs = nullptr;
    QSplitter* m_splitter = nullptr;
    QTableView* m_table = nullptr;
    SlackModel* m_model = nullptr;
    SlackMover* m_mover = nullptr;
    SignedMap* m_directions = nullptr;
    SignedMap* m_correlation = nullptr;
    bool m_placed = false;    ///< the splitter has its first place
    bool m_following = false; ///< a choice comes from outside
};

} // namespace headroom::widgets
