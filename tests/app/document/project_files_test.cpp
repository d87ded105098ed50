#include "app/document/project_files.h"

#include <QTemporaryDir>
#include <QTest>

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/project/result_store.h"

namespace headroom::app {

namespace fs = std::filesystem;

class ProjectFilesTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void savesAndReadsBack();
    void savesElsewhereWithEverythingThatItRefersTo();
    void refusesAFolderWithOtherThings();
    void copiesANetlistWithWhatItIncludes();
    void copiesASchematicWithItsSymbols();
    void copiesOfDifferentNetlistsDoNotMeet();
    void saysThatANetlistWasChangedOutside();
    void removesTheAutosaveOnceSaved();
    void prunesResultsThatNobodyRefersTo();

private:
    fs::path at(const char* name) const { return fs::path(m_dir->path().toStdString()) / name; }
    project::Project imported(const fs::path& folder);

    std::unique_ptr<QTemporaryDir> m_dir;
};

namespace {

void write(const fs::path& file, const std::string& text) {
    QVERIFY(writeFileAtomically(file, text).has_value());
}

project::StoredExploration someExploration() {
    project::StoredExploration stored;
    stored.exploration.specification =
        sizing::Specification::reaching({simulation::Performance::GainDb}, {60});
    stored.exploration.candidates.resize(2);
    return stored;
}

} // namespace

void ProjectFilesTest::init() {
    m_dir = std::make_unique<QTemporaryDir>();
}

project::Project ProjectFilesTest::imported(const fs::path& folder) {
    write(at("source/lib/models.inc"), "* models\n");
    write(at("source/top/amp.sp"), "* amp\n.include ../lib/models.inc\nR1 a b 1k\n.end\n");
    const auto netlist = netlist::readNetlist(at("source/top/amp.sp"));
    project::Project project;
    project.netlist = copyImport(netlist.value(), {}, folder).value();
    return project;
}

void ProjectFilesTest::savesAndReadsBack() {
    const project::Project project = imported(at("p"));
    QVERIFY(saveProject(project, at("p"), at("p")));
    const auto read = readProjectFolder(at("p"), false);
    QVERIFY2(read.has_value(), read ? "" : read.error().describe().c_str());
    QVERIFY(*read == project);
}

void ProjectFilesTest::copiesANetlistWithWhatItIncludes() {
    const project::Project project = imported(at("p"));
    QCOMPARE(readFile(at("p") / project.netlist->file).value(), readFile(at("source/top/amp.sp")).value());
    const auto netlist = netlist::readNetlist(at("p") / project.netlist->file);
    QVERIFY(netlist.has_value());
    QCOMPARE(netlist->files.size(), 2U);
    QVERIFY(netlist->files[1].path.lexically_normal().string().starts_with(at("p").string()));
}

void ProjectFilesTest::copiesASchematicWithItsSymbols() {
    const auto symbol = [](int x) { // a resistor whose pins stand where no other resistor's do
        return "Version 4\nSymbolType CELL\nSYMATTR Prefix R\nSYMATTR Value 1k\nPIN " + std::to_string(x) +
               " 0 NONE 0\nPINATTR PinName A\nPINATTR SpiceOrder 1\nPIN " + std::to_string(x) +
               " 96 NONE 0\nPINATTR PinName B\nPINATTR SpiceOrder 2\n";
    };
    write(at("source/top/mine.asy"), symbol(32));
    write(at("source/top/amp.asc"), "Version 4\nSHEET 1 880 680\nWIRE 32 0 0 0\nFLAG 0 0 a\nFLAG 32 96 0\n"
                                    "SYMBOL mine 0 0 R0\nSYMATTR InstName R1\n");
    const auto original = netlist::readNetlist(at("source/top/amp.asc"));
    QVERIFY2(original.has_value(), original ? "" : original.error().describe().c_str());
    QCOMPARE(original->companions.size(), 1U);
    const auto copied = copyImport(original.value(), {}, at("p")).value().file;
    fs::remove_all(at("source"));
    const auto copy = netlist::readNetlist(at("p") / copied);
    QVERIFY(copy.has_value());
    QCOMPARE(copy->circuit.nets, original->circuit.nets);
    QCOMPARE(copy->circuit.devices.size(), 1U);
    QCOMPARE(copy->circuit.devices.front().nets, original->circuit.devices.front().nets);
}

