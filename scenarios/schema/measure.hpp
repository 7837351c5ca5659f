// What a number of a scenario counts, so that times are compared with times only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nines::scenarios {

struct Measure {
  int seconds = 0;  // Exponents: a rate has -1, bytes a second 1 and -1.
  int bytes = 0;
  int money = 0;
  std::string currency;  // Where there is money.
  bool operator==(const Measure&) const = default;

  std::string word() const;    // For messages: "a time", "a rate", "a number".
  std::string symbol() const;  // As CF writes it: "s", "1/s", "B", "1", "USD".
};

struct Quantity {
  double value = 0;  // In seconds, bytes, units of the currency; fractions of 1.
  Measure measure;
};

// "3", "99.95%", "2.5s", "100/s", "64Gi", "10MB/s", "1500 USD", "5000 USD/h"; nothing where it is no quantity.
std::optional<Quantity> read_quantity(std::string_view text);

}  // namespace nines::scenarios
