#include "scenarios/schema/condition.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "scenarios/schema/decode.hpp"
#include "scenarios/schema/quantity.hpp"

namespace nines::scenarios {

namespace {

constexpr int deepest_condition = 50;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t'; }

// What leaves the parser or the evaluation at the first thing that is wrong; it does not leave this file.
struct Wrong {
  std::size_t at;
  std::string what;
};

}  // namespace

struct Condition::Value {
  enum class Kind : std::uint8_t { quantity, text, truth };
  Kind kind = Kind::quantity;
  Quantity quantity;
  std::string_view text;
  bool truth = false;

  std::string word() const { return kind == Kind::text ? "a text" : kind == Kind::truth ? "a condition" : quantity.measure.word(); }
};

class Condition::Parser {
 public:
  Parser(std::string_view text, const std::vector<Explanation>& known, Condition& out) : text_(text), known_(known), out_(out) {}

  void parse() {
    either(0);
    if (skip_blanks(); at_ < text_.size()) throw Wrong{at_, "expected 'and', 'or', a comparison or the end, not '" + rest() + "'"};
  }

 private:
  using Op = Operation;

  std::string rest() const { return std::string(text_.substr(at_, 20)); }
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  bool take(std::string_view symbol) {
    skip_blanks();
    if (text_.substr(at_, symbol.size()) != symbol) return false;
    at_ += symbol.size();
    return true;
  }
  bool take_word(std::string_view word) {
    skip_blanks();
    const std::size_t end = at_ + word.size();
    if (text_.substr(at_, word.size()) != word) return false;
    if (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]) || text_[end] == '-' || text_[end] == '.')) return false;
    at_ = end;
    return true;
  }
  std::size_t add(Term term) {
    out_.terms_.push_back(std::move(term));
    return out_.terms_.size() - 1;
  }
  std::size_t join(Op operation, std::size_t at, std::size_t left, std::size_t right) {
    return add({.operation = operation, .left = left, .right = right, .at = at, .quantity = {}, .text = {}});
  }

  std::size_t either(int depth) {
    std::size_t left = both(depth);
    for (std::size_t at = mark(); take_word("or"); at = mark()) left = join(Op::either, at, left, both(depth));
    return left;
  }
  std::size_t both(int depth) {
    std::size_t left = negation(depth);
    for (std::size_t at = mark(); take_word("and"); at = mark()) left = join(Op::both, at, left, negation(depth));
    return left;
  }
  std::size_t negation(int depth) {
    if (depth > deepest_condition) throw Wrong{at_, "nested more than 50 levels deep; no condition needs that"};
    const std::size_t at = mark();
    if (!take_word("not")) return comparison(depth);
    const std::size_t operand = negation(depth + 1);
    return join(Op::negation, at, operand, operand);
  }
  std::size_t comparison(int depth) {
    const std::size_t left = sum(depth);
    const std::size_t at = mark();
    static constexpr std::pair<std::string_view, Op> symbols[] = {{"<=", Op::at_most}, {">=", Op::at_least}, {"==", Op::equal},
                                                                  {"!=", Op::unequal}, {"<", Op::less},      {">", Op::greater}};
    for (const auto& [symbol, operation] : symbols)
      if (take(symbol)) {
        const std::size_t whole = join(operation, at, left, sum(depth));
        skip_blanks();
        for (const auto& [more, ignored] : symbols)
          if (text_.substr(at_, more.size()) == more) throw Wrong{at_, "one comparison after another; join them with 'and'"};
        return whole;
      }
    if (take("=")) throw Wrong{at, "expected '=='"};
    return left;
  }
  std::size_t sum(int depth) {
    std::size_t left = product(depth);
    while (true) {
      const std::size_t at = mark();
      if (take("+"))
        left = join(Op::plus, at, left, product(depth));
      else if (take("-"))
        left = join(Op::minus, at, left, product(depth));
      else
        return left;
    }
  }
  std::size_t product(int depth) {
    std::size_t left = operand(depth);
    while (true) {
      const std::size_t at = mark();
      if (take("*"))
        left = join(Op::times, at, left, operand(depth));
      else if (take("/"))
        left = join(Op::over, at, left, operand(depth));
      else
        return left;
    }
  }
  std::size_t operand(int depth) {
    if (depth > deepest_condition) throw Wrong{at_, "nested more than 50 levels deep; no condition needs that"};
    const std::size_t at = mark();
    if (take("(")) {
      const std::size_t inner = either(depth + 1);
      if (!take(")")) throw Wrong{at, "a '(' without its ')'"};
      return inner;
    }
    if (at >= text_.size()) throw Wrong{at, "expected a value, found the end"};
    const char c = text_[at];
    if (c == '"' || c == '\'') return quoted(at);
    if (is_digit(c) || (c == '-' && at + 1 < text_.size() && is_digit(text_[at + 1]))) return quantity(at);
    if (is_letter(c)) return name(at);
    throw Wrong{at, "expected a name, a number or a text, not '" + rest() + "'"};
  }
  std::size_t mark() {
    skip_blanks();
    return at_;
  }

  std::size_t quoted(std::size_t at) {
    const std::size_t end = text_.find(text_[at], at + 1);
    if (end == std::string_view::npos) throw Wrong{at, "a quotation mark without its partner"};
    at_ = end + 1;
    return add({.operation = Op::value, .at = at, .quantity = {}, .text = std::string(text_.substr(at + 1, end - at - 1)), .is_text = true});
  }

  // The longest text from here that is a quantity: "10", "10 min", "100/s", "1500 USD".
  std::size_t quantity(std::size_t at) {
    std::size_t end = at + 1;
    while (end < text_.size() && (is_digit(text_[end]) || text_[end] == '.')) ++end;
    std::vector<std::size_t> ends{end};
    std::size_t unit = end;
    if (unit < text_.size() && text_[unit] == ' ') ++unit;
    if (unit < text_.size() && text_[unit] == '%') ends.push_back(unit + 1);
    const auto letters = [&](std::size_t from) {
      while (from < text_.size() && (is_letter(text_[from]) || static_cast<unsigned char>(text_[from]) >= 0x80)) ++from;
      return from;
    };
    const std::size_t word = letters(unit);
    if (word > unit) ends.push_back(word);
    if (word < text_.size() && text_[word] == '/' && letters(word + 1) > word + 1) ends.push_back(letters(word + 1));
    if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
      std::size_t digits = end + 1;
      if (digits < text_.size() && (text_[digits] == '-' || text_[digits] == '+')) ++digits;
      while (digits < text_.size() && is_digit(text_[digits])) ++digits;
      ends.push_back(digits);
    }
    std::sort(ends.rbegin(), ends.rend());
    for (const std::size_t last : ends) {
      const auto value = read_quantity(text_.substr(at, last - at));
      if (!value) continue;
      at_ = last;
      if (last < text_.size() && (is_letter(text_[last]) || is_digit(text_[last]) || text_[last] == '.')) break;
      return add({.operation = Op::value, .at = at, .quantity = *value, .text = {}});
    }
    throw Wrong{at, "'" + std::string(text_.substr(at, std::max(word, end) - at)) + "' is no number with a known unit"};
  }

  // The paths that a name can mean: itself, or the shortest of those that end with it.
  std::vector<std::string> called(const std::string& word) const {
    std::vector<std::string> found;
    std::ptrdiff_t least = 0;
    for (const auto& one : known_) {
      if (one.path == word) return {word};
      const std::size_t length = one.path.size();
      const bool ends = length > word.size() && one.path.ends_with(word) && one.path[length - word.size() - 1] == '.';
      if (!ends || std::find(found.begin(), found.end(), one.path) != found.end()) continue;
      const std::ptrdiff_t dots = std::count(one.path.begin(), one.path.end(), '.');
      if (found.empty() || dots < least) found.clear();
      if (!found.empty() && dots > least) continue;
      least = dots;
      found.push_back(one.path);
    }
    return found;
  }

  std::size_t name(std::size_t at) {
    std::size_t end = at;
    const auto continues = [&](std::size_t i) { return i < text_.size() && (is_letter(text_[i]) || is_digit(text_[i])); };
    while (continues(end) || (end > at && end < text_.size() && (text_[end] == '.' || text_[end] == '-') && continues(end + 1))) ++end;
    const std::string word(text_.substr(at, end - at));
    at_ = end;
    for (const char* reserved : {"and", "or", "not"})
      if (word == reserved) throw Wrong{at, "expected a value before '" + word + "'"};
    const std::vector<std::string> found = called(word);
    if (found.empty()) return add({.operation = Op::word, .at = at, .quantity = {}, .text = word});
    if (found.size() > 1) {
      std::string all;
      for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 5); ++i) all += (all.empty() ? "" : " or ") + found[i];
      throw Wrong{at, "'" + word + "' could be " + all + (found.size() > 5 ? " or others" : "") + "; say which"};
    }
    auto& paths = out_.paths_;
    auto path = std::find(paths.begin(), paths.end(), found.front());
    if (path == paths.end()) path = paths.insert(paths.end(), found.front());
    return add({.operation = Op::path, .left = static_cast<std::size_t>(path - paths.begin()), .at = at, .quantity = {}, .text = word});
  }

  std::string_view text_;
  const std::vector<Explanation>& known_;
  Condition& out_;
  std::size_t at_ = 0;
};

