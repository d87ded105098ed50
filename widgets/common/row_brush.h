#pragma once

#include <QString>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "widgets/common/sample_table.h"

namespace headroom::widgets {

/// A closed interval of one column, SI units.
struct BrushInterval {
    QString column; ///< its key
    double low = 0, high = 0;

    bool operator==(const BrushInterval&) const = default;
};

/// An interval on one axis, or a rectangle over two columns.
struct BrushRegion {
    std::vector<BrushInterval> sides; ///< one or two

    /// Whether it lies over the same axis or cell.
    bool isOverSame(const BrushRegion& other) const;
    bool operator==(const BrushRegion&) const = default;
};

/// Which rows the user marks: those that were picked by hand, or those that lie in some region of every axis
/// and cell that has regions. A region ends what was picked.
class RowBrush {
public:
    RowBrush() = default;
    /// Rows picked by hand and nothing else; none: no brush.
    static RowBrush ofRows(std::vector<int> rows);

    bool isEmpty() const { return m_regions.empty() && !m_rows; }
    const std::vector<BrushRegion>& regions() const { return m_regions; }
    const std::optional<std::vector<int>>& rows() const { return m_rows; }

    void add(BrushRegion region);
    /// Takes the place of all regions over the same axis or cell.
    void replace(BrushRegion region);
    void set(std::size_t index, BrushRegion region);
    void remove(std::size_t index);
    void removeOver(const BrushRegion& same);
    /// Takes away the regions over the same axis or cell that share a point with this one.
    void removeTouching(const BrushRegion& touched);

    bool operator==(const RowBrush&) const = default;

private:
    std::vector<BrushRegion> m_regions;
    std::optional<std::vector<int>> m_rows; ///< ascending
};

/// Tells the rows of a brush. Keeps what each axis and cell says, so that moving one region looks at the
/// values of that one alone.
class BrushedRows {
public:
    void setTable(std::shared_ptr<const SampleTable> table);

    /// 1 for each row that is marked; all 0 for an empty brush. Holds until the next call.
    const std::vector<std::uint8_t>& update(const RowBrush& brush);

    /// The marked rows, ascending.
    std::vector<int> indices() const;

private:
    struct Group {
        std::vector<BrushRegion> regions; ///< over one axis or cell
        std::vector<std::uint8_t> inside;
    };
    void evaluate(Group& group) const;

    std::shared_ptr<const SampleTable> m_table;
    std::vector<Group> m_groups;
    std::vector<std::uint8_t> m_marked;
};

} // namespace headroom::widgets
