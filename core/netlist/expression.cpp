#include "core/netlist/expression.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "core/netlist/letter_case.h"

namespace headroom::netlist {
namespace {

struct OneArgumentFunction {
    std::string_view name;
    double (*function)(double);
};

double signOf(double x) {
    return x > 0 ? 1 : (x < 0 ? -1 : 0);
}

constexpr std::array<OneArgumentFunction, 34> kOneArgument{{
    {"abs", [](double x) { return std::abs(x); }},
    {"sqrt", [](double x) { return std::sqrt(x); }},
    {"exp", [](double x) { return std::exp(x); }},
    {"ln", [](double x) { return std::log(x); }},
    {"log", [](double x) { return std::log(x); }},
    {"log10", [](double x) { return std::log10(x); }},
    {"db", [](double x) { return 20 * std::log10(std::abs(x)); }},
    {"sin", [](double x) { return std::sin(x); }},
    {"cos", [](double x) { return std::cos(x); }},
    {"tan", [](double x) { return std::tan(x); }},
    {"asin", [](double x) { return std::asin(x); }},
    {"acos", [](double x) { return std::acos(x); }},
    {"atan", [](double x) { return std::atan(x); }},
    {"arctan", [](double x) { return std::atan(x); }},
    {"sinh", [](double x) { return std::sinh(x); }},
    {"cosh", [](double x) { return std::cosh(x); }},
    {"tanh", [](double x) { return std::tanh(x); }},
    {"asinh", [](double x) { return std::asinh(x); }},
    {"acosh", [](double x) { return std::acosh(x); }},
    {"atanh", [](double x) { return std::atanh(x); }},
    {"arcsin", [](double x) { return std::asin(x); }},
    {"arccos", [](double x) { return std::acos(x); }},
    {"cbrt", [](double x) { return std::cbrt(x); }},
    {"uramp", [](double x) { return std::max(x, 0.0); }},
    // LTspice's deviations from zero.
    {"gauss", [](double) { return 0.0; }},
    {"flat", [](double) { return 0.0; }},
    {"int", [](double x) { return std::trunc(x); }},
    {"floor", [](double x) { return std::floor(x); }},
    {"ceil", [](double x) { return std::ceil(x); }},
    {"nint", [](double x) { return std::nearbyint(x); }},
    {"round", [](double x) { return std::round(x); }},
    {"sgn", signOf},
    {"u", [](double x) { return x > 0 ? 1.0 : 0.0; }},
    {"sqr", [](double x) { return x * x; }},
}};

std::optional<double> builtIn(const std::string& name, const std::vector<double>& x) {
    if (x.size() == 1) {
        const auto found = std::find_if(kOneArgument.begin(), kOneArgument.end(),
                                        [&](const OneArgumentFunction& each) { return each.name == name; });
        if (found != kOneArgument.end()) return found->function(x[0]);
    }
    if (x.size() == 2) {
        if (name == "pow") return std::pow(x[0], x[1]);
        if (name == "pwr") return signOf(x[0]) * std::pow(std::abs(x[0]), x[1]);
        if (name == "sign") return x[1] < 0 ? -std::abs(x[0]) : std::abs(x[0]);
        if (name == "atan2") return std::atan2(x[0], x[1]);
        if (name == "hypot") return std::hypot(x[0], x[1]);
        if (name == "fmod" || name == "mod") return std::fmod(x[0], x[1]);
    }
    if (x.size() == 3) {
        if (name == "if" || name == "ternary_fcn") return x[0] != 0 ? x[1] : x[2];
        if (name == "limit") return std::max(std::min(x[0], std::max(x[1], x[2])), std::min(x[1], x[2]));
    }
    if (x.empty()) return std::nullopt;
    if (name == "min") return *std::min_element(x.begin(), x.end());
    if (name == "max") return *std::max_element(x.begin(), x.end());
    if (name == "gauss" || name == "agauss" || name == "unif" || name == "aunif" || name == "limit" ||
        name == "mc")
        return x[0];
    return std::nullopt;
}

bool isNameStart(char c) {
    return isLetter(c) || c == '_';
}
bool isNameByte(char c) {
    return isNameStart(c) || isDigit(c) || c == '.' || c == '#' || c == '@';
}

// Functions of signals, and the signals themselves, of which no value is known before the simulation.
constexpr std::array<std::string_view, 14> kProbes{"v",   "i",  "vd",  "vm",  "vp",     "vr",    "vi",
                                                   "ddt", "dt", "idt", "sdt", "idtmod", "white", "delay"};
constexpr std::array<std::string_view, 4> kSignals{"time", "freq", "hertz", "frequency"};

template <std::size_t N>
bool isAnyOf(std::string_view name, const std::array<std::string_view, N>& list) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

struct Operator {
    std::string_view text;
    int precedence; ///< 0 binds least
};

constexpr int kPower = 6;

// Longer spellings first, so that "<=" is not read as "<".
constexpr std::array<Operator, 17> kOperators{{{"||", 0},
                                               {"&&", 1},
                                               {"==", 2},
                                               {"!=", 2},
                                               {"<=", 3},
                                               {">=", 3},
                                               {"<>", 2},
                                               {"<", 3},
                                               {">", 3},
                                               {"**", kPower},
                                               {"+", 4},
                                               {"-", 4},
                                               {"*", 5},
                                               {"/", 5},
                                               {"%", 5},
                                               {"\\", 5},
                                               {"^", kPower}}};

double apply(std::string_view op, double a, double b) {
    if (op == "+") return a + b;
    if (op == "-") return a - b;
    if (op == "*") return a * b;
    if (op == "/") return a / b;
    if (op == "%") return std::fmod(a, b);
    if (op == "\\") return std::trunc(a / b);
    if (op == "^" || op == "**") return std::pow(a, b);
    if (op == "==") return a == b ? 1 : 0;
    if (op == "!=" || op == "<>") return a != b ? 1 : 0;
    if (op == "<") return a < b ? 1 : 0;
    if (op == ">") return a > b ? 1 : 0;
    if (op == "<=") return a <= b ? 1 : 0;
    if (op == ">=") return a >= b ? 1 : 0;
    if (op == "&&") return a != 0 && b != 0 ? 1 : 0;
    return a != 0 || b != 0 ? 1 : 0;
}

} // namespace

/// Precedence climbing over the text itself. A sub-expression without a value is a NaN with a problem
/// noted; the ternary operator only minds the branch that it takes.
class ExpressionParser {
public:
    ExpressionParser(std::string_view text, const ParameterScope& scope, const NumberRules& rules)
        : m_text(text)
        , m_scope(scope)
        , m_rules(rules) {}

