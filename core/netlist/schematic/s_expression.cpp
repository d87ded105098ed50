#include "core/netlist/schematic/s_expression.h"

#include "core/netlist/schematic/drawing_number.h"

namespace headroom::netlist {
namespace {

bool isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v' || c == '\0';
}

} // namespace

Result<SExpressions> SExpressions::parse(const SourceText& source, const std::string& fileName) {
    const std::string& text = source.text();
    SExpressions result;
    result.m_source = &source;
    auto& items = result.m_items;
    struct Open {
        Node list;
        Node last;
    };
    std::vector<Open> open;
    const auto error = [&](std::size_t where, const char* message) {
        return failAt(ErrorCode::BadInput, fileName, source.span(where, where).line, message);
    };
    const auto add = [&](Item item) {
        const Node node = static_cast<Node>(items.size());
        items.push_back(item);
        if (!open.empty()) {
            Open& parent = open.back();
            (parent.last < 0 ? items[static_cast<std::size_t>(parent.list)].child
                             : items[static_cast<std::size_t>(parent.last)].next) = node;
            parent.last = node;
        } else if (result.m_root < 0) {
            result.m_root = node;
        }
        return node;
    };
    std::size_t at = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
    while (at < text.size()) {
        const char c = text[at];
        if (isSpace(c)) {
            ++at;
        } else if (c == '(') {
            const Node node = add({at, at, kNone, kNone, true, false});
            open.push_back({node, kNone});
            ++at;
        } else if (c == ')') {
            if (open.empty()) return error(at, "This closing bracket has no opening one.");
            items[static_cast<std::size_t>(open.back().list)].end = at + 1;
            open.pop_back();
            ++at;
            if (open.empty()) break; // what follows the one expression is no part of it
        } else if (c == '"') {
            const std::size_t start = at++;
            while (at < text.size() && text[at] != '"')
                at += text[at] == '\\' ? 2 : 1;
            if (at >= text.size()) {
                return error(start, "The text that begins here is not closed; the file may be cut off.");
            }
            ++at;
            add({start, at, kNone, kNone, false, true});
        } else {
            const std::size_t start = at;
            while (at < text.size() && !isSpace(text[at]) && text[at] != '(' && text[at] != ')' &&
                   text[at] != '"')
                ++at;
            add({start, at, kNone, kNone, false, false});
        }
    }
    if (!open.empty()) {
        return error(items[static_cast<std::size_t>(open.back().list)].begin,
                     "The bracket that opens here is not closed; the file may be cut off.");
    }
    if (result.m_root < 0) return error(0, "The file is empty.");
    return result;
}

std::string_view SExpressions::word(Node node) const {
    if (node < 0 || at(node).list) return {};
    const Item& item = at(node);
    return std::string_view(m_source->text()).substr(item.begin, item.end - item.begin);
}

std::string_view SExpressions::name(Node list) const {
    return isList(list) ? word(at(list).child) : std::string_view();
}

SExpressions::Node SExpressions::find(Node list, std::string_view wanted) const {
    for (Node each = firstChild(list); each >= 0; each = next(each)) {
        if (isList(each) && name(each) == wanted) return each;
    }
    return kNone;
}

SExpressions::Node SExpressions::argument(Node list, std::size_t i) const {
    if (!isList(list)) return kNone;
    Node each = next(firstChild(list));
    while (i > 0 && each >= 0) {
        each = next(each);
        --i;
    }
    return each;
}

MappedText SExpressions::mapped(Node node) const {
    MappedText result;
    if (node < 0 || at(node).list) return result;
    const Item& item = at(node);
    const std::string& text = m_source->text();
    if (!item.quoted) {
        result.appendSource(text, item.begin, item.end);
        return result;
    }
    std::size_t plain = item.begin + 1;
    const std::size_t last = item.end - 1;
    for (std::size_t i = plain; i + 1 < last; ++i) {
        if (text[i] != '\\') continue;
        result.appendSource(text, plain, i);
        const char c = text[i + 1];
        const char meant = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
        result.append(std::string_view(&meant, 1), i, i + 2);
        plain = i + 2;
        ++i;
    }
    result.appendSource(text, plain, last);
    return result;
}

std::string SExpressions::textOf(Node list, std::string_view wanted, std::size_t i) const {
    return text(argument(find(list, wanted), i));
}

std::optional<double> SExpressions::number(Node list, std::size_t i) const {
    return drawingNumber(word(argument(list, i)));
}

bool SExpressions::has(Node list, std::string_view wanted) const {
    for (Node each = next(firstChild(list)); each >= 0; each = next(each)) {
        if (!isList(each) && word(each) == wanted) return true;
        if (isList(each) && name(each) == wanted) {
            const std::string_view value = word(argument(each, 0));
            return value != "no";
        }
    }
    return false;
}

} // namespace headroom::netlist