void ProjectFilesTest::copiesOfDifferentNetlistsDoNotMeet() {
    const auto first = imported(at("p")).netlist->file;
    write(at("source/top/amp.sp"), "* amp\nR1 a b 2k\n.end\n");
    const auto netlist = netlist::readNetlist(at("source/top/amp.sp"));
    const auto second = copyImport(netlist.value(), {}, at("p")).value().file;
    QVERIFY(first != second);
    QVERIFY(fs::exists(at("p") / first));
    QVERIFY(fs::exists(at("p") / second));
}

void ProjectFilesTest::savesElsewhereWithEverythingThatItRefersTo() {
    project::Project project = imported(at("old"));
    project.model = "model/2";
    write(at("old/model/2/model.yaml"), "x");
    write(at("old/model/1/model.yaml"), "not referred to");
    write(at("old/dataset/1/dataset.csv"), "rows");
    auto store = project::ResultStore::open(at("old/results.sqlite"));
    project.results = project::ResultReference{store->add(someExploration()).value(), {}, {}};
    QVERIFY(saveProject(project, at("old"), at("new")));
    QVERIFY(*readProjectFolder(at("new"), false) == project);
    QVERIFY(fs::exists(at("new/model/2/model.yaml")));
    QVERIFY(!fs::exists(at("new/model/1")));
    QVERIFY(fs::exists(at("new/dataset/1/dataset.csv"))); // the model's own
    const auto copy = project::ResultStore::open(at("new/results.sqlite"));
    QCOMPARE(copy->exploration(project.results->exploration)->exploration.candidates.size(), 2U);
}

void ProjectFilesTest::refusesAFolderWithOtherThings() {
    write(at("mine/letter.txt"), "Dear Ann");
    const auto saved = saveProject({}, at("old"), at("mine"));
    QVERIFY(!saved);
    QCOMPARE(saved.error().code, ErrorCode::BadInput);
    QVERIFY(!fs::exists(at("mine/project.yaml")));
    QVERIFY(!canHoldProject(at("mine")));
    QVERIFY(canHoldProject(at("new")));
}

void ProjectFilesTest::saysThatANetlistWasChangedOutside() {
    const project::Project project = imported(at("p"));
    QVERIFY(saveProject(project, at("p"), at("p")));
    write(at("p") / project.netlist->file, "* changed\nR1 a b 3k\n.end\n");
    const auto read = readProjectFolder(at("p"), false);
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Corrupt);
}

void ProjectFilesTest::removesTheAutosaveOnceSaved() {
    project::Project project = imported(at("p"));
    QVERIFY(saveProject(project, at("p"), at("p")));
    project.technology = "other";
    QVERIFY(autosaveProject(project, at("p")));
    QCOMPARE(readProjectFolder(at("p"), true)->technology, std::string("other"));
    QVERIFY(readProjectFolder(at("p"), false)->technology != "other");
    QVERIFY(saveProject(project, at("p"), at("p")));
    QVERIFY(!fs::exists(at("p") / project::autosaveFileName));
}

void ProjectFilesTest::prunesResultsThatNobodyRefersTo() {
    fs::create_directories(at("p"));
    auto store = project::ResultStore::open(at("p/results.sqlite"));
    const auto unused = store->add(someExploration()).value();
    const auto used = store->add(someExploration()).value();
    project::Project project;
    project.results = project::ResultReference{used, {}, {}};
    QVERIFY(pruneResults(at("p"), project));
    QVERIFY(!store->exploration(unused));
    QVERIFY(store->exploration(used).has_value());
}

} // namespace headroom::app

QTEST_GUILESS_MAIN(headroom::app::ProjectFilesTest)
#include "project_files_test.moc"
