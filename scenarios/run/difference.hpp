// What a metric is more or less in one design than in another, and how sure that is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/stats/paired.hpp"
#include "scenarios/run/side.hpp"

namespace nines::scenarios {

// Which way a metric gets worse: +1 upwards, -1 downwards, 0: neither.
int worse_is(std::string_view name);

struct Change {
  const analysis::Metric* base = nullptr;
  const analysis::Metric* head = nullptr;
  analysis::Difference by;     // Head less base, in the metric's unit; its method says what its limits are worth.
  bool sure = false;           // The difference is no estimate: exact, or of closed forms.
  bool is_one_answer = false;  // One world under one seed, met twice.
};

// Two answers under the same seed are paired replication by replication where all that this needs is known of both; two of one world are one answer.
Change change_of(const Side& base, const Side& head, const analysis::Metric& was, const analysis::Metric& is);

struct Pair {
  const analysis::Metric *base, *head;
};

// What HEAD has by that name, of each cluster, and its counterpart in BASE. Clusters have counterparts by name, and where there is one on each side.
std::vector<Pair> pairs_of(const Side& base, const Side& head, const std::string& name);

// How much of what befalls the two is the same: "paired: ... under the same storms".
std::string pairing_words(const Side& base, const Side& head);

analysis::Difference scaled(analysis::Difference difference, double factor);

}  // namespace nines::scenarios
