#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>

#include "modules/arithmetic/formula.hpp"
#include "modules/arithmetic/formula_code.hpp"

namespace polyphase::modules::arithmetic {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

/// Recursive descent; one function a rule of the grammar in formula.hpp. Each leaves the code that
/// puts the rule's value on the stack. The first error stops it: functions return false then.
class Parser {
 public:
  using Operation = Formula::Operation;

  Parser(std::string_view text, std::size_t source_count, std::size_t result_count)
      : text_(text), source_count_(source_count), result_count_(result_count) {}

  Result<Formula> run() {
    if (text_.size() > formula_length_max)
      return fail(ErrorCode::invalid_config,
                  fmt::format("the formula has {} characters, at most {} are allowed", text_.size(),
                              formula_length_max));
    next();
    if (kind_ == Kind::end) return Formula{};
    if (disjunction() && kind_ != Kind::end) complain("an operator or the end was expected");
    if (!error_.empty())
      return fail(ErrorCode::invalid_config,
                  fmt::format("position {}: {}", token_begin_ + 1, error_));
    return std::move(formula_);
  }

 private:
  enum class Kind { number, word, symbol, end, bad };

  struct Function {
    std::string_view name;
    Operation operation;
    unsigned minimum, maximum;  // operands
  };
  static constexpr unsigned many = formula_stack_max;
  static constexpr std::array<Function, 33> functions{{
      {"ABS", Operation::absolute, 1, 1},
      {"SQRT", Operation::square_root, 1, 1},
      {"SQR", Operation::square, 1, 1},
      {"EXP", Operation::exponential, 1, 1},
      {"LN", Operation::ln, 1, 1},
      {"LOG10", Operation::log10, 1, 1},
      {"SIN", Operation::sine, 1, 1},
      {"COS", Operation::cosine, 1, 1},
      {"TAN", Operation::tangent, 1, 1},
      {"ARCSIN", Operation::arcsine, 1, 1},
      {"ARCCOS", Operation::arccosine, 1, 1},
      {"ARCTAN", Operation::arctangent, 1, 1},
      {"INT", Operation::truncate, 1, 1},
      {"TRUNC", Operation::truncate, 1, 1},
      {"FLOOR", Operation::floor, 1, 1},
      {"CEIL", Operation::ceil, 1, 1},
      {"ROUND", Operation::round, 1, 1},
      {"SIGN", Operation::sign, 1, 1},
      {"MOD", Operation::modulo, 2, 2},
      {"POWER", Operation::power, 2, 2},
      {"IF", Operation::choose, 3, 3},
      {"MAX", Operation::maximum, 1, many},
      {"MIN", Operation::minimum, 1, many},
      {"SUM", Operation::sum, 1, many},
      {"SUMSQ", Operation::sum_of_squares, 1, many},
      {"AVG", Operation::mean, 1, many},
      {"MEAN", Operation::mean, 1, many},
      {"RMS", Operation::rms, 1, many},
      {"VAVG", Operation::available_mean, 1, many},
      {"AND", Operation::logical_and, 1, many},
      {"OR", Operation::logical_or, 1, many},
      {"XOR", Operation::logical_xor, 1, many},
      {"NOT", Operation::logical_not, 1, 1},
  }};

  // ---- tokens

