#include "widgets/powergrid/new_sheet_dialog.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>

namespace headroom::widgets {
namespace {

constexpr int kLeast = 2, kMost = 100000, kUsual = 256;

}

NewSheetDialog::NewSheetDialog(SheetCostOf costOf, QWidget* parent)
    : QDialog(parent)
    , m_costOf(std::move(costOf))
    , m_cost(new QLabel(this))
    , m_buttons(new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this)) {
    setObjectName(QStringLiteral("powergridSizeDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("New Sheet"));
    auto* form = new QFormLayout(this);
    const auto box = [&](const QString& name, const QString& title) {
        auto* made = new QSpinBox(this);
        made->setObjectName(name);
        made->setRange(kLeast, kMost);
        made->setValue(kUsual);
        made->setSuffix(tr(" cells"));
        made->setGroupSeparatorShown(true);
        form->addRow(title, made);
        connect(made, &QSpinBox::valueChanged, this, &NewSheetDialog::showCost);
        return made;
    };
    m_width = box(QStringLiteral("powergridSheetWidth"), tr("&Width"));
    m_height = box(QStringLiteral("powergridSheetHeight"), tr("&Height"));
    m_cost->setObjectName(QStringLiteral("powergridSheetCost"));
    m_cost->setWordWrap(true);
    // Room for the longer of what it says, so that the dialog does not jump while a size is typed.
    m_cost->setMinimumHeight(3 * fontMetrics().lineSpacing());
    m_cost->setMinimumWidth(40 * fontMetrics().averageCharWidth());
    m_cost->setAlignment(Qt::AlignTop);
    m_cost->setVisible(static_cast<bool>(m_costOf));
    form->addRow(m_cost);
    form->addRow(m_buttons);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    showCost();
}

QSize NewSheetDialog::cells() const {
    return {m_width->value(), m_height->value()};
}

void NewSheetDialog::showCost() {
    if (!m_costOf || m_width == nullptr || m_height == nullptr) return;
    const SheetCost cost = m_costOf(cells());
    m_cost->setText(cost.text);
    m_buttons->button(QDialogButtonBox::Ok)->setEnabled(!cost.isTooMuch);
}

} // namespace headroom::widgets
