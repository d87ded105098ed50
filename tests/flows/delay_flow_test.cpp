#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QFile>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTableWidget>
#include <QTest>
#include <QToolButton>

#include <cmath>

#include "app/delay/delay_controller.h"
#include "app/document/document.h"
#include "app/document/project_controller.h"
#include "core/base/random.h"
#include "core/delay/table_import.h"
#include "tests/flows/flow_window.h"
#include "widgets/common/plot_view.h"
#include "widgets/delay/delay_view.h"

namespace headroom::app {

using widgets::DelayView;

/// The panel Delay Data in the real window: rows are simulated or imported, synthetic ones made and judged.
class DelayFlow : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void aCellIsSimulated();
    void aTableIsImportedAsAsked();
    void missingValuesAreAskedAbout();
    void badTablesAreOneSentence_data();
    void badTablesAreOneSentence();
    void synthRowsAreMadeComparedAndUndone();
    void aNetworkIsWatchedWhileItLearns();
    void rowsAreJudged();
    void whatIsHeldOutIsNeverLearnedFrom();
    void generatorsAreCompared();
    void theirTargetsAreSimulated();
    void theTargetIsChosen();
    void isSavedAndOpenedAgain();
    void aVerdictIsKeptWithItsTable();
    void aMovedProjectSimulatesItsOwnCell();
    void isLeftAsItWasAtTheNextStart();
    void oneOfAFilesCellsIsChosen();
    void aCellThatDoesNotSwitchIsOneSentence();
    void aRunIsCancelled();
    void anImportAsksBeforeItStopsARun();
    void theTableIsExportedWithItsOrigins();

private:
    bool settled() {
        return QTest::qWaitFor([this] { return !controller().isBusy(); }, 60000) && m_window->settle();
    }
    DelayController& controller() { return (*m_window)->delay(); }
    DelayView& view() { return *m_window->find<DelayView>("delayPanel"); }
    const delay::TableDocument& table() { return *controller().table(); }
    std::filesystem::path write(const char* name, const QByteArray& text) {
        const auto path = m_window->path(name);
        QFile file(QString::fromStdString(path.string()));
        if (file.open(QIODevice::WriteOnly)) file.write(text);
        return path;
    }
    /// Two inputs, a category and what follows from them.
    static QByteArray someTable(int rows);
    /// Imports it as the dialog suggests.
    void import(const QByteArray& text, const char* name = "cells.csv");
    void make(const char* method, int rows);
    /// Clicks a button and waits for what comes of it.
    void click(const char* button);
    /// Saves the project, starts another one.
    void saveAndLeave(const std::filesystem::path& folder);

    std::unique_ptr<FlowWindow> m_window;
};

void DelayFlow::init() {
    m_window = std::make_unique<FlowWindow>();
    (*m_window)->resize(1400, 900);
    (*m_window)->show();
    view().show();
    view().raise();
}

void DelayFlow::cleanup() {
    m_window.reset();
}

QByteArray DelayFlow::someTable(int rows) {
    QByteArray text = "vdd [V],load [F],lot,delay [s]\n";
    RandomEngine engine(7);
    for (int row = 0; row < rows; ++row) {
        const double vdd = uniform(engine, 0.9, 1.1), load = uniform(engine, 1e-15, 5e-15);
        const bool slow = row % 3 == 0;
        text += QByteArray::number(vdd, 'g', 17) + ',' + QByteArray::number(load, 'g', 17) +
                (slow ? ",a," : ",b,") +
                QByteArray::number((slow ? 1.2 : 1.0) * 5e3 * load / (vdd - 0.4), 'g', 17) + '\n';
    }
    return text;
}

void DelayFlow::import(const QByteArray& text, const char* name) {
    controller().openFiles({write(name, text)});
    auto* dialog = m_window->find<QDialog>("delayImportDialog");
    QVERIFY(dialog != nullptr);
    QVERIFY(m_window->settle());
    dialog->accept();
    QVERIFY(settled());
    QVERIFY2(controller().table() != nullptr, qPrintable(m_window->notice()));
}

void DelayFlow::click(const char* button) {
    m_window->find<QPushButton>(button)->click();
    QVERIFY(settled());
}

