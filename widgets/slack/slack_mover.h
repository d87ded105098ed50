#pragma once

#include <QWidget>

#include <memory>

#include "widgets/slack/slack_data.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QSlider;
class QTableWidget;
class QTimer;

namespace headroom::widgets {

/// Moves one size by a slider or a typed value; shows what the others and the performances become: as
/// predicted while it moves, as simulated once it rests.
class SlackMover final : public QWidget {
    Q_OBJECT

public:
    explicit SlackMover(QWidget* parent = nullptr);

    /// The size to move; null: none. Emits nothing.
    void setRow(std::shared_ptr<const SlackData> data, int row);
    int row() const { return m_row; }

    /// What the application found for movedTo(); null: the sizing itself. Moves the slider there.
    void setMoved(std::shared_ptr<const MovedSizing> moved);

signals:
    /// The slider moves: what follows is wanted at once.
    void moveRequested(int row, double value);
    /// It rests: the sizing on show is to be simulated.
    void settled();
    /// Back to the sizing itself.
    void resetRequested();
    /// The sizing on show is to go into the netlist.
    void useRequested();

private:
    double valueAt(int position) const;
    int positionOf(double value) const;
    void typed();
    void showPerformances();
    void showValue(double value);

    std::shared_ptr<const SlackData> m_data;
    std::shared_ptr<const MovedSizing> m_moved;
    int m_row = -1;
    QLabel* m_title;
    QSlider* m_slider;
    QLineEdit* m_value;
    QLabel* m_low;
    QLabel* m_high;
    QLabel* m_state;
    QTableWidget* m_performances;
    QPushButton* m_reset;
    QPushButton* m_use;
    QTimer* m_rest;
};

} // namespace headroom::widgets
