#include "widgets/powergrid/answer_bar.h"

#include <QActionGroup>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStandardItemModel>
#include <QToolButton>

#include "widgets/common/elided_label.h"
#include "widgets/common/icons.h"
#include "widgets/common/quantity_text.h"
#include "widgets/powergrid/new_sheet_dialog.h"

namespace headroom::widgets {

QString badgeText(const AnswerNote& note) {
    QStringList parts;
    const bool exact = note.answer == GridAnswer::Exact;
    QString who = exact ? AnswerBar::tr("Exact solver") : AnswerBar::tr("Network");
    if (!exact && !note.model.isEmpty()) who += QLatin1Char(' ') + note.model;
    parts << who;
    if (note.residual) parts << AnswerBar::tr("residual %1").arg(*note.residual, 0, 'g', 2);
    if (note.seconds) parts << quantityText(*note.seconds, "s", 2);
    QString text = parts.join(QStringLiteral(", "));
    if (note.maxError)
        text += AnswerBar::tr("; error against the solver %1 max").arg(quantityText(*note.maxError, "V", 2));
    return note.isStale ? AnswerBar::tr("Out of date: %1").arg(text) : text;
}

AnswerBar::AnswerBar(QWidget* parent)
    : QWidget(parent)
    , m_answer(new QComboBox(this))
    , m_icon(new QLabel(this))
    , m_badge(new ElidedLabel(this))
    , m_check(new QPushButton(tr("Chec&k"), this))
    , m_examples(new QMenu(this))
    , m_exportMenu(new QMenu(this)) {
    m_answer->setObjectName(QStringLiteral("powergridAnswer"));
    m_answer->setAccessibleName(tr("Who answers"));
    m_answer->setToolTip(tr("What works the drop out while you paint"));
    m_answer->addItem(icon(QStringLiteral("simulate")), tr("Exact solver"));
    m_answer->addItem(icon(QStringLiteral("predicted")), tr("Network"));
    m_badge->setObjectName(QStringLiteral("powergridBadge"));
    m_badge->setAccessibleName(tr("Answer on show"));
    m_icon->setFixedWidth(18);
    m_check->setObjectName(QStringLiteral("powergridCheck"));
    m_check->setToolTip(tr("Solve exactly and tell the network's error"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(6, 3, 6, 1);
    row->setSpacing(4);
    row->addWidget(m_answer);
    row->addSpacing(4);
    row->addWidget(m_icon);
    row->addWidget(m_badge, 1);
    row->addWidget(m_check);
    const auto button = [&](const char* name, const QString& iconName, const QString& text) {
        auto* made = new QToolButton(this);
        made->setObjectName(QString::fromLatin1(name));
        made->setIcon(icon(iconName));
        made->setText(text);
        made->setToolTip(text);
        made->setAccessibleName(text);
        made->setAutoRaise(true);
        made->setFocusPolicy(Qt::TabFocus);
        row->addWidget(made);
        return made;
    };
    buildNewMenu(button("powergridNew", QStringLiteral("new"), tr("New sheet")));
    auto* import = button("powergridImport", QStringLiteral("import"), tr("Import a netlist or maps"));
    m_example = button("powergridExample", QStringLiteral("open"), tr("Open an example"));
    m_example->setMenu(m_examples);
    m_example->setPopupMode(QToolButton::InstantPopup);
    m_example->setVisible(false);
    auto* write = button("powergridExport", QStringLiteral("export"), tr("Export picture or values"));
    write->setMenu(m_exportMenu);
    write->setPopupMode(QToolButton::InstantPopup);
    m_sections =
        button("powergridSectionsButton", QStringLiteral("cursors"), tr("Cross-sections through the probe"));
    m_sections->setCheckable(true);
    auto* fit = button("powergridFit", QStringLiteral("fit"), tr("Fit the sheet (F)"));
    buildImportMenu(import);
    connect(fit, &QToolButton::clicked, this, &AnswerBar::fitRequested);
    connect(m_check, &QPushButton::clicked, this, &AnswerBar::checkRequested);
    connect(m_answer, &QComboBox::activated, this, [this] {
        showBadge();
        emit answerChosen(answer());
    });
    showBadge();
}

void AnswerBar::buildNewMenu(QToolButton* button) {
    auto* menu = new QMenu(button);
    for (const int side : {64, 128, 256, 512, 1024})
        menu->addAction(tr("%1 \u00d7 %1 cells").arg(side), this,
                        [this, side] { emit newSheetRequested(QSize(side, side)); });
    menu->addSeparator();
    menu->addAction(tr("Other size\u2026"), this, &AnswerBar::askForSize)
        ->setObjectName(QStringLiteral("powergridOtherSize"));
    menu->addSeparator();
    m_properties = menu->addAction(tr("Sheet properties\u2026"), this, &AnswerBar::propertiesRequested);
    m_properties->setObjectName(QStringLiteral("powergridProperties"));
    m_properties->setEnabled(false);
    button->setMenu(menu);
    button->setPopupMode(QToolButton::InstantPopup);
}

void AnswerBar::buildImportMenu(QToolButton* button) {
    connect(button, &QToolButton::clicked, this, [this] { emit importRequested(GridFiles::Any); });
    auto* menu = new QMenu(button);
    menu->addSection(tr("Parts of a netlist that no pad supplies"));
    m_islands = new QActionGroup(menu);
    const auto choice = [&](const char* name, const QString& text) {
        QAction* action = m_islands->addAction(text);
        action->setObjectName(QString::fromLatin1(name));
        action->setCheckable(true);
        menu->addAction(action);
        return action;
    };
    choice("powergridIslandsLeftOut", tr("&Leave them out and outline them"))->setChecked(true);
    choice("powergridIslandsRefused", tr("&Refuse such netlists"));
    connect(m_islands, &QActionGroup::triggered, this, &AnswerBar::islandChoiceChanged);
    button->setMenu(menu);
    button->setPopupMode(QToolButton::MenuButtonPopup);
}

void AnswerBar::setIslandChoice(IslandChoice choice) {
    m_islands->actions()[static_cast<int>(choice)]->setChecked(true);
}

IslandChoice AnswerBar::islandChoice() const {
    return static_cast<IslandChoice>(m_islands->actions().indexOf(m_islands->checkedAction()));
}

void AnswerBar::askForSize() {
    auto* dialog = new NewSheetDialog(m_costOf, window());
    connect(dialog, &QDialog::accepted, this, [this, dialog] { emit newSheetRequested(dialog->cells()); });
    dialog->open();
}

void AnswerBar::setPropertiesAvailable(bool available) {
    m_properties->setEnabled(available);
}

void AnswerBar::setAnswer(GridAnswer answer) {
    m_answer->setCurrentIndex(static_cast<int>(answer));
    showBadge();
}

GridAnswer AnswerBar::answer() const {
    return static_cast<GridAnswer>(m_answer->currentIndex());
}

void AnswerBar::setNetworkAvailable(const QString& whyNot) {
    auto* model = qobject_cast<QStandardItemModel*>(m_answer->model());
    QStandardItem* network = model->item(static_cast<int>(GridAnswer::Network));
    network->setEnabled(whyNot.isEmpty());
    network->setToolTip(whyNot);
    if (!whyNot.isEmpty()) m_answer->setCurrentIndex(static_cast<int>(GridAnswer::Exact));
    showBadge();
}

void AnswerBar::setNote(const std::optional<AnswerNote>& note) {
    m_note = note;
    showBadge();
}

QString AnswerBar::badge() const {
    return m_badge->text();
}

void AnswerBar::showBadge() {
    const bool network = m_note && m_note->answer == GridAnswer::Network;
    const ColorRole role = !m_note || m_note->isStale ? ColorRole::Muted
                           : network                  ? ColorRole::Warning
                                                      : ColorRole::Met;
    m_icon->setVisible(m_note.has_value());
    m_icon->setPixmap(
        icon(network ? QStringLiteral("predicted") : QStringLiteral("simulate"), role).pixmap(16, 16));
    m_badge->setText(m_note ? badgeText(*m_note) : tr("No drop yet"));
    m_badge->setToolTip(m_note ? m_note->detail : QString());
    m_check->setVisible(network && !m_note->maxError);
}

void AnswerBar::setExamples(const std::vector<std::pair<QString, QString>>& examples) {
    m_examples->clear();
    for (const auto& [id, title] : examples)
        m_examples->addAction(title, this, [this, chosen = id] { emit exampleRequested(chosen); });
    m_example->setVisible(!examples.empty());
}

void AnswerBar::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) showBadge();
}

} // namespace headroom::widgets
