#include "core/structure/block_library.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/base/yaml_fields.h"

namespace headroom::structure {
namespace {

using yaml::raise;
using Kind = BlockPattern::Kind;

constexpr std::array transistorTerminals{"drain", "gate", "source", "bulk"};
constexpr std::array passiveTerminals{"plus", "minus"};

constexpr const char* standardText =
#include "standard_blocks.inc"
    ;

template <class Enum>
Enum named(const YAML::Node& node, const std::string& name, Enum last) {
    for (int value = 0; value <= static_cast<int>(last); ++value)
        if (name == toString(static_cast<Enum>(value))) return static_cast<Enum>(value);
    raise(node, fmt::format("\"{}\" is not known here.", name));
}

class PatternReader {
public:
    /// @param pinsOf the pins of the block types further up
    PatternReader(const YAML::Node& node, std::map<std::string, std::vector<std::string>>& pinsOf)
        : m_node(node)
        , m_pinsOf(pinsOf) {}

    BlockPattern read() {
        yaml::allowOnly(m_node, "a block",
                        {"type", "level", "meaning", "parts", "order", "nets", "may_join", "pairs", "pins",
                         "symmetric", "once", "wins_over"});
        m_pattern.type = yaml::text(yaml::required(m_node, "type", "a block"), "type");
        const double level = yaml::number(yaml::required(m_node, "level", m_pattern.type), "level");
        if (level != 2 && level != 3) raise(m_node["level"], "\"level\" must be 2 or 3.");
        m_pattern.level = static_cast<int>(level);
        m_pattern.meaning = yaml::text(yaml::required(m_node, "meaning", m_pattern.type), "meaning");
        readParts();
        readNets();
        readOrder();
        if (const YAML::Node node = m_node["pairs"]) readPairs(node);
        if (const YAML::Node node = m_node["once"])
            for (const std::string& name : yaml::texts(node, "once"))
                m_pattern.once.push_back(partNamed(node, name));
        readPins();
        return std::move(m_pattern);
    }

private:
    void readParts() {
        const YAML::Node parts = yaml::required(m_node, "parts", m_pattern.type);
        if (!parts.IsMap() || parts.size() == 0) raise(parts, "\"parts\" must be a map of parts.");
        for (const auto& entry : parts)
            readPart(entry.first.Scalar(), entry.second);
        std::vector<bool> known(m_pattern.nets.size(), false);
        for (std::size_t i = 0; i < m_pattern.parts.size(); ++i) {
            const auto& terminals = m_pattern.parts[i].terminals;
            const bool meets = std::any_of(terminals.begin(), terminals.end(), [&](int net) {
                return net >= 0 && known[static_cast<std::size_t>(net)];
            });
            if (i > 0 && !meets)
                raise(parts, fmt::format("part {} shares no net with those before it.",
                                         m_pattern.parts[i].name));
            for (const int net : terminals)
                if (net >= 0) known[static_cast<std::size_t>(net)] = true;
        }
    }

    void readPart(const std::string& name, const YAML::Node& node) {
        if (!node.IsMap()) raise(node, fmt::format("part {} must be a map.", name));
        BlockPattern::Part part;
        part.name = name;
        std::vector<std::string> terminals(transistorTerminals.begin(), transistorTerminals.end());
        if (const YAML::Node is = node["is"]) {
            const std::string kind = yaml::text(is, "is");
            if (kind == "resistor" || kind == "capacitor") {
                part.kind = kind == "resistor" ? Kind::Resistor : Kind::Capacitor;
                terminals.assign(passiveTerminals.begin(), passiveTerminals.end());
            } else if (kind != "transistor") {
                const auto known = m_pinsOf.find(kind);
                if (known == m_pinsOf.end())
                    raise(is, fmt::format("\"{}\" is no type of block that stands further up.", kind));
                part.kind = Kind::Block;
                part.blockType = kind;
                terminals = known->second;
            }
        }
        std::set<std::string> allowed{"is",        "type",     "diode", "bipolar", "pair_half",
                                      "reference", "own_rail", "stack", "function", "stage"};
        allowed.insert(terminals.begin(), terminals.end());
        yaml::allowOnly(node, "part " + name, allowed);
        readConditions(node, part);
        for (const std::string& terminal : terminals) {
            const YAML::Node net = node[terminal];
            part.terminals.push_back(net ? netNamed(yaml::text(net, terminal)) : -1);
        }
        m_pattern.parts.push_back(std::move(part));
    }

