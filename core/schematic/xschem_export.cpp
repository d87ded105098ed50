#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/file.h"
#include "core/netlist/carried_cards.h"
#include "core/netlist/letter_case.h"
#include "core/schematic/export.h"
#include "core/schematic/symbol_shape.h"
#include "core/schematic/xschem_figure.h"
#include "core/schematic/xschem_nets.h"
#include "core/schematic/xschem_part.h"

namespace headroom::schematic {
namespace {

constexpr int kMostRepairs = 20; ///< of conflicts; each removes wires or moves devices
constexpr std::size_t kPerRow = 10;
constexpr double kBesideSheet = 10;

using Mark = XschemGeometry::Mark;

class XschemWriter {
public:
    XschemWriter(const Drawing& drawing, const netlist::Netlist& netlist)
        : m_drawing(drawing)
        , m_netlist(netlist)
        , m_circuit(netlist.circuit)
        , m_parts(netlist) {}

    WrittenXschem run() {
        const Box bounds = m_drawing.bounds();
        m_below = {bounds.from.x, bounds.to.y + kBesideSheet};
        m_geometry.wires = m_drawing.wires;
        collectParts();
        collectNames(bounds);
        repair();
        noteAside();
        noteSizeless();
        writeHead(bounds);
        writeWires();
        writeParts();
        writeNames();
        writeMissingLabels();
        writePictures();
        m_result.notes.insert(m_result.notes.begin(), m_parts.notes.begin(), m_parts.notes.end());
        return std::move(m_result);
    }

private:
    /// A label, a port or the sign of a supply.
    struct Name {
        enum class Kind { Label, Port, Positive, Negative };
        Kind kind = Kind::Label;
        NetId net = -1;
        Point at;
        Side side = Side::Right;
        std::string text; ///< another name of the net than its own
        netlist::PortDirection direction = netlist::PortDirection::Unknown;
    };

    bool isNet(NetId id) const { return id >= 0 && static_cast<std::size_t>(id) < m_parts.nets().size(); }
    std::string net(NetId id) const { return isNet(id) ? m_parts.nets()[static_cast<std::size_t>(id)] : ""; }
    bool isDevice(DeviceId id) const {
        return id >= 0 && static_cast<std::size_t>(id) < m_circuit.devices.size();
    }

    void collectParts() {
        for (const Symbol& symbol : m_drawing.symbols) {
            if (!isDevice(symbol.device) || m_drawn.contains(symbol.device)) continue;
            m_drawn[symbol.device] = m_parts.partOf(symbol.device, symbol, m_drawing.fromSheet);
        }
        for (std::size_t i = 0; i < m_circuit.devices.size(); ++i)
            if (!m_drawn.contains(static_cast<DeviceId>(i))) setAside(static_cast<DeviceId>(i));
        collectPins();
    }

    void collectPins() {
        m_geometry.pins.clear();
        m_geometry.byName.clear();
        for (const auto& [device, part] : m_drawn) {
            if (!part) continue;
            for (const XschemPart::Pin& pin : part->pins)
                if (isNet(pin.net)) m_geometry.pins.push_back({pin.at, pin.net, device});
            m_geometry.byName.insert(part->byName.begin(), part->byName.end());
        }
    }

    /// A device without a place on the sheet gets one below it, connected by name.
    void setAside(DeviceId id) {
        const netlist::Device& device = m_circuit.devices[static_cast<std::size_t>(id)];
        Symbol symbol;
        symbol.device = id;
        symbol.kind = symbolKindOf(device, netlist::Polarity::N);
        symbol.name = device.name;
        symbol.bulk = BulkStyle::Pin;
        for (std::size_t i = 0; i < device.nets.size(); ++i)
            symbol.pins.push_back({std::string(netlist::terminalName(device.type, i)), device.nets[i], {}});
        layOut(symbol);
        const std::size_t column = m_aside.size() % kPerRow;
        if (column == 0 && !m_aside.empty()) {
            m_below.y += m_rowHeight;
            m_rowHeight = 0;
        }
        const double left = m_below.x + 30 * static_cast<double>(column);
        move(symbol, std::ceil(left) - symbol.at.x, std::ceil(m_below.y - symbol.box.from.y));
        m_rowHeight = std::max(m_rowHeight, std::ceil(symbol.box.height()) + 8);
        m_aside.push_back(id);
        m_drawn[id] = m_parts.partOf(id, symbol, false);
    }

