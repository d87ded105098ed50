#include "widgets/structure/explanation_text.h"

#include <QCoreApplication>

#include "widgets/structure/block_tree_model.h"

namespace headroom::widgets {
namespace {

QString text(const std::string& plain) {
    return QString::fromStdString(plain).toHtmlEscaped();
}

QString translated(const char* sentence) {
    return QCoreApplication::translate("Explanation", sentence);
}

} // namespace

QString explanationHtml(const QString& device, const structure::Explanation& explanation) {
    QString html = QStringLiteral("<b>%1</b>: %2").arg(device.toHtmlEscaped(), text(explanation.role));
    const auto list = [&](const QString& title, const QStringList& items) {
        if (items.isEmpty()) return;
        html += QStringLiteral("<p style='margin:4px 0 0 0'><b>%1</b></p><ul style='margin:0 0 0 -22px'><li>%2"
                               "</li></ul>")
                    .arg(title, items.join(QStringLiteral("</li><li>")));
    };
    QStringList blocks;
    for (const structure::BlockReason& each : explanation.blocks) {
        // The reason repeats the type in front; the title says it as people write it.
        QString reason = text(each.reason);
        const QString prefix = text(each.type) + QStringLiteral(": ");
        if (reason.startsWith(prefix)) reason.remove(0, prefix.size());
        blocks << QStringLiteral("%1 (%2): %3")
                      .arg(blockTitle(each.type).toHtmlEscaped(), text(each.devices), reason);
    }
    list(translated(QT_TRANSLATE_NOOP("Explanation", "Blocks")), blocks);
    QStringList lost;
    for (const structure::BlockReason& each : explanation.lost)
        lost << text(each.reason);
    list(translated(QT_TRANSLATE_NOOP("Explanation", "Fits as well, but lost")), lost);
    QStringList symmetry;
    for (const std::string& each : explanation.symmetry)
        symmetry << text(each);
    list(translated(QT_TRANSLATE_NOOP("Explanation", "Symmetry")), symmetry);
    return html;
}

} // namespace headroom::widgets
