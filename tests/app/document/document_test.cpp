#include "app/document/document.h"

#include <QSignalSpy>
#include <QTest>

namespace headroom::app {

using simulation::Performance;

class DocumentTest : public QObject {
    Q_OBJECT

private slots:
    void tellsWhichFacetsAChangeTouched();
    void undoesAndRedoesWholeValues();
    void namesStatesSoThatUndoComesBackToThem();
    void isModifiedOnlyWhereItDiffersFromWhatWasSaved();
    void aChangeToNothingIsNoStep();
    void mergesStepsOfOneKind();
    void resetForgetsTheHistory();
};

namespace {

project::Project withTarget(project::Project project, double value) {
    project.specification.targets = {{Performance::GainDb, value, false}};
    return project;
}

} // namespace

void DocumentTest::tellsWhichFacetsAChangeTouched() {
    const project::Project before;
    project::Project after = withTarget(before, 60);
    QCOMPARE(differences(before, after), Facets(Facet::Specification));
    after.conditions.corner = "ss";
    after.results = project::ResultReference{1, 2, {}};
    QCOMPARE(differences(before, after), Facets(Facet::Specification) | Facet::Conditions | Facet::Results);
    QCOMPARE(differences(after, after), Facets());
}

void DocumentTest::undoesAndRedoesWholeValues() {
    Document document;
    QList<Facets> seen;
    connect(&document, &Document::changed, this, [&](Facets facets) { seen.append(facets); });
    document.edit("Edit gain", withTarget(document.project(), 60));
    document.edit("Edit gain", withTarget(document.project(), 70));
    QCOMPARE(document.undoStack().count(), 2);
    document.undoStack().undo();
    QCOMPARE(document.project().specification.targets[0].value, 60.0);
    document.undoStack().undo();
    QVERIFY(document.project().specification.targets.empty());
    document.undoStack().redo();
    QCOMPARE(document.project().specification.targets[0].value, 60.0);
    QCOMPARE(seen, QList<Facets>(5, Facet::Specification));
}

void DocumentTest::namesStatesSoThatUndoComesBackToThem() {
    Document document;
    const auto first = document.stateId();
    document.edit("a", withTarget(document.project(), 1));
    const auto second = document.stateId();
    QVERIFY(second != first);
    document.undoStack().undo();
    QCOMPARE(document.stateId(), first);
    document.edit("b", withTarget(document.project(), 1));
    QVERIFY(document.stateId() != second); // the same value, another history
}

void DocumentTest::isModifiedOnlyWhereItDiffersFromWhatWasSaved() {
    Document document;
    QSignalSpy modified(&document, &Document::modifiedChanged);
    QVERIFY(!document.isModified());
    document.edit("a", withTarget(document.project(), 1));
    QVERIFY(document.isModified());
    const auto saved = document.stateId();
    document.edit("b", withTarget(document.project(), 2));
    document.setSaved(saved); // an older state: a save that took a while
    QVERIFY(document.isModified());
    document.undoStack().undo();
    QVERIFY(!document.isModified());
    QVERIFY(modified.count() >= 2);
}

void DocumentTest::aChangeToNothingIsNoStep() {
    Document document;
    document.edit("nothing", document.project());
    QCOMPARE(document.undoStack().count(), 0);
    QVERIFY(!document.isModified());
}

void DocumentTest::mergesStepsOfOneKind() {
    Document document;
    document.edit("Choose 1", withTarget(document.project(), 1), 1);
    document.edit("Choose 2", withTarget(document.project(), 2), 1);
    document.edit("Choose 3", withTarget(document.project(), 3), 1);
    QCOMPARE(document.undoStack().count(), 1);
    QCOMPARE(document.undoStack().undoText(), "Choose 3");
    document.edit("Edit", withTarget(document.project(), 4));
    document.edit("Edit", withTarget(document.project(), 5));
    QCOMPARE(document.undoStack().count(), 3);
    const auto last = document.stateId();
    for (int i = 0; i < 3; ++i)
        document.undoStack().undo();
    QVERIFY(document.project().specification.targets.empty());
    QVERIFY(!document.isModified());
    for (int i = 0; i < 3; ++i)
        document.undoStack().redo();
    QCOMPARE(document.project().specification.targets[0].value, 5.0);
    QCOMPARE(document.stateId(), last);
}

void DocumentTest::resetForgetsTheHistory() {
    Document document;
    document.edit("a", withTarget(document.project(), 1));
    QSignalSpy reset(&document, &Document::wasReset);
    document.reset(withTarget({}, 5), "/tmp/some/project", false);
    QCOMPARE(document.undoStack().count(), 0);
    QVERIFY(!document.isModified());
    QCOMPARE(document.displayName(), "project");
    QCOMPARE(reset.count(), 1);
    document.reset({}, "/tmp/other", true, {}, true);
    QVERIFY(document.isModified());
    QCOMPARE(document.displayName(), "Untitled");
}

} // namespace headroom::app

QTEST_GUILESS_MAIN(headroom::app::DocumentTest)
#include "document_test.moc"
