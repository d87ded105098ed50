#pragma once

#include <memory>

#include "widgets/common/panel.h"
#include "widgets/robustness/robustness_data.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QTableWidget;
class QTabWidget;

namespace headroom::widgets {

class PlotView;

/// What is asked of the assessment.
struct RobustnessWishes {
    bool corners = true;
    int draws = 200;
    bool atWorst = false;     ///< mismatch at the worst corner too
    double tolerance = 0.05;  ///< relative
    double intervalWidth = 0; ///< of the yield, at which drawing ends; 0: it does not

    bool operator==(const RobustnessWishes&) const = default;
};

/// Panel "Robustness": the worst value of each performance over corners, supplies and temperatures;
/// histograms over mismatch with limits; yield with its confidence interval; the devices that the variance
/// comes from.
class RobustnessView final : public Panel {
    Q_OBJECT

public:
    explicit RobustnessView(QWidget* parent = nullptr);

    /// Null: nothing is known, and @p sentence says what to do.
    void setData(std::shared_ptr<const RobustnessData> data, const QString& sentence = {},
                 const QString& action = {});
    /// Nothing is known, but it can be assessed: settings and button stay in reach below @p sentence.
    void setReady(const QString& sentence);
    /// @param what "candidate 12", that is assessed next
    void setAssessable(bool assessable, const QString& what);

    RobustnessWishes wishes() const;
    /// Emits nothing.
    void setWishes(const RobustnessWishes& wishes);

signals:
    void assessRequested();
    void wishesChanged();

private:
    QWidget* buildBar();
    QWidget* buildCorners();
    QWidget* buildMismatch();
    void fill(std::shared_ptr<const RobustnessData> data);
    void fillWorst();
    void fillPlaces();
    void fillMismatch();
    void showSpread();
    const MismatchData* chosenMismatch() const;

    std::shared_ptr<const RobustnessData> m_data;
    QLabel* m_summary = nullptr;
    QPushButton* m_assess = nullptr;
    QCheckBox* m_corners = nullptr;
    QCheckBox* m_atWorst = nullptr;
    QSpinBox* m_draws = nullptr;
    QDoubleSpinBox* m_tolerance = nullptr;
    QDoubleSpinBox* m_interval = nullptr;
    QTabWidget* m_tabs = nullptr;
    QTableWidget* m_worst = nullptr;
    QTableWidget* m_places = nullptr;
    QComboBox* m_place = nullptr;
    QLabel* m_yield = nullptr;
    QTableWidget* m_spreads = nullptr;
    PlotView* m_histogram = nullptr;
    PlotView* m_shares = nullptr;
};

} // namespace headroom::widgets
