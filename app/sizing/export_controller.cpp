#include "app/sizing/export_controller.h"

#include <QFileDialog>
#include <QFileInfo>

#include "app/jobs/job_queue.h"
#include "app/session/results.h"
#include "app/session/session.h"
#include "app/sizing/exploration_controller.h"
#include "core/base/file.h"
#include "core/sizing/figures.h"

namespace headroom::app {

ExportController::ExportController(JobQueue& jobs, Session& session, Results& results,
                                   ExplorationController& exploration, QWidget& window)
    : QObject(&window)
    , m_jobs(jobs)
    , m_session(session)
    , m_results(results)
    , m_exploration(exploration)
    , m_window(window) {}

QString ExportController::baseName() const {
    return QString::fromStdString(m_session.circuit()->amplifier->netlist.circuit.name);
}

void ExportController::exportNetlist() {
    if (!m_exploration.hasChosen()) return;
    const auto circuit = m_session.circuit();
    const QString suffix =
        QString::fromStdString(circuit->amplifier->netlist.files.front().path.extension().string());
    askAndWrite("exportNetlistDialog", baseName() + "_sized" + suffix,
                tr("Netlist (*%1);;All files (*)").arg(suffix),
                [circuit, sizing = m_exploration.chosenSizing()]() -> Result<std::string> {
                    auto edited = netlist::applySizing(circuit->amplifier->netlist, sizing);
                    if (!edited) return forward(edited);
                    return std::move(edited->text);
                });
}

void ExportController::exportParameters() {
    if (!m_exploration.hasChosen()) return;
    const auto circuit = m_session.circuit();
    askAndWrite("exportParametersDialog", baseName() + "_sizing.param", tr("Parameter include (*.param)"),
                [circuit, sizing = m_exploration.chosenSizing()]() -> Result<std::string> {
                    return netlist::writeParameterInclude(circuit->amplifier->netlist, sizing);
                });
}

void ExportController::exportCsv() {
    if (!m_exploration.hasChosen()) return;
    askAndWrite("exportCsvDialog", baseName() + "_sizing.csv", tr("Table (*.csv)"),
                [sizing = m_exploration.chosenSizing()]() -> Result<std::string> {
                    return netlist::writeSizingCsv(sizing);
                });
}

void ExportController::exportJson() {
    if (!m_exploration.hasChosen()) return;
    const auto circuit = m_session.circuit();
    askAndWrite("exportJsonDialog", baseName() + "_sizing.json", tr("JSON (*.json)"),
                [circuit, sizing = m_exploration.chosenSizing()]() -> Result<std::string> {
                    return netlist::writeSizingJson(circuit->amplifier->netlist, sizing);
                });
}

void ExportController::exportPictures() {
    const auto stored = m_results.current();
    const auto circuit = m_session.circuit();
    if (!stored || !circuit || !circuit->space) return;
    auto* dialog = new QFileDialog(&m_window, tr("Export Pictures into Folder"));
    dialog->setObjectName("exportPicturesDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(
        dialog, &QFileDialog::fileSelected, this,
        [this, stored, circuit, name = baseName()](const QString& folder) {
            const std::string base = (folder + '/' + name).toStdString();
            write(tr("Export pictures"), folder, [stored, circuit, base]() -> Result<Files> {
                return Files{
                    {base + "_performances.svg", sizing::performanceHistogramsSvg(stored->exploration)},
                    {base + "_widths.svg", sizing::widthHistogramsSvg(stored->exploration, *circuit->space)}};
            });
        });
    dialog->open();
}

void ExportController::saveBytes(const QByteArray& contents, const QString& suggestedFileName) {
    const QString suffix = QFileInfo(suggestedFileName).suffix();
    askAndWrite("exportFileDialog", suggestedFileName, tr("%1 file (*.%2)").arg(suffix.toUpper(), suffix),
                [text = contents.toStdString()]() -> Result<std::string> { return text; });
}

void ExportController::askAndWrite(const QString& dialogName, const QString& suggestion,
                                   const QString& filter, std::function<Result<std::string>()> contents) {
    auto* dialog = new QFileDialog(&m_window, tr("Export"));
    dialog->setObjectName(dialogName);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(filter.split(";;"));
    dialog->setDefaultSuffix(QFileInfo(suggestion).suffix());
    dialog->selectFile(suggestion);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, contents = std::move(contents)](const QString& file) {
                write(tr("Export %1").arg(QFileInfo(file).fileName()), file,
                      [contents, file]() -> Result<Files> {
                          auto text = contents();
                          if (!text) return forward(text);
                          return Files{{file.toStdString(), std::move(*text)}};
                      });
            });
    dialog->open();
}

void ExportController::write(const QString& title, const QString& shown,
                             std::function<Result<Files>()> files) {
    m_jobs.start<bool>(
        {title, {}}, this,
        [files = std::move(files)](JobMonitor&) -> Result<bool> {
            const auto made = files();
            if (!made) return forward(made);
            for (const auto& [file, text] : *made) {
                if (const auto written = writeFileAtomically(file, text); !written) return forward(written);
            }
            return true;
        },
        [this, shown](Result<bool> written) {
            if (written) {
                emit exported(shown);
            } else if (written.error().code != ErrorCode::Cancelled) {
                emit failed(written.error());
            }
        });
}

} // namespace headroom::app
