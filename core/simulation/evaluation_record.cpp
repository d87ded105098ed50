#include "core/simulation/evaluation_record.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/simulation/cbor.h"

namespace headroom::simulation {
namespace {

constexpr std::uint64_t kRecordVersion = 1;
constexpr std::size_t kChecksumSize = 8;
constexpr std::size_t kFiguresPerDevice = 7;

/// FNV-1a over eight bytes at a time. Each step is a bijection of the sum, so that one wrong word cannot
/// lead to the same result.
std::uint64_t checksum(std::string_view bytes, std::uint64_t sum) {
    constexpr std::uint64_t kPrime = 0x100000001b3;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), sizeof(std::uint64_t)))) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), std::min(bytes.size(), sizeof word));
        sum = (sum ^ word) * kPrime;
        sum ^= sum >> 32U; // the multiplication alone moves nothing to lower bits
    }
    return sum;
}

std::uint64_t checksum(std::string_view key, std::string_view item) {
    constexpr std::uint64_t kStart = 0xcbf29ce484222325;
    return checksum(item, checksum(key, kStart));
}

std::array<double*, kFiguresPerDevice> figuresOf(DeviceOperatingPoint& d) {
    return {&d.id, &d.gm, &d.gds, &d.vgs, &d.vds, &d.vth, &d.vdsat};
}

const std::string& nameOf(const Bench& bench, netlist::DeviceId mosfet) {
    return bench.circuit().devices[static_cast<std::size_t>(mosfet)].name;
}

bool isComplete(const Bench& bench, const OperatingPoint& point) {
    const auto& nets = bench.circuit().nets;
    return std::all_of(bench.mosfets().begin(), bench.mosfets().end(),
                       [&](netlist::DeviceId id) { return point.devices.contains(nameOf(bench, id)); }) &&
           std::all_of(nets.begin(), nets.end(),
                       [&](const std::string& net) { return point.nets.contains(net); });
}

void write(CborWriter& writer, const Bench& bench, const OperatingPoint& point) {
    if (!isComplete(bench, point)) return writer.null();
    std::vector<double> figures, nets;
    std::string regions;
    for (const netlist::DeviceId id : bench.mosfets()) {
        DeviceOperatingPoint device = point.devices.at(nameOf(bench, id));
        for (const double* figure : figuresOf(device))
            figures.push_back(*figure);
        regions += static_cast<char>(device.region);
    }
    for (const std::string& net : bench.circuit().nets)
        nets.push_back(point.nets.at(net));
    writer.array(5);
    writer.doubles(figures);
    writer.bytes(regions);
    writer.doubles(nets);
    writer.doubles({point.supplyCurrent, point.worstSaturationMargin});
    writer.text(point.worstDevice);
}

OperatingPoint readPoint(CborReader& reader, const Bench& bench) {
    OperatingPoint point;
    if (reader.takeNull()) return point;
    const std::size_t items = reader.array();
    const std::vector<double> figures = reader.doubles();
    const std::string_view regions = reader.bytes();
    const std::vector<double> nets = reader.doubles();
    const std::vector<double> whole = reader.doubles();
    point.worstDevice = reader.text();
    if (items != 5 || figures.size() != bench.mosfets().size() * kFiguresPerDevice ||
        regions.size() != bench.mosfets().size() || nets.size() != bench.circuit().nets.size() ||
        whole.size() != 2) {
        reader.fail();
        return {};
    }
    auto figure = figures.begin();
    for (std::size_t index = 0; index < regions.size(); ++index) {
        DeviceOperatingPoint& device = point.devices[nameOf(bench, bench.mosfets()[index])];
        for (double* target : figuresOf(device))
            *target = *figure++;
        if (static_cast<unsigned char>(regions[index]) > static_cast<unsigned>(Region::Saturation))
            reader.fail();
        device.region = static_cast<Region>(regions[index]);
    }
    for (std::size_t net = 0; net < nets.size(); ++net)
        point.nets[bench.circuit().nets[net]] = nets[net];
    point.supplyCurrent = whole[0];
    point.worstSaturationMargin = whole[1];
    return point;
}

/// The parts of Curves as vectors, in this order: what write() and readCurves() agree upon.
using Part = std::vector<std::vector<double>>;
constexpr std::size_t kParts = 8;

std::array<Part, kParts> partsOf(const Curves& curves) {
    const auto step = [](const std::optional<StepResponse>& response) -> Part {
        if (!response) return {};
        return {response->times, response->output, {response->from, response->to}};
    };
    const auto sweep = [](const std::optional<RangeSweep>& made) -> Part {
        if (!made) return {};
        return {made->positions, made->margins};
    };
    Part gain, noise;
    if (curves.gain) {
        gain = {curves.gain->frequencies, {}, {}};
        for (const std::complex<double>& value : curves.gain->gain) {
            gain[1].push_back(value.real());
            gain[2].push_back(value.imag());
        }
    }
    if (curves.noise) noise = {curves.noise->frequencies, curves.noise->density};
    return {gain,
            step(curves.rising),
            step(curves.falling),
            noise,
            sweep(curves.commonModeDown),
            sweep(curves.commonModeUp),
            sweep(curves.outputDown),
            sweep(curves.outputUp)};
}

void write(CborWriter& writer, const std::shared_ptr<const Curves>& curves) {
    if (!curves) return writer.null();
    const std::array<Part, kParts> parts = partsOf(*curves);
    writer.array(parts.size());
    for (const Part& part : parts) {
        writer.array(part.size());
        for (const std::vector<double>& values : part)
            writer.doubles(values);
    }
}

Part readPart(CborReader& reader, std::size_t size) {
    Part part(reader.array());
    if (part.empty()) return part;
    for (std::vector<double>& values : part)
        values = reader.doubles();
    if (part.size() != size || part[0].size() != part[1].size()) {
        reader.fail();
        return {};
    }
    return part;
}

