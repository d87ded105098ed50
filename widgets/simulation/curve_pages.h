#pragma once

#include <QWidget>

#include <memory>

#include "widgets/simulation/simulation_data.h"

class QCheckBox;
class QLabel;
class QStackedLayout;

namespace headroom::widgets {

class CurvePlots;

/// A page of plots, or the sentence why there are none.
class CurvePage : public QWidget {
    Q_OBJECT

public:
    explicit CurvePage(QWidget* parent = nullptr);

    void setData(const SimulationData& data);
    virtual void setCursorsVisible(bool on) = 0;

signals:
    void exportRequested(const QByteArray& contents, const QString& suggestedFileName);
    void settingsChanged();

protected:
    void setContent(QWidget* content);
    /// @return whether there is something to show; else @p sentence says why not
    virtual bool show(const SimulationData& data, QString* sentence) = 0;

private:
    QLabel* m_sentence;
    QStackedLayout* m_stack;
};

/// Gain, phase and, where wanted, input noise density over frequency.
class FrequencyPage final : public CurvePage {
    Q_OBJECT

public:
    explicit FrequencyPage(QWidget* parent = nullptr);

    void setCursorsVisible(bool on) override;
    bool noiseVisible() const;
    void setNoiseVisible(bool on);
    CurvePlots& plots() const { return *m_plots; }

protected:
    bool show(const SimulationData& data, QString* sentence) override;

private:
    void fillGain(const simulation::FrequencyResponse& response);
    void fillNoise();

    std::shared_ptr<const simulation::Evaluation> m_evaluation;
    CurvePlots* m_plots;
    QLabel* m_summary;
    QCheckBox* m_noise;
};

/// The answers to a rising and a falling step.
class StepPage final : public CurvePage {
    Q_OBJECT

public:
    explicit StepPage(QWidget* parent = nullptr);

    void setCursorsVisible(bool on) override;
    CurvePlots& plots() const { return *m_plots; }

protected:
    bool show(const SimulationData& data, QString* sentence) override;

private:
    QString fill(int index, const QString& title, const std::optional<simulation::StepResponse>& response);

    CurvePlots* m_plots;
    QLabel* m_summary;
};

/// How far the nearest MOSFET is from leaving saturation, over common-mode input and output level.
class RangePage final : public CurvePage {
    Q_OBJECT

public:
    explicit RangePage(QWidget* parent = nullptr);

    void setCursorsVisible(bool on) override;

protected:
    bool show(const SimulationData& data, QString* sentence) override;

private:
    struct Range {
        QString title, symbol; ///< of the axis
        QString low, high;     ///< names of the limits
        simulation::RangeSweep curve;
        std::optional<double> from, to, nominal; ///< V
    };
    void fill(CurvePlots& plots, const Range& range);

    CurvePlots* m_input;
    CurvePlots* m_output;
};

} // namespace headroom::widgets
