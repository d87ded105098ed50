#include <QApplication>
#include <QPalette>
#include <QSet>
#include <QSignalSpy>
#include <QStyle>
#include <QtTest>

#include <cmath>

#include "widgets/common/function_style.h"
#include "widgets/common/icons.h"
#include "widgets/common/theme.h"

namespace headroom::widgets {
namespace {

double linear(int channel) {
    const double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

/// Contrast of the Web Content Accessibility Guidelines, 1 to 21.
double contrast(const QColor& a, const QColor& b) {
    const auto luminance = [](const QColor& color) {
        return 0.2126 * linear(color.red()) + 0.7152 * linear(color.green()) + 0.0722 * linear(color.blue());
    };
    const double first = luminance(a), second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

/// The colour as someone without green cones sees it, roughly (Vienot, Brettel and Mollon 1999).
QColor withoutGreenCones(const QColor& color) {
    const double red = linear(color.red()), green = linear(color.green()), blue = linear(color.blue());
    const auto channel = [](double value) {
        return static_cast<int>(std::lround(std::pow(std::clamp(value, 0.0, 1.0), 1 / 2.2) * 255));
    };
    const int yellow = channel(0.29275 * red + 0.70725 * green);
    return {yellow, yellow, channel(-0.02234 * red + 0.02234 * green + blue)};
}

double distance(const QColor& a, const QColor& b) {
    return std::hypot(std::hypot(a.red() - b.red(), a.green() - b.green()), a.blue() - b.blue());
}

const structure::Function kFunctions[] = {
    structure::Function::Transconductance,
    structure::Function::Load,
    structure::Function::Bias,
    structure::Function::Compensation,
    structure::Function::LoadCapacitance,
    structure::Function::CommonModeFeedback,
    structure::Function::PositiveFeedback,
    structure::Function::Auxiliary,
    structure::Function::Unexplained,
};

} // namespace

class ThemeTest final : public QObject {
    Q_OBJECT

private slots:
    void appliesPaletteAndStyleToTheApplication() {
        QSignalSpy changed(&Theme::instance(), &Theme::changed);
        Theme::instance().apply(Appearance::Dark);
        QVERIFY(Theme::instance().isDark());
        QVERIFY(QApplication::palette().color(QPalette::Base).lightness() < 80);
        QCOMPARE(QApplication::style()->name(), QStringLiteral("fusion"));
        Theme::instance().apply(Appearance::Light);
        QVERIFY(!Theme::instance().isDark());
        QVERIFY(QApplication::palette().color(QPalette::Base).lightness() > 200);
        QCOMPARE(changed.count(), 2);
    }

    void textIsLegibleInBothThemes() {
        using enum ColorRole;
        for (const Appearance appearance : {Appearance::Light, Appearance::Dark}) {
            Theme::instance().apply(appearance);
            const QColor base = QApplication::palette().color(QPalette::Base);
            QVERIFY(contrast(QApplication::palette().color(QPalette::Text), base) > 7);
            for (const ColorRole role :
                 {Met, NearlyMet, Failed, Note, Warning, Error, SyntaxComment, SyntaxKeyword, SyntaxDevice,
                  SyntaxNumber, SyntaxParameter, SyntaxString, Muted, PlotAxis}) {
                const double ratio = contrast(Theme::instance().color(role), base);
                QVERIFY2(ratio >= 4.2,
                         qPrintable(QStringLiteral("role %1: %2").arg(static_cast<int>(role)).arg(ratio)));
            }
            const QColor plot = Theme::instance().color(PlotBackground);
            for (const ColorRole role : {Simulated, Brushed, GroundTruth, Target, Chosen}) {
                QVERIFY2(contrast(Theme::instance().color(role), plot) >= 1.9,
                         qPrintable(QString::number(static_cast<int>(role))));
            }
        }
    }

    void functionsAreToldApartWithAndWithoutColour() {
        QSet<QString> codes, titles;
        for (const auto function : kFunctions) {
            codes.insert(functionCode(function));
            titles.insert(functionTitle(function));
        }
        QCOMPARE(codes.size(), static_cast<qsizetype>(std::size(kFunctions)));
        QCOMPARE(titles.size(), static_cast<qsizetype>(std::size(kFunctions)));
        // The three that every amplifier has stay apart for those who see no green.
        const QColor gm = functionColor(structure::Function::Transconductance);
        const QColor load = functionColor(structure::Function::Load);
        const QColor bias = functionColor(structure::Function::Bias);
        for (const auto& [a, b] : {std::pair{gm, load}, {gm, bias}, {load, bias}}) {
            QVERIFY(distance(withoutGreenCones(a), withoutGreenCones(b)) > 60);
        }
        QVERIFY(functionBrush(structure::Function::Load).style() !=
                functionBrush(structure::Function::Bias).style());
    }

    void everyIconIsDrawnInTheColourOfTheTheme() {
        const QStringList names = iconNames();
        QVERIFY(names.size() > 30);
        for (const Appearance appearance : {Appearance::Light, Appearance::Dark}) {
            Theme::instance().apply(appearance);
            for (const QString& name : names) {
                const QImage image =
                    icon(name).pixmap(32, 32).toImage().convertToFormat(QImage::Format_ARGB32);
                int drawn = 0;
                for (int y = 0; y < image.height(); ++y) {
                    for (int x = 0; x < image.width(); ++x) {
                        const QColor pixel = image.pixelColor(x, y);
                        if (pixel.alpha() < 250) continue;
                        ++drawn;
                        QVERIFY2(appearance == Appearance::Dark ? pixel.lightness() > 150
                                                                : pixel.lightness() < 100,
                                 qPrintable(name));
                    }
                }
                QVERIFY2(drawn > 10, qPrintable(name));
            }
        }
        QVERIFY(icon(QStringLiteral("no such icon")).isNull());
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::ThemeTest)
#include "theme_test.moc"