    void collectNames(const Box& bounds) {
        for (const RailSymbol& rail : m_drawing.rails)
            addName({rail.positive ? Name::Kind::Positive : Name::Kind::Negative,
                     rail.net,
                     rail.at,
                     rail.positive ? Side::Up : Side::Down,
                     {},
                     {}});
        for (const NetLabel& label : m_drawing.labels)
            addName({Name::Kind::Label, label.net, label.at, label.side, {}, {}});
        std::map<NetId, PortFlag> flags;
        for (const PortFlag& flag : m_drawing.ports) {
            const bool isPort = std::any_of(m_circuit.ports.begin(), m_circuit.ports.end(),
                                            [&](const netlist::Port& port) { return port.net == flag.net; });
            if (!isPort || !flags.emplace(flag.net, flag).second)
                addName({Name::Kind::Label, flag.net, flag.at, flag.side, {}, {}});
        }
        // Ports keep their order; those that the drawing has no flag for stand beside it.
        Point beside{std::floor(bounds.from.x) - kBesideSheet, std::floor(bounds.from.y)};
        for (const netlist::Port& port : m_circuit.ports) {
            Name name{Name::Kind::Port, port.net, {}, Side::Left, {}, port.direction};
            if (const auto flag = flags.find(port.net); flag != flags.end()) {
                name.at = flag->second.at;
                name.side = flag->second.side;
                flags.erase(flag);
            } else {
                name.at = beside;
                beside.y += 2;
            }
            if (!m_ported.insert(port.net).second) name.text = port.name;
            addName(name);
            if (!name.text.empty()) addName({Name::Kind::Label, port.net, name.at, Side::Right, {}, {}});
        }
    }

    void addName(Name name) {
        if (!isNet(name.net)) return;
        m_geometry.names.push_back({name.at, name.net, -1});
        m_names.push_back(std::move(name));
    }

    /// Where xschem would join what the drawing keeps apart, wires give way to labels; pins on each other
    /// cannot, their devices are moved out of the sheet.
    void repair() {
        std::set<std::string> nets;
        for (int i = 0; i < kMostRepairs; ++i) {
            const XschemConflicts conflicts = findConflicts(m_geometry);
            if (!conflicts.any()) break;
            if (!conflicts.wires.empty()) {
                std::vector<bool> dropped(m_geometry.wires.size(), false);
                for (const std::size_t wire : conflicts.wires) {
                    dropped[wire] = true;
                    if (isNet(m_geometry.wires[wire].net)) nets.insert(net(m_geometry.wires[wire].net));
                }
                std::vector<Wire> kept;
                for (std::size_t w = 0; w < m_geometry.wires.size(); ++w)
                    if (!dropped[w]) kept.push_back(m_geometry.wires[w]);
                m_geometry.wires = std::move(kept);
            } else if (!conflicts.devices.empty()) {
                for (const DeviceId device : conflicts.devices)
                    setAside(device);
                collectPins();
            } else {
                for (auto at = conflicts.names.rbegin(); at != conflicts.names.rend(); ++at) {
                    m_names[*at].at = {m_below.x - kBesideSheet, m_below.y + 2 * static_cast<double>(*at)};
                    m_geometry.names[*at].at = m_names[*at].at;
                }
            }
        }
        if (!nets.empty())
            m_result.notes.push_back(fmt::format("Wires of {} became labels, as xschem would join them with "
                                                 "other nets.",
                                                 fmt::join(nets, ", ")));
    }

    void noteAside() {
        std::set<std::string> cells;
        std::vector<std::string> names;
        for (const DeviceId id : m_aside) {
            const std::string& name = m_circuit.devices[static_cast<std::size_t>(id)].name;
            const std::size_t slash = name.find('/');
            if (slash != std::string::npos)
                cells.insert(name.substr(0, slash));
            else
                names.push_back(name);
        }
        if (!m_drawing.fromSheet && cells.empty() && names.empty()) return;
        if (!cells.empty())
            m_result.notes.push_back(fmt::format("The devices inside of {} are written below the sheet, "
                                                 "connected by name.",
                                                 fmt::join(cells, ", ")));
        if (!names.empty())
            m_result.notes.push_back(fmt::format("{} {} written below the sheet, connected by name.",
                                                 fmt::join(names, ", "), names.size() == 1 ? "is" : "are"));
    }

    void noteSizeless() {
        constexpr std::size_t kMostNamed = 8;
        std::vector<std::string> names = m_parts.sizeless;
        if (names.empty()) return;
        const std::size_t more = names.size() > kMostNamed ? names.size() - kMostNamed : 0;
        names.resize(names.size() - more);
        m_result.notes.push_back(
            fmt::format("W or L is not known of {}{}; xschem may fill in those of its symbol.",
                        fmt::join(names, ", "), more > 0 ? fmt::format(" and {} more", more) : ""));
    }

