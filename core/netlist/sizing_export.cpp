#include "core/netlist/sizing_export.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <unordered_map>

#include <fmt/format.h>

#include "core/netlist/card_fields.h"
#include "core/netlist/decoded_files.h"
#include "core/netlist/device_table.h"
#include "core/netlist/letter_case.h"
#include "core/netlist/logical_line.h"
#include "core/netlist/schematic/source_text.h"
#include "core/netlist/value_text.h"

namespace headroom::netlist {
namespace {

/// A replacement of bytes; an insertion where length is 0.
struct Edit {
    std::size_t offset = 0;
    std::size_t length = 0;
    std::string text;
};

bool isLength(const std::string& parameter) {
    return parameter == "w" || parameter == "l";
}

bool isCount(const std::string& parameter) {
    static constexpr std::array kCounts{"m", "nf", "ng", "mult", "nfin"};
    return std::find(kCounts.begin(), kCounts.end(), parameter) != kCounts.end();
}

bool hasValue(DeviceType type) {
    return type == DeviceType::Resistor || type == DeviceType::Capacitor || type == DeviceType::Inductor ||
           type == DeviceType::VoltageSource || type == DeviceType::CurrentSource;
}

/// Whether a line of such a device may get a parameter that it does not carry yet.
bool mayAppend(DeviceType type, const std::string& parameter) {
    if (hasValue(type)) return parameter == "value" || parameter == "m";
    if (type == DeviceType::Mosfet) return isLength(parameter) || isCount(parameter);
    return parameter == "m";
}

class SizingWriter {
public:
    explicit SizingWriter(const Netlist& netlist)
        : m_netlist(netlist)
        , m_text(netlist.files.front().text)
        , m_rules(NumberRules::of(netlist.dialect == Dialect::Spectre ? Dialect::Spice : netlist.dialect))
        , m_spectreRules(NumberRules::of(Dialect::Spectre))
        , m_schematic(netlist.format == "xschem" || netlist.format == "ltspice" || netlist.format == "kicad")
        , m_encoding(m_schematic || isUtf16(m_text) ? encodingOf(m_text) : TextEncoding::Utf8) {
        for (std::size_t i = 0; i < devices().size(); ++i) {
            const SourceSpan& span = devices()[i].span;
            m_byName.emplace(devices()[i].name, i);
            m_byAnyCase.emplace(lowerCase(devices()[i].name), i);
            m_byLine[{span.file, span.offset}].push_back(i);
        }
    }

    Result<EditedNetlist> run(const Sizing& sizing) {
        if (auto done = collect(sizing); !done) return forward(done);
        // In the sizing's order, so that parameters are appended in that order.
        for (const Assignment& each : sizing) {
            const Device& device = devices()[*indexOf(each.device)];
            const LineParameter key{{device.span.file, device.span.offset}, lowerCase(each.parameter)};
            if (!m_done.emplace(key, true).second) continue;
            if (auto done = edit(key); !done) return forward(done);
        }
        return apply();
    }

private:
    using Line = std::pair<int, std::size_t>; ///< file and offset of a device's card
    struct LineParameter {
        Line line;
        std::string parameter;
        auto operator<=>(const LineParameter&) const = default;
    };

    /// The device of that name; where there is none, case is ignored.
    std::optional<std::size_t> indexOf(const std::string& name) const {
        if (const auto found = m_byName.find(name); found != m_byName.end()) return found->second;
        const auto similar = m_byAnyCase.find(lowerCase(name));
        return similar == m_byAnyCase.end() ? std::nullopt : std::optional(similar->second);
    }

    const std::vector<Device>& devices() const { return m_netlist.circuit.devices; }

    tl::unexpected<Error> failOn(const Device& device, ErrorCode code, std::string message) const {
        const auto& file = m_netlist.files[static_cast<std::size_t>(device.span.file)];
        return failAt(code, file.path.string(), device.span.line, std::move(message));
    }

    /// Finds the devices and checks what does not depend on other assignments.
    Result<void> collect(const Sizing& sizing) {
        for (const Assignment& each : sizing) {
            const auto found = indexOf(each.device);
            if (!found) {
                return fail(ErrorCode::NotFound,
                            fmt::format("{} has no device '{}'.", m_netlist.files.front().path.string(),
                                        each.device));
            }
            const Device& device = devices()[*found];
            const std::string parameter = lowerCase(each.parameter);
            const bool positive = isLength(parameter) || isCount(parameter);
            if (!std::isfinite(each.value) || (positive && each.value <= 0)) {
                return failOn(
                    device, ErrorCode::BadInput,
                    fmt::format("{:g} is no value for {} of '{}'.", each.value, parameter, device.name));
            }
            if (!device.parameter(parameter) && !mayAppend(device.type, parameter)) {
                return failOn(device, ErrorCode::NotFound,
                              fmt::format("'{}' has no parameter '{}'.", device.name, parameter));
            }
            const auto [known, isNew] = m_wanted.emplace(std::pair(*found, parameter), each.value);
            if (!isNew && known->second != each.value) {
                return failOn(
                    device, ErrorCode::BadInput,
                    fmt::format("{} of '{}' is given twice with different values.", parameter, device.name));
            }
        }
        return {};
    }