void DelayFlow::make(const char* method, int rows) {
    auto wishes = view().generator().wishes();
    wishes.method = QString::fromLatin1(method);
    wishes.count = rows;
    wishes.options.epochs = 30;
    view().generator().setWishes(wishes);
    click("delayMake");
    QVERIFY2(view().state() == widgets::Panel::State::Content, qPrintable(view().stateText()));
}

void DelayFlow::aCellIsSimulated() {
    QVERIFY(controller().table() == nullptr);
    QVERIFY(m_window->find<QLabel>("delayBegin")->isVisible());
    m_window->find<QSpinBox>("delaySamples")->setValue(40);
    auto* low = m_window->find<QLineEdit>("delayLoadLow");
    auto* high = m_window->find<QLineEdit>("delayLoadHigh");
    low->setText("20f");
    high->setText("1f");
    emit low->textEdited("20f");
    QVERIFY(!m_window->find<QPushButton>("delaySimulate")->isEnabled());
    QVERIFY(!low->toolTip().isEmpty());
    low->setText("1f");
    high->setText("20 fF");
    emit high->textEdited("20 fF");
    m_window->find<QPushButton>("delaySimulate")->click();
    QCOMPARE(view().state(), widgets::Panel::State::Busy);
    QVERIFY(settled());
    QVERIFY2(controller().table() != nullptr, qPrintable(view().stateText()));
    QCOMPARE(table().name, std::string("inv"));
    QCOMPARE(table().target, std::string("delay"));
    QCOMPARE(table().table.rows(), 40U);
    QVERIFY(table().table.column("load"));
    for (const double value : table().table.columns[table().targetColumn()].values)
        QVERIFY(value > 1e-12 && value < 1e-9);
    QCOMPARE(m_window->find<QTableView>("delayRows")->model()->rowCount(), 40);
    QVERIFY(!(*m_window)->document().project().delayTable.empty());
    // A larger table begins with the rows of the smaller one.
    const auto before = table().table;
    m_window->find<QSpinBox>("delaySamples")->setValue(50);
    click("delaySimulate");
    QCOMPARE(table().table.rows(), 50U);
    for (std::size_t c = 0; c < before.columns.size(); ++c)
        for (std::size_t row = 0; row < 40; ++row)
            QCOMPARE(table().table.columns[c].values[row], before.columns[c].values[row]);
    m_window->trigger("edit.undo");
    QVERIFY(settled());
    QCOMPARE(table().table.rows(), 40U);
    m_window->trigger("edit.undo");
    QVERIFY(settled());
    QVERIFY(controller().table() == nullptr);
    m_window->trigger("edit.redo");
    QVERIFY(settled());
    QCOMPARE(table().table.rows(), 40U);
}

void DelayFlow::aTableIsImportedAsAsked() {
    QByteArray text = someTable(60);
    text += text.mid(text.lastIndexOf('\n', -2) + 1); // the last row once more
    controller().openFiles({write("cells.csv", text)});
    auto* dialog = m_window->find<QDialog>("delayImportDialog");
    QVERIFY(dialog != nullptr);
    QVERIFY(m_window->settle());
    auto* outcome = dialog->findChild<QLabel*>("delayImportOutcome");
    QVERIFY2(outcome->text().startsWith("60 rows of 4 columns."), qPrintable(outcome->text()));
    auto* target = dialog->findChild<QComboBox*>("delayImportTarget");
    QCOMPARE(target->currentText(), QString("delay"));
    QCOMPARE(target->count(), 3); // the lot is none
    dialog->findChild<QCheckBox*>("delayImportCopies")->setChecked(false);
    QVERIFY(m_window->settle());
    QVERIFY2(outcome->text().startsWith("61 rows"), qPrintable(outcome->text()));
    dialog->accept();
    QVERIFY(settled());
    QCOMPARE(table().table.rows(), 61U);
    QCOMPARE(table().table.columns[2].kind, delay::ColumnKind::Category);
    auto* rows = m_window->find<QTableView>("delayRows")->model();
    QCOMPARE(rows->rowCount(), 61);
    QCOMPARE(rows->index(0, 4).data().toString(), QString("a"));
    QVERIFY(m_window->find<QLabel>("delaySummary")->text().contains("cells.csv"));
}