    Evaluation run() {
        Evaluation result = ternary();
        if (!m_syntax.empty()) return {std::nullopt, m_syntax};
        skipBlanks();
        if (m_at < m_text.size()) return {std::nullopt, fmt::format("'{}' is not understood", shown(m_text))};
        if (result.value && !std::isfinite(*result.value)) {
            return {std::nullopt, fmt::format("'{}' has no finite value", shown(m_text))};
        }
        return result;
    }

private:
    static std::string shown(std::string_view text) {
        return text.size() <= 60 ? std::string(text) : std::string(text.substr(0, 57)) + "...";
    }

    Evaluation syntaxError() {
        if (m_syntax.empty()) m_syntax = fmt::format("'{}' is not understood", shown(m_text));
        m_at = m_text.size();
        return {};
    }

    void skipBlanks() {
        while (m_at < m_text.size() && (isBlank(m_text[m_at]) || m_text[m_at] == '\n'))
            ++m_at;
    }

    bool take(char c) {
        skipBlanks();
        if (m_at >= m_text.size() || m_text[m_at] != c) return false;
        ++m_at;
        return true;
    }

    Evaluation ternary() {
        EvaluationBudget& budget = m_scope.m_budget;
        if (--budget.steps < 0 || budget.depth >= EvaluationBudget::kMaxDepth) {
            m_syntax = fmt::format("'{}' is too deeply nested", shown(m_text));
            m_at = m_text.size();
            return {};
        }
        ++budget.depth;
        Evaluation result = binary(0);
        if (take('?')) {
            Evaluation yes = ternary();
            Evaluation no = take(':') ? ternary() : syntaxError();
            if (result.value) result = *result.value != 0 ? std::move(yes) : std::move(no);
        }
        --budget.depth;
        return result;
    }

    const Operator* peekOperator(int atLeast) {
        skipBlanks();
        const std::string_view rest = m_text.substr(std::min(m_at, m_text.size()));
        for (const Operator& each : kOperators) {
            if (rest.starts_with(each.text)) return each.precedence >= atLeast ? &each : nullptr;
        }
        return nullptr;
    }

