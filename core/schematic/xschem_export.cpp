#include <cmath>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/schematic/export.h"
#include "core/schematic/symbol_shape.h"

namespace headroom::schematic {
namespace {

constexpr double kUnits = 10; // of xschem for each grid unit

// Inside of braces xschem wants these escaped; values with blanks or quotes are quoted in addition.
std::string attribute(const std::string& value) {
    std::string escaped;
    bool quoted = value.empty();
    for (const char c : value) {
        if (c == '{' || c == '}' || c == '\\') escaped += '\\';
        if (c == '"') {
            escaped += "\\\\";
            quoted = true;
        }
        if (c == ' ' || c == '=' || c == '\'' || c == '\t') quoted = true;
        escaped += c;
    }
    return quoted ? "\"" + escaped + "\"" : escaped;
}

// A name without characters that mean something to xschem (vectors, lists, hierarchy).
std::string netText(const std::string& name) {
    std::string text;
    for (const char c : name)
        text += c == '[' || c == ']' || c == ',' || c == ':' || c == '*' || c == ' ' ? '_' : c;
    return text;
}

const char* symbolFile(SymbolKind kind) {
    switch (kind) {
    case SymbolKind::Nmos:
        return "devices/nmos4.sym";
    case SymbolKind::Pmos:
        return "devices/pmos4.sym";
    case SymbolKind::Npn:
        return "devices/npn.sym";
    case SymbolKind::Pnp:
        return "devices/pnp.sym";
    case SymbolKind::Resistor:
        return "devices/res.sym";
    case SymbolKind::Capacitor:
        return "devices/capa.sym";
    case SymbolKind::Inductor:
        return "devices/ind.sym";
    case SymbolKind::Diode:
        return "devices/diode.sym";
    case SymbolKind::VoltageSource:
        return "devices/vsource.sym";
    case SymbolKind::CurrentSource:
        return "devices/isource.sym";
    case SymbolKind::Box:
        break;
    }
    return "devices/noconn.sym";
}

class XschemWriter {
public:
    XschemWriter(const Drawing& drawing, const netlist::Circuit& circuit)
        : m_drawing(drawing)
        , m_circuit(circuit) {}

    std::string run() {
        m_text = "v {xschem version=3.4.4 file_version=1.2\n}\nG {}\nK {}\nV {}\nS {}\nE {}\n";
        for (const Wire& wire : m_drawing.wires)
            m_text += fmt::format("N {} {} {} {} {{lab={}}}\n", unit(wire.from.x), unit(wire.from.y),
                                  unit(wire.to.x), unit(wire.to.y), attribute(net(wire.net)));
        for (const Symbol& symbol : m_drawing.symbols)
            addSymbol(symbol);
        for (const RailSymbol& rail : m_drawing.rails)
            component(rail.positive ? "devices/vdd.sym" : "devices/gnd.sym", rail.at, 0, false,
                      label("l", rail.net));
        for (const NetLabel& l : m_drawing.labels)
            addLabel(l.at, l.net, l.side);
        for (const PortFlag& port : m_drawing.ports)
            addPort(port);
        return std::move(m_text);
    }

private:
    static double unit(double coordinate) { return std::round(coordinate * kUnits * 100) / 100 + 0.0; }
    std::string net(NetId id) const {
        const auto index = static_cast<std::size_t>(id);
        return id >= 0 && index < m_circuit.nets.size() ? netText(m_circuit.nets[index]) : "";
    }

    std::string label(const char* prefix, NetId id) {
        return fmt::format("name={}{} sig_type=std_logic lab={}", prefix, ++m_count, attribute(net(id)));
    }

    void component(const char* file, Point at, int turns, bool mirrored, const std::string& attributes) {
        m_text += fmt::format("C {{{}}} {} {} {} {} {{{}}}\n", file, unit(at.x), unit(at.y), turns,
                              mirrored ? 1 : 0, attributes);
    }

    // The text of a lab_pin runs to the left of its point; the other sides are turns of that.
    void addLabel(Point at, NetId id, Side side) {
        const bool vertical = side == Side::Up || side == Side::Down;
        const int turns = side == Side::Up ? 1 : side == Side::Down ? 3 : 0;
        component("devices/lab_pin.sym", at, turns, !vertical && side == Side::Right, label("p", id));
    }

