#include "analysis/load/queue.hpp"

#include <cmath>

#include "sim/base/law.hpp"

namespace nines::analysis {

double mm1_time_s(double rate, double service_s) { return rate * service_s < 1 ? service_s / (1 - rate * service_s) : infinity; }

double mm1_time_quantile_s(double rate, double service_s, double p) { return -std::log1p(-p) * mm1_time_s(rate, service_s); }

double mg1_wait_s(double rate, double mean_s, double square_s2) {
  if (rate <= 0) return 0;
  return rate * mean_s < 1 ? rate * square_s2 / (2 * (1 - rate * mean_s)) : infinity;
}

double mg1_wait_variance_s2(double rate, double mean_s, double square_s2, double cube_s3) {
  const double wait = mg1_wait_s(rate, mean_s, square_s2);
  return std::isinf(wait) ? infinity : wait * wait + rate * cube_s3 / (3 * (1 - rate * mean_s));
}

double mg1_wait_quantile_s(double rate, double mean_s, double square_s2, double p) {
  const double load = rate * mean_s;
  if (load >= 1) return infinity;
  return 1 - p >= load ? 0 : mg1_wait_s(rate, mean_s, square_s2) / load * std::log(load / (1 - p));
}

double md1_time_s(double rate, double service_s) { return service_s + mg1_wait_s(rate, service_s, service_s * service_s); }

double erlang_c(int servers, double load) {
  if (load >= servers) return 1;
  if (load <= 0) return 0;
  double blocked = 1;  // Erlang's B, one server after the other.
  for (int c = 1; c <= servers; ++c) blocked = load * blocked / (c + load * blocked);
  return servers * blocked / (servers - load * (1 - blocked));
}

double mmc_wait_s(double rate, double service_s, int servers) {
  const double load = rate * service_s;
  return load < servers ? erlang_c(servers, load) * service_s / (servers - load) : infinity;
}

double mmc_wait_quantile_s(double rate, double service_s, int servers, double p) {
  const double load = rate * service_s;
  if (load >= servers) return infinity;
  const double waits = erlang_c(servers, load);
  return 1 - p >= waits ? 0 : service_s / (servers - load) * std::log(waits / (1 - p));
}

double fork_join_of_two_s(double rate, double service_s) { return (12 - rate * service_s) / 8 * mm1_time_s(rate, service_s); }

}  // namespace nines::analysis