std::optional<StepResponse> readStep(CborReader& reader) {
    Part part = readPart(reader, 3);
    if (part.empty()) return std::nullopt;
    if (part[2].size() != 2) {
        reader.fail();
        return std::nullopt;
    }
    return StepResponse{std::move(part[0]), std::move(part[1]), part[2][0], part[2][1]};
}

std::optional<RangeSweep> readSweep(CborReader& reader) {
    Part part = readPart(reader, 2);
    if (part.empty()) return std::nullopt;
    return RangeSweep{std::move(part[0]), std::move(part[1])};
}

std::optional<FrequencyResponse> readGain(CborReader& reader) {
    Part part = readPart(reader, 3);
    if (part.empty()) return std::nullopt;
    if (part[2].size() != part[0].size()) {
        reader.fail();
        return std::nullopt;
    }
    FrequencyResponse response{std::move(part[0]), {}};
    for (std::size_t k = 0; k < part[1].size(); ++k)
        response.gain.emplace_back(part[1][k], part[2][k]);
    return response;
}

std::shared_ptr<const Curves> readCurves(CborReader& reader) {
    if (reader.takeNull()) return nullptr;
    auto curves = std::make_shared<Curves>();
    if (reader.array() != kParts) reader.fail();
    curves->gain = readGain(reader);
    curves->rising = readStep(reader);
    curves->falling = readStep(reader);
    if (Part noise = readPart(reader, 2); !noise.empty())
        curves->noise = NoiseSpectrum{std::move(noise[0]), std::move(noise[1])};
    curves->commonModeDown = readSweep(reader);
    curves->commonModeUp = readSweep(reader);
    curves->outputDown = readSweep(reader);
    curves->outputUp = readSweep(reader);
    return curves;
}

/// Figures by name: the names, then the values.
template <class Figures, class NameOf>
void writeNamed(CborWriter& writer, const Figures& figures, const NameOf& nameOf) {
    std::vector<double> values;
    writer.array(figures.size());
    for (const auto& [key, value] : figures) {
        writer.text(nameOf(key));
        values.push_back(value);
    }
    writer.doubles(values);
}

template <class Take>
void readNamed(CborReader& reader, const Take& take) {
    std::vector<std::string_view> names(reader.array());
    for (std::string_view& name : names)
        name = reader.text();
    const std::vector<double> values = reader.doubles();
    if (values.size() != names.size()) return reader.fail();
    for (std::size_t k = 0; k < names.size(); ++k)
        take(names[k], values[k]);
}

std::optional<Error> readError(CborReader& reader) {
    if (reader.takeNull()) return std::nullopt;
    if (reader.array() != 3) reader.fail();
    const std::uint64_t code = reader.integer();
    if (code > static_cast<std::uint64_t>(ErrorCode::Internal)) reader.fail();
    Error error;
    error.code = static_cast<ErrorCode>(code);
    error.message = reader.text();
    error.detail = reader.text();
    return error;
}

} // namespace

std::string sealRecord(std::string_view key, std::string item) {
    const std::uint64_t sum = checksum(key, item);
    item.append(reinterpret_cast<const char*>(&sum), sizeof sum);
    return item;
}

bool isSealedRecord(std::string_view key, std::string_view bytes) {
    if (bytes.size() < kChecksumSize) return false;
    std::uint64_t sum = 0;
    std::memcpy(&sum, bytes.data() + bytes.size() - kChecksumSize, kChecksumSize);
    return sum == checksum(key, bytes.substr(0, bytes.size() - kChecksumSize));
}

std::string writeEvaluationRecord(const Bench& bench, std::string_view key, const Evaluation& evaluation) {
    CborWriter writer;
    writer.array(7);
    writer.integer(kRecordVersion);
    writeNamed(writer, evaluation.performances,
               [](Performance performance) { return std::string_view(info(performance).name); });
    writeNamed(writer, evaluation.measurements, [](const std::string& name) { return name; });
    write(writer, bench, evaluation.operatingPoint);
    write(writer, evaluation.curves);
    writer.array(evaluation.notes.size());
    for (const std::string& note : evaluation.notes)
        writer.text(note);
    if (evaluation.error) {
        writer.array(3);
        writer.integer(static_cast<std::uint64_t>(evaluation.error->code));
        writer.text(evaluation.error->message);
        writer.text(evaluation.error->detail);
    } else {
        writer.null();
    }
    return sealRecord(key, writer.take());
}

Result<Evaluation> readEvaluationRecord(const Bench& bench, std::string_view key, std::string_view bytes) {
    const auto corrupt = [] { return fail(ErrorCode::Corrupt, "A cached evaluation cannot be read."); };
    if (!isSealedRecord(key, bytes)) return corrupt();
    CborReader reader(bytes.substr(0, bytes.size() - kChecksumSize));
    if (reader.array() != 7 || reader.integer() != kRecordVersion) return corrupt();
    Evaluation evaluation;
    readNamed(reader, [&](std::string_view name, double value) {
        const auto performance = performanceFromName(name);
        if (!performance) return reader.fail();
        evaluation.performances[*performance] = value;
    });
    readNamed(reader, [&](std::string_view name, double value) {
        evaluation.measurements[std::string(name)] = value;
    });
    evaluation.operatingPoint = readPoint(reader, bench);
    evaluation.curves = readCurves(reader);
    evaluation.notes.resize(reader.array());
    for (std::string& note : evaluation.notes)
        note = reader.text();
    evaluation.error = readError(reader);
    if (!reader.finished()) return corrupt();
    evaluation.fromCache = true;
    return evaluation;
}

} // namespace headroom::simulation
