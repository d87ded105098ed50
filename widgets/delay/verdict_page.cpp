#include "widgets/delay/verdict_page.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTabWidget>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "core/base/statistics.h"
#include "widgets/common/icons.h"
#include "widgets/common/plot_view.h"
#include "widgets/common/quantity_text.h"
#include "widgets/common/table_columns.h"
#include "widgets/common/table_export.h"

namespace headroom::widgets {
namespace {

/// Names of judges and generators as words.
QString spoken(const std::string& text) {
    return QString::fromStdString(text).replace(QLatin1Char('_'), QLatin1Char(' '));
}

QString titleOf(const std::string& rows) {
    if (rows == delay::realOnly) return VerdictPage::tr("real alone");
    if (rows == delay::sizeMatchedNull) return VerdictPage::tr("real, copied");
    return VerdictPage::tr("real + %1").arg(spoken(rows));
}

/// The mean, and how far its 95 % interval reaches where there are repeats.
QString intervalText(const MeanInterval& interval, const std::function<QString(double)>& text) {
    if (!std::isfinite(interval.mean)) return QStringLiteral("\u2014");
    if (interval.count < 2) return text(interval.mean);
    return QStringLiteral("%1 \u00b1 %2").arg(text(interval.mean), text(interval.high - interval.mean));
}

/// How rows of one kind are drawn; generators take turns.
struct RowsStyle {
    ColorRole color = ColorRole::Simulated;
    bool isSynthetic = false;
};

class RowsStyles {
public:
    RowsStyle of(const std::string& rows) {
        if (rows == delay::realOnly) return {ColorRole::Simulated, false};
        if (rows == delay::sizeMatchedNull) return {ColorRole::Muted, false};
        static constexpr ColorRole kRoles[] = {ColorRole::Predicted, ColorRole::Brushed, ColorRole::Met,
                                               ColorRole::GroundTruth, ColorRole::Failed};
        const auto known = m_known.emplace(rows, m_known.size()).first;
        return {kRoles[known->second % std::size(kRoles)], true};
    }

private:
    std::map<std::string, std::size_t> m_known;
};

PlotBox boxOf(const QString& category, const QString& series, std::vector<double> errors,
              const RowsStyle& style) {
    std::sort(errors.begin(), errors.end());
    return {category,
            series,
            quantile(errors, 0.05),
            quantile(errors, 0.25),
            quantile(errors, 0.5),
            quantile(errors, 0.75),
            quantile(errors, 0.95),
            style.color,
            style.isSynthetic};
}

} // namespace

VerdictPage::VerdictPage(QWidget* parent)
    : QWidget(parent)
    , m_sentences(new QLabel(this))
    , m_judge(new QPushButton(icon(QStringLiteral("statistics")), tr("&Judge These Rows"), this))
    , m_compare(new QPushButton(icon(QStringLiteral("compare")), tr("&Compare Generators\u2026"), this))
    , m_table(new QTableWidget(this))
    , m_size(new QComboBox(this))
    , m_results(new QWidget(this))
    , m_errors(new PlotView(this))
    , m_sizes(new PlotView(this)) {
    m_sentences->setObjectName(QStringLiteral("delayVerdict"));
    m_sentences->setWordWrap(true);
    m_sentences->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_judge->setObjectName(QStringLiteral("delayJudge"));
    m_compare->setObjectName(QStringLiteral("delayCompare"));
    m_table->setObjectName(QStringLiteral("delayScores"));
    m_table->setAccessibleName(tr("Scores on the rows held out"));
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    prepareRows(m_table);
    addExportAction(
        m_table, [this](const QByteArray& csv) { emit exportRequested(csv, QStringLiteral("scores.csv")); });
    addColumnMenu(m_table);
    m_size->setObjectName(QStringLiteral("delaySize"));
    m_size->setAccessibleName(tr("Real rows"));
    m_errors->setObjectName(QStringLiteral("delayErrors"));
    m_errors->setLegendVisible(true);
    m_sizes->setObjectName(QStringLiteral("delaySizes"));
    m_sizes->setLegendVisible(true);
    auto* buttons = new QHBoxLayout;
    buttons->setContentsMargins(6, 4, 6, 2);
    buttons->addWidget(m_judge);
    buttons->addWidget(m_compare);
    buttons->addStretch();
    m_sentences->setContentsMargins(6, 2, 6, 4);
    auto* errors = new QWidget;
    auto* errorColumn = new QVBoxLayout(errors);
    errorColumn->setContentsMargins(0, 0, 0, 0);
    auto* sizeRow = new QHBoxLayout;
    sizeRow->setContentsMargins(6, 2, 6, 0);
    sizeRow->addWidget(m_size);
    sizeRow->addStretch();
    errorColumn->addLayout(sizeRow);
    errorColumn->addWidget(m_errors, 1);
    m_plots = new QTabWidget;
    m_plots->setObjectName(QStringLiteral("delayVerdictPlots"));
    m_plots->setDocumentMode(true);
    m_plots->addTab(errors, tr("Errors on the rows held out"));
    m_plots->addTab(m_sizes, tr("By the number of real rows"));
    auto* splitter = new QSplitter(Qt::Vertical, m_results);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_table);
    splitter->addWidget(m_plots);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    auto* inner = new QVBoxLayout(m_results);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->addWidget(splitter);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(buttons);
    column->addWidget(m_sentences);
    column->addWidget(m_results, 1);
    column->addStretch(0);
    connect(m_judge, &QPushButton::clicked, this, &VerdictPage::judgeRequested);
    connect(m_compare, &QPushButton::clicked, this, &VerdictPage::compareRequested);
    connect(m_size, &QComboBox::currentIndexChanged, this, &VerdictPage::showErrors);
    for (PlotView* plot : {m_errors, m_sizes})
        connect(plot, &PlotView::exportRequested, this, &VerdictPage::exportRequested);
    setJudgement(nullptr);
}