// Both sides of everything are looked at, so that what is wrong does not depend on the values.
class Condition::Evaluation {
 public:
  Evaluation(const Condition& condition, const std::vector<Explanation>& values) : condition_(condition), values_(values) {}

  bool whole() const {
    const Term& last = condition_.terms_.back();
    return truth(evaluate(last, Bare::refused), last);
  }

 private:
  using Op = Operation;
  using Kind = Value::Kind;
  enum class Bare : std::uint8_t { refused, allowed };

  const Term& term(std::size_t index) const { return condition_.terms_[index]; }

  [[noreturn]] void unknown(const Term& word) const {
    std::vector<std::string> names;
    for (const auto& one : values_) {
      names.push_back(one.path);
      for (std::size_t dot = one.path.find('.'); dot != std::string::npos; dot = one.path.find('.', dot + 1))
        names.push_back(one.path.substr(dot + 1));
    }
    const std::string near = nearest(word.text, names);
    throw Wrong{word.at, "no value is called '" + word.text.substr(0, 80) + "'" +
                             (near.empty() ? "; 'nines validate --explain' prints all names, and a text needs quotes" : "; did you mean '" + near + "'?")};
  }

  bool truth(const Value& value, const Term& of) const {
    if (value.kind == Kind::truth) return value.truth;
    throw Wrong{of.at, "expected a condition here, such as 'brokers >= 3', not " + value.word()};
  }