    /// The value that must stand on the device's line: m without the multipliers around the device.
    static double onLine(const Device& device, const std::string& parameter, double value) {
        return parameter == "m" ? value / device.hierarchyMultiplier : value;
    }

    Result<void> edit(const LineParameter& key) {
        const std::vector<std::size_t>& instances = m_byLine.at(key.line);
        std::optional<double> value;
        bool unchanged = true;
        for (const std::size_t i : instances) {
            const Device& device = devices()[i];
            const std::optional<double> current = device.number(key.parameter);
            const auto wanted = m_wanted.find({i, key.parameter});
            const std::optional<double> next =
                wanted == m_wanted.end() ? current : std::optional(wanted->second);
            const double line = onLine(device, key.parameter, next.value_or(std::nan("")));
            if (!next || (value && *value != line)) {
                return failOn(
                    device, ErrorCode::Unsupported,
                    fmt::format("'{}' and '{}' are one line of a subcircuit; they cannot get different "
                                "values of {}.",
                                devices()[instances.front()].name, device.name, key.parameter));
            }
            value = line;
            unchanged = unchanged && current == next;
        }
        if (unchanged) return {};
        return write(devices()[instances.front()], key.parameter, *value);
    }

    /// @param value what must stand on the line
    Result<void> write(const Device& device, const std::string& name, double value) {
        const Parameter* parameter = device.parameter(name);
        const bool inPlace = parameter && parameter->span;
        if (device.span.file != 0 || (inPlace && parameter->span->file != 0)) {
            return failOn(
                device, ErrorCode::Unsupported,
                fmt::format("'{}' is in an included file; only the imported file is changed.", device.name));
        }
        const ValueStyle style = styleFor(device, name, parameter, value);
        const std::string text = writeValue(value / style.divisor, style);
        const Assignment assignment{device.name, name,
                                    name == "m" ? value * device.hierarchyMultiplier : value};
        if (inPlace) {
            m_changes.push_back({assignment, parameter->text, text});
            return replace(device, *parameter->span, encoded(text, m_encoding));
        }
        if (m_schematic) {
            m_changes.push_back({assignment, {}, text});
            return addToDrawing(device, name, text);
        }
        const std::string added = name == "value" ? " " + text : fmt::format(" {}={}", name, text);
        m_edits.push_back({insertionPoint(device, name == "value"), 0, encoded(added, m_encoding)});
        m_changes.push_back({assignment, {}, text});
        return {};
    }

    /// A symbol may print one value of the drawing as two parameters (m and mult).
    Result<void> replace(const Device& device, const SourceSpan& span, std::string text) {
        const bool wide = m_encoding == TextEncoding::Utf16Little || m_encoding == TextEncoding::Utf16Big;
        const std::size_t length = span.length + (wide ? span.length % 2 : 0);
        const auto [known, isNew] = m_replaced.emplace(span.offset, text);
        if (isNew) {
            m_edits.push_back({span.offset, length, std::move(text)});
        } else if (known->second != text) {
            return failOn(device, ErrorCode::Unsupported,
                          fmt::format("Two parameters of '{}' are one value of the drawing; they cannot get "
                                      "different ones.",
                                      device.name));
        }
        return {};
    }

    /// Adds a parameter to what a schematic says about a device.
    Result<void> addToDrawing(const Device& device, const std::string& name, const std::string& text) {
        const auto found = m_netlist.parameterPlaces.find(device.span.offset);
        if (found == m_netlist.parameterPlaces.end() || found->second.given.contains(name) ||
            (name == "value" && !found->second.valueOffset)) {
            return failOn(
                device, ErrorCode::Unsupported,
                fmt::format("{} of '{}' has no place of its own in the drawing; give it there first.", name,
                            device.name));
        }
        const ParameterPlace& place = found->second;
        if (name == "value") {
            m_edits.push_back({*place.valueOffset, place.valueLength,
                               encoded(place.valueOpening + text + place.valueClosing, m_encoding)});
            return {};
        }
        const auto spelling = place.names.find(name);
        const std::string added =
            fmt::format("{}={}", spelling == place.names.end() ? name : spelling->second, text);
        std::string& all = m_added[&place];
        all += all.empty() ? added : place.separator + added;
        return {};
    }

