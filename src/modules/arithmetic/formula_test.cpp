#include "modules/arithmetic/formula.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <string>

namespace polyphase::modules::arithmetic {
namespace {

constexpr double na = std::numeric_limits<double>::quiet_NaN();

double value(std::string_view text, std::initializer_list<double> sources = {}) {
  Operands operands;
  operands.sources.fill(na);
  std::copy(sources.begin(), sources.end(), operands.sources.begin());
  const auto formula = Formula::parse(text);
  EXPECT_TRUE(formula) << text << ": " << formula.error().message;
  return formula ? formula->evaluate(operands) : na;
}

std::string error(std::string_view text) {
  const auto formula = Formula::parse(text);
  EXPECT_FALSE(formula) << text;
  return formula ? "" : formula.error().message;
}

TEST(Formula, ReadsNumbers) {
  EXPECT_EQ(value("12"), 12);
  EXPECT_EQ(value(" 1.5e3 "), 1500);
  EXPECT_EQ(value(".25"), 0.25);
}

TEST(Formula, TellsItsUnitWhereThatFollows) {
  const auto unit = [](std::string_view text) {
    const std::array<std::string, sources_max> sources{"kW", "kW", "V", "V^2", "V"};
    const std::array<std::string, formulas_max> results{"kVAR"};
    const auto formula = Formula::parse(text);
    EXPECT_TRUE(formula) << text;
    return formula->unit(sources, results);
  };
  EXPECT_EQ(unit("IF(S1 > 0, S1, 0)"), "kW");
  EXPECT_EQ(unit("IF(S3 = 1, ABS(-S1), 0)"), "kW");
  EXPECT_EQ(unit("MAX(S1, S2, 5) - PS1"), "kW");
  EXPECT_EQ(unit("R1 + PR1"), "kVAR");
  EXPECT_EQ(unit("SQR(S3)"), "V^2");
  EXPECT_EQ(unit("S3 * S5"), "V^2");
  EXPECT_EQ(unit("SQRT(S4 + SUMSQ(S3, S5))"), "V");
  for (const char* open :
       {"S1 + S3", "S1 * S3", "S1 / S2", "S1 * 1000", "S1 > S2", "3", "SQR(S4)", "SIN(S1)", ""})
    EXPECT_EQ(unit(open), "") << open;
}

TEST(Formula, KnowsPrecedence) {
  EXPECT_EQ(value("2+3*4"), 14);
  EXPECT_EQ(value("(2+3)*4"), 20);
  EXPECT_EQ(value("10-4-3"), 3);
  EXPECT_EQ(value("24/4/3"), 2);
  EXPECT_EQ(value("-2^2"), -4);
  EXPECT_EQ(value("2^-1"), 0.5);
  EXPECT_EQ(value("2^3^2"), 512);
  EXPECT_EQ(value("2*-3"), -6);
  EXPECT_EQ(value("1+2 = 3"), 1);
  EXPECT_EQ(value("1 > 2 OR 2 > 1 AND 0"), 0);
  EXPECT_EQ(value("NOT 0 AND 1"), 1);
}

TEST(Formula, CompareAndCombineToOneAndZero) {
  EXPECT_EQ(value("S1 <> S2", {1, 2}), 1);
  EXPECT_EQ(value("S1 <= S2", {2, 2}), 1);
  EXPECT_EQ(value("S1 >= S2", {1, 2}), 0);
  EXPECT_EQ(value("S1 AND S2", {3, -1}), 1);
  EXPECT_EQ(value("S1 XOR S2", {3, -1}), 0);
  EXPECT_EQ(value("XOR(1, 1, 1)"), 1);
  EXPECT_EQ(value("OR(0, 0, 5)"), 1);
  EXPECT_EQ(value("NOT(7)"), 0);
}

TEST(Formula, ChoosesABranch) {
  EXPECT_EQ(value("if(s1 > 0, s1, 0)", {5}), 5);
  EXPECT_EQ(value("IF(S1 > 0, S1, 0)", {-5}), 0);
  EXPECT_EQ(value("IF(S1 >= 0, IF(S2 >= 0, 1, 4), IF(S2 >= 0, 2, 3))", {-1, -1}), 3);
}

TEST(Formula, HasFunctionsOfOneOperand) {
  EXPECT_EQ(value("ABS(-3)"), 3);
  EXPECT_EQ(value("SQRT(9)"), 3);
  EXPECT_EQ(value("SQR(-3)"), 9);
  EXPECT_DOUBLE_EQ(value("EXP(1)"), std::numbers::e);
  EXPECT_DOUBLE_EQ(value("LN(EXP(2))"), 2);
  EXPECT_DOUBLE_EQ(value("LOG10(1000)"), 3);
  EXPECT_DOUBLE_EQ(value("SIN(PI/6)"), 0.5);
  EXPECT_DOUBLE_EQ(value("COS(PI/3)"), 0.5);
  EXPECT_DOUBLE_EQ(value("TAN(PI/4)"), 1);
  EXPECT_DOUBLE_EQ(value("ARCSIN(1)"), std::numbers::pi / 2);
  EXPECT_DOUBLE_EQ(value("ARCCOS(-1)"), std::numbers::pi);
  EXPECT_DOUBLE_EQ(value("ARCTAN(1)"), std::numbers::pi / 4);
  EXPECT_EQ(value("INT(-2.7)"), -2);
  EXPECT_EQ(value("TRUNC(2.7)"), 2);
  EXPECT_EQ(value("FLOOR(-2.2)"), -3);
  EXPECT_EQ(value("CEIL(-2.7)"), -2);
  EXPECT_EQ(value("ROUND(-2.5)"), -3);
  EXPECT_EQ(value("SIGN(-8) + SIGN(0) + SIGN(0.1)"), 0);
}

TEST(Formula, HasFunctionsOfMore) {
  EXPECT_EQ(value("MAX(1, S1, 3)", {7}), 7);
  EXPECT_EQ(value("MIN(1, S1, 3)", {7}), 1);
  EXPECT_EQ(value("SUM(1, 2, 3)"), 6);
  EXPECT_EQ(value("SUMSQ(1, 2, 3)"), 14);
  EXPECT_EQ(value("AVG(1, 2, 6) - MEAN(1, 2, 6)"), 0);
  EXPECT_DOUBLE_EQ(value("RMS(3, 4)"), std::sqrt(12.5));
  EXPECT_EQ(value("POWER(2, 10)"), 1024);
  EXPECT_EQ(value("MOD(7, 3)"), 1);
  EXPECT_EQ(value("-7 MOD 3"), 2);
  EXPECT_EQ(value("7 MOD -3"), -2);
}

TEST(Formula, IsNotAvailableWithoutItsOperands) {
  for (const char* text :
       {"S1 + 1", "S1 = S1", "NOT S1", "S1 AND 0", "MAX(1, S1)", "IF(S1, 1, 2)", "IF(1, S1, 2)"})
    EXPECT_TRUE(std::isnan(value(text))) << text;
}

TEST(Formula, IgnoresWhatIsNotAvailableInTheBranchNotTakenAndInVavg) {
  EXPECT_EQ(value("IF(1, 5, S1)"), 5);
  EXPECT_EQ(value("VAVG(S1, S2, S3)", {4, na, 8}), 6);
  EXPECT_TRUE(std::isnan(value("VAVG(S1, S2)")));
}

TEST(Formula, IsNotAvailableWhereThereIsNoResult) {
  for (const char* text :
       {"1/0", "0/0", "5 MOD 0", "SQRT(-1)", "LN(0)", "10^400", "ARCSIN(2)", "(-8)^0.5"})
    EXPECT_TRUE(std::isnan(value(text))) << text;
}

TEST(Formula, RefersToResultsAndToTheRunBefore) {
  Operands operands;
  operands.sources[15] = 1;
  operands.results[7] = 2;
  operands.sources_previous[0] = 4;
  operands.results_previous[1] = 8;
  const auto formula = Formula::parse("S16 + R8 + PS1 + PR2");
  ASSERT_TRUE(formula);
  EXPECT_EQ(formula->evaluate(operands), 15);
}

TEST(Formula, NamesThePlaceOfAMistake) {
  EXPECT_EQ(error("S1 + * 2"), "position 6: a number, a name or '(' was expected");
  EXPECT_EQ(error("S1 +"), "position 5: a value was expected, the formula ends");
  EXPECT_EQ(error("S1 S2"), "position 4: an operator or the end was expected");
  EXPECT_EQ(error("(S1"), "position 4: ')' was expected");
  EXPECT_EQ(error("S17"), "position 1: 'S17' does not exist: S1 to S16 do");
  EXPECT_EQ(error("1 + FOO(2)"),
            "position 5: 'FOO' is neither a function nor S1, R1, PS1, PR1 or PI");
  EXPECT_NE(error("ABS(1, 2)").find("ABS takes 1 operand, not 2"), std::string::npos);
  EXPECT_NE(error("IF(1, 2)").find("IF takes 3 operands, not 2"), std::string::npos);
  for (const char* text :
       {"S0", "R9", "PS17", "S1x", "1..2", "#", "S1 == 2", "MAX()", "1e999", "=", "S1 <"})
    EXPECT_FALSE(error(text).empty()) << text;
}

TEST(Formula, RefusesWhatIsTooLongTooDeepOrTooWide) {
  EXPECT_NE(error(std::string(formula_length_max, ' ') + "1").find("500"), std::string::npos);
  EXPECT_NE(error(std::string(formula_depth_max + 1, '(') + "1").find("deep"), std::string::npos);
  EXPECT_NE(error(std::string(formula_depth_max + 1, '-') + "1").find("deep"), std::string::npos);
  std::string wide = "SUM(1";
  for (std::size_t i = 1; i < formula_stack_max + 1; ++i) wide += ",1";
  EXPECT_NE(error(wide + ")").find("wait"), std::string::npos);
}

TEST(Formula, MayBeAsDeepAndAsWideAsItsLimits) {
  const std::string deep =
      std::string(formula_depth_max - 1, '(') + "1" + std::string(formula_depth_max - 1, ')');
  EXPECT_EQ(value(deep), 1);
  std::string wide = "SUM(1";
  for (std::size_t i = 1; i < formula_stack_max; ++i) wide += ",1";
  EXPECT_EQ(value(wide + ")"), static_cast<double>(formula_stack_max));
}

// A random formula written from a tree together with the tree's value.
struct Tree {
  std::string text;
  double value;
};
Tree random_tree(std::mt19937& random, int depth) {
  const auto pick = random() % (depth == 0 ? 1u : 6u);
  if (pick == 0) {
    const double number = static_cast<double>(random() % 9 + 1);
    return {std::to_string(static_cast<int>(number)), number};
  }
  const Tree a = random_tree(random, depth - 1), b = random_tree(random, depth - 1);
  switch (pick) {
    case 1:
      return {"(" + a.text + "+" + b.text + ")", a.value + b.value};
    case 2:
      return {"(" + a.text + " - " + b.text + ")", a.value - b.value};
    case 3:
      return {"(" + a.text + "*" + b.text + ")", a.value * b.value};
    case 4:
      return {"MAX(" + a.text + "," + b.text + ")", std::max(a.value, b.value)};
    default:
      return {"IF(" + a.text + "<" + b.text + "," + a.text + "," + b.text + ")",
              std::min(a.value, b.value)};
  }
}

TEST(Formula, AgreesWithTheTreeItWasWrittenFrom) {
  const unsigned seed = 1;
  std::mt19937 random(seed);
  for (int i = 0; i < 2'000; ++i) {
    const Tree tree = random_tree(random, 3);
    if (tree.text.size() > formula_length_max) continue;
    EXPECT_EQ(value(tree.text), tree.value) << "seed " << seed << ": " << tree.text;
  }
}

}  // namespace
}  // namespace polyphase::modules::arithmetic
