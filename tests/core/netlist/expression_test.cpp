#include "core/netlist/expression.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace headroom::netlist {
namespace {

class Expression : public testing::Test {
protected:
    double value(std::string_view text) {
        const Evaluation result = scope.evaluate(text);
        EXPECT_TRUE(result.value) << text << ": " << result.problem;
        return result.value.value_or(std::nan(""));
    }
    std::string problem(std::string_view text) {
        const Evaluation result = scope.evaluate(text);
        EXPECT_FALSE(result.value) << text;
        return result.problem;
    }

    NumberRules rules;
    EvaluationBudget budget;
    ParameterScope scope{nullptr, rules, budget};
};

TEST_F(Expression, FollowsPrecedence) {
    EXPECT_EQ(value("'1+2*3'"), 7);
    EXPECT_EQ(value("{(1+2)*3}"), 9);
    EXPECT_EQ(value("2 ** 3 ** 2"), 512);
    EXPECT_EQ(value("-2^2"), -4);
    EXPECT_EQ(value("2^-1"), 0.5);
    EXPECT_EQ(value("10-4-3"), 3);
    EXPECT_EQ(value("7%4"), 3);
    EXPECT_EQ(value("1 < 2 && 2 >= 3 || !0"), 1);
    EXPECT_EQ(value("1 == 1 ? 2 : 3"), 2);
    EXPECT_EQ(value("0 ? 1 : 0 ? 2 : 3"), 3);
    EXPECT_DOUBLE_EQ(value("2.5u*3"), 7.5e-6);
    EXPECT_DOUBLE_EQ(value("1meg/2k"), 500);
}

TEST_F(Expression, CallsFunctions) {
    EXPECT_EQ(value("int((5+1)/4)"), 1);
    EXPECT_EQ(value("max(1, min(5, 3), 2)"), 3);
    EXPECT_DOUBLE_EQ(value("sqrt(2)*cos(pi)"), -std::numbers::sqrt2);
    EXPECT_EQ(value("if(2>1, 10, 20)"), 10);
    EXPECT_EQ(value("agauss(1.5, 0.1, 3)"), 1.5);
    EXPECT_EQ(value("pwr(-2, 2)"), -4);
    scope.defineFunction("area", {"w", "l"}, "w*l*scale");
    scope.define("scale", "2");
    EXPECT_EQ(value("AREA(3, 4)"), 24);
    EXPECT_EQ(problem("area(1)"), "function 'area' takes 2 arguments");
    EXPECT_EQ(problem("nosuch(1)"), "function 'nosuch' is not known");
}

TEST_F(Expression, ResolvesParametersInAnyOrder) {
    scope.define("B", "2*a");
    scope.define("a", "3");
    EXPECT_EQ(value("b"), 6);
    ParameterScope inner(&scope, rules, budget);
    inner.define("a", "5");
    EXPECT_EQ(inner.evaluate("a+b").value, 11.0);
    inner.define("b", "a", &scope);
    EXPECT_EQ(inner.evaluate("b").value, 3.0);
}

TEST_F(Expression, SaysWhyThereIsNoValue) {
    scope.define("x", "y+1");
    scope.define("y", "x+1");
    EXPECT_EQ(problem("x"), "parameter 'x' depends on itself");
    EXPECT_EQ(problem("W1*2"), "parameter 'W1' is not defined");
    EXPECT_NE(problem("1/0").find("no finite value"), std::string::npos);
    for (const char* text :
         {"", "1+", "(1", "1)", "'1", "2 3", "*", "f(1", "1 ? 2", "a b", "{", "=", "1 +* 2"}) {
        EXPECT_FALSE(problem(text).empty()) << text;
    }
    // Only the branch that is taken needs a value.
    EXPECT_EQ(value("1 ? 2 : nowhere"), 2);
}

TEST_F(Expression, EndsOnHostileText) {
    EXPECT_FALSE(scope.evaluate(std::string(100'000, '(')).value);
    EXPECT_FALSE(scope.evaluate("1" + std::string(100'000, '^')).value);
    EXPECT_EQ(scope.evaluate(std::string(100'000, '-') + "1").value, 1.0);
    std::string powers = "1";
    for (int i = 0; i < 50'000; ++i)
        powers += "^1";
    EXPECT_FALSE(scope.evaluate(powers).value);
    for (int i = 1; i < 60; ++i) {
        const std::string inner = "f" + std::to_string(i - 1) + "(x)";
        scope.defineFunction("f" + std::to_string(i), {"x"}, inner + "+" + inner);
    }
    scope.defineFunction("f0", {"x"}, "x");
    scope.defineFunction("g", {"x"}, "g(x)");
    EXPECT_FALSE(scope.evaluate("g(1)").value);
    EXPECT_FALSE(scope.evaluate("f59(1)").value);
    // The budget is spent: what follows ends at once and says so.
    EXPECT_FALSE(scope.evaluate("f59(1)").value);
}

TEST_F(Expression, SurvivesLongChainsOfParameters) {
    scope.define("p0", "1");
    for (int i = 1; i < 50'000; ++i) {
        scope.define("p" + std::to_string(i), "p" + std::to_string(i - 1) + "+1");
    }
    EXPECT_FALSE(scope.evaluate("p49999").value);
    EXPECT_EQ(scope.evaluate("p0").value, 1.0);
}

TEST_F(Expression, StatisticsAreNominal) {
    EXPECT_EQ(value("mc(10k, 0.05)"), 10e3);
    EXPECT_EQ(value("{1k*(1+flat(0.1))}"), 1e3);
    EXPECT_EQ(value("{10k*(1+gauss(0.01))}"), 10e3);
    EXPECT_EQ(value("gauss(5, 0.1, 3)"), 5);
    EXPECT_DOUBLE_EQ(value("asinh(1) + acosh(2) + atanh(0.5)"),
                     std::asinh(1) + std::acosh(2) + std::atanh(0.5));
    EXPECT_DOUBLE_EQ(value("cbrt(8)"), 2);
}

TEST_F(Expression, SignalsHaveNoValue) {
    for (const char* text : {"V(a)*2", "2*i(V1)+1", "{limit(V(%IN+, %IN-), 0, 1)}", "if(time<1, 1k, 2k)"}) {
        const Evaluation result = scope.evaluate(text);
        EXPECT_FALSE(result.value) << text;
        EXPECT_TRUE(result.behavioural) << text;
    }
    EXPECT_FALSE(scope.evaluate("2*unknown").behavioural);
    EXPECT_FALSE(scope.evaluate("V(a").behavioural);
    scope.defineFunction("v", {"x"}, "x*2");
    scope.define("time", "3");
    EXPECT_EQ(value("v(4)+time"), 11);
}

} // namespace
} // namespace headroom::netlist
