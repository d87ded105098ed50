#include "widgets/powergrid/worst_model.h"

#include <cmath>

#include <QColor>

#include "core/base/quantity.h"
#include "widgets/common/quantity_text.h"
#include "widgets/common/table_export.h"
#include "widgets/common/theme.h"

namespace headroom::widgets {

namespace {

/// To a tenth of a micrometre, without a zero behind the point.
QString coordinate(double um) {
    return QString::number(std::round(10 * um) / 10, 'g', 8);
}

} // namespace

WorstModel::WorstModel(QObject* parent)
    : QAbstractTableModel(parent) {}

void WorstModel::setData(std::vector<WorstPlace> places, double supplyVolts, std::optional<double> limit) {
    const bool sameCount = places.size() == m_places.size();
    if (!sameCount) beginResetModel();
    m_places = std::move(places);
    m_supplyVolts = supplyVolts;
    m_limit = limit;
    if (!sameCount)
        endResetModel();
    else if (!m_places.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int WorstModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_places.size());
}

int WorstModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant WorstModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const WorstPlace& place = m_places[static_cast<std::size_t>(index.row())];
    const bool over = m_limit && place.value > *m_limit;
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter |
                                   (index.column() == Place ? Qt::AlignLeft : Qt::AlignRight));
    if (role == Qt::ForegroundRole && index.column() == Drop && over)
        return Theme::instance().color(ColorRole::Failed);
    if (role == Qt::ToolTipRole) return over ? tr("Above the limit. %1").arg(place.name) : place.name;
    if (role == ExportTextRole && index.column() == Drop)
        return QString::fromStdString(formatExact(place.value));
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
    case Rank:
        return index.row() + 1;
    case Drop:
        return quantityText(place.value, "V", 4);
    case Share:
        return m_supplyVolts > 0 ? QString::number(100 * place.value / m_supplyVolts, 'f', 2)
                                 : QStringLiteral("\u2014");
    case Place: {
        const QString at = QStringLiteral("%1, %2").arg(coordinate(place.um.x()), coordinate(place.um.y()));
        return place.name.isEmpty() ? at : QStringLiteral("%1 (%2)").arg(place.name, at);
    }
    default:
        return {};
    }
}

QVariant WorstModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::DisplayRole) {
        const QString titles[] = {tr("#"), tr("Drop"), tr("% VDD"), tr("x, y (\u00b5m)")};
        return section < ColumnCount ? titles[section] : QString();
    }
    if (role == ExportTextRole) {
        const char* titles[] = {"rank", "drop_v", "percent_of_supply", "place"};
        return section < ColumnCount ? QString::fromLatin1(titles[section]) : QString();
    }
    return {};
}

} // namespace headroom::widgets
