#pragma once

#include <optional>
#include <vector>

#include "core/simulation/performance.h"
#include "widgets/common/panel.h"

class QLabel;
class QPushButton;
class QSpinBox;
class QTableView;

namespace headroom::widgets {

class SpecificationModel;

/// One line of the specification, SI units.
struct SpecificationRow {
    simulation::Performance performance = simulation::Performance::GainDb;
    double target = 0;
    /// What the data set covers; equal or NaN where unknown.
    double low = 0, high = 0;
    bool locked = false; ///< keeps its target when targets are drawn or taken from a row
};

struct SpecificationData {
    std::vector<SpecificationRow> rows;
    std::size_t dataRows = 0;   ///< rows of the data set that a specification can be taken from; 0: none
    QString origin;             ///< where the targets come from: "row 17 of the data set"; may be empty
    std::optional<int> dataRow; ///< the row, 0-based, that the targets were taken from
    QString hint;               ///< one line under the table, e.g. why sampling is not possible; may be empty
    bool canSample = true;
};

/// Panel "Specification": one target per performance, typed with its unit or drawn with a slider over
/// what the data set covers.
class SpecificationView final : public Panel {
    Q_OBJECT

public:
    explicit SpecificationView(QWidget* parent = nullptr);

    /// Shows a specification; no rows show the empty state. Emits nothing.
    void setData(const SpecificationData& data);

    /// Replaces all targets (in row order). Emits nothing.
    void setTargets(const std::vector<double>& targets, const QString& origin = {});

    std::vector<double> targets() const;
    std::vector<bool> locked() const;
    int sampleCount() const;
    void setSampleCount(int count);

signals:
    /// The user changed one target; once per edit, at the end of a slider drag.
    void targetEdited(headroom::simulation::Performance performance, double target);
    /// While a slider moves.
    void targetPreviewed(headroom::simulation::Performance performance, double target);
    void lockToggled(headroom::simulation::Performance performance, bool locked);
    /// @param row of the data set, 0-based
    void dataRowRequested(int row);
    void randomTargetRequested();
    void sampleRequested(int count);

protected:
    void changeEvent(QEvent* event) override;

private:
    void buildContent();
    QWidget* buildOriginBar();
    QWidget* buildSampleBar();
    void addRowWidgets();
    void showRow(int row);
    void targetSet(int row, double target);
    void showRemarks();
    void showMessage(const QString& text, bool problem);
    void updateButtons();

    SpecificationData m_data;
    bool m_problem = false;
    SpecificationModel* m_model = nullptr;
    QTableView* m_table = nullptr;
    QLabel* m_origin = nullptr;
    QLabel* m_message = nullptr;
    QSpinBox* m_dataRow = nullptr;
    QPushButton* m_fromRow = nullptr;
    QPushButton* m_random = nullptr;
    QPushButton* m_sample = nullptr;
    QSpinBox* m_count = nullptr;
};

} // namespace headroom::widgets
