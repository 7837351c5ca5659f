#include "models/workload/batching.hpp"

#include <algorithm>
#include <cmath>

namespace nines::workload {

Moments moments(const Law& law) {
  const double mean = law.sample_mean_s();
  const double plain = law.mean_s();
  // Clamping changes the mean little where it is meant as a guard; the spread is taken as that of the unclamped law.
  double ratio = plain > 0 ? law.mean_square_s2() / (plain * plain) : 1;
  if (!std::isfinite(ratio)) ratio = 3;
  return {mean, mean * mean * ratio};
}

double nobody_arrives(double rate, const Moments& s) {
  const double load = rate * s.mean_s;
  const double spread = s.mean_s > 0 ? s.variance_s2() / (s.mean_s * s.mean_s) : 0;  // Squared coefficient of variation.
  return spread < 1e-9 ? std::exp(-load) : std::pow(1 + load * spread, -1 / spread);
}

double flushes_per_s(double rate, const Moments& s) { return rate <= 0 ? 0 : rate / (rate * s.mean_s + nobody_arrives(rate, s)); }

double flush_wait_s(double rate, const Moments& s) { return rate <= 0 ? 0 : rate * s.square_s2 / (2 * (rate * s.mean_s + nobody_arrives(rate, s))); }

Batches batches(double rate, int window, double ack_s) {
  const double load = rate * ack_s;
  if (load <= 0) return {std::max(rate, 0.0), 0};
  // Unnormalised probabilities, rescaled on the way: of j batches on their way; at last of `window` with somebody waiting.
  double state = 1, sum = 1, on_their_way = 0;
  for (int j = 1; j <= window; ++j) {
    state *= load / j;
    sum += state;
    on_their_way += j * state;
    if (j > load && state < 1e-14 * sum) return {on_their_way / sum / ack_s, 0};
    if (state > 1e200) {
      sum /= state;
      on_their_way /= state;
      state = 1;
    }
  }
  const double waiting = state * load / window;
  sum += waiting;
  on_their_way += window * waiting;
  return {on_their_way / sum / ack_s, (state + waiting) / sum * ack_s / window};
}

double full_window_ack_s(int window, double way_s, const Moments& flush, double spacing_s) {
  const double alone = way_s + flush.mean_s;
  if (window <= 1 || spacing_s >= alone) return std::max(alone, spacing_s);
  if (flush.mean_s <= 0 && spacing_s <= 0) return alone;
  const Moments between = spacing_s > flush.mean_s ? Moments{spacing_s, spacing_s * spacing_s} : flush;
  double ack = alone;
  for (int i = 0; i < 8; ++i) ack = (ack + alone + flush_wait_s((window - 1) / ack, between)) / 2;  // What one batch meets are the others.
  return std::max(ack, 2 * flush.mean_s);
}

}  // namespace nines::workload