    void addPort(const PortFlag& port) {
        const char* file = "devices/iopin.sym";
        if (port.direction == netlist::PortDirection::Input) file = "devices/ipin.sym";
        if (port.direction == netlist::PortDirection::Output) file = "devices/opin.sym";
        // Input flags lie left of their point, the two others right of it.
        const bool leftwards = port.direction == netlist::PortDirection::Input;
        component(file, port.at, 0, (port.side == Side::Left) != leftwards, label("p", port.net));
    }

    std::string parameters(const netlist::Device& device) const {
        std::string text;
        for (const netlist::Parameter& parameter : device.parameters) {
            if (parameter.name == "value") continue;
            const std::string value = parameter.text.empty() && parameter.number
                                          ? fmt::format("{}", *parameter.number)
                                          : parameter.text;
            text += fmt::format(" {}={}", parameter.name, attribute(value));
        }
        return text;
    }

    std::string attributes(const Symbol& symbol, const netlist::Device& device) const {
        std::string text = "name=" + attribute(netText(device.name));
        switch (symbol.kind) {
        case SymbolKind::Nmos:
        case SymbolKind::Pmos:
        case SymbolKind::Npn:
        case SymbolKind::Pnp:
        case SymbolKind::Diode:
            if (!device.model.empty()) text += " model=" + attribute(device.model);
            break;
        default: {
            const netlist::Parameter* value = device.parameter("value");
            text += " value=" + attribute(value ? value->text : std::string("1"));
        }
        }
        return text + parameters(device);
    }

    void addSymbol(const Symbol& symbol) {
        if (symbol.device < 0 || static_cast<std::size_t>(symbol.device) >= m_circuit.devices.size()) return;
        const netlist::Device& device = m_circuit.devices[static_cast<std::size_t>(symbol.device)];
        if (symbol.kind == SymbolKind::Box) {
            addBox(symbol, device);
            return;
        }
        Orientation orientation = symbol.orientation;
        if (symbol.swapped) {
            // Upside down, so that the netlist's drain and source keep their names.
            orientation.mirrored = !orientation.mirrored;
            orientation.quarterTurns = (orientation.quarterTurns + 2) % 4;
        }
        component(symbolFile(symbol.kind), symbol.at, orientation.quarterTurns, orientation.mirrored,
                  attributes(symbol, device));
        // A bulk that the drawing leaves out or ties in the symbol needs its net by name.
        const bool mosfet = symbol.kind == SymbolKind::Nmos || symbol.kind == SymbolKind::Pmos;
        if (!mosfet || symbol.bulk == BulkStyle::Pin || symbol.pins.size() <= netlist::Bulk) return;
        const Pin& bulk = symbol.pins[netlist::Bulk];
        addLabel(bulk.at, bulk.net, orientationPointsLeft(symbol) ? Side::Left : Side::Right);
    }

    static bool orientationPointsLeft(const Symbol& symbol) {
        return symbol.pins[netlist::Bulk].at.x < symbol.at.x;
    }

    // Whatever has no symbol: its card as text, which xschem puts into the netlist as it is.
    void addBox(const Symbol& symbol, const netlist::Device& device) {
        std::string card = netText(device.name);
        for (const NetId id : device.nets)
            card += " " + net(id);
        if (!device.model.empty()) card += " " + device.model;
        for (const netlist::Parameter& parameter : device.parameters)
            card +=
                " " + (parameter.name == "value" ? parameter.text : parameter.name + "=" + parameter.text);
        component("devices/code.sym", symbol.at, 0, false,
                  fmt::format("name={} only_toplevel=false value={}", attribute(netText(device.name)),
                              attribute(card)));
    }

    const Drawing& m_drawing;
    const netlist::Circuit& m_circuit;
    std::string m_text;
    int m_count = 0;
};

} // namespace

std::string writeXschem(const Drawing& drawing, const netlist::Circuit& circuit) {
    return XschemWriter(drawing, circuit).run();
}

Result<void> writeDrawing(const std::filesystem::path& path, const Drawing& drawing,
                          const netlist::Circuit& circuit, const Annotation& annotation) {
    const std::string suffix = path.extension().string();
    if (suffix == ".svg") return writeFileAtomically(path, writeSvg(drawing, annotation));
    if (suffix == ".sch") return writeFileAtomically(path, writeXschem(drawing, circuit));
    if (suffix != ".pdf")
        return fail(ErrorCode::Unsupported, "A drawing is written as .svg, .pdf or .sch.", path.string());
    const auto pdf = writePdf(drawing, annotation);
    if (!pdf) return forward(pdf);
    return writeFileAtomically(path, *pdf);
}

} // namespace headroom::schematic