void VerdictPage::setPossible(const QString& judge, const QString& compare) {
    m_judge->setEnabled(judge.isEmpty());
    m_judge->setToolTip(judge.isEmpty() ? tr("Learn from the real and the synthetic rows, score on the rows "
                                             "held out")
                                        : judge);
    m_compare->setEnabled(compare.isEmpty());
    m_compare->setToolTip(compare.isEmpty() ? tr("Several generators and numbers of real rows, with repeats "
                                                 "and confidence intervals")
                                            : compare);
}

void VerdictPage::setJudgement(std::shared_ptr<const JudgementData> data, const QString& sentence) {
    m_data = std::move(data);
    m_results->setVisible(m_data != nullptr);
    if (!m_data) {
        m_sentences->setText(sentence);
        return;
    }
    QStringList sentences;
    if (m_data->isOld) sentences << tr("The rows have changed since this was judged.");
    for (const delay::Verdict& verdict : m_data->verdicts)
        sentences << spoken(verdict.sentence);
    if (sentences.isEmpty())
        sentences << tr("These are the scores on %1 rows held out.").arg(m_data->study.heldOut);
    m_sentences->setText(sentences.join(QStringLiteral("\n")));
    fillTable();
    {
        const QSignalBlocker quiet(m_size);
        std::set<std::size_t> sizes;
        for (const delay::StudyResult& result : m_data->study.results)
            sizes.insert(result.size);
        m_size->clear();
        for (const std::size_t size : sizes)
            m_size->addItem(tr("%1 real rows").arg(size), QVariant::fromValue<qulonglong>(size));
        m_size->setCurrentIndex(0);
        m_size->setVisible(sizes.size() > 1);
        m_plots->setTabVisible(1, sizes.size() > 1);
    }
    showErrors();
    showSizes();
}

