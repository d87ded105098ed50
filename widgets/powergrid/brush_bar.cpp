#include "widgets/powergrid/brush_bar.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStackedWidget>

#include <algorithm>
#include <cmath>

#include "widgets/common/quantity_text.h"

namespace headroom::widgets {
namespace {

enum Page { HintPage, BrushPage, ObjectPage };

const char* unitOf(GridObjectKind kind) {
    if (kind == GridObjectKind::Strap) return "m";
    return kind == GridObjectKind::Macro ? "A" : "V";
}

QSpinBox* percentBox(QWidget* parent, const char* name, const QString& title, const QString& tip) {
    auto* box = new QSpinBox(parent);
    box->setObjectName(QString::fromLatin1(name));
    box->setAccessibleName(title);
    box->setRange(0, 100);
    box->setSuffix(QStringLiteral(" %"));
    box->setToolTip(tip);
    return box;
}

} // namespace

QString toolHint(CanvasTool tool) {
    switch (tool) {
    case CanvasTool::Probe:
        return BrushBar::tr("Click to read values; arrow keys move the probe, Ctrl+C copies what it reads.");
    case CanvasTool::Pick:
        return BrushBar::tr("Click to take the value under the cursor for the brush.");
    case CanvasTool::Select:
        return BrushBar::tr(
            "Click or drag over objects; arrow keys move, Delete removes, Ctrl+D duplicates.");
    case CanvasTool::Round:
    case CanvasTool::Square:
        return BrushBar::tr("Drag to paint; [ and ] change the size, Alt+click takes a value, Esc gives up.");
    case CanvasTool::Line:
    case CanvasTool::Gradient:
        return BrushBar::tr("Drag from one end to the other; Shift keeps to 45\u00b0, Esc gives up.");
    case CanvasTool::Rectangle:
        return BrushBar::tr("Drag a rectangle; Shift makes it a square, Esc gives up.");
    case CanvasTool::Fill:
        return BrushBar::tr("Click to fill what hangs together and differs by less than the tolerance.");
    case CanvasTool::Pad:
        return BrushBar::tr("Click to add a pad.");
    case CanvasTool::Strap:
        return BrushBar::tr("Drag to add a strap; Shift keeps to 45\u00b0.");
    case CanvasTool::Macro:
        return BrushBar::tr("Drag to add a macro, or click to stamp one of the last size.");
    }
    return {};
}

BrushBar::BrushBar(QWidget* parent)
    : QWidget(parent)
    , m_pages(new QStackedWidget(this)) {
    setObjectName(QStringLiteral("powergridBrushBar"));
    m_hint = new QLabel(m_pages);
    m_hint->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_pages->addWidget(m_hint);
    m_pages->addWidget(buildBrush());
    m_pages->addWidget(buildObject());
    m_pages->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(6, 2, 6, 2);
    row->addWidget(m_pages);
}

QWidget* BrushBar::buildBrush() {
    auto* page = new QWidget(m_pages);
    m_mode = new QComboBox(page);
    m_mode->setObjectName(QStringLiteral("powergridMode"));
    m_mode->setAccessibleName(tr("Mode"));
    m_mode->addItem(tr("Set to"), static_cast<int>(PaintMode::Set));
    m_mode->addItem(tr("Add"), static_cast<int>(PaintMode::Add));
    m_mode->addItem(tr("Subtract"), static_cast<int>(PaintMode::Subtract));
    m_value = new QLineEdit(page);
    m_value->setObjectName(QStringLiteral("powergridValue"));
    m_value->setAccessibleName(tr("Value"));
    m_value->setToolTip(tr("Value that the brush sets, adds or subtracts"));
    m_value->setMaximumWidth(90);
    m_layer = new QLabel(page);
    m_layer->setObjectName(QStringLiteral("powergridPainted"));
    m_layer->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_size = new QDoubleSpinBox(page);
    m_size->setObjectName(QStringLiteral("powergridSize"));
    m_size->setAccessibleName(tr("Size in cells"));
    m_size->setRange(1, 4096);
    m_size->setDecimals(0);
    m_size->setSuffix(tr(" cells"));
    m_size->setToolTip(tr("Diameter or side in cells ([ and ])"));
    m_hardness = percentBox(page, "powergridHardness", tr("Hardness"), tr("How sharp the edge is"));
    m_strength = percentBox(page, "powergridStrength", tr("Strength"),
                            tr("How much of the value a stroke brings (keys 1 to 9, 0 for all)"));
    m_tolerance = percentBox(page, "powergridTolerance", tr("Tolerance"),
                             tr("How far values may lie from the one that is clicked, of the layer's range"));
    auto* row = new QHBoxLayout(page);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_mode);
    row->addWidget(m_value);
    const auto add = [&](const QString& title, QWidget* box) {
        auto* label = new QLabel(title, page);
        label->setBuddy(box);
        label->setObjectName(box->objectName() + QStringLiteral("Label"));
        row->addSpacing(4);
        row->addWidget(label);
        row->addWidget(box);
    };
    add(tr("Si&ze"), m_size);
    add(tr("&Hardness"), m_hardness);
    add(tr("S&trength"), m_strength);
    add(tr("To&lerance"), m_tolerance);
    row->addSpacing(6);
    row->addWidget(m_layer, 1);
    connect(m_value, &QLineEdit::editingFinished, this, &BrushBar::takeValue);
    connect(m_mode, &QComboBox::currentIndexChanged, this, [this] {
        m_brush.mode = static_cast<PaintMode>(m_mode->currentData().toInt());
        emit brushChanged(m_brush);
    });
    const auto take = [this](double BrushSettings::*member, double value) {
        m_brush.*member = value;
        emit brushChanged(m_brush);
    };
    connect(m_size, &QDoubleSpinBox::valueChanged, this,
            [take](double size) { take(&BrushSettings::size, size); });
    connect(m_hardness, &QSpinBox::valueChanged, this,
            [take](int share) { take(&BrushSettings::hardness, share / 100.0); });
    connect(m_strength, &QSpinBox::valueChanged, this,
            [take](int share) { take(&BrushSettings::strength, share / 100.0); });
    connect(m_tolerance, &QSpinBox::valueChanged, this,
            [take](int share) { take(&BrushSettings::tolerance, share / 100.0); });
    return page;
}