    static void readConditions(const YAML::Node& node, BlockPattern::Part& part) {
        if (const YAML::Node type = node["type"]) {
            const std::string name = yaml::text(type, "type");
            if (name != "same" && name != "other" && name != "any")
                raise(type, "\"type\" must be same, other or any.");
            part.type = name == "same"    ? BlockPattern::Type::Same
                        : name == "other" ? BlockPattern::Type::Other
                                          : BlockPattern::Type::Any;
        }
        if (const YAML::Node diode = node["diode"]) {
            part.diode = std::nullopt;
            if (yaml::text(diode, "diode") != "any") part.diode = yaml::flag(diode, "diode");
        }
        const auto flag = [&](const char* key, std::optional<bool>& value) {
            if (const YAML::Node field = node[key]) value = yaml::flag(field, key);
        };
        flag("bipolar", part.bipolar);
        flag("pair_half", part.pairHalf);
        flag("reference", part.reference);
        flag("own_rail", part.ownRail);
        if (const YAML::Node stack = node["stack"])
            part.stack = static_cast<int>(std::min(yaml::positive(stack, "stack"), 1e6));
        if (const YAML::Node functions = node["function"])
            for (const std::string& name : yaml::texts(functions, "function"))
                part.functions.push_back(named(functions, name, Function::Unexplained));
        if (const YAML::Node stages = node["stage"])
            for (const std::string& name : yaml::texts(stages, "stage"))
                part.stages.push_back(named(stages, name, Stage::Bias));
    }

    void readNets() {
        const std::size_t count = m_pattern.nets.size();
        m_pattern.mayJoin.assign(count, std::vector<bool>(count, false));
        if (const YAML::Node couples = m_node["may_join"]) {
            if (!couples.IsSequence()) raise(couples, "\"may_join\" must be a list of couples.");
            for (const YAML::Node& couple : couples) {
                const auto [a, b] = coupleOf(couple, "may_join", [&](const std::string& name) {
                    return existingNet(couple, name);
                });
                m_pattern.mayJoin[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)] = true;
                m_pattern.mayJoin[static_cast<std::size_t>(b)][static_cast<std::size_t>(a)] = true;
            }
        }
        const YAML::Node nets = m_node["nets"];
        if (!nets) return;
        if (!nets.IsMap()) raise(nets, "\"nets\" must be a map.");
        for (const auto& entry : nets) {
            auto& net = m_pattern.nets[static_cast<std::size_t>(
                existingNet(entry.first, entry.first.Scalar()))];
            const std::map<std::string, bool*> conditions{
                {"rail", &net.rail},         {"not_rail", &net.notRail}, {"positive", &net.positive},
                {"negative", &net.negative}, {"private", &net.onlyParts}, {"tail", &net.tail},
                {"not_tail", &net.notTail},  {"no_diode", &net.noDiode}};
            for (const std::string& name : yaml::texts(entry.second, net.name)) {
                const auto condition = conditions.find(name);
                if (condition == conditions.end())
                    raise(entry.second, fmt::format("\"{}\" is no condition of a net.", name));
                *condition->second = true;
            }
        }
    }

    void readOrder() {
        for (std::size_t i = 0; i < m_pattern.parts.size(); ++i)
            m_pattern.order.push_back(static_cast<int>(i));
        const YAML::Node order = m_node["order"];
        if (!order) return;
        std::vector<int> given;
        for (const std::string& name : yaml::texts(order, "order"))
            given.push_back(partNamed(order, name));
        if (!std::is_permutation(given.begin(), given.end(), m_pattern.order.begin(), m_pattern.order.end()))
            raise(order, "\"order\" must name each part once.");
        m_pattern.order = std::move(given);
    }

