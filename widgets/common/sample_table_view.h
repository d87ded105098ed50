#pragma once

#include <QWidget>

#include <functional>

class QAbstractTableModel;
class QHBoxLayout;
class QTableView;

namespace headroom::widgets {

/// A table of figures with the bar above it: copy, export as CSV, columns to hide. What else the bar holds is
/// the owner's.
class SampleTableView final : public QWidget {
    Q_OBJECT

public:
    /// @param name object name of the table @param fileName suggested for its export
    SampleTableView(const QString& name, const QString& title, QAbstractTableModel* model,
                    const QString& fileName, QWidget* parent = nullptr);

    QTableView* view() const { return m_view; }
    /// Where widgets can be put at the left of the bar.
    QHBoxLayout* bar() const { return m_bar; }

    /// Fills the model as soon as the table can be seen: a hidden one costs nothing.
    void refresh(std::function<void()> fill);

signals:
    void exportRequested(const QByteArray& contents, const QString& suggestedFileName);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void fillPending();

    QTableView* m_view;
    QHBoxLayout* m_bar;
    std::function<void()> m_pending;
    int m_fittedColumns = 0;
};

} // namespace headroom::widgets
