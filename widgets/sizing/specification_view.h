#pragma once

#include <QStringList>

#include <limits>
#include <optional>
#include <vector>

#include "core/sizing/specification.h"
#include "widgets/common/panel.h"

class QAction;
class QLabel;
class QMenu;
class QPushButton;
class QSpinBox;
class QTableView;
class QToolButton;

namespace headroom::widgets {

class SpecificationModel;

/// One line of the specification, SI units.
struct SpecificationRow {
    sizing::Requirement requirement;
    /// What the data set covers; equal or NaN where unknown.
    double low = 0, high = 0;
    bool locked = false; ///< keeps its limits when targets are drawn or taken from a row
    /// What the chosen candidate gives, and how far that is outside, relative; NaN where there is none.
    double chosen = std::numeric_limits<double>::quiet_NaN();
    double shortfall = std::numeric_limits<double>::quiet_NaN();
    /// The worst that it comes to over the corners that were simulated and that the requirement is about, and
    /// where; NaN where none were.
    double cornerWorst = std::numeric_limits<double>::quiet_NaN();
    double cornerShortfall = std::numeric_limits<double>::quiet_NaN();
    QString cornerName = {}; ///< "ss, 0.99 V, 125 \u00b0C"

    /// The limit that the slider moves: the one on the performance's bad side, else the other; NaN: none.
    double handle() const;
    /// The requirement with that limit moved, though not across the other one.
    sizing::Requirement withHandle(double value) const;
};

struct SpecificationData {
    std::vector<SpecificationRow> rows;
    std::size_t dataRows = 0;   ///< rows of the data set that a specification can be taken from; 0: none
    QString origin;             ///< where the targets come from: "row 17 of the data set"; may be empty
    std::optional<int> dataRow; ///< the row, 0-based, that the targets were taken from
    QString hint;               ///< one line under the table, e.g. why sampling is not possible; may be empty
    bool canSample = true;
    QStringList corners; ///< of the process: what requirements can be about
    QStringList pinned;  ///< sizes that must not move: "M1,M2 w = 12 µm"
    bool canPin = false;
};

/// Panel "Specification": limits for performances, typed with their units or drawn with a slider over what
/// the data set covers, and how the chosen candidate stands against them.
class SpecificationView final : public Panel {
    Q_OBJECT

public:
    explicit SpecificationView(QWidget* parent = nullptr);

    /// Shows a specification; no rows show the empty state. Emits nothing.
    void setData(const SpecificationData& data);

    std::vector<sizing::Requirement> requirements() const;
    std::vector<bool> locked() const;
    int sampleCount() const;
    void setSampleCount(int count);

signals:
    /// The user changed what is asked of one performance; once per edit, at the end of a slider drag.
    void requirementEdited(const headroom::sizing::Requirement& requirement);
    /// While a slider moves.
    void requirementPreviewed(const headroom::sizing::Requirement& requirement);
    /// The user wants to choose the sizes that must not move.
    void pinsRequested();
    void lockToggled(headroom::simulation::Performance performance, bool locked);
    /// @param row of the data set, 0-based
    void dataRowRequested(int row);
    void randomTargetRequested();
    void sampleRequested(int count);
    void keepSamplingRequested();

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildContent();
    QWidget* buildOriginBar();
    QWidget* buildSampleBar();
    void addRowWidgets();
    void showRow(int row);
    void requirementSet(int row);
    void updateColumns();
    void fillCornerMenu();
    void chooseCorners(const QString& corner, bool chosen);
    void fitColumns();
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
    QPushButton* m_pins = nullptr;
    QAction* m_weights = nullptr;
    QMenu* m_corners = nullptr;
    QPushButton* m_sample = nullptr;
    QToolButton* m_keep = nullptr;
    QSpinBox* m_count = nullptr;
};

} // namespace headroom::widgets