  void next() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    token_begin_ = at_;
    word_.clear();
    if (at_ == text_.size()) {
      kind_ = Kind::end;
    } else if (is_digit(text_[at_]) || text_[at_] == '.') {
      const auto [stop, error] =
          std::from_chars(text_.data() + at_, text_.data() + text_.size(), number_);
      kind_ = error == std::errc{} && std::isfinite(number_) ? Kind::number : Kind::bad;
      at_ = static_cast<std::size_t>(stop - text_.data());
    } else if (is_letter(text_[at_])) {
      while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_])))
        word_ += upper(text_[at_++]);
      kind_ = Kind::word;
    } else {
      constexpr std::string_view known = "+-*/^(),=<>";
      kind_ = known.find(text_[at_]) != std::string_view::npos ? Kind::symbol : Kind::bad;
      word_ = text_[at_++];
      if (word_ == "<" && at_ < text_.size() && (text_[at_] == '=' || text_[at_] == '>'))
        word_ += text_[at_++];
      if (word_ == ">" && at_ < text_.size() && text_[at_] == '=') word_ += text_[at_++];
    }
  }

  bool is(std::string_view token) const {
    return (kind_ == Kind::symbol || kind_ == Kind::word) && word_ == token;
  }
  bool take(std::string_view token) {
    if (!is(token)) return false;
    next();
    return true;
  }
  bool expect(std::string_view token) {
    return take(token) || complain(fmt::format("'{}' was expected", token));
  }
  bool complain(std::string what) {
    if (error_.empty()) error_ = std::move(what);
    return false;
  }

  // ---- code

  bool push(Operation operation, std::size_t index, double number = 0) {
    if (++stack_ > formula_stack_max)
      return complain(
          fmt::format("more than {} values wait for their operator here", formula_stack_max));
    formula_.code_.push_back({operation, static_cast<std::uint16_t>(index), number});
    return true;
  }
  void apply(Operation operation, std::size_t operands) {
    stack_ -= operands - 1;
    formula_.code_.push_back({operation, static_cast<std::uint16_t>(operands), 0});
  }

  struct Depth {
    explicit Depth(std::size_t& depth) : depth_(++depth) {}
    ~Depth() { --depth_; }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;
    std::size_t& depth_;
  };

  // ---- the grammar

  struct Binary {
    std::string_view token;
    Operation operation;
  };
  template <std::size_t n>
  std::optional<Operation> take_one_of(const std::array<Binary, n>& list) {
    for (const Binary& binary : list)
      if (take(binary.token)) return binary.operation;
    return std::nullopt;
  }
  template <std::size_t n>
  bool left_to_right(const std::array<Binary, n>& operators, bool (Parser::*operand)()) {
    if (!(this->*operand)()) return false;
    while (const auto operation = take_one_of(operators)) {
      if (!(this->*operand)()) return false;
      apply(*operation, 2);
    }
    return true;
  }

  bool disjunction() {
    constexpr std::array<Binary, 2> operators{
        {{"OR", Operation::logical_or}, {"XOR", Operation::logical_xor}}};
    return left_to_right(operators, &Parser::conjunction);
  }
  bool conjunction() {
    constexpr std::array<Binary, 1> operators{{{"AND", Operation::logical_and}}};
    return left_to_right(operators, &Parser::comparison);
  }
  bool comparison() {
    constexpr std::array<Binary, 6> operators{{{"=", Operation::equal},
                                               {"<>", Operation::not_equal},
                                               {"<=", Operation::less_equal},
                                               {">=", Operation::greater_equal},
                                               {"<", Operation::less},
                                               {">", Operation::greater}}};
    if (!sum()) return false;
    if (const auto operation = take_one_of(operators)) {
      if (!sum()) return false;
      apply(*operation, 2);
    }
    return true;
  }
  bool sum() {
    constexpr std::array<Binary, 2> operators{{{"+", Operation::add}, {"-", Operation::subtract}}};
    return left_to_right(operators, &Parser::product);
  }
  bool product() {
    constexpr std::array<Binary, 3> operators{
        {{"*", Operation::multiply}, {"/", Operation::divide}, {"MOD", Operation::modulo}}};
    return left_to_right(operators, &Parser::with_sign);
  }
  bool with_sign() {
    const Depth depth(depth_);
    if (depth_ > formula_depth_max)
      return complain(fmt::format("nested more than {} deep", formula_depth_max));
    if (take("+")) return with_sign();
    if (take("-")) return with_sign() && (apply(Operation::negate, 1), true);
    if (take("NOT")) return with_sign() && (apply(Operation::logical_not, 1), true);
    if (!primary()) return false;
    if (take("^")) {
      if (!with_sign()) return false;
      apply(Operation::power, 2);
    }
    return true;
  }

  bool primary() {
    if (kind_ == Kind::number) {
      const double number = number_;
      next();
      return push(Operation::number, 0, number);
    }
    if (take("(")) return disjunction() && expect(")");
    if (kind_ == Kind::word) return name();
    return complain(kind_ == Kind::end ? "a value was expected, the formula ends"
                                       : "a number, a name or '(' was expected");
  }

  bool name() {
    if (take("PI")) return push(Operation::number, 0, std::numbers::pi);
    if (const auto* function = find_function()) return call(*function);
    struct Family {
      std::string_view prefix;
      Operation operation;
      std::size_t count;
    };
    for (const Family& family : {Family{"PS", Operation::source_previous, source_count_},
                                 Family{"PR", Operation::result_previous, result_count_},
                                 Family{"S", Operation::source, source_count_},
                                 Family{"R", Operation::result, result_count_}}) {
      if (!std::string_view(word_).starts_with(family.prefix)) continue;
      unsigned index = 0;
      const char* end = word_.data() + word_.size();
      const auto [stop, error] = std::from_chars(word_.data() + family.prefix.size(), end, index);
      if (error == std::errc{} && stop == end) {
        if (index < 1 || index > family.count)
          return complain(fmt::format("'{}' does not exist: {}1 to {}{} do", word_.substr(0, 20),
                                      family.prefix, family.prefix, family.count));
        next();
        return push(family.operation, index - 1);
      }
    }
    return complain(
        fmt::format("'{}' is neither a function nor S1, R1, PS1, PR1 or PI", word_.substr(0, 20)));
  }

  const Function* find_function() const {
    const auto found = std::find_if(functions.begin(), functions.end(),
                                    [&](const Function& f) { return f.name == word_; });
    return found == functions.end() ? nullptr : &*found;
  }

  bool call(const Function& function) {
    next();
    if (!expect("(")) return false;
    unsigned operands = 0;
    do {
      if (!disjunction()) return false;
      ++operands;
    } while (take(","));
    if (operands < function.minimum || operands > function.maximum)
      return complain(fmt::format("{} takes {} operand{}, not {}", function.name, function.minimum,
                                  function.minimum == 1 ? "" : "s", operands));
    if (!expect(")")) return false;
    apply(function.operation, operands);
    return true;
  }

  std::string_view text_;
  std::size_t source_count_, result_count_;
  std::size_t at_ = 0, token_begin_ = 0;
  Kind kind_ = Kind::end;
  std::string word_;
  double number_ = 0;
  std::size_t depth_ = 0, stack_ = 0;
  std::string error_;
  Formula formula_;
};

Result<Formula> Formula::parse(std::string_view text, std::size_t source_count,
                               std::size_t result_count) {
  return Parser(text, source_count, result_count).run();
}

}  // namespace polyphase::modules::arithmetic
