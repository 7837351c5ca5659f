#include "analysis/exact/count.hpp"

#include "sim/base/check.hpp"

namespace nines::analysis {
namespace {

double sum(std::span<const double> terms) {
  double total = 0;
  for (const double term : terms) total += term;
  return total;
}

}  // namespace

std::vector<double> law_of_up_count(std::span<const double> down) {
  std::vector<double> law{1.0};
  law.reserve(down.size() + 1);
  for (const double p : down) {
    SIM_CHECK(p >= 0 && p <= 1, "an element is down with a probability");
    law.push_back(law.back() * (1 - p));
    for (std::size_t k = law.size() - 2; k > 0; --k) law[k] = law[k] * p + law[k - 1] * (1 - p);
    law.front() *= p;
  }
  return law;
}

double fewer_than_up(std::span<const double> down, std::size_t k) {
  const std::vector<double> law = law_of_up_count(down);
  return sum(std::span<const double>(law).first(k < law.size() ? k : law.size()));
}

double at_least_up(std::span<const double> down, std::size_t k) {
  const std::vector<double> law = law_of_up_count(down);
  return k < law.size() ? sum(std::span<const double>(law).subspan(k)) : 0;
}

}  // namespace nines::analysis