void DelayFlow::missingValuesAreAskedAbout() {
    QByteArray text = someTable(60) + "1.0,,a,1e-11\n";
    controller().openFiles({write("holes.csv", text)});
    auto* dialog = m_window->find<QDialog>("delayImportDialog");
    QVERIFY(dialog != nullptr);
    QVERIFY(m_window->settle());
    auto* outcome = dialog->findChild<QLabel*>("delayImportOutcome");
    QVERIFY2(outcome->text().contains("holes.csv, line 62:"), qPrintable(outcome->text()));
    auto* missing = dialog->findChild<QComboBox*>("delayImportMissing");
    missing->setCurrentIndex(1);
    QVERIFY(m_window->settle());
    QVERIFY2(outcome->text().startsWith("60 rows"), qPrintable(outcome->text()));
    missing->setCurrentIndex(2);
    QVERIFY(m_window->settle());
    QVERIFY2(outcome->text().startsWith("61 rows"), qPrintable(outcome->text()));
    dialog->reject();
    QVERIFY(settled());
    QVERIFY(controller().table() == nullptr);
}

void DelayFlow::badTablesAreOneSentence_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("says");
    const QByteArray good = someTable(60);
    QTest::newRow("nothing") << QByteArray() << "bad.csv";
    QTest::newRow("no heading") << good.mid(good.indexOf('\n') + 1) << "bad.csv, line 1:";
    QTest::newRow("ragged") << good + "1,2\n"
                            << "bad.csv, line 62:";
    QTest::newRow("text among numbers") << good + "high,1e-15,a,1e-11\n"
                                        << "bad.csv, line 62:";
    QTest::newRow("an infinity") << good + "1,inf,a,1e-11\n"
                                 << "bad.csv, line 62:";
    QTest::newRow("few rows") << someTable(20) << "20";
    QTest::newRow("one column") << QByteArray("delay\n" + QByteArray("1e-11\n2e-11\n3e-11\n").repeated(20))
                                << "row";
    QTest::newRow("words alone") << QByteArray("a,b\n" + QByteArray("x,y\nz,u\nv,w\n").repeated(20)) << "";
    QTest::newRow("a picture") << QByteArray("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16) << "bad.csv";
}

void DelayFlow::badTablesAreOneSentence() {
    QFETCH(QByteArray, text);
    QFETCH(QString, says);
    import(someTable(50), "good.csv");
    const auto before = controller().table();
    controller().openFiles({write("bad.csv", text)});
    auto* dialog = m_window->find<QDialog>("delayImportDialog");
    QVERIFY(dialog != nullptr);
    QVERIFY(m_window->settle());
    const QString outcome = dialog->findChild<QLabel*>("delayImportOutcome")->text();
    QVERIFY2(outcome.contains(says) && outcome.endsWith('.'), qPrintable(outcome));
    dialog->accept();
    QVERIFY(settled());
    QCOMPARE(controller().table(), before);
}

void DelayFlow::synthRowsAreMadeComparedAndUndone() {
    import(someTable(100));
    make("copula", 200);
    QCOMPARE(table().syntheticRows().rows(), 200U);
    QCOMPARE(table().realRows().rows(), 100U);
    const auto* resemblance = m_window->find<QTableWidget>("delayResemblance");
    QCOMPARE(resemblance->rowCount(), 4);
    QVERIFY(m_window->find<QLabel>("delayResemblanceSummary")->text().contains("classifier"));
    QVERIFY(m_window->find<QLabel>("delaySummary")->text().contains("copula"));
    make("smote", 50); // takes the place of the others
    QCOMPARE(table().syntheticRows().rows(), 50U);
    QCOMPARE(table().realRows().rows(), 100U);
    click("delayClear");
    QCOMPARE(table().syntheticRows().rows(), 0U);
    QVERIFY(!m_window->find<QPushButton>("delayClear")->isEnabled());
    m_window->trigger("edit.undo");
    m_window->trigger("edit.undo");
    QVERIFY(settled());
    QCOMPARE(table().syntheticRows().rows(), 200U);
    QCOMPARE(resemblance->rowCount(), 4);
}

