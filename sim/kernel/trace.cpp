#include "sim/kernel/trace.hpp"

#include <cstdio>

namespace nines::sim {

void Trace::add(Instant time, const std::string& what) {
  if (kept_ == limit_) {
    ++dropped_;
    return;
  }
  ++kept_;
  const auto ns = count_ns(time);
  char buffer[48];
  std::snprintf(buffer, sizeof buffer, "%6lld.%09lld  ", static_cast<long long>(ns / 1'000'000'000), static_cast<long long>(ns % 1'000'000'000));
  text_ += buffer;
  text_ += what;
  text_ += '\n';
}

}  // namespace nines::sim
