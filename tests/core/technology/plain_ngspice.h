#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/technology/technology.h"

/// The ngspice program itself as the oracle of model texts and bins.
namespace headroom::technology {

bool hasNgspice();

/// The folder technologies/@p name of the third-party test data; empty where it is absent.
std::string dataFolder(const std::string& name);

/// What the program prints: @p before runs before the deck is read, @p after behind it.
std::string runNgspice(const std::vector<std::string>& before, const std::string& deck,
                       const std::string& after);

/// The "name = value" lines of an output; a line "part NAME" puts NAME before the names that follow.
std::map<std::string, double> valuesIn(const std::string& output);

/// A device to simulate: W of all fingers and L in metres.
struct TestDevice {
    const MosfetRules* rules = nullptr;
    double width = 0, length = 0;
    int fingers = 1;
};

/// Drain current, transconductance and capacitances of every device at several biases. @p models is the
/// deck's text about models; devices are written in @p technology's way.
std::map<std::string, double> operatingPoints(const Technology& technology, const std::string& models,
                                              const std::vector<TestDevice>& devices);

/// Fails where two sets of operating points differ by more than 1e-6 of the value.
void expectEqual(const std::map<std::string, double>& ours, const std::map<std::string, double>& original,
                 const std::string& where);

} // namespace headroom::technology