void DelayFlow::aNetworkIsWatchedWhileItLearns() {
    import(someTable(80));
    make("ddpm", 60);
    QCOMPARE(table().syntheticRows().rows(), 60U);
    auto* loss = m_window->find<widgets::PlotView>("delayLoss");
    QVERIFY(!loss->isHidden());
    QVERIFY2(loss->csv().count('\n') > 30, loss->csv().constData()); // an epoch each
    QVERIFY(m_window->find<QLabel>("delayTrainingCaption")->text().contains("30"));
    auto* density = m_window->find<widgets::PlotView>("delayTrainingDensities", "density3");
    QVERIFY(density != nullptr);
    QVERIFY(density->csv().contains("synthetic"));
}

void DelayFlow::rowsAreJudged() {
    import(someTable(150));
    make("smote", 200);
    click("delayJudge");
    const auto judgement = controller().judgement();
    QVERIFY2(judgement != nullptr, qPrintable(view().stateText()));
    QCOMPARE(judgement->study.heldOut, 45U);
    QCOMPARE(judgement->verdicts.size(), 1U);
    const auto* verdict = m_window->find<QLabel>("delayVerdict");
    QCOMPARE(verdict->text(), QString::fromStdString(judgement->verdicts.front().sentence).replace('_', ' '));
    const auto* scores = m_window->find<QTableWidget>("delayScores");
    QCOMPARE(scores->rowCount(), static_cast<int>(judgement->study.results.size()));
    const auto& first = judgement->study.results.front();
    QCOMPARE(scores->item(0, 3)->text(), QString::number(first.meanAbsolutePercentage().mean, 'f', 2));
    make("noise", 100);
    QVERIFY2(verdict->text().contains("changed since"), qPrintable(verdict->text()));
}

void DelayFlow::whatIsHeldOutIsNeverLearnedFrom() {
    import(someTable(100));
    make("noise", 300);
    // Copies with noise: nearly every synthetic row lies beside a row that was learned from.
    auto* heldOut = m_window->find<QSpinBox>("delayHeldOut");
    QCOMPARE(heldOut->value(), 30);
    QCOMPARE(table().split().second.rows(), 30U);
    heldOut->setValue(50);
    QVERIFY(settled());
    QCOMPARE(table().split().second.rows(), 50U);
    QCOMPARE(table().syntheticRows().rows(), 0U); // they knew rows that are held out now
    m_window->trigger("edit.undo");
    QVERIFY(settled());
    QCOMPARE(heldOut->value(), 30);
    QCOMPARE(table().syntheticRows().rows(), 300U);
}

void DelayFlow::generatorsAreCompared() {
    import(someTable(150));
    m_window->find<QPushButton>("delayCompare")->click();
    auto* dialog = m_window->find<QDialog>("delayStudyDialog");
    QVERIFY(dialog != nullptr);
    auto* sizes = dialog->findChild<QLineEdit*>("delayStudySizes");
    auto* note = dialog->findChild<QLabel*>("delayStudyNote");
    sizes->setText("20, 60");
    QVERIFY2(note->text().contains("30"), qPrintable(note->text()));
    sizes->setText("1000");
    QVERIFY2(note->text().contains("105"), qPrintable(note->text()));
    sizes->setText("40, 90, 1000");
    auto* methods = dialog->findChild<QListWidget*>("delayStudyMethods");
    for (int row = 0; row < methods->count(); ++row) {
        const QString name = methods->item(row)->text();
        methods->item(row)->setCheckState(name == "noise" || name == "copula" ? Qt::Checked : Qt::Unchecked);
    }
    dialog->findChild<QSpinBox*>("delayStudyRepeats")->setValue(2);
    dialog->findChild<QSpinBox*>("delayStudySynthetic")->setValue(100);
    dialog->accept();
    QVERIFY(settled());
    const auto judgement = controller().judgement();
    QVERIFY2(judgement != nullptr, qPrintable(view().stateText()));
    QCOMPARE(judgement->verdicts.size(), 2U); // 40 and 90; there are no 1000
    QVERIFY(judgement->study.find(90, "copula", "boosting_100") != nullptr);
    auto* size = m_window->find<QComboBox>("delaySize");
    QCOMPARE(size->count(), 2);
    QVERIFY(m_window->find<widgets::PlotView>("delaySizes")->csv().contains("copula"));
    const QByteArray before = m_window->find<widgets::PlotView>("delayErrors")->csv();
    size->setCurrentIndex(1);
    QVERIFY(m_window->find<widgets::PlotView>("delayErrors")->csv() != before);
}

