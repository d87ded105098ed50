#pragma once

#include <QVariantMap>
#include <QWidget>

#include <vector>

#include "core/delay/generator_choice.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QPushButton;
class QSpinBox;

namespace headroom::widgets {

/// How synthetic rows are made.
struct GeneratorWishes {
    QString method = QStringLiteral("ddpm"); ///< of delay::generatorMethods()
    delay::GeneratorOptions options;
    int count = 1000;
    int seed = 1;
};

/// The generator and what may be set of it; each method shows what concerns it.
class GeneratorForm final : public QWidget {
    Q_OBJECT

public:
    explicit GeneratorForm(QWidget* parent = nullptr);

    GeneratorWishes wishes() const;
    /// Emits nothing.
    void setWishes(const GeneratorWishes& wishes);
    /// @param why not; empty: it can be made
    void setMakeable(const QString& why);

    QVariantMap state() const;
    void restoreState(const QVariantMap& state);

signals:
    void edited();
    void makeRequested();

private:
    void showMethod();

    QComboBox* m_method;
    QSpinBox *m_count, *m_seed, *m_epochs, *m_steps, *m_neighbours;
    QDoubleSpinBox *m_firstBeta, *m_lastBeta, *m_noise;
    QCheckBox* m_refined;
    QFormLayout* m_form;
    QPushButton* m_make;
    QString m_whyNot;
};

} // namespace headroom::widgets