    Evaluation binary(int atLeast) {
        Evaluation left = unary();
        while (const Operator* op = peekOperator(atLeast)) {
            --m_scope.m_budget.steps;
            m_at += op->text.size();
            const Evaluation right = binary(op->precedence + 1);
            if (left.value && right.value) {
                left.value = apply(op->text, *left.value, *right.value);
            } else if (left.value) {
                left = right;
            }
        }
        return left;
    }

    Evaluation unary() {
        bool negative = false;
        bool inverted = false;
        bool isNot = false;
        for (skipBlanks(); m_at < m_text.size(); skipBlanks()) {
            const char c = m_text[m_at];
            if (c != '-' && c != '+' && c != '!') break;
            if (c == '-') negative = !negative;
            if (c == '!') isNot = true, inverted = !inverted;
            ++m_at;
        }
        Evaluation result = primary();
        // Powers bind closer than a sign: -2^2 is -4.
        while (const Operator* op = peekOperator(kPower)) {
            m_at += op->text.size();
            const Evaluation exponent = ternaryFree();
            if (result.value && exponent.value) {
                result.value = std::pow(*result.value, *exponent.value);
            } else if (result.value) {
                result = exponent;
            }
        }
        if (result.value && isNot) result.value = (*result.value != 0) != inverted ? 1 : 0;
        if (result.value && negative) result.value = -*result.value;
        return result;
    }

    /// The right-hand side of a power: a signed primary, powers to its right included.
    Evaluation ternaryFree() {
        EvaluationBudget& budget = m_scope.m_budget;
        if (--budget.steps < 0 || budget.depth >= EvaluationBudget::kMaxDepth) return syntaxError();
        ++budget.depth;
        Evaluation result = unary();
        --budget.depth;
        return result;
    }

    Evaluation primary() {
        skipBlanks();
        if (m_at >= m_text.size()) return syntaxError();
        const char c = m_text[m_at];
        if (c == '(' || c == '{' || c == '\'' || c == '"') {
            ++m_at;
            Evaluation inner = ternary();
            return take(c == '(' ? ')' : (c == '{' ? '}' : c)) ? inner : syntaxError();
        }
        if (isDigit(c) || c == '.') {
            const std::size_t length = numberLength(m_text.substr(m_at), m_rules);
            if (length == 0) return syntaxError();
            const std::string_view literal = m_text.substr(m_at, length);
            m_at += length;
            const auto value = parseSpiceNumber(literal, m_rules);
            if (!value) return syntaxError();
            return {value, {}};
        }
        if (isNameStart(c)) return name();
        return syntaxError();
    }

    /// "V(a,b)", "I(V1)", "V(%IN+)": what stands in the brackets are names of nets and devices.
    Evaluation probe() {
        int depth = 1;
        for (; m_at < m_text.size() && depth > 0; ++m_at) {
            if (m_text[m_at] == '(') ++depth;
            if (m_text[m_at] == ')') --depth;
        }
        return depth > 0 ? syntaxError() : behavioural();
    }

    static Evaluation behavioural() { return {std::nullopt, "it follows the circuit's signals", true}; }

    Evaluation name() {
        const std::size_t start = m_at;
        while (m_at < m_text.size() && isNameByte(m_text[m_at]))
            ++m_at;
        const std::string_view found = m_text.substr(start, m_at - start);
        const std::string key = m_scope.keyOf(found);
        if (!take('(')) {
            Evaluation result = m_scope.parameter(found);
            return !result.value && isAnyOf(lowerCase(found), kSignals) && !m_scope.knows(found)
                       ? behavioural()
                       : result;
        }
        if (isAnyOf(lowerCase(found), kProbes) && !m_scope.knowsFunction(key)) return probe();
        std::vector<double> arguments;
        Evaluation problem;
        if (!take(')')) {
            do {
                const Evaluation argument = ternary();
                if (!argument.value && problem.problem.empty()) problem = argument;
                arguments.push_back(argument.value.value_or(0));
            } while (take(','));
            if (!take(')')) return syntaxError();
        }
        if (!problem.problem.empty() || !m_syntax.empty()) return problem;
        return m_scope.call(key, arguments);
    }