    /// The style of the token that is replaced; for a new one that of the device's other length.
    ValueStyle styleFor(const Device& device, const std::string& name, const Parameter* parameter,
                        double value) const {
        const NumberRules& rules = device.spectre ? m_spectreRules : m_rules;
        if (isCount(name)) {
            ValueStyle plain;
            plain.kind = ValueStyle::Kind::Plain;
            return plain;
        }
        // A figure that would be too small for the unit is read as metres.
        const bool scaled = isLength(name) && lengthPower(device, name) == 1 && device.lengthUnit != 1 &&
                            inMetres(device, name, value / device.lengthUnit) != value / device.lengthUnit;
        if (!parameter || !parameter->span)
            parameter = isLength(name) ? device.parameter(name == "w" ? "l" : "w") : nullptr;
        if (!parameter) return scaledStyle({}, rules, scaled ? device.lengthUnit : 1);
        // Scaled files may also have single values in metres.
        const auto literal = parseSpiceNumber(parameter->text, rules);
        const bool inMetres = literal && parameter->number && *literal == *parameter->number;
        return scaledStyle(parameter->text, rules, scaled && !inMetres ? device.lengthUnit : 1);
    }

    /// The style of a figure in @p unit: decimal units move its point, others divide it.
    static ValueStyle scaledStyle(std::string_view token, const NumberRules& rules, double unit) {
        const std::optional<int> power = powerOfTen(unit);
        ValueStyle style = styleOf(token, rules, power.value_or(0));
        if (power) return style;
        style.divisor = unit;
        if (!splitNumber(token, rules)) style.kind = ValueStyle::Kind::Plain;
        return style;
    }

    /// Where a parameter that the card lacks is put: behind the nets for a value, else behind the last
    /// word, in front of comments and CDL attributes.
    std::size_t insertionPoint(const Device& device, bool behindNets) const {
        const std::string_view bytes =
            std::string_view(m_text).substr(device.span.offset, device.span.length);
        const std::string decoded =
            m_encoding == TextEncoding::Utf8 ? std::string() : SourceText(bytes, 0).text();
        const std::string_view card = m_encoding == TextEncoding::Utf8 ? bytes : std::string_view(decoded);
        const SplitText split = splitIntoCards(card, 0, m_netlist.dialect, device.spectre);
        const LogicalLine& line = split.lines.front();
        const CardFields fields = device.spectre ? splitSpectreFields(line) : splitFields(line);
        std::size_t end = 0;
        const auto include = [&](const SourceSpan& span) { end = std::max(end, span.offset + span.length); };
        constexpr std::size_t kNameAndNets = 3;
        for (std::size_t i = 0; i < fields.words.size() && (!behindNets || i < kNameAndNets); ++i) {
            include(fields.words[i].span);
        }
        if (!behindNets) {
            for (const NamedField& each : fields.named)
                include(each.value.span);
        }
        // "(a b)": not inside the brackets.
        std::size_t bracket = end;
        while (bracket < card.size() && isBlank(card[bracket]))
            ++bracket;
        if (bracket < card.size() && card[bracket] == ')') end = bracket + 1;
        if (m_encoding == TextEncoding::Utf8) return device.span.offset + end;
        return device.span.offset + SourceText(bytes, 0).span(0, end).length;
    }

    EditedNetlist apply() {
        for (const auto& [place, text] : m_added) {
            m_edits.push_back(
                {place->offset, 0, encoded(place->opening + text + place->closing, m_encoding)});
        }
        std::stable_sort(m_edits.begin(), m_edits.end(),
                         [](const Edit& a, const Edit& b) { return a.offset < b.offset; });
        EditedNetlist result;
        std::size_t at = 0;
        for (const Edit& each : m_edits) {
            result.text.append(m_text, at, each.offset - at);
            result.text += each.text;
            at = each.offset + each.length;
        }
        result.text.append(m_text, at, std::string::npos);
        result.changes = std::move(m_changes);
        return result;
    }

    const Netlist& m_netlist;
    const std::string& m_text;
    NumberRules m_rules;
    NumberRules m_spectreRules;
    bool m_schematic;
    TextEncoding m_encoding; ///< of schematics and UTF-16 files; netlists else are single bytes
    std::map<std::size_t, std::string> m_replaced; ///< by offset
    std::map<const ParameterPlace*, std::string> m_added;
    std::unordered_map<std::string, std::size_t> m_byName;
    std::unordered_map<std::string, std::size_t> m_byAnyCase; ///< by lower-case name
    std::map<Line, std::vector<std::size_t>> m_byLine;
    std::map<std::pair<std::size_t, std::string>, double> m_wanted; ///< by device and parameter
    std::map<LineParameter, bool> m_done;
    std::vector<Edit> m_edits;
    std::vector<ValueChange> m_changes;
};

} // namespace

Result<EditedNetlist> applySizing(const Netlist& netlist, const Sizing& sizing) {
    return SizingWriter(netlist).run(sizing);
}

} // namespace headroom::netlist
