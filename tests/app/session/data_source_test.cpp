#include "app/session/data_source.h"

#include <QTest>

namespace headroom::app {

using simulation::Performance;

class DataSourceTest : public QObject {
    Q_OBJECT

private slots:
    void takesTheTargetsOfARow();
    void lockedTargetsKeepTheirValues();
    void aLockedTargetThatAgreesLeavesTheGroundTruth();
    void anEditedSpecificationHasNoGroundTruth();
    void ordersTargetsAsTheDataSetDoes();
};

namespace {

sizing::Dataset twoRows() {
    sizing::Dataset dataset;
    dataset.variableNames = {"M1 w"};
    dataset.performances = {Performance::GainDb, Performance::Power};
    dataset.rows = {{{1e-6}, {60, 1e-4}}, {{2e-6}, {70, 2e-4}}};
    return dataset;
}

} // namespace

void DataSourceTest::takesTheTargetsOfARow() {
    const auto specification = specificationFromRow(twoRows(), 1, {});
    const std::vector<project::Target> expected{{Performance::GainDb, 70, false},
                                                {Performance::Power, 2e-4, false}};
    QVERIFY(specification.targets == expected);
    QCOMPARE(specification.dataRow, std::optional<std::size_t>(1));
    QCOMPARE(groundTruth(twoRows(), specification)->values, std::vector<double>{2e-6});
}

void DataSourceTest::lockedTargetsKeepTheirValues() {
    project::SpecificationState before;
    before.targets = {{Performance::Power, 5e-5, true}};
    const auto specification = specificationFromRow(twoRows(), 1, before);
    QCOMPARE(specification.targets[0].value, 70.0);
    QCOMPARE(specification.targets[1].value, 5e-5);
    QVERIFY(specification.targets[1].locked);
    QVERIFY(!specification.dataRow); // no simulated sizing has these performances
}

void DataSourceTest::aLockedTargetThatAgreesLeavesTheGroundTruth() {
    project::SpecificationState before;
    before.targets = {{Performance::Power, 2e-4, true}};
    QCOMPARE(specificationFromRow(twoRows(), 1, before).dataRow, std::optional<std::size_t>(1));
}

void DataSourceTest::anEditedSpecificationHasNoGroundTruth() {
    auto specification = specificationFromRow(twoRows(), 0, {});
    specification.targets[0].value = 61;
    QVERIFY(!groundTruth(twoRows(), specification));
    specification.targets[0].value = 60;
    QVERIFY(groundTruth(twoRows(), specification));
    specification.dataRow = 17; // of a data set that has shrunk
    QVERIFY(!groundTruth(twoRows(), specification));
}

void DataSourceTest::ordersTargetsAsTheDataSetDoes() {
    project::SpecificationState state;
    state.targets = {{Performance::Power, 3e-4, false}, {Performance::GainDb, 50, false}};
    const sizing::DesignSpace space;
    const auto specification = toSpecification(twoRows(), space, state);
    QVERIFY(specification.has_value());
    QVERIFY(*specification ==
            sizing::Specification::reaching({Performance::GainDb, Performance::Power}, {50, 3e-4}));
    state.targets.pop_back();
    const auto partial = toSpecification(twoRows(), space, state);
    QVERIFY(partial.has_value());
    QVERIFY(partial->find(Performance::GainDb)->isFree());
    state.targets[0].otherLimit = 4e-4; // the power that is asked for is at most 0.3 mW
    QCOMPARE(toSpecification(twoRows(), space, state).error().message,
             std::string("The specification contradicts itself: Power should be at least 400 µW and at most "
                         "300 µW."));
    state.targets[0].otherLimit.reset();
    state.pinned = {{"M7", "w", 1e-6}};
    QCOMPARE(toSpecification(twoRows(), space, state).error().message,
             std::string("M7 is pinned but has no size \"w\" in this circuit."));
}

} // namespace headroom::app

QTEST_GUILESS_MAIN(headroom::app::DataSourceTest)
#include "data_source_test.moc"
