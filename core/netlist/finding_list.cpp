#include "core/netlist/finding_list.h"

#include <utility>

#include <fmt/format.h>

namespace headroom::netlist {

void FindingList::add(Severity severity, const SourceSpan& span, std::string message, std::string text) {
    if (m_netlist.diagnostics.size() >= kMost) {
        ++m_leftOut;
        return;
    }
    constexpr std::size_t kLongestText = 120;
    if (text.size() > kLongestText) {
        std::size_t end = kLongestText;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
            --end; // not inside a character
        text = text.substr(0, end) + "...";
    }
    const std::string file = m_netlist.files[static_cast<std::size_t>(span.file)].path.string();
    m_netlist.diagnostics.push_back(
        {severity, file, span.line, span.column, std::move(message), std::move(text)});
}

void FindingList::addOnce(const std::string& key, Severity severity, const SourceSpan& span,
                          std::string message, std::string text) {
    if (m_keys.insert(key).second) add(severity, span, std::move(message), std::move(text));
}

void FindingList::clear() {
    m_netlist.diagnostics.clear();
    m_keys.clear();
    m_leftOut = 0;
}

void FindingList::close() {
    if (m_leftOut == 0) return;
    m_netlist.diagnostics.push_back({Severity::Note,
                                     m_netlist.files.front().path.string(),
                                     0,
                                     0,
                                     fmt::format("{} further findings are not listed.", m_leftOut),
                                     {}});
    m_leftOut = 0;
}

tl::unexpected<Error> FindingList::fail(const SourceSpan& span, std::string message) const {
    return failAt(ErrorCode::BadInput, m_netlist.files[static_cast<std::size_t>(span.file)].path.string(),
                  span.line, std::move(message));
}

} // namespace headroom::netlist
