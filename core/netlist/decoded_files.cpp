#include "core/netlist/decoded_files.h"

#include <utility>

#include "core/netlist/schematic/source_text.h"

namespace headroom::netlist {

bool isUtf16(std::string_view bytes) {
    const TextEncoding encoding = encodingOf(bytes.substr(0, 4096));
    return encoding == TextEncoding::Utf16Little || encoding == TextEncoding::Utf16Big;
}

void DecodedFiles::decode(Netlist& netlist, int file) {
    std::string& text = netlist.files[static_cast<std::size_t>(file)].text;
    if (!isUtf16(text)) return;
    std::string decoded = SourceText(text, file).text();
    m_bytes[file] = std::exchange(text, std::move(decoded));
}

void DecodedFiles::restore(Netlist& netlist) {
    for (auto& [file, bytes] : m_bytes) {
        const int index = file;
        const SourceText source(bytes, index);
        const auto place = [&](SourceSpan& span) {
            if (span.file != index || span.line == 0) return;
            const SourceSpan disk = source.span(span.offset, span.offset + span.length);
            span.offset = disk.offset;
            span.length = disk.length;
        };
        for (Device& device : netlist.circuit.devices) {
            place(device.span);
            for (Parameter& each : device.parameters) {
                if (each.span) place(*each.span);
            }
        }
        netlist.files[static_cast<std::size_t>(file)].text = std::move(bytes);
    }
    m_bytes.clear();
}

} // namespace headroom::netlist