    void readPairs(const YAML::Node& node) {
        const auto find = [&](const std::string& name) { return partNamed(node, name); };
        m_pattern.pairs.push_back(coupleOf(node, "pairs", find));
    }

    void readPins() {
        const YAML::Node pins = yaml::required(m_node, "pins", m_pattern.type);
        if (!pins.IsMap()) raise(pins, "\"pins\" must be a map.");
        std::vector<std::string> names;
        for (const auto& entry : pins) {
            names.push_back(entry.first.Scalar());
            m_pattern.pins.push_back(
                {names.back(), existingNet(entry.second, yaml::text(entry.second, names.back()))});
        }
        // Further patterns of the same type must offer what the first does, to be parts of others.
        auto& known = m_pinsOf[m_pattern.type];
        if (known.empty()) known = names;
        m_pattern.pins = inOrder(known);
        if (m_pattern.pins.size() > BlockPattern::mostTerminals)
            raise(pins, fmt::format("A block has at most {} pins.", BlockPattern::mostTerminals));
        readSymmetry();
    }

    void readSymmetry() {
        const YAML::Node couples = m_node["symmetric"];
        if (!couples) return;
        if (!couples.IsSequence()) raise(couples, "\"symmetric\" must be a list of couples.");
        const auto& pins = m_pattern.pins;
        for (const YAML::Node& couple : couples)
            m_pattern.symmetricPins.push_back(coupleOf(couple, "symmetric", [&](const std::string& name) {
                const auto found = std::find_if(pins.begin(), pins.end(), [&](const auto& pin) {
                    return pin.name == name && pin.net >= 0;
                });
                if (found == pins.end()) raise(couple, fmt::format("There is no pin \"{}\".", name));
                return static_cast<int>(found - pins.begin());
            }));
    }

    /// The pins in the order of the type's first pattern, further ones behind; those that this pattern
    /// lacks stand there without a net.
    std::vector<BlockPattern::Pin> inOrder(const std::vector<std::string>& names) const {
        std::vector<BlockPattern::Pin> result;
        for (const std::string& name : names) {
            const auto pin = std::find_if(m_pattern.pins.begin(), m_pattern.pins.end(),
                                          [&](const auto& each) { return each.name == name; });
            result.push_back(pin != m_pattern.pins.end() ? *pin : BlockPattern::Pin{name, -1});
        }
        const auto further = [&](const auto& pin) {
            return std::find(names.begin(), names.end(), pin.name) == names.end();
        };
        std::copy_if(m_pattern.pins.begin(), m_pattern.pins.end(), std::back_inserter(result), further);
        return result;
    }

    template <class Find>
    static std::pair<int, int> coupleOf(const YAML::Node& node, const char* key, const Find& find) {
        const auto names = yaml::texts(node, key);
        if (names.size() != 2) raise(node, fmt::format("\"{}\" needs couples of two names.", key));
        return {find(names[0]), find(names[1])};
    }

    int netNamed(const std::string& name) {
        for (std::size_t i = 0; i < m_pattern.nets.size(); ++i)
            if (m_pattern.nets[i].name == name) return static_cast<int>(i);
        m_pattern.nets.emplace_back().name = name;
        return static_cast<int>(m_pattern.nets.size()) - 1;
    }

    int existingNet(const YAML::Node& node, const std::string& name) const {
        for (std::size_t i = 0; i < m_pattern.nets.size(); ++i)
            if (m_pattern.nets[i].name == name) return static_cast<int>(i);
        raise(node, fmt::format("No part of {} has a terminal on \"{}\".", m_pattern.type, name));
    }

    int partNamed(const YAML::Node& node, const std::string& name) const {
        for (std::size_t i = 0; i < m_pattern.parts.size(); ++i)
            if (m_pattern.parts[i].name == name) return static_cast<int>(i);
        raise(node, fmt::format("{} has no part \"{}\".", m_pattern.type, name));
    }

