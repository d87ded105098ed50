#include "widgets/powergrid/compare_page.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/common/icons.h"

namespace headroom::widgets {

ComparePage::ComparePage(QWidget* parent)
    : QWidget(parent)
    , m_keep(new QPushButton(icon(QStringLiteral("keep")), tr("&Keep This Answer"), this))
    , m_scenarios(new QComboBox(this))
    , m_remove(new QToolButton(this))
    , m_split(new QCheckBox(tr("Sli&der between both"), this))
    , m_difference(new QCheckBox(tr("Show the di&fference"), this))
    , m_summary(new QLabel(this)) {
    m_keep->setObjectName(QStringLiteral("powergridKeep"));
    m_keep->setToolTip(tr("Remember the sheet and its drop as a scenario to compare with"));
    m_scenarios->setObjectName(QStringLiteral("powergridScenarios"));
    m_scenarios->setAccessibleName(tr("Compare with"));
    m_scenarios->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_scenarios->setMinimumContentsLength(8);
    m_remove->setObjectName(QStringLiteral("powergridForget"));
    m_remove->setIcon(icon(QStringLiteral("clear")));
    m_remove->setToolTip(tr("Forget this scenario"));
    m_remove->setAccessibleName(m_remove->toolTip());
    m_remove->setAutoRaise(true);
    m_split->setObjectName(QStringLiteral("powergridSplit"));
    m_difference->setObjectName(QStringLiteral("powergridDifference"));
    m_summary->setObjectName(QStringLiteral("powergridDifferenceSummary"));
    m_summary->setWordWrap(true);
    auto* row = new QHBoxLayout;
    auto* label = new QLabel(tr("&With"), this);
    label->setBuddy(m_scenarios);
    row->addWidget(label);
    row->addWidget(m_scenarios, 1);
    row->addWidget(m_remove);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_keep);
    column->addLayout(row);
    column->addWidget(m_split);
    column->addWidget(m_difference);
    column->addWidget(m_summary);
    column->addStretch(1);
    connect(m_keep, &QPushButton::clicked, this, &ComparePage::keepRequested);
    connect(m_scenarios, &QComboBox::activated, this, [this](int index) {
        enable();
        emit scenarioChosen(index - 1);
    });
    connect(m_remove, &QToolButton::clicked, this,
            [this] { emit removeRequested(m_scenarios->currentIndex() - 1); });
    connect(m_split, &QCheckBox::toggled, this, &ComparePage::splitToggled);
    connect(m_difference, &QCheckBox::toggled, this, &ComparePage::differenceToggled);
    setScenarios({}, -1);
}

void ComparePage::enable() {
    const bool any = m_scenarios->currentIndex() > 0;
    m_remove->setEnabled(any);
    m_split->setEnabled(any);
    m_difference->setEnabled(any);
}

void ComparePage::setScenarios(const QStringList& names, int chosen) {
    const QSignalBlocker quiet(m_scenarios);
    m_scenarios->clear();
    m_scenarios->addItem(names.isEmpty() ? tr("nothing kept yet") : tr("nothing"));
    m_scenarios->addItems(names);
    m_scenarios->setCurrentIndex(chosen >= 0 && chosen < names.size() ? chosen + 1 : 0);
    enable();
}

void ComparePage::setKeepable(bool keepable) {
    m_keep->setEnabled(keepable);
}

void ComparePage::setSplit(bool on) {
    const QSignalBlocker quiet(m_split);
    m_split->setChecked(on);
}

void ComparePage::setDifference(bool on) {
    const QSignalBlocker quiet(m_difference);
    m_difference->setChecked(on);
}

void ComparePage::setSummary(const QString& text) {
    m_summary->setText(text);
}

QString ComparePage::summary() const {
    return m_summary->text();
}

} // namespace headroom::widgets
