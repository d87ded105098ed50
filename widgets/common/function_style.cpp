#include "widgets/common/function_style.h"

#include <QCoreApplication>
#include <QIconEngine>
#include <QPainter>

#include "widgets/common/theme.h"

namespace headroom::widgets {
namespace {

using structure::Function;
using structure::Stage;

struct FunctionLook {
    Function function;
    const char* title;
    const char* code;
    QRgb color;
    Qt::BrushStyle hatch;
};

constexpr FunctionLook kLooks[] = {
    {Function::Transconductance, QT_TRANSLATE_NOOP("Function", "Transconductance"), "gm", 0xff0072b2,
     Qt::SolidPattern},
    {Function::Load, QT_TRANSLATE_NOOP("Function", "Load"), "L", 0xffe69f00, Qt::BDiagPattern},
    {Function::Bias, QT_TRANSLATE_NOOP("Function", "Bias"), "B", 0xff009e73, Qt::FDiagPattern},
    {Function::Compensation, QT_TRANSLATE_NOOP("Function", "Compensation"), "Cc", 0xffcc79a7,
     Qt::CrossPattern},
    {Function::LoadCapacitance, QT_TRANSLATE_NOOP("Function", "Load capacitance"), "CL", 0xff56b4e9,
     Qt::HorPattern},
    {Function::CommonModeFeedback, QT_TRANSLATE_NOOP("Function", "Common-mode feedback"), "CM", 0xffd8c52c,
     Qt::VerPattern},
    {Function::PositiveFeedback, QT_TRANSLATE_NOOP("Function", "Positive feedback"), "+F", 0xffd55e00,
     Qt::DiagCrossPattern},
    {Function::Auxiliary, QT_TRANSLATE_NOOP("Function", "Auxiliary"), "A", 0xff8c96a3, Qt::Dense5Pattern},
    {Function::Unexplained, QT_TRANSLATE_NOOP("Function", "Unexplained"), "?", 0xffc0c6ce, Qt::Dense6Pattern},
};

const FunctionLook& lookOf(Function function) {
    for (const FunctionLook& look : kLooks) {
        if (look.function == function) return look;
    }
    return kLooks[std::size(kLooks) - 1];
}

/// Paints the swatch with the colours of the moment, so that icons follow the theme.
class SwatchEngine final : public QIconEngine {
public:
    explicit SwatchEngine(Function function)
        : m_function(function) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        const QColor fill = functionColor(m_function);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const bool unexplained = m_function == Function::Unexplained;
        painter->setPen(QPen(Theme::instance().color(ColorRole::PlotAxis), 1,
                             unexplained ? Qt::DashLine : Qt::SolidLine));
        painter->setBrush(mode == QIcon::Disabled ? Theme::mixed(fill, Qt::gray, 0.6) : fill);
        const QRectF box = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5);
        painter->drawRoundedRect(box, rect.height() * 0.18, rect.height() * 0.18);
        QFont font = painter->font();
        font.setPixelSize(std::max(6, rect.height() * 7 / 10));
        font.setBold(true);
        painter->setFont(font);
        painter->setPen(qGray(fill.rgb()) > 128 ? QColor(0x10, 0x12, 0x15) : QColor(Qt::white));
        painter->drawText(box, Qt::AlignCenter, functionCode(m_function));
        painter->restore();
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return pixmap;
    }

    QIconEngine* clone() const override { return new SwatchEngine(m_function); }

private:
    Function m_function;
};

} // namespace

QString functionTitle(Function function) {
    return QCoreApplication::translate("Function", lookOf(function).title);
}

QString functionCode(Function function) {
    return QString::fromLatin1(lookOf(function).code);
}

QString stageTitle(Stage stage) {
    switch (stage) {
    case Stage::None:
        return {};
    case Stage::First:
        return QCoreApplication::translate("Stage", "First stage");
    case Stage::Second:
        return QCoreApplication::translate("Stage", "Second stage");
    case Stage::Third:
        return QCoreApplication::translate("Stage", "Third stage");
    case Stage::Feedback:
        return QCoreApplication::translate("Stage", "Feedback stage");
    case Stage::Bias:
        return QCoreApplication::translate("Stage", "Bias stage");
    }
    return {};
}

QColor functionColor(Function function) {
    return QColor::fromRgb(lookOf(function).color);
}

QBrush functionBrush(Function function) {
    return {functionColor(function), lookOf(function).hatch};
}

QIcon functionIcon(Function function) {
    return QIcon(new SwatchEngine(function));
}

} // namespace headroom::widgets
