#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/netlist/schematic/source_text.h"

namespace headroom::netlist {

/// The tree of an s-expression file. Nodes are indices, so that no depth of nesting matters.
class SExpressions {
public:
    using Node = int;
    static constexpr Node kNone = -1;

    /// Errors: BadInput where brackets or quotes do not match.
    static Result<SExpressions> parse(const SourceText& source, const std::string& fileName);

    Node root() const { return m_root; }
    Node firstChild(Node node) const { return node < 0 ? kNone : at(node).child; }
    Node next(Node node) const { return node < 0 ? kNone : at(node).next; }
    bool isList(Node node) const { return node >= 0 && at(node).list; }
    std::size_t begin(Node node) const { return at(node).begin; }
    std::size_t end(Node node) const { return at(node).end; }

    /// The first word of a list: its kind.
    std::string_view name(Node list) const;
    /// The first list named @p name in @p list.
    Node find(Node list, std::string_view name) const;
    /// The @p i-th element behind the name; kNone where there is none.
    Node argument(Node list, std::size_t i) const;
    /// A word's text, escapes resolved; empty for lists and kNone.
    MappedText mapped(Node word) const;
    std::string text(Node word) const { return mapped(word).text(); }
    /// The text of argument @p i of the list named @p name in @p list.
    std::string textOf(Node list, std::string_view name, std::size_t i = 0) const;
    std::optional<double> number(Node list, std::size_t argument) const;
    /// Whether a list contains the bare word @p word or "(word yes)".
    bool has(Node list, std::string_view word) const;

private:
    struct Item {
        std::size_t begin = 0;
        std::size_t end = 0;
        Node child = kNone;
        Node next = kNone;
        bool list = false;
        bool quoted = false;
    };

    const Item& at(Node node) const { return m_items[static_cast<std::size_t>(node)]; }
    std::string_view word(Node node) const;

    const SourceText* m_source = nullptr;
    std::vector<Item> m_items;
    Node m_root = kNone;
};

} // namespace headroom::netlist
