#pragma once

#include <QPlainTextEdit>
#include <QTimer>

#include <map>
#include <utility>
#include <vector>

#include "core/netlist/netlist.h"

namespace headroom::widgets {

/// Read-only netlist text with line numbers and colours. Long files stay fluid: text arrives in slices
/// between events, and only lines on screen are coloured.
class NetlistEdit final : public QPlainTextEdit {
    Q_OBJECT

public:
    /// First and last line, 1-based.
    using LineRange = std::pair<int, int>;

    explicit NetlistEdit(QWidget* parent = nullptr);

    void setSource(const QString& text, netlist::Dialect dialect);
    bool isComplete() const { return m_shown >= m_text.size(); }
    int lineCount() const { return m_lineCount; }

    /// Puts the cursor on a line and shows it in the middle; a line that is not there yet is shown when it
    /// arrives. Does not emit lineActivated().
    void goToLine(int line);

    /// Background of the lines of selected devices.
    void setMarkedLines(std::vector<LineRange> ranges);
    const std::vector<LineRange>& markedLines() const { return m_marked; }

    /// Dots beside the line numbers.
    void setFindings(std::map<int, netlist::Severity> byLine);

    int gutterWidth() const;
    void paintGutter(QPaintEvent* event, QWidget* gutter);

signals:
    /// The user put the cursor on this line (1-based).
    void lineActivated(int line);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;

private:
    void appendSlice();
    void layOutGutter();
    void colourVisibleLines();
    void showMarks();
    void tellLine();

    QWidget* m_gutter;
    QTimer m_slices;
    QString m_text;
    qsizetype m_shown = 0; ///< characters of m_text that the document has
    bool m_colouring = false;
    int m_lineCount = 0;
    int m_pendingLine = 0;
    int m_toldLine = 0;
    int m_palette = 0; ///< counts palette changes; lines coloured under an older one are coloured again
    netlist::Dialect m_dialect = netlist::Dialect::Spice;
    std::vector<LineRange> m_marked;
    std::map<int, netlist::Severity> m_findings;
};

} // namespace headroom::widgets