QWidget* BrushBar::buildObject() {
    auto* page = new QWidget(m_pages);
    m_objectText = new QLabel(page);
    m_objectText->setObjectName(QStringLiteral("powergridObjectText"));
    m_object = new QLineEdit(page);
    m_object->setObjectName(QStringLiteral("powergridObject"));
    m_object->setMaximumWidth(110);
    auto* row = new QHBoxLayout(page);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_objectText);
    row->addWidget(m_object);
    row->addStretch(1);
    connect(m_object, &QLineEdit::editingFinished, this, &BrushBar::takeObject);
    return page;
}

bool BrushBar::showsHint(CanvasTool tool) {
    return tool == CanvasTool::Probe || tool == CanvasTool::Pick || tool == CanvasTool::Select;
}

void BrushBar::setTool(CanvasTool tool, GridLayer painted) {
    m_editsSelected = false;
    const auto shape = brushShapeOf(tool);
    if (shape) {
        const bool sized =
            *shape == BrushShape::Round || *shape == BrushShape::Square || *shape == BrushShape::Line;
        const auto show = [this](QWidget* box, bool visible) {
            box->setVisible(visible);
            if (auto* label = findChild<QLabel*>(box->objectName() + QStringLiteral("Label")))
                label->setVisible(visible);
        };
        show(m_size, sized);
        show(m_hardness, sized);
        show(m_tolerance, *shape == BrushShape::Fill);
        m_layer->setText(tr("on %1").arg(gridLayerTitle(painted).toLower()));
        m_pages->setCurrentIndex(BrushPage);
    } else if (tool == CanvasTool::Pad) {
        showObject(GridObjectKind::Pad, m_objects.padVolts);
    } else if (tool == CanvasTool::Strap) {
        showObject(GridObjectKind::Strap, m_objects.strapWidthUm * 1e-6);
    } else if (tool == CanvasTool::Macro) {
        showObject(GridObjectKind::Macro, m_objects.macroAmperes);
    } else {
        m_hint->setText(toolHint(tool));
        m_hint->setToolTip(m_hint->text());
        m_pages->setCurrentIndex(HintPage);
    }
}

