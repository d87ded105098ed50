#include "widgets/common/theme.h"

#include <QApplication>
#include <QPalette>
#include <QStyle>
#include <QStyleFactory>

namespace headroom::widgets {
namespace {

struct PaletteColors {
    QRgb window, base, alternate, text, button, bright, highlight, highlightedText, link, placeholder,
        disabled, toolTip, mid, dark;
};

constexpr PaletteColors kLight{0xfff2f3f5, 0xffffffff, 0xfff6f7f9, 0xff1b1f24, 0xffe8eaed,
                               0xffffffff, 0xff1c6bb0, 0xffffffff, 0xff0b5fa5, 0xff6a7380,
                               0xff9299a3, 0xfffffbe6, 0xffc3c8cf, 0xff9aa1ab};
constexpr PaletteColors kDark{0xff24272c, 0xff1a1d21, 0xff202429, 0xffe4e7eb, 0xff32373e,
                              0xffffffff, 0xff2d73b5, 0xffffffff, 0xff6cb2f0, 0xff8d96a1,
                              0xff6f7782, 0xff3a4048, 0xff454b54, 0xff15171a};

QPalette paletteOf(const PaletteColors& colors) {
    QPalette palette;
    palette.setColor(QPalette::Window, colors.window);
    palette.setColor(QPalette::WindowText, colors.text);
    palette.setColor(QPalette::Base, colors.base);
    palette.setColor(QPalette::AlternateBase, colors.alternate);
    palette.setColor(QPalette::Text, colors.text);
    palette.setColor(QPalette::Button, colors.button);
    palette.setColor(QPalette::ButtonText, colors.text);
    palette.setColor(QPalette::BrightText, colors.bright);
    palette.setColor(QPalette::Highlight, colors.highlight);
    palette.setColor(QPalette::HighlightedText, colors.highlightedText);
    palette.setColor(QPalette::Link, colors.link);
    palette.setColor(QPalette::LinkVisited, colors.link);
    palette.setColor(QPalette::PlaceholderText, colors.placeholder);
    palette.setColor(QPalette::ToolTipBase, colors.toolTip);
    palette.setColor(QPalette::ToolTipText, colors.text);
    palette.setColor(QPalette::Light, QColor(colors.button).lighter(115));
    palette.setColor(QPalette::Midlight, QColor(colors.button).lighter(107));
    palette.setColor(QPalette::Mid, colors.mid);
    palette.setColor(QPalette::Dark, colors.dark);
    palette.setColor(QPalette::Shadow, 0xff000000);
    for (const auto role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText}) {
        palette.setColor(QPalette::Disabled, role, colors.disabled);
    }
    palette.setColor(QPalette::Disabled, QPalette::Highlight, colors.mid);
    return palette;
}

struct RoleColors {
    ColorRole role;
    QRgb light, dark;
};

constexpr RoleColors kRoleColors[] = {
    {ColorRole::PlotBackground, 0xffffffff, 0xff1a1d21},
    {ColorRole::PlotGrid, 0xffe3e6ea, 0xff30353c},
    {ColorRole::PlotAxis, 0xff4a525c, 0xffa9b2bd},
    {ColorRole::Simulated, 0xff7fb3d9, 0xff3f7fae},
    {ColorRole::Curve, 0xff2b6ca3, 0xff6cb2f0},
    {ColorRole::Predicted, 0xffb79ad0, 0xff8f74ad},
    {ColorRole::Brushed, 0xffe69f00, 0xfff0b429},
    {ColorRole::Chosen, 0xff1b1f24, 0xffffffff},
    {ColorRole::GroundTruth, 0xffd3202a, 0xffff5a5f},
    {ColorRole::Target, 0xff00695c, 0xff5fd6c0},
    {ColorRole::Met, 0xff00785a, 0xff35c497},
    {ColorRole::NearlyMet, 0xffa66a00, 0xfff0b429},
    {ColorRole::Failed, 0xffc1440e, 0xffff8357},
    {ColorRole::Note, 0xff1c6bb0, 0xff6cb2f0},
    {ColorRole::Warning, 0xffa66a00, 0xfff0b429},
    {ColorRole::Error, 0xffc3242c, 0xffff7378},
    {ColorRole::SyntaxComment, 0xff6a7380, 0xff8d96a1},
    {ColorRole::SyntaxKeyword, 0xff8a2a8a, 0xffdc9be6},
    {ColorRole::SyntaxDevice, 0xff0b5fa5, 0xff7cbcf5},
    {ColorRole::SyntaxNumber, 0xff9a4a00, 0xfff2b27a},
    {ColorRole::SyntaxParameter, 0xff00695c, 0xff74d3c2},
    {ColorRole::SyntaxString, 0xff4f6a00, 0xffb9d66a},
    {ColorRole::LineNumber, 0xff7b8490, 0xff78818c},
    {ColorRole::CurrentLine, 0xffeef3f8, 0xff242a31},
    {ColorRole::SelectedDevice, 0xffffe8b0, 0xff4d4220},
    {ColorRole::Muted, 0xff5d6672, 0xff9aa3ae},
};

} // namespace

Theme& Theme::instance() {
    static Theme theme;
    return theme;
}

Theme::Theme() {
    if (qApp != nullptr) m_systemIsDark = QApplication::palette().color(QPalette::Window).lightness() < 128;
    m_dark = m_systemIsDark;
}

void Theme::apply(Appearance appearance) {
    m_appearance = appearance;
    m_dark = appearance == Appearance::Dark || (appearance == Appearance::System && m_systemIsDark);
    if (QApplication::style() == nullptr || QApplication::style()->name() != QLatin1String("fusion")) {
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    }
    QApplication::setPalette(paletteOf(m_dark ? kDark : kLight));
    emit changed();
}

QColor Theme::color(ColorRole role, bool dark) {
    for (const RoleColors& colors : kRoleColors) {
        if (colors.role == role) return QColor::fromRgb(dark ? colors.dark : colors.light);
    }
    return QApplication::palette().color(QPalette::Text);
}

QColor Theme::mixed(const QColor& first, const QColor& second, double share) {
    const auto channel = [share](int a, int b) { return static_cast<int>(a + (b - a) * share + 0.5); };
    return {channel(first.red(), second.red()), channel(first.green(), second.green()),
            channel(first.blue(), second.blue())};
}

} // namespace headroom::widgets