  static bool is_zero(const Value& value) { return value.quantity.value == 0 && value.quantity.measure == Measure{}; }

  // Of one unit, so that they can be compared and added. Zero needs none.
  void check_alike(const Value& left, const Value& right, const Term& of, const char* what) const {
    if (left.kind != Kind::quantity || right.kind != Kind::quantity) throw Wrong{of.at, left.word() + " and " + right.word() + " cannot be " + what};
    if (left.quantity.measure != right.quantity.measure && !is_zero(left) && !is_zero(right))
      throw Wrong{of.at, left.word() + " and " + right.word() + " cannot be " + what};
  }

  Value of_path(const Term& of) const {
    const std::string& path = condition_.paths_[of.left];
    const auto found = std::find_if(values_.begin(), values_.end(), [&](const Explanation& one) { return one.path == path; });
    if (found == values_.end()) throw Wrong{of.at, "'" + path + "' has no value here"};
    if (const auto quantity = read_quantity(found->value)) return {.kind = Kind::quantity, .quantity = *quantity, .text = {}};
    return {.kind = Kind::text, .quantity = {}, .text = found->value};
  }

  Value compare(const Term& of) const {
    const Value left = evaluate(term(of.left), Bare::allowed), right = evaluate(term(of.right), Bare::allowed);
    // A bare word is a text only beside a text that is none.
    for (const auto& [one, other] : {std::pair(of.left, &right), std::pair(of.right, &left)})
      if (term(one).operation == Op::word && (other->kind != Kind::text || (term(of.left).operation == Op::word && term(of.right).operation == Op::word)))
        unknown(term(one));
    Value out{.kind = Kind::truth, .quantity = {}, .text = {}};
    if (left.kind == Kind::text && right.kind == Kind::text) {
      if (of.operation != Op::equal && of.operation != Op::unequal) throw Wrong{of.at, "texts are equal or not; neither is more than the other"};
      out.truth = (left.text == right.text) == (of.operation == Op::equal);
      return out;
    }
    check_alike(left, right, of, "compared");
    const double a = left.quantity.value, b = right.quantity.value;
    switch (of.operation) {
      case Op::equal: out.truth = a == b; break;
      case Op::unequal: out.truth = a != b; break;
      case Op::less: out.truth = a < b; break;
      case Op::at_most: out.truth = a <= b; break;
      case Op::greater: out.truth = a > b; break;
      default: out.truth = a >= b; break;
    }
    return out;
  }

