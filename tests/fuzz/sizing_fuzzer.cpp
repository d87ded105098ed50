// Reads arbitrary bytes as each of the texts that a sizing session reads: data sets, sizings, specifications,
// training curves, the description of a model, a project. Nothing may crash, hang or leak; an error has a
// message; what was read is written as a text that reads back the same.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

#include "core/project/project.h"
#include "core/sizing/amplifier_source.h"
#include "core/sizing/dataset_import.h"
#include "core/sizing/model_card.h"
#include "core/sizing/specification_text.h"
#include "core/sizing/training_curve.h"
#include "tests/fuzz/require.h"

namespace {

using namespace headroom;
using namespace headroom::sizing;

/// What the texts are about: a small amplifier in a shipped technology.
struct Subject {
    std::shared_ptr<const simulation::AmplifierUnderTest> amplifier;
    DesignSpace space;
};

const Subject& subject() {
    static const Subject made = [] {
        const auto amplifier =
            openAmplifier(std::string(HEADROOM_FUZZ_EXAMPLES) + "/five_transistor.sp", "freepdk45");
        require(amplifier.has_value(), "the shipped example can be read");
        auto space = DesignSpace::create(**amplifier);
        require(space.has_value(), "the shipped example can be sized");
        return Subject{*amplifier, std::move(*space)};
    }();
    return made;
}

template <class Value>
bool hasRead(const Result<Value>& read) {
    require(read || !read.error().message.empty(), "an error has a message");
    return read.has_value();
}

bool isSame(double a, double b) {
    return a == b || (std::isnan(a) && std::isnan(b));
}

void readAsDataset(const std::string& text) {
    if (const auto read = readDatasetCsv(text, "fuzz.csv"); hasRead(read)) {
        const auto again = readDatasetCsv(writeDatasetCsv(*read), "again.csv");
        require(again && again->rows.size() == read->rows.size(), "a written data set reads back");
        for (std::size_t row = 0; row < read->rows.size(); ++row) {
            const auto& there = read->rows[row];
            require(there.values.size() == read->variableNames.size() &&
                        there.performances.size() == read->performances.size(),
                    "rows are as long as the heading");
            for (std::size_t v = 0; v < there.values.size(); ++v)
                require(isSame(there.values[v], again->rows[row].values[v]), "every digit is kept");
        }
    }
    (void)hasRead(readSaturationCsv(text, "fuzz.csv"));
    if (const auto read = importDataset(text, "fuzz.csv", subject().space); hasRead(read)) {
        for (const DataRow& row : read->rows) {
            require(row.values.size() == subject().space.size(), "every variable has a value");
            for (std::size_t v = 0; v < row.values.size(); ++v) {
                const Variable& variable = subject().space.variables()[v];
                require(row.values[v] >= variable.low && row.values[v] <= variable.high, "sizes are legal");
            }
            for (const double value : row.performances)
                require(std::isfinite(value), "performances are finite");
        }
    }
}

void readAsSizing(const std::string& text) {
    const auto sizing = netlist::readSizing(text, "fuzz.csv");
    if (!hasRead(sizing)) return;
    const auto again = netlist::readSizing(netlist::writeSizingCsv(*sizing), "again.csv");
    require(again && again->size() == sizing->size(), "a written sizing reads back");
    const auto edited = netlist::applySizing(subject().amplifier->netlist, *sizing);
    if (hasRead(edited)) (void)hasRead(netlist::parseNetlist(edited->text, "sized.sp"));
    const auto values = subject().space.collapse(subject().amplifier->netlist, *sizing);
    if (!hasRead(values)) return;
    for (const std::size_t mostUnits : {0, 20}) {
        const DesignSpace space = subject().space.withUnitTransistors(mostUnits);
        const std::vector<double> snapped = space.snapForExport(*values);
        for (std::size_t v = 0; v < snapped.size(); ++v) {
            if (std::isnan((*values)[v])) continue;
            require(snapped[v] >= space.variables()[v].low && snapped[v] <= space.variables()[v].high,
                    "a snapped size is legal");
        }
    }
}

void readAsSpecification(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; words.size() < 50 && stream >> word;)
        words.push_back(word);
    if (const auto read = parseSpecification(words, simulation::standardPerformances()); hasRead(read)) {
        for (const Requirement& requirement : read->requirements) {
            if (requirement.isFree()) continue;
            const auto again = parseRequirement(formatRequirement(requirement));
            require(again && *again == requirement, "a written requirement reads back");
        }
    }
    (void)hasRead(parsePinnedSizes(words, subject().space));
}

void readAsModel(const std::string& text) {
    if (const auto curves = readTrainingCsv(text, "fuzz.csv"); hasRead(curves))
        require(readTrainingCsv(writeTrainingCsv(*curves), "again.csv").has_value(),
                "written losses read back");
    if (const auto read = readModelYaml(text, "fuzz.yaml"); hasRead(read)) {
        const std::string written = writeModelYaml(*read);
        const auto again = readModelYaml(written, "again.yaml");
        require(again && writeModelYaml(*again) == written, "a written description of a model reads back");
    }
}

void readAsProject(const std::string& text) {
    const auto read = project::parseProject(text, "project.yaml");
    if (!hasRead(read)) return;
    const std::string written = writeProject(*read);
    const auto again = project::parseProject(written, "again.yaml");
    require(again && writeProject(*again) == written, "a written project reads back");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    readAsDataset(text);
    readAsSizing(text);
    readAsSpecification(text);
    readAsModel(text);
    readAsProject(text);
    return 0;
}
