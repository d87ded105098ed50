#pragma once

#include <QDialog>
#include <QVariantMap>

#include <cstddef>
#include <vector>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QSpinBox;

namespace headroom::widgets {

/// What a comparison of generators runs over.
struct StudyWishes {
    QStringList methods{QStringLiteral("noise"), QStringLiteral("smote"), QStringLiteral("copula"),
                        QStringLiteral("ddpm")};
    QStringList refined{QStringLiteral("copula")}; ///< that come once more with targets by a Gaussian process
    std::vector<std::size_t> sizes{100, 250, 500, 1000};
    int repeats = 3;
    int synthetic = 1000;
    int seed = 1;

    QVariantMap state() const;
    static StudyWishes fromState(const QVariantMap& state);
};

/// Asks which generators are compared, on how many real rows, how often.
class StudyDialog final : public QDialog {
    Q_OBJECT

public:
    /// @param known rows that there are to learn from
    StudyDialog(const StudyWishes& wishes, std::size_t known, QWidget* parent = nullptr);

    StudyWishes wishes() const;

private:
    std::vector<std::size_t> sizes() const;
    void check();

    std::size_t m_known;
    QListWidget* m_methods;
    QLineEdit* m_sizes;
    QSpinBox *m_repeats, *m_synthetic, *m_seed;
    QLabel* m_note;
    QPushButton* m_start;
};

} // namespace headroom::widgets
