#pragma once

#include <QColor>
#include <QObject>
#include <QString>

class QApplication;

namespace headroom::widgets {

/// How the application looks; System follows the desktop's palette at start.
enum class Appearance { System, Light, Dark };

/// Colours that a QPalette has no role for. Every custom-painted widget and plot takes them from
/// Theme::color, never from literals, so that light and dark stay legible.
enum class ColorRole {
    PlotBackground,
    PlotGrid,
    PlotAxis,
    Simulated,   ///< bars and points that the simulator measured
    Curve,       ///< a simulated curve: as Simulated, and legible as a line
    Predicted,   ///< what a network proposed and nothing has measured; always hatched as well
    Brushed,     ///< the part of a bar or table that the user brushed
    Chosen,      ///< the one chosen candidate
    GroundTruth, ///< the red star
    Target,      ///< a specification's line
    Met,
    NearlyMet,
    Failed,
    Note,
    Warning,
    Error,
    SyntaxComment,
    SyntaxKeyword, ///< dot cards
    SyntaxDevice,  ///< the first word of a device line
    SyntaxNumber,
    SyntaxParameter, ///< the name in name=value
    SyntaxString,    ///< quoted text and expressions
    LineNumber,
    CurrentLine,    ///< background of the line with the cursor
    SelectedDevice, ///< background of the lines of selected devices
    Muted,          ///< secondary text
};

/// The application's palettes. One instance; apply() sets the Fusion style and the palette app-wide and
/// tells everyone through changed().
class Theme final : public QObject {
    Q_OBJECT

public:
    static Theme& instance();

    /// Sets style and palette of the application. Needs a QApplication. Emits changed().
    void apply(Appearance appearance);

    Appearance appearance() const { return m_appearance; }
    bool isDark() const { return m_dark; }

    QColor color(ColorRole role) const { return color(role, m_dark); }
    static QColor color(ColorRole role, bool dark);

    /// The colour between two, @p share of the second.
    static QColor mixed(const QColor& first, const QColor& second, double share);

signals:
    void changed();

private:
    Theme();

    Appearance m_appearance = Appearance::System;
    bool m_dark = false;
    bool m_systemIsDark = false;
};

} // namespace headroom::widgets
