#pragma once

#include <QWidget>

#include <memory>

#include "widgets/delay/delay_data.h"

class QComboBox;
class QLabel;
class QPushButton;
class QTableWidget;

namespace headroom::widgets {

class PlotView;

/// What synthetic rows are worth: the verdict in sentences, scores of all judges, their errors on the rows
/// held out, and how they go down with the number of real rows.
class VerdictPage final : public QWidget {
    Q_OBJECT

public:
    explicit VerdictPage(QWidget* parent = nullptr);

    /// Null: nothing has been judged, and @p sentence says what to do.
    void setJudgement(std::shared_ptr<const JudgementData> data, const QString& sentence = {});
    /// @param judge, compare why it cannot be done; empty: it can
    void setPossible(const QString& judge, const QString& compare);

signals:
    void judgeRequested();
    void compareRequested();
    void exportRequested(const QByteArray& contents, const QString& suggestedFileName);

private:
    void fillTable();
    void showErrors();
    void showSizes();

    std::shared_ptr<const JudgementData> m_data;
    QLabel* m_sentences;
    QPushButton *m_judge, *m_compare;
    QTableWidget* m_table;
    QComboBox* m_size;
    QWidget* m_results;
    PlotView *m_errors, *m_sizes;
};

} // namespace headroom::widgets