void DelayFlow::theirTargetsAreSimulated() {
    m_window->find<QSpinBox>("delaySamples")->setValue(45);
    click("delaySimulate");
    make("noise", 20);
    const auto before = table().syntheticRows();
    auto* button = m_window->find<QPushButton>("delayResimulate");
    QVERIFY(button->isEnabled());
    button->click();
    QVERIFY(settled());
    QVERIFY2(view().state() == widgets::Panel::State::Content, qPrintable(view().stateText()));
    const auto after = table().syntheticRows();
    QVERIFY(after.rows() > 0 && after.rows() <= before.rows());
    QVERIFY(after.provenance.front().ends_with("targets simulated"));
    QVERIFY(after.columns[table().targetColumn()].values != before.columns[table().targetColumn()].values);
    QCOMPARE(after.columns[0].values.front(), before.columns[0].values.front());
    for (const double value : after.columns[table().targetColumn()].values)
        QVERIFY(value > 1e-12 && value < 1e-9);
    m_window->trigger("edit.undo");
    QVERIFY(settled());
    QVERIFY(table().syntheticRows().columns[table().targetColumn()].values ==
            before.columns[table().targetColumn()].values);
    click("delayClear");
    QVERIFY(!button->isEnabled());
    import(someTable(60));
    make("noise", 40);
    QVERIFY2(button->toolTip().contains("imported"), qPrintable(button->toolTip()));
}

void DelayFlow::theTargetIsChosen() {
    import(someTable(60) /* of delay */);
    auto* target = m_window->find<QComboBox>("delayTarget");
    QCOMPARE(target->currentText(), QString("delay"));
    target->setCurrentText("load");
    QVERIFY(settled());
    QCOMPARE(table().target, std::string("load"));
    m_window->trigger("edit.undo");
    QVERIFY(settled());
    QCOMPARE(target->currentText(), QString("delay"));
    // A copy of an input can be read off it: nothing is to be learned.
    QByteArray text = "x,y\n";
    for (int row = 0; row < 40; ++row)
        text += QByteArray::number(row) + ',' + QByteArray::number(2 * row) + '\n';
    controller().openFiles({write("same.csv", text)});
    QVERIFY(m_window->settle());
    m_window->find<QDialog>("delayImportDialog")->accept();
    QVERIFY(settled());
    QVERIFY2(m_window->notice().contains("same.csv"), qPrintable(m_window->notice()));
    QCOMPARE(table().name, std::string("cells.csv"));
}

void DelayFlow::saveAndLeave(const std::filesystem::path& folder) {
    (*m_window)->projects().saveTo(folder);
    QVERIFY(m_window->settle());
    QVERIFY2(!(*m_window)->document().isModified(), qPrintable(m_window->notice()));
    (*m_window)->projects().startNew({});
    QVERIFY(m_window->settle());
    QVERIFY(controller().table() == nullptr);
}

void DelayFlow::isSavedAndOpenedAgain() {
    import(someTable(80));
    make("copula", 100);
    const auto kept = table();
    const auto folder = m_window->path("delay project");
    saveAndLeave(folder);
    m_window->open(folder);
    QVERIFY(settled());
    QVERIFY2(controller().table() != nullptr, qPrintable(view().stateText()));
    QCOMPARE(table().name, kept.name);
    QCOMPARE(table().syntheticRows().rows(), 100U);
    for (std::size_t c = 0; c < kept.table.columns.size(); ++c)
        QVERIFY(table().table.columns[c].values == kept.table.columns[c].values);
    QCOMPARE(m_window->find<QTableWidget>("delayResemblance")->rowCount(), 4);
}

