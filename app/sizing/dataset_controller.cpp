#include "app/sizing/dataset_controller.h"

#include "app/document/error_text.h"
#include "app/session/session.h"
#include "app/settings/settings.h"
#include "widgets/sizing/dataset_view.h"
#include "widgets/sizing/specification_view.h"

namespace headroom::app {
namespace {

using widgets::DatasetView;

constexpr const char* kPanel = "dataset";

} // namespace

DatasetController::DatasetController(const Parts& parts, QObject* parent)
    : QObject(parent)
    , m_parts(parts) {
    connect(&parts.session, &Session::circuitChanged, this, &DatasetController::show);
    connect(&parts.session, &Session::dataChanged, this, &DatasetController::show);
    connect(&parts.view, &DatasetView::actionRequested, this, &DatasetController::dataSetRequested);
    connect(&parts.view, &DatasetView::extensionRequested, this, &DatasetController::extensionRequested);
    connect(&parts.view, &DatasetView::importRequested, this, &DatasetController::importRequested);
    // The panel of the specification takes rows already; whoever asks gets the same step of undo.
    connect(&parts.view, &DatasetView::specificationRequested, &parts.specification,
            &widgets::SpecificationView::dataRowRequested);
    parts.view.restoreViewState(parts.settings.panelState(kPanel));
    connect(&parts.view, &DatasetView::viewStateChanged, this,
            [this] { m_parts.settings.savePanelState(kPanel, m_parts.view.viewState()); });
    show();
}

void DatasetController::show() {
    const auto circuit = m_parts.session.circuit();
    const auto data = m_parts.session.data();
    if (data && circuit && circuit->space) {
        if (data == m_shown) return;
        m_shown = data;
        m_parts.view.setData(widgets::datasetData(data->dataset, data->dataset.heldOutRows(),
                                                  widgets::variableInfos(*circuit->space)));
        m_parts.view.showContent();
        return;
    }
    m_shown.reset();
    m_parts.view.setData(nullptr);
    if (!circuit) {
        m_parts.view.showEmpty(tr("Import a netlist to begin."));
    } else if (const auto& problem = m_parts.session.dataProblem()) {
        m_parts.view.showError(errorSentence(*problem), errorDetail(*problem), tr("Build Data Set…"));
    } else if (circuit->problem) {
        m_parts.view.showEmpty(errorSentence(*circuit->problem));
    } else if (m_parts.session.busy()) {
        m_parts.view.showEmpty(tr("The data set is being read."));
    } else {
        m_parts.view.showEmpty(
            tr("There is no data set for this circuit yet. It takes simulating a few thousand sizings."),
            tr("Build Data Set…"));
    }
}

} // namespace headroom::app
