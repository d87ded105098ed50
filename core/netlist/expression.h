#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/netlist/spice_number.h"

namespace headroom::netlist {

/// The value of an expression, or one clause that says why there is none ("parameter 'w1' is not
/// defined").
struct Evaluation {
    std::optional<double> value;
    std::string problem;
    bool behavioural = false; ///< there is none because it depends on signals: "V(a)*2", "time"
};

/// Bounds the work of all evaluations of one netlist, so that functions that call each other or deeply
/// nested text cannot hang or overflow the stack.
struct EvaluationBudget {
    long steps = 5'000'000;
    int depth = 0;
    static constexpr int kMaxDepth = 200;
};

/// Parameters and functions that are visible at one level of the hierarchy. Definitions may stand in any
/// order and refer to each other; each is evaluated once, when it is first asked for.
class ParameterScope {
public:
    /// @param rules of the dialect; must outlive the scope, as must those of the definitions. Where they
    ///        are Spectre's, names that differ by case are different; a name that is not there is looked
    ///        up in lower case.
    ParameterScope(const ParameterScope* parent, const NumberRules& rules, EvaluationBudget& budget);

    /// Defines or replaces a parameter. @p text is evaluated in @p in, by default in this scope, and read
    /// by @p rules, by default by the scope's.
    void define(std::string_view name, std::string text, const ParameterScope* in = nullptr,
                const NumberRules* rules = nullptr);
    /// As above for a subcircuit's default, in which the parameter's own name is the outer one's: "w=w".
    void defineDefault(std::string_view name, std::string text, const NumberRules* rules = nullptr);
    void defineFunction(std::string_view name, std::vector<std::string> arguments, std::string body,
                        const NumberRules* rules = nullptr);

    bool knows(std::string_view name) const;
    Evaluation parameter(std::string_view name) const;

    /// Evaluates an expression as SPICE dialects write it: a literal, 'quoted', {braced} or bare.
    /// Statistical functions (gauss, agauss, unif, ...) give their nominal value.
    Evaluation evaluate(std::string_view text) const { return evaluate(text, m_rules); }
    Evaluation evaluate(std::string_view text, const NumberRules& rules) const;

private:
    friend class ExpressionParser;

    struct Entry {
        std::string text;
        const ParameterScope* in = nullptr;
        const NumberRules* rules = nullptr;
        bool selfIsOuter = false;
        bool busy = false;
        std::optional<Evaluation> result;
    };
    struct Function {
        std::vector<std::string> arguments;
        std::string body;
        const NumberRules* rules = nullptr;
    };

    bool knowsFunction(const std::string& key) const;
    std::string keyOf(std::string_view name) const;
    std::optional<Evaluation> find(const std::string& key) const;
    Evaluation call(const std::string& name, const std::vector<double>& arguments) const;

    const ParameterScope* m_parent;
    const NumberRules& m_rules;
    EvaluationBudget& m_budget;
    mutable std::unordered_map<std::string, Entry> m_entries;
    std::unordered_map<std::string, Function> m_functions;
};

} // namespace headroom::netlist
