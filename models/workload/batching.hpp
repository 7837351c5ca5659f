// What batches do to rates, in closed form: group commit (whoever waits while an fsync runs goes into the next) and windows of batches in flight.
// Shared by the bottleneck law and by what a load below saturation uses.
#pragma once

#include "sim/base/law.hpp"

namespace nines::workload {

// Of a duration: mean and mean square.
struct Moments {
  double mean_s = 0;
  double square_s2 = 0;
  double variance_s2() const { return square_s2 > mean_s * mean_s ? square_s2 - mean_s * mean_s : 0; }
};
// A law whose square has no mean counts as twice as long as exponential ones spread; what is clamped counts with the clamped mean.
Moments moments(const Law& law);

// E[exp(-rate S)]: the probability that nobody arrives during S. Of a gamma law with these moments: exact for fixed and exponential durations.
double nobody_arrives(double rate, const Moments& s);

// Poisson arrivals at `rate`, each fsync takes S and all that wait: how many fsyncs a second, and how long one waits before its own begins.
// A renewal cycle is one service and, if nobody came, an idle time: rate / (rate E[S] + a0), rate E[S^2] / 2(rate E[S] + a0), a0 as above.
double flushes_per_s(double rate, const Moments& s);
double flush_wait_s(double rate, const Moments& s);

struct Batches {
  double per_s = 0;
  double wait_s = 0;  // Until an entry is sent.
};
// Entries come at `rate` and leave at once while fewer than `window` batches are on their way, each for `ack_s`; otherwise they wait and leave together
// with the next acknowledgement: Erlang's loss states with one more, in which somebody waits. For window 1 and exponential acknowledgements this is
// group commit.
Batches batches(double rate, int window, double ack_s);

// How long a batch of `window` is on its way when as many as possible are: `way_s` without the fsync; fsyncs of this replica begin at least
// `spacing_s` apart. With two or more, those that come while one is written wait, so that none is back in less than two fsyncs.
double full_window_ack_s(int window, double way_s, const Moments& flush, double spacing_s);

}  // namespace nines::workload