    void component(const std::string& reference, Point at, int turns, bool mirrored,
                   const std::string& attributes) {
        m_result.text += fmt::format("C {{{}}} {} {} {} {} {{{}}}\n", reference, xschemUnit(at.x),
                                     xschemUnit(at.y), turns, mirrored ? 1 : 0, attributes);
    }

    void writeHead(const Box& bounds) {
        m_result.text = "v {xschem version=3.4.4 file_version=1.2\n}\nG {}\nK {}\nV {}\nS {}\nE {}\n";
        std::string code;
        for (const netlist::CarriedCard& card : netlist::carriedCards(m_netlist)) {
            const bool scale =
                card.keyword.starts_with(".opt") && netlist::containsIgnoringCase(card.text, "scale");
            const bool meaning = bringsModels(card) || !card.inside;
            // Sizes are written in metres or in their kit's unit already.
            if (scale || !meaning) continue;
            if (card.spectre)
                m_result.notes.push_back(fmt::format("Not carried over: {}", card.text));
            else
                code += card.text + "\n";
        }
        std::string globals;
        for (std::size_t i = 0; i < m_circuit.nets.size() && i < m_circuit.globalNets.size(); ++i) {
            const std::string& name = m_circuit.nets[i];
            const bool byItself =
                name == "0" || netlist::equalIgnoringCase(name, "gnd") || name.ends_with('!');
            if (m_circuit.globalNets[i] && !byItself) globals += " " + net(static_cast<NetId>(i));
        }
        const bool said = code.find(".global") != std::string::npos;
        if (!globals.empty() && !said) code += ".global" + globals + "\n";
        if (code.empty()) return;
        code.pop_back();
        component("devices/code.sym",
                  {std::floor(bounds.from.x) - 2 * kBesideSheet, std::floor(bounds.from.y)}, 0, false,
                  "name=CARDS only_toplevel=false value=" + xschemValue(code));
    }

    void writeWires() {
        for (const Wire& wire : m_geometry.wires)
            m_result.text +=
                fmt::format("N {} {} {} {} {{lab={}}}\n", xschemUnit(wire.from.x), xschemUnit(wire.from.y),
                            xschemUnit(wire.to.x), xschemUnit(wire.to.y), xschemValue(net(wire.net)));
    }

    void writeParts() {
        std::set<std::string> defined;
        for (const auto& [device, part] : m_drawn) {
            if (!part) continue;
            component(part->reference, part->at, part->orientation.quarterTurns, part->orientation.mirrored,
                      part->attributes);
            define(part->reference, part->definition, defined);
        }
    }

    /// A symbol of the file's own stands behind the first component that uses it.
    void define(const std::string& reference, const std::string& definition, std::set<std::string>& defined) {
        if (definition.empty() || !defined.insert(reference).second) return;
        m_result.text += "[\n" + definition + "]\n";
    }

    std::string labelAttributes(const std::string& name) {
        return fmt::format("name=p{} sig_type=std_logic lab={}", ++m_count, xschemValue(name));
    }

    /// The text of a lab_pin runs to the left of its point; the other sides are turns of that.
    void writeLabel(NetId id, Point at, Side side) {
        const bool vertical = side == Side::Up || side == Side::Down;
        const int turns = side == Side::Up ? 1 : side == Side::Down ? 3 : 0;
        component("devices/lab_pin.sym", at, turns, !vertical && side == Side::Right,
                  labelAttributes(net(id)));
    }

    void writeNames() {
        std::set<std::string> defined;
        for (const Name& name : m_names) {
            switch (name.kind) {
            case Name::Kind::Label:
                writeLabel(name.net, name.at, name.side);
                break;
            case Name::Kind::Port:
                writePort(name);
                break;
            case Name::Kind::Positive:
            case Name::Kind::Negative:
                writeRail(name, defined);
                break;
            }
        }
    }

    void writePort(const Name& port) {
        const char* file = "devices/iopin.sym";
        if (port.direction == netlist::PortDirection::Input) file = "devices/ipin.sym";
        if (port.direction == netlist::PortDirection::Output) file = "devices/opin.sym";
        // Input flags lie left of their point, the two others right of it.
        const bool leftwards = port.direction == netlist::PortDirection::Input;
        component(file, port.at, 0, (port.side == Side::Left) != leftwards,
                  labelAttributes(port.text.empty() ? net(port.net) : port.text));
    }

