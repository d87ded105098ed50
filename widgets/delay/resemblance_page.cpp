#include "widgets/delay/resemblance_page.h"

#include <QLabel>
#include <QSplitter>
#include <QTableWidget>
#include <QVBoxLayout>

#include <cmath>

#include "widgets/common/table_columns.h"
#include "widgets/common/table_export.h"
#include "widgets/delay/density_grid.h"

namespace headroom::widgets {
namespace {

QString number(double value, int digits) {
    return std::isfinite(value) ? QString::number(value, 'f', digits) : QStringLiteral("\u221e");
}

QString percent(double share) {
    return QStringLiteral("%1 %").arg(QString::number(100 * share, 'f', 1));
}

QString summaryOf(const ResemblanceData& data) {
    const delay::Resemblance& found = data.resemblance;
    QStringList lines;
    if (!data.note.isEmpty()) lines << data.note;
    lines << ResemblancePage::tr("A classifier tells %1 of the rows right (%2 to %3); 50 % is chance.")
                 .arg(percent(found.classifierAccuracy), percent(found.classifierLow),
                      percent(found.classifierHigh));
    lines << ResemblancePage::tr(
                 "%1 of the synthetic rows are nearer to a real one than 95 % of the rows held "
                 "out are; 5 % is what fresh rows have, much more is learning by heart.")
                 .arg(percent(found.nearest.memorised));
    lines << ResemblancePage::tr("Correlations differ by %1 on average, %2 at most.")
                 .arg(number(found.meanCorrelationDifference, 3),
                      number(found.largestCorrelationDifference, 3));
    return lines.join(QLatin1Char('\n'));
}

} // namespace

ResemblancePage::ResemblancePage(QWidget* parent)
    : QWidget(parent)
    , m_summary(new QLabel(this))
    , m_table(new QTableWidget(this))
    , m_densities(new DensityGrid(this)) {
    m_summary->setObjectName(QStringLiteral("delayResemblanceSummary"));
    m_summary->setWordWrap(true);
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_summary->setContentsMargins(6, 3, 6, 3);
    m_table->setObjectName(QStringLiteral("delayResemblance"));
    m_table->setAccessibleName(tr("Resemblance by column"));
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    prepareRows(m_table);
    addExportAction(m_table, [this](const QByteArray& csv) {
        emit exportRequested(csv, QStringLiteral("resemblance.csv"));
    });
    addColumnMenu(m_table);
    m_densities->setObjectName(QStringLiteral("delayDensities"));
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_table);
    splitter->addWidget(m_densities);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({150, 300});
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_summary);
    column->addWidget(splitter, 1);
    connect(m_densities, &DensityGrid::exportRequested, this, &ResemblancePage::exportRequested);
    setResemblance(nullptr, tr("There are no synthetic rows yet."));
}

void ResemblancePage::setResemblance(std::shared_ptr<const ResemblanceData> data, const QString& sentence) {
    m_table->setVisible(data != nullptr);
    m_densities->setVisible(data != nullptr);
    m_summary->setText(data ? summaryOf(*data) : sentence);
    if (!data) return;
    m_table->clear();
    m_table->setColumnCount(3);
    m_table->setHorizontalHeaderLabels({tr("Column"), tr("Kolmogorov-Smirnov"), tr("Wasserstein (\u03c3)")});
    m_table->horizontalHeaderItem(1)->setToolTip(
        tr("Greatest difference of the distribution functions, 0 to 1"));
    m_table->horizontalHeaderItem(2)->setToolTip(
        tr("Area between the distribution functions, by the real standard deviation"));
    m_table->setRowCount(static_cast<int>(data->resemblance.columns.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto& each = data->resemblance.columns[static_cast<std::size_t>(row)];
        const auto set = [&](int column, const QString& text, const QString& exact) {
            auto* item = new QTableWidgetItem(text);
            item->setTextAlignment(Qt::AlignVCenter | (column == 0 ? Qt::AlignLeft : Qt::AlignRight));
            item->setData(ExportTextRole, exact);
            m_table->setItem(row, column, item);
        };
        set(0, QString::fromStdString(each.name), QString::fromStdString(each.name));
        set(1, number(each.kolmogorovSmirnov, 3), QString::number(each.kolmogorovSmirnov, 'g', 17));
        set(2, number(each.wasserstein, 3), QString::number(each.wasserstein, 'g', 17));
    }
    fitColumns(m_table);
    m_densities->setDensities(data->densities);
}

/// Columns share out the room that there is, which is known by now.
void ResemblancePage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    fitColumns(m_table);
}

} // namespace headroom::widgets
