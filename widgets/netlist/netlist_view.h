#pragma once

#include <QHash>
#include <QStringList>

#include <memory>
#include <vector>

#include "core/netlist/netlist.h"
#include "widgets/common/panel.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QSplitter;
class QTreeView;

namespace headroom::widgets {

class DiagnosticModel;
class NetlistEdit;

/// Panel "Netlist": the text as it is on disk, what the reader found in it, and where the selected
/// devices stand.
class NetlistView final : public Panel {
    Q_OBJECT

public:
    explicit NetlistView(QWidget* parent = nullptr);

    /// Shows a netlist that was read; null shows the empty state. @param further findings behind the reader's own
    void setData(std::shared_ptr<const netlist::Netlist> netlist,
                 const std::vector<netlist::Diagnostic>& further = {});

    /// Shows text that could not be read as a netlist, with the findings that say why.
    void setSource(const QString& fileName, const QString& text,
                   const std::vector<netlist::Diagnostic>& diagnostics);

    /// Marks the lines of these devices and scrolls to the first; unknown names are ignored. Emits nothing.
    void selectDevices(const QStringList& names);
    const QStringList& selectedDevices() const { return m_selected; }

    /// Shows a line. @param file as in Diagnostic::file or SourceFile::path; empty: the imported one
    void goToLine(const QString& file, int line);

signals:
    /// The user put the cursor on a device's line (or on its continuation).
    void deviceSelected(const QString& name);
    void importRequested();
    /// The user wants to work on another cell of the file.
    void cellRequested(const QString& name);

private:
    struct DeviceLines {
        netlist::DeviceId device = -1;
        int file = 0, firstLine = 0, lastLine = 0;
    };

    void buildContent();
    void buildFindBar(QWidget* content);
    void findNext();
    void showCells();
    void indexDevices();
    QString nameOf(const DeviceLines& lines) const;
    const DeviceLines* linesOf(const QString& name);       ///< null where unknown
    const DeviceLines* deviceAt(int file, int line) const; ///< null where none stands
    void showFile(int index);
    void showDiagnostics(const std::vector<netlist::Diagnostic>& diagnostics);
    void jumpToDiagnostic(const QModelIndex& index);
    void lineActivated(int line);
    void markSelectedLines();
    int fileIndex(const QString& file) const;

    std::shared_ptr<const netlist::Netlist> m_netlist;
    std::vector<DeviceLines> m_deviceLines;
    QHash<QString, int> m_deviceByName; ///< lower case
    QStringList m_files;
    QStringList m_texts;
    QStringList m_selected;
    QComboBox* m_cellChoice = nullptr;
    QComboBox* m_fileChoice = nullptr;
    QLabel* m_summary = nullptr;
    QLabel* m_findings = nullptr;
    QSplitter* m_splitter = nullptr;
    NetlistEdit* m_edit = nullptr;
    QWidget* m_findBar = nullptr;
    QLineEdit* m_find = nullptr;
    QTreeView* m_diagnostics = nullptr;
    DiagnosticModel* m_diagnosticModel = nullptr;
};

} // namespace headroom::widgets