void DelayFlow::aVerdictIsKeptWithItsTable() {
    import(someTable(120));
    make("smote", 100);
    click("delayJudge");
    QVERIFY2(controller().judgement() != nullptr, qPrintable(view().stateText()));
    const auto* verdict = m_window->find<QLabel>("delayVerdict");
    const QString said = verdict->text();
    const auto folder = m_window->path("judged");
    saveAndLeave(folder);
    QVERIFY(controller().judgement() == nullptr);
    m_window->open(folder);
    QVERIFY(settled());
    QVERIFY(controller().judgement() != nullptr);
    QCOMPARE(verdict->text(), said);
    // Of another table nothing is known.
    make("noise", 50);
    saveAndLeave(folder);
    m_window->open(folder);
    QVERIFY(settled());
    QVERIFY(controller().judgement() == nullptr && table().syntheticCount() == 50);
}

void DelayFlow::aMovedProjectSimulatesItsOwnCell() {
    const auto file = write("mine.sp", ".subckt mine a y vdd vss\nmp y a vdd vdd pmos w=400n l=50n\n"
                                       "mn y a vss vss nmos w=200n l=50n\n.ends\n");
    controller().openFiles({file});
    QVERIFY(settled());
    m_window->find<QSpinBox>("delaySamples")->setValue(50);
    click("delaySimulate");
    make("noise", 40);
    click("delayJudge");
    saveAndLeave(m_window->path("before"));
    std::filesystem::remove(file);
    std::filesystem::rename(m_window->path("before"), m_window->path("after"));
    m_window->open(m_window->path("after"));
    QVERIFY(settled());
    QVERIFY2(controller().table() != nullptr, qPrintable(view().stateText()));
    click("delayResimulate");
    QVERIFY2(view().state() == widgets::Panel::State::Content, qPrintable(view().stateText()));
    QVERIFY(table().syntheticRows().provenance.front().ends_with("targets simulated"));
    QVERIFY(m_window->find<QLabel>("delayVerdict")->text().contains("changed since"));
}

void DelayFlow::isLeftAsItWasAtTheNextStart() {
    m_window->find<QComboBox>("delayCell")->setCurrentText("nor3");
    m_window->find<QSpinBox>("delaySamples")->setValue(321);
    m_window->find<QComboBox>("delayMethod")->setCurrentIndex(4);
    m_window->find<QSpinBox>("delayNeighbours")->setValue(9);
    const auto before = std::move(m_window);
    m_window = std::make_unique<FlowWindow>(*before, Settings::Mode::Normal);
    const auto wishes = view().cell().wishes();
    QVERIFY(wishes);
    QCOMPARE(wishes->cell, QString("nor3"));
    QCOMPARE(wishes->samples, 321);
    QCOMPARE(view().generator().wishes().method, QString("smote"));
    QCOMPARE(view().generator().wishes().options.neighbours, 9U);
}

void DelayFlow::oneOfAFilesCellsIsChosen() {
    const QByteArray inverter = ".subckt slow a y vdd vss\nmp y a vdd vdd pmos w=200n l=100n\n"
                                "mn y a vss vss nmos w=100n l=100n\n.ends\n";
    controller().openFiles({write("one.sp", inverter)});
    QVERIFY(settled());
    QVERIFY2(view().cell().wishes()->cell.endsWith("one.sp:slow"), qPrintable(m_window->notice()));
    QByteArray two = inverter;
    two += QByteArray(inverter).replace("slow", "other");
    controller().openFiles({write("two.sp", two)});
    QVERIFY(settled());
    auto* choice = m_window->find<QInputDialog>("delayCellChoice");
    QVERIFY2(choice != nullptr, qPrintable(m_window->notice()));
    QCOMPARE(choice->comboBoxItems(), (QStringList{"slow", "other"}));
    choice->setTextValue("other");
    choice->accept();
    QVERIFY(view().cell().wishes()->cell.endsWith("two.sp:other"));
    m_window->find<QSpinBox>("delaySamples")->setValue(31);
    click("delaySimulate");
    QVERIFY2(controller().table() != nullptr, qPrintable(view().stateText()));
    QCOMPARE(table().table.rows(), 31U);
}

