#include "widgets/powergrid/colour_page.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPixmap>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <cmath>

#include "widgets/common/quantity_text.h"
#include "widgets/common/theme.h"

namespace headroom::widgets {
namespace {

QIcon swatch(ColourMap map) {
    QImage strip(48, 14, QImage::Format_RGB32);
    for (int x = 0; x < strip.width(); ++x)
        for (int y = 0; y < strip.height(); ++y)
            strip.setPixel(
                x, y, coloursOf(map)[static_cast<std::size_t>(x * (kColours - 1) / (strip.width() - 1))]);
    return QIcon(QPixmap::fromImage(strip));
}

} // namespace

ColourPage::ColourPage(QWidget* parent)
    : QWidget(parent)
    , m_title(new QLabel(this))
    , m_map(new QComboBox(this))
    , m_logarithmic(new QCheckBox(tr("Lo&garithmic"), this))
    , m_fitted(new QCheckBox(tr("Fit to the &values"), this))
    , m_low(new QLineEdit(this))
    , m_high(new QLineEdit(this))
    , m_smooth(new QCheckBox(tr("S&mooth between cells"), this)) {
    m_title->setObjectName(QStringLiteral("powergridRangeTitle"));
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    QFont bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_map->setObjectName(QStringLiteral("powergridColours"));
    m_map->setAccessibleName(tr("Colours"));
    m_map->setIconSize(QSize(48, 14));
    fillMaps();
    m_logarithmic->setObjectName(QStringLiteral("powergridLogarithmic"));
    m_logarithmic->setToolTip(tr("Values that are not positive take the lowest colour"));
    m_fitted->setObjectName(QStringLiteral("powergridFitted"));
    m_low->setObjectName(QStringLiteral("powergridLow"));
    m_low->setAccessibleName(tr("Lowest value"));
    m_high->setObjectName(QStringLiteral("powergridHigh"));
    m_high->setAccessibleName(tr("Highest value"));
    m_smooth->setObjectName(QStringLiteral("powergridSmooth"));
    auto* form = new QFormLayout;
    form->addRow(tr("&Colours"), m_map);
    form->addRow(QString(), m_fitted);
    form->addRow(tr("H&ighest"), m_high);
    form->addRow(tr("Lo&west"), m_low);
    form->addRow(QString(), m_logarithmic);
    form->addRow(QString(), m_smooth);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_title);
    column->addLayout(form);
    column->addStretch(1);
    connect(m_map, &QComboBox::activated, this, [this] {
        m_settings.map = static_cast<ColourMap>(m_map->currentData().toInt());
        emit displayChanged(m_settings);
    });
    connect(m_logarithmic, &QCheckBox::toggled, this, [this](bool on) {
        m_settings.logarithmic = on;
        emit displayChanged(m_settings);
    });
    connect(m_fitted, &QCheckBox::toggled, this, [this](bool on) {
        m_settings.fitted = on;
        if (!on) { // what is on show now is what stays
            m_settings.low = m_scale.low;
            m_settings.high = m_scale.high;
        }
        showEnds();
        emit displayChanged(m_settings);
    });
    for (QLineEdit* end : {m_low, m_high})
        connect(end, &QLineEdit::editingFinished, this, &ColourPage::takeEnds);
    connect(m_smooth, &QCheckBox::toggled, this, &ColourPage::smoothChanged);
}

void ColourPage::fillMaps() {
    for (const ColourMap map : kColourMaps)
        m_map->addItem(swatch(map), colourMapTitle(map), static_cast<int>(map));
}

void ColourPage::setDisplay(const QString& layer, const DisplaySettings& settings, const ColourScale& scale,
                            const QString& unit, bool isSigned) {
    m_settings = settings;
    m_scale = scale;
    m_unit = unit;
    const QSignalBlocker map(m_map), logarithmic(m_logarithmic), fitted(m_fitted);
    m_title->setText(layer);
    m_map->setCurrentIndex(m_map->findData(static_cast<int>(settings.map)));
    m_logarithmic->setChecked(settings.logarithmic && !isSigned);
    m_logarithmic->setEnabled(!isSigned);
    m_fitted->setChecked(settings.fitted);
    showEnds();
}

void ColourPage::showEnds() {
    for (QLineEdit* end : {m_low, m_high}) {
        end->setEnabled(!m_settings.fitted);
        if (end->hasFocus() && end->isModified()) continue; // the user is typing
        const double value = end == m_low ? (m_settings.fitted ? m_scale.low : m_settings.low)
                                          : (m_settings.fitted ? m_scale.high : m_settings.high);
        end->setText(quantityText(value, m_unit.toUtf8(), 4));
        end->setModified(false);
    }
}

void ColourPage::takeEnds() {
    if (!m_low->isModified() && !m_high->isModified()) return;
    const auto low = parsedQuantity(m_low->text(), m_unit.toUtf8());
    const auto high = parsedQuantity(m_high->text(), m_unit.toUtf8());
    const bool changed = (m_low->isModified() && low) || (m_high->isModified() && high);
    if (m_low->isModified() && low && std::isfinite(*low)) m_settings.low = *low;
    if (m_high->isModified() && high && std::isfinite(*high)) m_settings.high = *high;
    m_low->setModified(false);
    m_high->setModified(false);
    showEnds();
    if (changed) emit displayChanged(m_settings);
}

void ColourPage::setSmooth(bool smooth) {
    const QSignalBlocker quiet(m_smooth);
    m_smooth->setChecked(smooth);
}

void ColourPage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        QFont bold = font();
        bold.setBold(true);
        m_title->setFont(bold);
    }
}

LimitBar::LimitBar(QWidget* parent)
    : QWidget(parent)
    , m_on(new QCheckBox(tr("Lim&it"), this))
    , m_percent(new QDoubleSpinBox(this))
    , m_result(new QLabel(this)) {
    m_on->setObjectName(QStringLiteral("powergridLimitOn"));
    m_on->setChecked(true);
    m_on->setToolTip(tr("Contour of the drop where it reaches the limit"));
    m_percent->setObjectName(QStringLiteral("powergridLimit"));
    m_percent->setAccessibleName(tr("Limit in per cent of the supply"));
    m_percent->setRange(0.01, 100);
    m_percent->setDecimals(2);
    m_percent->setSingleStep(0.5);
    m_percent->setValue(5);
    m_percent->setSuffix(tr(" % of VDD"));
    m_percent->setKeyboardTracking(false);
    m_result->setObjectName(QStringLiteral("powergridArea"));
    m_result->setWordWrap(true);
    m_result->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_on);
    row->addWidget(m_percent, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(row);
    column->addWidget(m_result);
    connect(m_on, &QCheckBox::toggled, this, [this](bool on) {
        m_percent->setEnabled(on);
        emit changed();
    });
    connect(m_percent, &QDoubleSpinBox::valueChanged, this, &LimitBar::changed);
}

void LimitBar::setPercent(double percent) {
    const QSignalBlocker quiet(m_percent);
    m_percent->setValue(percent);
}

double LimitBar::percent() const {
    return m_percent->value();
}

bool LimitBar::isOn() const {
    return m_on->isChecked();
}

void LimitBar::setOn(bool on) {
    const QSignalBlocker quiet(m_on);
    m_on->setChecked(on);
    m_percent->setEnabled(on);
}

void LimitBar::setResult(const QString& text) {
    m_result->setText(text);
}

QString LimitBar::result() const {
    return m_result->text();
}

} // namespace headroom::widgets