    const YAML::Node m_node;
    std::map<std::string, std::vector<std::string>>& m_pinsOf;
    BlockPattern m_pattern;
};

/// The base's patterns, those of a type that is in @p added replaced where they stand, because blocks
/// further down may have them as parts. What was taken leaves @p added.
std::vector<BlockPattern> withReplaced(const std::vector<BlockPattern>& base,
                                       std::vector<BlockPattern>& added) {
    std::vector<BlockPattern> result;
    std::set<std::string> replaced;
    for (const BlockPattern& pattern : base) {
        if (replaced.contains(pattern.type)) continue;
        const auto behind = std::stable_partition(added.begin(), added.end(), [&](const BlockPattern& each) {
            return each.type != pattern.type;
        });
        if (behind == added.end()) {
            result.push_back(pattern);
            continue;
        }
        replaced.insert(pattern.type);
        std::move(behind, added.end(), std::back_inserter(result));
        added.erase(behind, added.end());
    }
    return result;
}

} // namespace

const BlockLibrary& BlockLibrary::standard() {
    // The text is part of the program and a test reads it; value() cannot throw in a tested build.
    static const BlockLibrary library = parse(standardText, "blocks.yaml").value();
    return library;
}

Result<BlockLibrary> BlockLibrary::parse(const std::string& text, const std::string& fileName) {
    return parse(text, fileName, nullptr);
}

Result<BlockLibrary> BlockLibrary::standardWith(const std::filesystem::path& file) {
    const auto text = readFile(file);
    if (!text) return forward(text);
    return parse(*text, file.string(), &standard());
}

Result<BlockLibrary> BlockLibrary::parse(const std::string& text, const std::string& fileName,
                                         const BlockLibrary* base) {
    try {
        const YAML::Node root = YAML::Load(text);
        yaml::allowOnly(root, "a block library", {"format_version", "blocks"});
        if (yaml::number(yaml::required(root, "format_version", "the library"), "format_version") != 1)
            raise(root["format_version"], "\"format_version\" must be 1.");
        const YAML::Node blocks = yaml::required(root, "blocks", "the library");
        if (!blocks.IsSequence()) raise(blocks, "\"blocks\" must be a list.");
        BlockLibrary library;
        std::map<std::string, std::vector<std::string>> pinsOf;
        std::vector<BlockPattern> added;
        if (base) {
            for (const BlockPattern& pattern : base->m_patterns) {
                auto& pins = pinsOf[pattern.type];
                if (pins.empty())
                    for (const BlockPattern::Pin& pin : pattern.pins)
                        pins.push_back(pin.name);
            }
            library.m_dominances = base->m_dominances;
        }
        for (const YAML::Node& node : blocks) {
            BlockPattern pattern = PatternReader(node, pinsOf).read();
            if (const YAML::Node losers = node["wins_over"])
                for (const std::string& loser : yaml::texts(losers, "wins_over"))
                    library.m_dominances.emplace_back(pattern.type, loser);
            added.push_back(std::move(pattern));
        }
        if (base) library.m_patterns = withReplaced(base->m_patterns, added);
        std::move(added.begin(), added.end(), std::back_inserter(library.m_patterns));
        std::sort(library.m_dominances.begin(), library.m_dominances.end());
        return library;
    } catch (const yaml::Problem& problem) {
        return failAt(ErrorCode::BadInput, fileName, problem.line,
                      "The block library cannot be used: " + problem.message);
    } catch (const YAML::Exception& exception) {
        return failAt(ErrorCode::BadInput, fileName, exception.mark.line + 1,
                      fmt::format("The block library is no valid YAML: {}.", exception.msg));
    }
}

bool BlockLibrary::winsOver(std::string_view winner, std::string_view loser) const {
    return std::any_of(m_dominances.begin(), m_dominances.end(), [&](const auto& dominance) {
        return dominance.first == winner && dominance.second == loser;
    });
}

bool BlockLibrary::losesAnywhere(std::string_view type) const {
    return std::any_of(m_dominances.begin(), m_dominances.end(),
                       [&](const auto& dominance) { return dominance.second == type; });
}

} // namespace headroom::structure
