#pragma once

#include <QVariantMap>

#include <memory>

#include "widgets/common/panel.h"
#include "widgets/common/row_brush.h"
#include "widgets/delay/cell_form.h"
#include "widgets/delay/delay_data.h"
#include "widgets/delay/generator_form.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QSplitter;
class QStackedWidget;
class QTabWidget;
class QToolButton;

namespace headroom::widgets {

class LegendBar;
class ResemblancePage;
class SamplePlotPage;
class SampleRowsModel;
class SampleTableView;
class TrainingPage;
class VerdictPage;

/// Panel "Delay Data": rows simulated from a cell or imported, synthetic rows beside them, and what those are
/// worth.
class DelayView final : public Panel {
    Q_OBJECT

public:
    enum class Page { Rows, Pairs, Training, Resemblance, Verdict };

    explicit DelayView(QWidget* parent = nullptr);

    /// Null: there are no rows, and the panel says how to begin.
    void setData(std::shared_ptr<const DelayTableData> data);
    void setTraining(const TrainingData& training);
    void clearTraining();
    void setResemblance(std::shared_ptr<const ResemblanceData> data, const QString& sentence = {});
    void setJudgement(std::shared_ptr<const JudgementData> data, const QString& sentence = {});

    /// While something runs nothing else is to be started.
    void setRunning(bool running);
    /// @param technology name of the one that cells are simulated in
    void setTechnology(const QString& technology);

    void showPage(Page page);
    CellForm& cell() { return *m_cell; }
    GeneratorForm& generator() { return *m_generator; }

    QVariantMap viewState() const;
    void restoreViewState(const QVariantMap& state);

signals:
    void simulateRequested();
    void cellFileRequested();
    void importRequested();
    void filesDropped(const QStringList& files);
    void makeRequested();
    void clearRequested(); ///< synthetic rows are to go
    void resimulateRequested();
    void judgeRequested();
    void compareRequested();
    void tableRequested(); ///< as a file
    void targetChosen(const QString& column);
    void heldOutChosen(int percent);
    void viewStateChanged();

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildContent();
    QWidget* buildSide();
    QWidget* buildBar();
    void buildPages();
    void setBrush(const RowBrush& brush);
    void showRows();
    void updateState();

    std::shared_ptr<const DelayTableData> m_data;
    bool m_running = false;
    QString m_technology;
    RowBrush m_brush;
    BrushedRows m_brushed;
    CellForm* m_cell = nullptr;
    GeneratorForm* m_generator = nullptr;
    QSplitter* m_splitter = nullptr;
    QStackedWidget* m_stage = nullptr; ///< how to begin, or the pages
    QTabWidget* m_tabs = nullptr;
    QLabel* m_summary = nullptr;
    QComboBox* m_target = nullptr;
    QSpinBox* m_heldOut = nullptr;
    QPushButton *m_clear = nullptr, *m_resimulate = nullptr;
    QToolButton* m_export = nullptr;
    QCheckBox* m_onlyBrushed = nullptr;
    SampleRowsModel* m_rowsModel = nullptr;
    SampleTableView* m_rows = nullptr;
    SamplePlotPage* m_pairs = nullptr;
    LegendBar* m_legend = nullptr;
    TrainingPage* m_training = nullptr;
    ResemblancePage* m_resemblance = nullptr;
    VerdictPage* m_verdict = nullptr;
};

} // namespace headroom::widgets
