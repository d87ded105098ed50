#include "widgets/netlist/diagnostic_model.h"

#include <QFileInfo>

#include <algorithm>
#include <tuple>

#include "widgets/common/icons.h"

namespace headroom::widgets {
namespace {

using netlist::Diagnostic;

QString severityTitle(netlist::Severity severity) {
    switch (severity) {
    case netlist::Severity::Note:
        return DiagnosticModel::tr("Note");
    case netlist::Severity::Warning:
        return DiagnosticModel::tr("Warning");
    case netlist::Severity::Error:
        return DiagnosticModel::tr("Error");
    }
    return {};
}

QIcon severityIcon(netlist::Severity severity) {
    switch (severity) {
    case netlist::Severity::Note:
        return icon(QStringLiteral("note"), ColorRole::Note);
    case netlist::Severity::Warning:
        return icon(QStringLiteral("warning"), ColorRole::Warning);
    case netlist::Severity::Error:
        return icon(QStringLiteral("error"), ColorRole::Error);
    }
    return {};
}

} // namespace

void DiagnosticModel::setDiagnostics(std::vector<Diagnostic> diagnostics) {
    beginResetModel();
    m_diagnostics = std::move(diagnostics);
    m_severalFiles = std::any_of(m_diagnostics.begin(), m_diagnostics.end(), [this](const Diagnostic& other) {
        return other.file != m_diagnostics.front().file;
    });
    endResetModel();
}

QString DiagnosticModel::summary() const {
    int counts[3] = {};
    for (const Diagnostic& diagnostic : m_diagnostics)
        ++counts[static_cast<int>(diagnostic.severity)];
    QStringList parts;
    const auto add = [&](netlist::Severity severity, const QString& one, const QString& many) {
        const int count = counts[static_cast<int>(severity)];
        if (count > 0) parts << (count == 1 ? one : many.arg(count));
    };
    add(netlist::Severity::Error, tr("1 error"), tr("%1 errors"));
    add(netlist::Severity::Warning, tr("1 warning"), tr("%1 warnings"));
    add(netlist::Severity::Note, tr("1 note"), tr("%1 notes"));
    return parts.join(QStringLiteral(", "));
}

int DiagnosticModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_diagnostics.size());
}

int DiagnosticModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString DiagnosticModel::text(const Diagnostic& diagnostic, int column) const {
    switch (column) {
    case Severity:
        return severityTitle(diagnostic.severity);
    case Place: {
        const QString file = QFileInfo(QString::fromStdString(diagnostic.file)).fileName();
        if (diagnostic.line <= 0) return file;
        return m_severalFiles ? QStringLiteral("%1:%2").arg(file).arg(diagnostic.line)
                              : QString::number(diagnostic.line);
    }
    case Message:
        return QString::fromStdString(diagnostic.message);
    case Source:
        return QString::fromStdString(diagnostic.text).simplified();
    default:
        return {};
    }
}

QVariant DiagnosticModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Diagnostic& diagnostic = m_diagnostics[static_cast<std::size_t>(index.row())];
    if (role == Qt::DisplayRole) return text(diagnostic, index.column());
    if (role == Qt::DecorationRole && index.column() == Severity) return severityIcon(diagnostic.severity);
    if (role == Qt::ToolTipRole) {
        return QStringLiteral("%1:%2:%3: %4\n%5")
            .arg(QString::fromStdString(diagnostic.file))
            .arg(diagnostic.line)
            .arg(diagnostic.column)
            .arg(QString::fromStdString(diagnostic.message), QString::fromStdString(diagnostic.text));
    }
    return {};
}

QVariant DiagnosticModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
    case Severity:
        return tr("Severity");
    case Place:
        return m_severalFiles ? tr("Place") : tr("Line");
    case Message:
        return tr("Message");
    case Source:
        return tr("Source");
    default:
        return {};
    }
}

void DiagnosticModel::sort(int column, Qt::SortOrder order) {
    beginResetModel();
    const auto before = [&](const Diagnostic& a, const Diagnostic& b) {
        switch (column) {
        case Severity:
            return static_cast<int>(a.severity) < static_cast<int>(b.severity);
        case Place:
            return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
        case Message:
            return a.message < b.message;
        default:
            return a.text < b.text;
        }
    };
    std::stable_sort(m_diagnostics.begin(), m_diagnostics.end(),
                     [&](const Diagnostic& a, const Diagnostic& b) {
                         return order == Qt::AscendingOrder ? before(a, b) : before(b, a);
                     });
    endResetModel();
}

} // namespace headroom::widgets
