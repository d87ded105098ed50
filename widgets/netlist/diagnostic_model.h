#pragma once

#include <QAbstractTableModel>

#include <vector>

#include "core/netlist/netlist.h"

namespace headroom::widgets {

/// The reader's findings: severity, place, message, source text.
class DiagnosticModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Severity, Place, Message, Source, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setDiagnostics(std::vector<netlist::Diagnostic> diagnostics);
    const std::vector<netlist::Diagnostic>& diagnostics() const { return m_diagnostics; }

    /// "2 errors, 1 warning"; empty where there is nothing.
    QString summary() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    QString text(const netlist::Diagnostic& diagnostic, int column) const;

    std::vector<netlist::Diagnostic> m_diagnostics;
    bool m_severalFiles = false;
};

} // namespace headroom::widgets
