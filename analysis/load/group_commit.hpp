// Group commit: whoever waits while an fsync runs goes into the next one, all of them, or at most K. Poisson arrivals.
#pragma once

#include <vector>

#include "sim/base/law.hpp"

namespace nines::analysis {

// E[exp(-rate S)] of the samples of a law: the probability that nobody arrives during S.
double nobody_arrives_during(const Law& flush, double rate);

struct GroupCommit {
  double flushes_per_s = 0;  // rate / (rate E[S] + a0), a0 from above: at most one after the other.
  double batch = 1;          // Entries in each.
  double wait_s = 0;         // Until one's own fsync begins.
  double time_s = 0;         // Until it ends: E[S] + rate E[S^2] / 2(rate E[S] + a0); from E[S] up to E[S] + E[S^2] / 2 E[S].
};
// Without a limit of the batch. Exact: a renewal cycle is one service and, if nobody came, an idle time.
GroupCommit group_commit(double rate, const Law& flush);

struct BulkQueue {
  double waiting = 0;              // Entries that wait, on average.
  double time_s = 0;               // From arrival to the end of one's own fsync; infinite where rate x service >= K.
  std::vector<double> after_each;  // The stationary law of how many wait when an fsync ends; cut off where less than 1e-12 is left.
};
// M/D/1 with bulk service (Bailey 1954): an fsync of constant length takes at most `most` entries. The chain embedded at the ends of fsyncs, solved.
BulkQueue bulk_queue(double rate, double service_s, int most);

}  // namespace nines::analysis