    std::string_view m_text;
    const ParameterScope& m_scope;
    const NumberRules& m_rules;
    std::size_t m_at = 0;
    std::string m_syntax;
};

ParameterScope::ParameterScope(const ParameterScope* parent, const NumberRules& rules,
                               EvaluationBudget& budget)
    : m_parent(parent)
    , m_rules(rules)
    , m_budget(budget) {}

std::string ParameterScope::keyOf(std::string_view name) const {
    return m_rules.spectre ? std::string(name) : lowerCase(name);
}

void ParameterScope::define(std::string_view name, std::string text, const ParameterScope* in,
                            const NumberRules* rules) {
    m_entries[keyOf(name)] = {std::move(text), in, rules, false, false, std::nullopt};
}

void ParameterScope::defineDefault(std::string_view name, std::string text, const NumberRules* rules) {
    m_entries[keyOf(name)] = {std::move(text), nullptr, rules, true, false, std::nullopt};
}

void ParameterScope::defineFunction(std::string_view name, std::vector<std::string> arguments,
                                    std::string body, const NumberRules* rules) {
    m_functions[keyOf(name)] = {std::move(arguments), std::move(body), rules};
}

bool ParameterScope::knows(std::string_view name) const {
    const std::string key = keyOf(name);
    for (const ParameterScope* scope = this; scope; scope = scope->m_parent) {
        if (scope->m_entries.contains(key)) return true;
    }
    return false;
}

bool ParameterScope::knowsFunction(const std::string& key) const {
    for (const ParameterScope* scope = this; scope; scope = scope->m_parent) {
        if (scope->m_functions.contains(key)) return true;
    }
    return false;
}

std::optional<Evaluation> ParameterScope::find(const std::string& key) const {
    bool isCircle = false;
    for (const ParameterScope* scope = this; scope; scope = scope->m_parent) {
        const auto found = scope->m_entries.find(key);
        if (found == scope->m_entries.end()) continue;
        Entry& entry = found->second;
        if (entry.result) return *entry.result;
        if (entry.busy) {
            isCircle = true;
            if (entry.selfIsOuter) continue;
            break;
        }
        entry.busy = true;
        const ParameterScope& in = entry.in ? *entry.in : *scope;
        Evaluation result = in.evaluate(entry.text, entry.rules ? *entry.rules : m_rules);
        entry.busy = false;
        entry.result = result;
        return result;
    }
    if (isCircle) return Evaluation{std::nullopt, fmt::format("parameter '{}' depends on itself", key)};
    return std::nullopt;
}

Evaluation ParameterScope::parameter(std::string_view name) const {
    if (auto found = find(keyOf(name))) return *found;
    const std::string key = lowerCase(name);
    if (m_rules.spectre) {
        if (auto found = find(key)) return *found;
    }
    if (key == "pi" || key == "m_pi") return {std::numbers::pi, {}};
    if (key == "e" || key == "m_e") return {std::numbers::e, {}};
    if (key == "temper" || key == "temp" || key == "tnom") return {27.0, {}};
    if (key == "true" || key == "yes") return {1.0, {}};
    if (key == "false" || key == "no") return {0.0, {}};
    return {std::nullopt, fmt::format("parameter '{}' is not defined", name)};
}

Evaluation ParameterScope::evaluate(std::string_view text, const NumberRules& rules) const {
    text = trimmed(text);
    if (const auto literal = parseSpiceNumber(text, rules)) return {literal, {}};
    if (text.empty()) return {std::nullopt, "a value is missing"};
    return ExpressionParser(text, *this, rules).run();
}

Evaluation ParameterScope::call(const std::string& name, const std::vector<double>& arguments) const {
    for (const ParameterScope* scope = this; scope; scope = scope->m_parent) {
        const auto found = scope->m_functions.find(name);
        if (found == scope->m_functions.end()) continue;
        const Function& function = found->second;
        if (function.arguments.size() != arguments.size()) {
            return {std::nullopt,
                    fmt::format("function '{}' takes {} arguments", name, function.arguments.size())};
        }
        constexpr long kStepsPerCall = 10;
        m_budget.steps -= kStepsPerCall;
        ParameterScope local(scope, m_rules, m_budget);
        for (std::size_t i = 0; i < arguments.size(); ++i) {
            local.m_entries[function.arguments[i]].result = Evaluation{arguments[i], {}};
        }
        return local.evaluate(function.body, function.rules ? *function.rules : m_rules);
    }
    if (const auto value = builtIn(lowerCase(name), arguments)) return {value, {}};
    return {std::nullopt, fmt::format("function '{}' is not known", name)};
}

} // namespace headroom::netlist
