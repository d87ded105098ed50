#include "widgets/netlist/netlist_view.h"

#include <QAction>
#include <QComboBox>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QSplitter>
#include <QStringDecoder>
#include <QTextBlock>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "core/netlist/device_table.h"
#include "widgets/common/elided_label.h"
#include "widgets/common/icons.h"
#include "widgets/common/table_export.h"
#include "widgets/netlist/diagnostic_model.h"
#include "widgets/netlist/netlist_edit.h"

namespace headroom::widgets {
namespace {

/// Netlists are UTF-8, UTF-16 with a byte order mark, or Latin-1.
QString decoded(const std::string& bytes) {
    const QByteArrayView view(bytes.data(), static_cast<qsizetype>(bytes.size()));
    const auto marked = QStringConverter::encodingForData(view);
    QStringDecoder decoder(marked.value_or(QStringConverter::Utf8));
    QString text = decoder(view);
    if (!marked && decoder.hasError()) text = QString::fromLatin1(view);
    text.replace(QChar(0), QChar(QChar::ReplacementCharacter));
    text.remove(QLatin1Char('\r'));
    return text;
}

QString deviceCounts(const netlist::Circuit& circuit) {
    struct Kind {
        netlist::DeviceType type;
        const char* one;
        const char* many;
    };
    static constexpr std::array<Kind, 7> kKinds{{
        {netlist::DeviceType::Mosfet, QT_TRANSLATE_NOOP("NetlistView", "1 MOSFET"),
         QT_TRANSLATE_NOOP("NetlistView", "%1 MOSFETs")},
        {netlist::DeviceType::Bipolar, QT_TRANSLATE_NOOP("NetlistView", "1 bipolar"),
         QT_TRANSLATE_NOOP("NetlistView", "%1 bipolars")},
        {netlist::DeviceType::Capacitor, QT_TRANSLATE_NOOP("NetlistView", "1 capacitor"),
         QT_TRANSLATE_NOOP("NetlistView", "%1 capacitors")},
        {netlist::DeviceType::Resistor, QT_TRANSLATE_NOOP("NetlistView", "1 resistor"),
         QT_TRANSLATE_NOOP("NetlistView", "%1 resistors")},
        {netlist::DeviceType::CurrentSource, QT_TRANSLATE_NOOP("NetlistView", "1 current source"),
         QT_TRANSLATE_NOOP("NetlistView", "%1 current sources")},
        {netlist::DeviceType::VoltageSource, QT_TRANSLATE_NOOP("NetlistView", "1 voltage source"),
         QT_TRANSLATE_NOOP("NetlistView", "%1 voltage sources")},
        {netlist::DeviceType::Other, QT_TRANSLATE_NOOP("NetlistView", "1 other device"),
         QT_TRANSLATE_NOOP("NetlistView", "%1 other devices")},
    }};
    std::map<netlist::DeviceType, int> counts;
    for (const netlist::Device& device : circuit.devices) {
        const bool listed = std::any_of(kKinds.begin(), kKinds.end(),
                                        [&](const Kind& kind) { return kind.type == device.type; });
        ++counts[listed ? device.type : netlist::DeviceType::Other];
    }
    QStringList parts;
    for (const Kind& kind : kKinds) {
        const int count = counts[kind.type];
        if (count == 1) parts << NetlistView::tr(kind.one);
        if (count > 1) parts << NetlistView::tr(kind.many).arg(count);
    }
    return parts.join(QStringLiteral(", "));
}

} // namespace

NetlistView::NetlistView(QWidget* parent)
    : Panel(QStringLiteral("netlistPanel"), tr("Netlist"), parent) {
    buildContent();
    connect(this, &Panel::actionRequested, this, [this] {
        if (state() == State::Empty) emit importRequested();
    });
    setData(nullptr);
}

void NetlistView::buildContent() {
    auto* content = new QWidget(this);
    m_summary = new ElidedLabel(content);
    m_summary->setObjectName(QStringLiteral("netlistSummary"));
    m_fileChoice = new QComboBox(content);
    m_fileChoice->setObjectName(QStringLiteral("netlistFile"));
    m_fileChoice->setAccessibleName(tr("File"));
    m_fileChoice->setToolTip(tr("The netlist and the files it includes"));
    m_fileChoice->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_cellChoice = new QComboBox(content);
    m_cellChoice->setObjectName(QStringLiteral("netlistCell"));
    m_cellChoice->setAccessibleName(tr("Cell"));
    m_cellChoice->setToolTip(tr("The cell of this file to work on"));
    m_cellChoice->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    connect(m_cellChoice, &QComboBox::activated, this,
            [this](int index) { emit cellRequested(m_cellChoice->itemData(index).toString()); });
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(6, 3, 6, 3);
    bar->addWidget(m_fileChoice);
    bar->addWidget(m_cellChoice);
    bar->addWidget(m_summary, 1);
    m_findings = new QLabel(content);
    m_findings->setObjectName(QStringLiteral("netlistFindingCount"));
    bar->addWidget(m_findings);

    buildFindBar(content);
    m_edit = new NetlistEdit(content);
    m_edit->setObjectName(QStringLiteral("netlistText"));
    m_edit->setAccessibleName(tr("Netlist text"));
    m_diagnosticModel = new DiagnosticModel(this);
    m_diagnostics = new QTreeView(content);
    m_diagnostics->setObjectName(QStringLiteral("netlistFindings"));
    m_diagnostics->setAccessibleName(tr("Findings"));
    m_diagnostics->setToolTip(tr("Double-click or press Enter to go to the line"));
    m_diagnostics->setModel(m_diagnosticModel);
    m_diagnostics->setRootIsDecorated(false);
    m_diagnostics->setUniformRowHeights(true);
    m_diagnostics->setAlternatingRowColors(true);
    m_diagnostics->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_diagnostics->header()->setSortIndicator(-1, Qt::AscendingOrder);
    m_diagnostics->setSortingEnabled(true);
    addCopyAction(m_diagnostics);

    m_splitter = new QSplitter(Qt::Vertical, content);
    m_splitter->addWidget(m_edit);
    m_splitter->addWidget(m_diagnostics);
    m_splitter->setStretchFactor(0, 4);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setChildrenCollapsible(false);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addWidget(m_findBar);
    column->addWidget(m_splitter, 1);
    setContent(content);

    connect(m_edit, &NetlistEdit::lineActivated, this, &NetlistView::lineActivated);
    connect(m_diagnostics, &QTreeView::activated, this, &NetlistView::jumpToDiagnostic);
    connect(m_fileChoice, &QComboBox::activated, this, &NetlistView::showFile);
}

void NetlistView::buildFindBar(QWidget* content) {
    m_findBar = new QWidget(content);
    m_find = new QLineEdit(m_findBar);
    m_find->setObjectName(QStringLiteral("netlistFind"));
    m_find->setAccessibleName(tr("Find in the netlist"));
    m_find->setPlaceholderText(tr("Find; Enter for the next, Shift+Enter for the one before"));
    m_find->addAction(icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    auto* close = new QToolButton(m_findBar);
    close->setIcon(icon(QStringLiteral("cancel")));
    close->setAutoRaise(true);
    close->setToolTip(tr("Close (Escape)"));
    close->setAccessibleName(tr("Close"));
    auto* row = new QHBoxLayout(m_findBar);
    row->setContentsMargins(6, 0, 6, 3);
    row->addWidget(m_find, 1);
    row->addWidget(close);
    m_findBar->hide();
    auto* open = new QAction(tr("Find"), this);
    open->setObjectName(QStringLiteral("netlistOpenFind"));
    open->setShortcut(QKeySequence::Find);
    open->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(open);
    connect(open, &QAction::triggered, this, [this] {
        m_findBar->show();
        m_find->setFocus(Qt::ShortcutFocusReason);
        m_find->selectAll();
    });
    const auto hide = [this] {
        m_findBar->hide();
        m_edit->setFocus(Qt::OtherFocusReason);
    };
    auto* escape = new QAction(m_findBar);
    escape->setShortcut(QKeySequence(Qt::Key_Escape));
    escape->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    m_findBar->addAction(escape);
    connect(escape, &QAction::triggered, this, hide);
    connect(close, &QToolButton::clicked, this, hide);
    connect(m_find, &QLineEdit::returnPressed, this, &NetlistView::findNext);
}

void NetlistView::findNext() {
    const bool back = QGuiApplication::keyboardModifiers() & Qt::ShiftModifier;
    const auto flags =
        back ? QTextDocument::FindFlags(QTextDocument::FindBackward) : QTextDocument::FindFlags();
    bool found = m_edit->find(m_find->text(), flags);
    if (!found) {
        // Once around: from the other end.
        m_edit->moveCursor(back ? QTextCursor::End : QTextCursor::Start);
        found = m_edit->find(m_find->text(), flags);
    }
    QPalette colors = palette();
    if (!found) colors.setColor(QPalette::Text, Theme::instance().color(ColorRole::Error));
    m_find->setPalette(colors);
    m_find->setToolTip(found ? QString() : tr("Not found"));
}

void NetlistView::setData(std::shared_ptr<const netlist::Netlist> netlist,
                          const std::vector<netlist::Diagnostic>& further) {
    m_netlist = std::move(netlist);
    m_files.clear();
    m_texts.clear();
    m_selected.clear();
    indexDevices();
    showCells();
    if (!m_netlist) {
        setContentPresent(false, tr("No netlist yet. Import a netlist or a schematic to begin."),
                          tr("Import netlist..."));
        return;
    }
    for (const netlist::SourceFile& file : m_netlist->files) {
        m_files << QString::fromStdString(file.path.string());
        m_texts << decoded(file.text);
    }
    const netlist::Circuit& circuit = m_netlist->circuit;
    m_summary->setText(tr("%1: %2, %3 nets")
                           .arg(QString::fromStdString(circuit.name), deviceCounts(circuit))
                           .arg(circuit.nets.size()));
    QString facts = tr("%1\nRead as %2; %3 of %4 lines accounted for")
                        .arg(m_files.value(0), QString::fromLatin1(netlist::toString(m_netlist->dialect)))
                        .arg(m_netlist->lines.accounted)
                        .arg(m_netlist->lines.read);
    for (const netlist::DeviceConvention& convention : netlist::deviceConventions(circuit))
        facts += QLatin1Char('\n') + QString::fromStdString(convention.sentence());
    m_summary->setToolTip(facts);
    std::vector<netlist::Diagnostic> findings = m_netlist->diagnostics;
    findings.insert(findings.end(), further.begin(), further.end());
    showDiagnostics(findings);
    showFile(0);
    setContentPresent(true);
}

/// A choice is offered where there is one.
void NetlistView::showCells() {
    m_cellChoice->clear();
    const bool isChoice = m_netlist && m_netlist->topCandidates.size() > 1;
    m_cellChoice->setVisible(isChoice);
    if (!isChoice) return;
    for (const netlist::TopCandidate& each : m_netlist->topCandidates) {
        const QString name = QString::fromStdString(each.name);
        m_cellChoice->addItem(each.devices == 1 ? tr("%1 (1 device)").arg(name)
                                                : tr("%1 (%2 devices)").arg(name).arg(each.devices),
                              name);
    }
    m_cellChoice->setCurrentIndex(m_cellChoice->findData(QString::fromStdString(m_netlist->circuit.name)));
}

void NetlistView::setSource(const QString& fileName, const QString& text,
                            const std::vector<netlist::Diagnostic>& diagnostics) {
    m_netlist.reset();
    m_selected.clear();
    indexDevices();
    showCells();
    m_files = QStringList{fileName};
    m_texts = QStringList{text};
    m_summary->setText(tr("This text could not be read as a netlist."));
    m_summary->setToolTip({});
    showDiagnostics(diagnostics);
    showFile(0);
    setContentPresent(true);
}

void NetlistView::showDiagnostics(const std::vector<netlist::Diagnostic>& diagnostics) {
    m_diagnosticModel->setDiagnostics(diagnostics);
    m_diagnostics->setVisible(!diagnostics.empty());
    for (const int column : {DiagnosticModel::Severity, DiagnosticModel::Place})
        m_diagnostics->resizeColumnToContents(column);
    m_diagnostics->setColumnWidth(DiagnosticModel::Message, fontMetrics().averageCharWidth() * 60);
    m_findings->setText(m_diagnosticModel->summary());
    m_fileChoice->clear();
    for (const QString& file : m_files)
        m_fileChoice->addItem(QFileInfo(file).fileName());
    m_fileChoice->setVisible(m_files.size() > 1);
}

void NetlistView::indexDevices() {
    m_deviceLines.clear();
    m_deviceByName.clear();
    if (!m_netlist) return;
    const std::vector<netlist::Device>& devices = m_netlist->circuit.devices;
    m_deviceLines.reserve(devices.size());
    for (std::size_t id = 0; id < devices.size(); ++id) {
        const netlist::SourceSpan& span = devices[id].span;
        const auto file = static_cast<std::size_t>(span.file);
        if (span.line <= 0 || span.file < 0 || file >= m_netlist->files.size()) continue;
        const std::string& text = m_netlist->files[file].text;
        const std::size_t begin = std::min(span.offset, text.size());
        std::size_t end = std::min(begin + span.length, text.size());
        while (end > begin && (text[end - 1] == '\n' || text[end - 1] == '\r'))
            --end;
        const auto breaks = std::count(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                       text.begin() + static_cast<std::ptrdiff_t>(end), '\n');
        m_deviceLines.push_back(
            {static_cast<netlist::DeviceId>(id), span.file, span.line, span.line + static_cast<int>(breaks)});
    }
    // Instances of a subcircuit share their lines: the first one stands for them.
    const auto before = [](const DeviceLines& a, const DeviceLines& b) {
        return std::tie(a.file, a.firstLine, a.device) < std::tie(b.file, b.firstLine, b.device);
    };
    if (!std::is_sorted(m_deviceLines.begin(), m_deviceLines.end(), before)) {
        std::sort(m_deviceLines.begin(), m_deviceLines.end(), before);
    }
}

QString NetlistView::nameOf(const DeviceLines& lines) const {
    return QString::fromStdString(m_netlist->circuit.devices[static_cast<std::size_t>(lines.device)].name);
}

const NetlistView::DeviceLines* NetlistView::linesOf(const QString& name) {
    // Built at the first question: long netlists must not wait for it when they are opened.
    if (m_deviceByName.isEmpty()) {
        for (std::size_t index = 0; index < m_deviceLines.size(); ++index) {
            m_deviceByName.insert(nameOf(m_deviceLines[index]).toLower(), static_cast<int>(index));
        }
    }
    const auto found = m_deviceByName.constFind(name.toLower());
    return found == m_deviceByName.constEnd() ? nullptr : &m_deviceLines[static_cast<std::size_t>(*found)];
}

const NetlistView::DeviceLines* NetlistView::deviceAt(int file, int line) const {
    const auto after = std::upper_bound(m_deviceLines.begin(), m_deviceLines.end(), std::pair(file, line),
                                        [](const std::pair<int, int>& place, const DeviceLines& lines) {
                                            return place < std::pair(lines.file, lines.firstLine);
                                        });
    if (after == m_deviceLines.begin()) return nullptr;
    const DeviceLines& last = *std::prev(after);
    if (last.file != file || line > last.lastLine) return nullptr;
    return &*std::find_if(m_deviceLines.begin(), after, [&](const DeviceLines& lines) {
        return lines.file == file && lines.firstLine == last.firstLine;
    });
}

void NetlistView::showFile(int index) {
    if (index < 0 || index >= m_texts.size()) return;
    m_fileChoice->setCurrentIndex(index);
    m_edit->setSource(m_texts[index], m_netlist ? m_netlist->dialect : netlist::Dialect::Spice);
    std::map<int, netlist::Severity> findings;
    for (const netlist::Diagnostic& diagnostic : m_diagnosticModel->diagnostics()) {
        if (diagnostic.line <= 0 || fileIndex(QString::fromStdString(diagnostic.file)) != index) continue;
        const auto [place, added] = findings.try_emplace(diagnostic.line, diagnostic.severity);
        if (!added) place->second = std::max(place->second, diagnostic.severity);
    }
    m_edit->setFindings(std::move(findings));
    markSelectedLines();
}

int NetlistView::fileIndex(const QString& file) const {
    if (file.isEmpty()) return 0;
    const auto exact = m_files.indexOf(file);
    if (exact >= 0) return static_cast<int>(exact);
    for (int index = 0; index < m_files.size(); ++index) {
        if (QFileInfo(m_files[index]).fileName() == QFileInfo(file).fileName()) return index;
    }
    return -1;
}

void NetlistView::goToLine(const QString& file, int line) {
    const int index = fileIndex(file);
    if (index < 0) return;
    if (index != m_fileChoice->currentIndex()) showFile(index);
    m_edit->goToLine(line);
}

void NetlistView::jumpToDiagnostic(const QModelIndex& index) {
    const netlist::Diagnostic& diagnostic =
        m_diagnosticModel->diagnostics()[static_cast<std::size_t>(index.row())];
    if (diagnostic.line > 0) goToLine(QString::fromStdString(diagnostic.file), diagnostic.line);
}

void NetlistView::lineActivated(int line) {
    const DeviceLines* device = deviceAt(m_fileChoice->currentIndex(), line);
    if (device == nullptr) return;
    m_selected = QStringList{nameOf(*device)};
    markSelectedLines();
    emit deviceSelected(m_selected.front());
}

void NetlistView::selectDevices(const QStringList& names) {
    m_selected.clear();
    const DeviceLines* first = nullptr;
    for (const QString& name : names) {
        const DeviceLines* device = linesOf(name);
        if (device == nullptr) continue;
        m_selected << nameOf(*device);
        if (first == nullptr) first = device;
    }
    if (first != nullptr && first->file != m_fileChoice->currentIndex()) showFile(first->file);
    markSelectedLines();
    if (first != nullptr) m_edit->goToLine(first->firstLine);
}

void NetlistView::markSelectedLines() {
    std::vector<NetlistEdit::LineRange> ranges;
    for (const QString& name : m_selected) {
        const DeviceLines* device = linesOf(name);
        if (device->file == m_fileChoice->currentIndex())
            ranges.emplace_back(device->firstLine, device->lastLine);
    }
    m_edit->setMarkedLines(std::move(ranges));
}

} // namespace headroom::widgets