void BrushBar::showObject(GridObjectKind kind, double value) {
    m_kind = kind;
    const QString texts[] = {tr("Strap's width"), tr("Macro's current"), tr("Supply of all pads")};
    m_objectText->setText(texts[static_cast<int>(kind)]);
    m_object->setAccessibleName(m_objectText->text());
    m_object->setText(quantityText(value, unitOf(kind), 6));
    m_object->setModified(false);
    m_pages->setCurrentIndex(ObjectPage);
}

void BrushBar::setSelected(const GridObjects& selected) {
    const bool alike =
        !selected.empty() && std::all_of(selected.begin(), selected.end(), [&](const GridObject& object) {
            return object.kind == selected.front().kind;
        });
    if (!alike) {
        setTool(CanvasTool::Select, GridLayer::Density);
        return;
    }
    const GridObject& first = selected.front();
    showObject(first.kind, first.kind == GridObjectKind::Strap ? first.width * 1e-6 : first.value);
    m_editsSelected = true;
}

void BrushBar::takeObject() {
    if (!m_object->isModified()) return;
    const auto value = parsedQuantity(m_object->text(), unitOf(m_kind));
    const bool positive = value && (*value > 0 || (m_kind != GridObjectKind::Strap && *value == 0));
    if (value && std::isfinite(*value) && (positive || m_kind == GridObjectKind::Pad)) {
        const double taken = m_kind == GridObjectKind::Strap ? *value * 1e6 : *value;
        if (m_editsSelected) {
            emit selectedEdited(m_kind, taken);
        } else {
            (m_kind == GridObjectKind::Pad     ? m_objects.padVolts
             : m_kind == GridObjectKind::Strap ? m_objects.strapWidthUm
                                               : m_objects.macroAmperes) = taken;
            emit objectsChanged(m_objects);
        }
        m_object->setText(quantityText(*value, unitOf(m_kind), 6));
    } else if (!m_editsSelected) {
        setObjects(m_objects);
    }
    m_object->setModified(false);
}

void BrushBar::setObjects(const ObjectSettings& settings) {
    m_objects = settings;
    if (m_pages->currentIndex() != ObjectPage || m_editsSelected) return;
    showObject(m_kind, m_kind == GridObjectKind::Pad     ? settings.padVolts
                       : m_kind == GridObjectKind::Strap ? settings.strapWidthUm * 1e-6
                                                         : settings.macroAmperes);
}

void BrushBar::setBrush(const BrushSettings& brush, const QString& unit) {
    m_brush = brush;
    m_unit = unit;
    const QSignalBlocker blocks[] = {QSignalBlocker(m_size), QSignalBlocker(m_hardness),
                                     QSignalBlocker(m_strength), QSignalBlocker(m_tolerance),
                                     QSignalBlocker(m_mode)};
    m_size->setValue(brush.size);
    m_hardness->setValue(static_cast<int>(std::lround(100 * brush.hardness)));
    m_strength->setValue(static_cast<int>(std::lround(100 * brush.strength)));
    m_tolerance->setValue(static_cast<int>(std::lround(100 * brush.tolerance)));
    m_mode->setCurrentIndex(m_mode->findData(static_cast<int>(brush.mode)));
    m_value->setText(quantityText(brush.value, unit.toUtf8(), 4));
    m_value->setModified(false);
}

void BrushBar::takeValue() {
    if (!m_value->isModified()) return;
    const auto value = parsedQuantity(m_value->text(), m_unit.toUtf8());
    if (value && std::isfinite(*value)) {
        m_brush.value = *value;
        emit brushChanged(m_brush);
    }
    setBrush(m_brush, m_unit);
}

} // namespace headroom::widgets