void DelayFlow::aCellThatDoesNotSwitchIsOneSentence() {
    controller().openFiles({write("still.sp", ".subckt still a y vdd vss\nmp y y vdd vdd pmos w=200n l=50n\n"
                                              "mn y y vss vss nmos w=100n l=50n\nmx z a vss vss nmos w=1u "
                                              "l=50n\n.ends\n")});
    QVERIFY(settled());
    if (view().cell().wishes()->cell.endsWith("still")) {
        click("delaySimulate");
        QVERIFY2(view().stateText().endsWith('.') && !view().stateText().isEmpty(),
                 qPrintable(view().stateText()));
    } else {
        QVERIFY2(m_window->notice().contains("still"), qPrintable(m_window->notice()));
    }
    QVERIFY(controller().table() == nullptr);
    controller().openFiles({write("none.sp", "* nothing\n.end\n")});
    QVERIFY(settled());
    QVERIFY2(m_window->notice().contains("none.sp"), qPrintable(m_window->notice()));
}

void DelayFlow::aRunIsCancelled() {
    import(someTable(100));
    const auto before = controller().table();
    m_window->find<QSpinBox>("delaySamples")->setValue(100000);
    m_window->find<QPushButton>("delaySimulate")->click();
    QVERIFY(!m_window->find<QPushButton>("delayMake")->isEnabled());
    emit view().cancelRequested();
    QVERIFY(settled());
    QCOMPARE(controller().table(), before);
    QCOMPARE(view().state(), widgets::Panel::State::Content);
    QVERIFY(m_window->find<QPushButton>("delayMake")->isEnabled());
}

void DelayFlow::anImportAsksBeforeItStopsARun() {
    import(someTable(100));
    const auto before = controller().table();
    m_window->find<QSpinBox>("delaySamples")->setValue(100000);
    m_window->find<QPushButton>("delaySimulate")->click();
    const auto importAnother = [&] {
        controller().openFiles({write("another.csv", someTable(60))});
        auto* outcome = m_window->find<QLabel>("delayImportOutcome");
        QVERIFY(outcome != nullptr);
        QVERIFY(QTest::qWaitFor([&] { return outcome->text().contains("60 rows"); }, 20000));
        m_window->find<QDialog>("delayImportDialog")->accept();
    };
    const auto answer = [&](QMessageBox::ButtonRole role) {
        auto* box = m_window->find<QMessageBox>("delayRunningBox");
        QVERIFY(box != nullptr);
        QVERIFY2(box->text().contains("Simulate 100000 rows of inv"), qPrintable(box->text()));
        for (QAbstractButton* button : box->buttons())
            if (box->buttonRole(button) == role) button->click();
        QVERIFY(QTest::qWaitFor([&] { return m_window->find<QMessageBox>("delayRunningBox") == nullptr; }));
    };
    importAnother();
    answer(QMessageBox::RejectRole);
    QVERIFY(controller().isBusy());
    QCOMPARE(controller().table(), before);
    importAnother();
    answer(QMessageBox::DestructiveRole);
    QVERIFY(settled());
    QCOMPARE(table().name, std::string("another.csv"));
    QCOMPARE(view().state(), widgets::Panel::State::Content);
}

void DelayFlow::theTableIsExportedWithItsOrigins() {
    import(someTable(60));
    make("smote", 40);
    QSignalSpy asked(&view(), &widgets::Panel::exportRequested);
    m_window->find<QToolButton>("delayExport")->click();
    QVERIFY(QTest::qWaitFor([&] { return asked.count() > 0; }, 10000));
    const auto read = delay::parseTable(asked.front().front().toByteArray().toStdString(), "again.csv", {});
    QVERIFY2(read, read ? "" : read.error().describe().c_str());
    QCOMPARE(read->table.rows(), 100U);
    QCOMPARE(delay::rowsOfOrigin(read->table, false).size(), 40U);
    QCOMPARE(asked.front().at(1).toString(), QString("cells.csv"));
}

} // namespace headroom::app

QTEST_MAIN(headroom::app::DelayFlow)
#include "delay_flow_test.moc"