  Value calculate(const Term& of) const {
    const Value left = evaluate(term(of.left), Bare::refused), right = evaluate(term(of.right), Bare::refused);
    Value out = left;
    if (of.operation == Op::plus || of.operation == Op::minus) {
      check_alike(left, right, of, of.operation == Op::plus ? "added" : "subtracted");
      if (is_zero(left)) out.quantity.measure = right.quantity.measure;
      out.quantity.value += of.operation == Op::plus ? right.quantity.value : -right.quantity.value;
      return out;
    }
    if (left.kind != Kind::quantity || right.kind != Kind::quantity)
      throw Wrong{of.at, left.word() + " and " + right.word() + " cannot be " + (of.operation == Op::times ? "multiplied" : "divided")};
    const int sign = of.operation == Op::times ? 1 : -1;
    Measure& unit = out.quantity.measure;
    const Measure& other = right.quantity.measure;
    if (unit.money != 0 && other.money != 0 && unit.currency != other.currency)
      throw Wrong{of.at, unit.currency + " and " + other.currency + " cannot be in one calculation"};
    unit.seconds += sign * other.seconds;
    unit.bytes += sign * other.bytes;
    unit.currency = unit.money != 0 ? unit.currency : other.currency;
    unit.money += sign * other.money;
    if (unit.money == 0) unit.currency.clear();
    out.quantity.value = sign > 0 ? left.quantity.value * right.quantity.value : left.quantity.value / right.quantity.value;
    return out;
  }

  Value evaluate(const Term& of, Bare bare) const {
    switch (of.operation) {
      case Op::either:
      case Op::both: {
        const bool left = truth(evaluate(term(of.left), Bare::refused), term(of.left));
        const bool right = truth(evaluate(term(of.right), Bare::refused), term(of.right));
        return {.kind = Kind::truth, .quantity = {}, .text = {}, .truth = of.operation == Op::either ? left || right : left && right};
      }
      case Op::negation:
        return {.kind = Kind::truth, .quantity = {}, .text = {}, .truth = !truth(evaluate(term(of.left), Bare::refused), term(of.left))};
      case Op::plus:
      case Op::minus:
      case Op::times:
      case Op::over: return calculate(of);
      case Op::path: return of_path(of);
      case Op::word:
        if (bare == Bare::refused) unknown(of);
        return {.kind = Kind::text, .quantity = {}, .text = of.text};
      case Op::value:
        if (of.is_text) return {.kind = Kind::text, .quantity = {}, .text = of.text};
        return {.kind = Kind::quantity, .quantity = of.quantity, .text = {}};
      default: return compare(of);
    }
  }

  const Condition& condition_;
  const std::vector<Explanation>& values_;
};

Result<bool> Condition::holds(const std::vector<Explanation>& values) const {
  try {
    return Evaluation(*this, values).whole();
  } catch (const Wrong& wrong) {
    Place place = text_.place;
    if (place.line > 0) place.column += static_cast<int>(wrong.at);
    return fail(place, wrong.what);
  }
}

Result<Condition> Condition::parse(const WrittenText& text, const std::vector<Explanation>& known) {
  Condition out;
  out.text_ = text;
  try {
    Parser(text.text, known, out).parse();
  } catch (const Wrong& wrong) {
    Place place = text.place;
    if (place.line > 0) place.column += static_cast<int>(wrong.at);
    return fail(place, wrong.what);
  }
  if (auto types = out.holds(known); !types) return fail(std::move(types.error()));
  return out;
}

}  // namespace nines::scenarios
