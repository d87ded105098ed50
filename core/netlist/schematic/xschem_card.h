#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/netlist/schematic/xschem_symbols.h"

namespace headroom::netlist {

/// The SPICE cards that an instance stands for, by its symbol's format: @name, @pinlist, @@PIN, @attribute.
/// A format that only TCL can evaluate and a missing one are replaced by what the type suggests.
/// @param symbolName the symbol's name without folder and suffix
std::vector<CardPart> xschemCard(const XschemSymbol& symbol, const XschemAttributes& instance,
                                 const std::string& symbolName);

/// The letters with which a card of a symbol's type may begin.
std::string xschemLetters(const std::string& type);

std::optional<DeviceType> xschemDeviceType(const std::string& type);
std::optional<Polarity> xschemPolarity(const std::string& type);

} // namespace headroom::netlist
