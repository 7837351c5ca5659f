#include "analysis/stats/stopping.hpp"

#include <algorithm>

namespace nines::analysis {

Stopping::Stopping(double wanted, std::uint64_t most) : wanted_(wanted), most_(most), next_(std::min(first_look, most)) {}

bool Stopping::stop(std::optional<double> relative_error) {
  if (next_ >= most_ || (relative_error && *relative_error <= wanted_)) return true;
  next_ = std::min(most_, next_ + (next_ + 1) / 2);
  return false;
}

}  // namespace nines::analysis