    /// xschem's own vdd and gnd make their nets global; others have the same figure without that.
    void writeRail(const Name& rail, std::set<std::string>& defined) {
        const bool positive = rail.kind == Name::Kind::Positive;
        const auto index = static_cast<std::size_t>(rail.net);
        if (index < m_circuit.globalNets.size() && m_circuit.globalNets[index]) {
            component(positive ? "devices/vdd.sym" : "devices/gnd.sym", rail.at, 0, false,
                      labelAttributes(net(rail.net)));
            return;
        }
        Symbol sign;
        const double y = positive ? -1 : 1;
        sign.shapes = {netlist::Polyline{{{0, 0}, {0, y}}, false},
                       netlist::Polyline{{{-1, y}, {1, y}}, false}};
        const std::string reference = positive ? "headroom/supply.sym" : "headroom/low_supply.sym";
        component(reference, rail.at, 0, false, labelAttributes(net(rail.net)) + " embed=true");
        define(reference,
               "v {xschem version=3.4.4 file_version=1.2\n}\nG {}\nK {type=label\nformat=\"*.alias "
               "@lab\"\ntemplate=\"name=l1 sig_type=std_logic lab=VDD\"}\nV {}\nS {}\nE {}\n" +
                   xschemFigure(sign, true) + xschemPin(sign, "p", {}) +
                   fmt::format("T {{@lab}} 12 {} 0 0 0.2 0.2 {{}}\n", positive ? -20 : 5),
               defined);
    }

    void writeMissingLabels() {
        for (const MissingLabel& label : findMissingLabels(m_geometry)) {
            Side side = Side::Right;
            if (const auto part = m_drawn.find(label.device); part != m_drawn.end() && part->second) {
                const Point centre = part->second->at;
                const double dx = label.at.x - centre.x, dy = label.at.y - centre.y;
                if (std::abs(dy) > std::abs(dx))
                    side = dy < 0 ? Side::Up : Side::Down;
                else if (dx < 0)
                    side = Side::Left;
            }
            writeLabel(label.net, label.at, side);
        }
    }

    /// What stands for no device: instances of other sheets, frames, comments.
    void writePictures() {
        for (const Symbol& symbol : m_drawing.symbols) {
            if (isDevice(symbol.device)) continue;
            m_result.text += xschemFigure(symbol, false);
            if (!symbol.name.empty())
                writeText(symbol.name, {symbol.box.from.x + 0.5, symbol.box.from.y + 0.5});
        }
        for (const Note& note : m_drawing.notes)
            if (!note.directive) writeText(note.text.text, {note.text.at.x, note.text.at.y - 1});
    }

    void writeText(const std::string& text, Point at) {
        std::string escaped;
        for (const char c : text) {
            if (c == '{' || c == '}' || c == '\\') escaped += '\\';
            escaped += c;
        }
        m_result.text +=
            fmt::format("T {{{}}} {} {} 0 0 0.3 0.3 {{}}\n", escaped, xschemUnit(at.x), xschemUnit(at.y));
    }

    const Drawing& m_drawing;
    const netlist::Netlist& m_netlist;
    const netlist::Circuit& m_circuit;
    XschemParts m_parts;
    XschemGeometry m_geometry;
    std::map<DeviceId, std::optional<XschemPart>> m_drawn;
    std::vector<DeviceId> m_aside; ///< devices below the sheet
    std::vector<Name> m_names;     ///< as XschemGeometry::names
    std::set<NetId> m_ported;
    Point m_below;
    double m_rowHeight = 0;
    int m_count = 0;
    WrittenXschem m_result;
};

} // namespace

WrittenXschem writeXschem(const Drawing& drawing, const netlist::Netlist& netlist) {
    return XschemWriter(drawing, netlist).run();
}

std::string writeXschem(const Drawing& drawing, const netlist::Circuit& circuit) {
    netlist::Netlist netlist;
    netlist.circuit = circuit;
    return writeXschem(drawing, netlist).text;
}

Result<std::vector<std::string>> writeDrawing(const std::filesystem::path& path, const Drawing& drawing,
                                              const netlist::Netlist& netlist, const Annotation& annotation) {
    const std::string suffix = path.extension().string();
    WrittenXschem written;
    if (suffix == ".svg") {
        written.text = writeSvg(drawing, annotation);
    } else if (suffix == ".sch") {
        written = writeXschem(drawing, netlist);
    } else if (suffix == ".pdf") {
        auto pdf = writePdf(drawing, annotation);
        if (!pdf) return forward(pdf);
        written.text = std::move(*pdf);
    } else {
        return fail(ErrorCode::Unsupported, "A drawing is written as .svg, .pdf or .sch.", path.string());
    }
    if (auto done = writeFileAtomically(path, written.text); !done) return forward(done);
    return std::move(written.notes);
}

} // namespace headroom::schematic
