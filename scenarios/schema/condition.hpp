// `where` of a sweep: a condition over the values of a resolved scenario, such as "replication <= brokers and spread == zone".
//
//   or, and, not, ( ) · == != < <= > >= · + - * / · numbers with their units · texts in quotes, or bare where they are compared with a text
//   names: any path that `nines validate --explain` prints, or the last parts of one that no other path as short has
// A '-' between letters belongs to a name, and "100/s" is a rate; blanks make an operator of either.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/schema/scenario.hpp"
#include "scenarios/schema/measure.hpp"
#include "sim/base/result.hpp"

namespace nines::scenarios {

class Condition {
 public:
  // `known`: paths, each with a value that shows its type. Errors carry the column of the word they speak of: `text.place` is that of its first letter.
  static Result<Condition> parse(const WrittenText& text, const std::vector<Explanation>& known);

  const std::vector<std::string>& paths() const { return paths_; }  // What it asks for, each once.

  // `values` holds those paths. An error where one is missing or of another type than the comparison needs.
  Result<bool> holds(const std::vector<Explanation>& values) const;

 private:
  enum class Operation : std::uint8_t {
    either,
    both,
    negation,
    equal,
    unequal,
    less,
    at_most,
    greater,
    at_least,
    plus,
    minus,
    times,
    over,
    value,
    path,
    word
  };
  struct Term {
    Operation operation = Operation::value;
    std::size_t left = 0, right = 0;  // Of terms_; `left` alone for one operand, and of paths_ for a path.
    std::size_t at = 0;               // In the text.
    Quantity quantity;
    std::string text;  // Of a text; empty for a number.
    bool is_text = false;
  };
  struct Value;
  class Parser;
  class Evaluation;

  WrittenText text_;
  std::vector<Term> terms_;  // Operands before what holds them; the last is the whole.
  std::vector<std::string> paths_;
};

}  // namespace nines::scenarios
