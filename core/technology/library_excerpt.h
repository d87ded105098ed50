#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/technology/technology.h"

namespace headroom::technology {

/// What of a design kit's library a circuit needs at one corner, as SPICE text: the definitions that its
/// models lead to, and of binned models the bins of its sizes. ngspice expands a subcircuit with all its bins
/// for each device, so that a kit read whole costs seconds per deck, and the excerpt a fraction of one.
///
/// What is left out is not referred to by anything that stays; what cannot be told to be superfluous stays.
class LibraryExcerpt {
public:
    /// A device's model and size, m.
    struct Use {
        std::string model; ///< MosfetRules::model
        double width = 0, fingerWidth = 0, length = 0;
    };

    /// Reads a technology's library once for all who hold it. Thread-safe. Null without a library, and where
    /// it has something in it that is not safely cut: ngspice has to read it whole then.
    static std::shared_ptr<const LibraryExcerpt> of(const Technology& technology, const std::string& corner);

    /// Stands for the library in Technology::modelText().
    std::string text(const std::vector<Use>& uses) const;

    /// A card with its continuation lines; comments are dropped.
    struct Card {
        std::string text;
        std::string keyword; ///< the first word, lower case
    };

private:
    enum class Kind { Other, Parameter, Model, Subcircuit };
    /// A definition, or a card that is none and always stays.
    struct Item {
        Kind kind = Kind::Other;
        std::string name;        ///< lower case; of a model without the number of its bin
        std::vector<Card> cards; ///< one, but of a subcircuit
    };

    class Selection;

    LibraryExcerpt() = default;
    /// @return false where the cards are not safely cut
    bool sort(const std::vector<Card>& cards);
    void addParameters(const Card& card);
    const MosfetRules* rulesOf(const std::string& model) const; ///< @param model lower case
    std::vector<Card> binsOf(const std::string& model) const;   ///< outside of subcircuits

    std::vector<std::string> m_before;
    std::vector<MosfetRules> m_rules;
    std::vector<Item> m_items; ///< in the order of the library
};

} // namespace headroom::technology