void VerdictPage::fillTable() {
    const QByteArray unit = m_data->unit.toUtf8();
    const auto quantity = [&](double value) { return quantityText(value, unit.constData(), 3); };
    m_table->clear();
    m_table->setColumnCount(7);
    m_table->setHorizontalHeaderLabels({tr("Real rows"), tr("Learned from"), tr("Judge"), tr("MAPE (%)"),
                                        tr("RMSE"), tr("MAE"), tr("R\u00b2")});
    const QString many = tr("Mean over the repeats, and how far its 95 % interval reaches");
    for (int column = 3; column < 7; ++column)
        m_table->horizontalHeaderItem(column)->setToolTip(many);
    m_table->setRowCount(static_cast<int>(m_data->study.results.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const delay::StudyResult& result = m_data->study.results[static_cast<std::size_t>(row)];
        const auto set = [&](int column, const QString& text, const QString& exact, bool left) {
            auto* item = new QTableWidgetItem(text);
            item->setTextAlignment(Qt::AlignVCenter | (left ? Qt::AlignLeft : Qt::AlignRight));
            item->setData(ExportTextRole, exact);
            m_table->setItem(row, column, item);
        };
        const auto score = [&](int column, const MeanInterval& interval, const auto& text) {
            set(column, intervalText(interval, text), QString::number(interval.mean, 'g', 17), false);
        };
        const auto fixed = [](int digits) {
            return [digits](double value) { return QString::number(value, 'f', digits); };
        };
        const QString size = QString::number(result.size);
        set(0, size, size, false);
        set(1, titleOf(result.rows), QString::fromStdString(result.rows), true);
        set(2, spoken(result.judge), QString::fromStdString(result.judge), true);
        score(3, result.meanAbsolutePercentage(), fixed(2));
        score(4, result.rootMeanSquaredError(), quantity);
        score(5, result.meanAbsoluteError(), quantity);
        score(6, result.r2(), fixed(4));
    }
    fitColumns(m_table);
}

void VerdictPage::showErrors() {
    if (!m_data) return;
    const auto size = static_cast<std::size_t>(m_size->currentData().toULongLong());
    std::vector<PlotBox> boxes;
    RowsStyles styles;
    for (const delay::StudyResult& result : m_data->study.results) {
        const RowsStyle style = styles.of(result.rows);
        if (result.size == size && !result.errors.empty())
            boxes.push_back(boxOf(spoken(result.judge), titleOf(result.rows), result.errors, style));
    }
    m_errors->clear();
    m_errors->setTitle(tr("Errors on the rows held out"));
    PlotAxis up{tr("Error"), m_data->errorUnit};
    up.logarithmic =
        std::all_of(boxes.begin(), boxes.end(), [](const PlotBox& box) { return box.lowWhisker > 0; });
    m_errors->setAxes({{}, {}}, up);
    m_errors->addBoxes(boxes);
    m_errors->refresh();
}

void VerdictPage::showSizes() {
    m_sizes->clear();
    if (!m_plots->isTabVisible(1)) return;
    m_sizes->setTitle(tr("MAPE by the number of real rows"));
    PlotAxis across{tr("Real rows"), {}}, up{tr("MAPE"), QStringLiteral("%")};
    across.logarithmic = up.logarithmic = true;
    // One judge that learns from synthetic rows, and those that need none.
    const std::string judge = m_data->study.results.front().judge;
    std::vector<PlotPoints> curves;
    int others = 0;
    RowsStyles styles;
    for (const delay::StudyResult& result : m_data->study.results) {
        const RowsStyle style = styles.of(result.rows);
        const bool isOther = result.judge != judge;
        if (isOther && (result.rows != delay::realOnly ||
                        m_data->study.find(result.size, delay::sizeMatchedNull, result.judge) != nullptr))
            continue;
        const QString name = isOther ? spoken(result.judge) : titleOf(result.rows);
        auto curve = std::find_if(curves.begin(), curves.end(),
                                  [&](const PlotPoints& each) { return each.name == name; });
        if (curve == curves.end()) {
            PlotPoints points;
            points.name = name;
            points.color = !isOther ? style.color : (others++ == 0 ? ColorRole::Chosen : ColorRole::PlotAxis);
            points.dashed = style.isSynthetic;
            points.connected = points.symbols = true;
            curves.push_back(std::move(points));
            curve = std::prev(curves.end());
        }
        curve->x.push_back(static_cast<double>(result.size));
        curve->y.push_back(result.meanAbsolutePercentage().mean);
    }
    PlotAxis titled = up;
    titled.title = tr("MAPE of %1").arg(spoken(judge));
    m_sizes->setAxes(across, titled);
    for (const PlotPoints& curve : curves)
        m_sizes->addPoints(curve);
    m_sizes->refresh();
}

/// Columns share out the room that there is, which is known by now.
void VerdictPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    fitColumns(m_table);
}

} // namespace headroom::widgets
