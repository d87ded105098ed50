#include "widgets/common/row_brush.h"

#include <algorithm>

namespace headroom::widgets {

bool BrushRegion::isOverSame(const BrushRegion& other) const {
    // A cell stays the same where its columns change places.
    return std::is_permutation(
        sides.begin(), sides.end(), other.sides.begin(), other.sides.end(),
        [](const BrushInterval& a, const BrushInterval& b) { return a.column == b.column; });
}

RowBrush RowBrush::ofRows(std::vector<int> rows) {
    RowBrush brush;
    if (!rows.empty()) {
        std::sort(rows.begin(), rows.end());
        brush.m_rows = std::move(rows);
    }
    return brush;
}

void RowBrush::add(BrushRegion region) {
    m_rows.reset();
    m_regions.push_back(std::move(region));
}

void RowBrush::replace(BrushRegion region) {
    removeOver(region);
    add(std::move(region));
}

void RowBrush::set(std::size_t index, BrushRegion region) {
    m_regions[index] = std::move(region);
}

void RowBrush::remove(std::size_t index) {
    m_regions.erase(m_regions.begin() + static_cast<std::ptrdiff_t>(index));
}

void RowBrush::removeOver(const BrushRegion& same) {
    std::erase_if(m_regions, [&](const BrushRegion& region) { return region.isOverSame(same); });
}

void RowBrush::removeTouching(const BrushRegion& touched) {
    std::erase_if(m_regions, [&](const BrushRegion& region) {
        if (!region.isOverSame(touched)) return false;
        return std::all_of(region.sides.begin(), region.sides.end(), [&](const BrushInterval& side) {
            return std::any_of(touched.sides.begin(), touched.sides.end(), [&](const BrushInterval& other) {
                return other.column == side.column && other.low <= side.high && side.low <= other.high;
            });
        });
    });
}

void BrushedRows::setTable(std::shared_ptr<const SampleTable> table) {
    m_table = std::move(table);
    m_groups.clear();
    m_marked.assign(m_table ? m_table->rowCount() : 0, 0);
}

void BrushedRows::evaluate(Group& group) const {
    group.inside.assign(m_table->rowCount(), 0);
    for (const BrushRegion& region : group.regions) {
        std::vector<std::uint8_t> inside(m_table->rowCount(), 1);
        for (const BrushInterval& side : region.sides) {
            const int column = m_table->columnOf(side.column);
            if (column < 0) continue; // of another data set: says nothing here
            const double* values = m_table->columns[static_cast<std::size_t>(column)].values.data();
            for (std::size_t row = 0; row < inside.size(); ++row) {
                const bool in = values[row] >= side.low && values[row] <= side.high; // NaN: neither
                inside[row] &= static_cast<std::uint8_t>(in);
            }
        }
        for (std::size_t row = 0; row < inside.size(); ++row)
            group.inside[row] |= inside[row];
    }
}

const std::vector<std::uint8_t>& BrushedRows::update(const RowBrush& brush) {
    if (!m_table) return m_marked;
    std::vector<Group> groups;
    for (const BrushRegion& region : brush.regions()) {
        const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
            return group.regions.front().isOverSame(region);
        });
        if (same == groups.end()) {
            groups.push_back({{region}, {}});
        } else {
            same->regions.push_back(region);
        }
    }
    for (Group& group : groups) {
        const auto known = std::find_if(m_groups.begin(), m_groups.end(),
                                        [&](const Group& other) { return other.regions == group.regions; });
        if (known != m_groups.end()) {
            group.inside = std::move(known->inside);
            m_groups.erase(known);
        } else {
            evaluate(group);
        }
    }
    m_groups = std::move(groups);
    m_marked.assign(m_table->rowCount(), m_groups.empty() ? 0 : 1);
    if (brush.rows()) {
        for (const int row : *brush.rows()) {
            if (row >= 0 && static_cast<std::size_t>(row) < m_marked.size())
                m_marked[static_cast<std::size_t>(row)] = 1;
        }
    }
    for (const Group& group : m_groups) {
        for (std::size_t row = 0; row < m_marked.size(); ++row)
            m_marked[row] &= group.inside[row];
    }
    return m_marked;
}

std::vector<int> BrushedRows::indices() const {
    std::vector<int> rows;
    for (std::size_t row = 0; row < m_marked.size(); ++row) {
        if (m_marked[row] != 0) rows.push_back(static_cast<int>(row));
    }
    return rows;
}

} // namespace headroom::widgets
