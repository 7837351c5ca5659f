#include "analysis/rare/rare.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "analysis/stats/interval.hpp"

namespace nines::analysis {
namespace {

constexpr std::size_t largest_cut = 5;

template <class... Values>
std::string words(const char* format, Values... values) {
  char text[320];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

// Paths of one cluster share no draw with those of another: their seeds' streams differ by the element's upper bits.
template <class Excursion>
Tally batch_of(const System& system, const RareOptions& options, std::uint64_t number, Excursion excursion) {
  Tally tally;
  Watch watch(*system.model);
  const Streams streams(options.seed, number);
  for (std::uint64_t i = 0; i < options.batch && !tally.hopeless(); ++i)
    tally.add(excursion(system, watch, streams.of(std::uint64_t{system.cluster} << 40 | i, Purpose::excursion)));
  return tally;
}

// What cannot be simulated at all; empty where it can.
std::string hopeless(const System& system) {
  if (system.parts.empty()) return "nothing that fails here can cost this cluster a quorum";
  if (!system.finite) return "a law without a mean has no stationary start";
  return {};
}

RareEstimate precise_enough(RareEstimate estimate, const RareOptions& options) {
  if (estimate.relative_error <= options.relative_error) return estimate;
  estimate.method += words("; stopped at %.2g %% for %.2g %% asked", 100 * estimate.relative_error, 100 * options.relative_error);
  return estimate;
}

}  // namespace

Tally one_batch_by_clocks(const System& system, const RareOptions& options, std::uint64_t number, Bias bias) {
  return batch_of(system, options, number,
                  [bias](const System& s, Watch& watch, const Stream& stream) { return excursion_by_clocks(s, watch, stream, bias); });
}

Tally one_batch(const System& system, const RareOptions& options, std::uint64_t number, Bias bias) {
  if (!system.memoryless) return one_batch_by_clocks(system, options, number, bias);
  return batch_of(system, options, number,
                  [bias](const System& s, Watch& watch, const Stream& stream) { return excursion_by_jumps(s, watch, stream, bias); });
}

RareEstimate judged(const System& system, const Tally& tally, const RareOptions& options) {
  RareEstimate estimate;
  estimate.diagnostics = tally.diagnostics();
  estimate.method =
      words("balanced failure biasing%s, %llu excursions", system.memoryless ? "" : " by scaled hazards", static_cast<unsigned long long>(tally.paths()));
  estimate.refused = tally.objection();
  if (!estimate.refused.empty()) return estimate;
  estimate.relative_error = tally.relative_error();
  const double factor = std::exp(estimate.relative_error);
  estimate.value = tally.value();
  estimate.low = *estimate.value / factor;
  estimate.high = *estimate.value * factor + estimate.diagnostics.largest_share * *estimate.value;  // One more path like the heaviest one.
  estimate.per_s = tally.losses_per_s();
  estimate.per_s_error = tally.losses_error();
  return precise_enough(std::move(estimate), options);
}

RareEstimate judged(const Cuts& cuts, const std::vector<Repetition>& repetitions, const RareOptions& options) {
  RareEstimate estimate;
  double sum = 0, squares = 0, losses = 0, losses_squares = 0;
  Diagnostics& seen = estimate.diagnostics;
  bool finished = true;
  for (const Repetition& repetition : repetitions) {
    sum += repetition.value;
    losses += repetition.losses_per_s;
    seen.hits += repetition.hits;
    seen.changes += repetition.changes;
    finished = finished && repetition.finished;
  }
  const auto n = static_cast<double>(repetitions.size());
  const double mean = n > 0 ? sum / n : 0;
  for (const Repetition& repetition : repetitions) {
    squares += (repetition.value - mean) * (repetition.value - mean);
    losses_squares += (repetition.losses_per_s - losses / n) * (repetition.losses_per_s - losses / n);
  }
  seen.paths = repetitions.size() * options.splitting.effort;
  if (sum > 0) {
    seen.largest_share = std::max_element(repetitions.begin(), repetitions.end(), [](const auto& a, const auto& b) { return a.value < b.value; })->value / sum;
    seen.effective = sum * sum / (squares + n * mean * mean);
  }
  estimate.method = words("fixed-effort splitting, %zu repetitions of %zu paths a level", repetitions.size(), options.splitting.effort);
  seen.endless = !finished;
  if (!finished) {
    estimate.refused = "excursions do not end: all elements are hardly ever up at once, and nothing is rare here";
  } else if (cuts.sets.empty()) {
    estimate.refused = words("no set of up to %zu failures loses a quorum: there are no levels to split at", cuts.tried);
  } else if (repetitions.size() < 2 || sum <= 0) {
    estimate.refused = "no path reached the last level";
  } else if (seen.largest_share > 0.5) {
    estimate.refused = words("one repetition carries %.0f %% of the sum", 100 * seen.largest_share);
  }
  if (!estimate.refused.empty()) return estimate;
  const auto error_of = [&](double deviations, double of) { return student(0, std::sqrt(deviations / (n - 1)) / of, repetitions.size(), 0.95).high; };
  estimate.relative_error = error_of(squares, mean);
  estimate.value = mean;
  estimate.low = mean * std::exp(-estimate.relative_error);
  estimate.high = mean * std::exp(estimate.relative_error);
  estimate.per_s = losses / n;
  estimate.per_s_error = error_of(losses_squares, losses / n);
  return precise_enough(std::move(estimate), options);
}

RareEstimate rare_quorum(const System& system, const RareOptions& options) {
  RareEstimate estimate;
  estimate.refused = hopeless(system);
  if (!estimate.refused.empty()) return estimate;
  if (options.method == RareMethod::splitting) {
    const Cuts cuts = minimal_cuts(system, largest_cut);
    std::vector<Repetition> repetitions;
    std::uint64_t changes = 0;
    std::uint64_t look = std::max<std::uint64_t>(2, options.repetitions);  // Doubled: every look is a chance to stop on a spread that came out small.
    for (std::uint64_t number = 0;; ++number) {
      if (number == look) {
        look *= 2;
        estimate = judged(cuts, repetitions, options);
        if (!estimate.refused.empty() || estimate.relative_error <= options.relative_error || changes >= options.most_changes) return estimate;
      }
      if (options.stopped && options.stopped()) return judged(cuts, repetitions, options);
      const Streams streams(options.seed, std::uint64_t{system.cluster} << 40 | number);
      repetitions.push_back(split(system, cuts, streams, options.splitting));
      changes += repetitions.back().changes;
      if (!repetitions.back().finished) return judged(cuts, repetitions, options);
    }
  }
  Tally tally;
  std::uint64_t look = options.least_batches;
  for (std::uint64_t number = 0; tally.changes() < options.most_changes && !tally.hopeless();) {
    if (options.stopped && options.stopped()) break;
    tally.merge(one_batch(system, options, number));
    if (++number < look) continue;
    if (tally.objection().empty() && tally.relative_error() <= options.relative_error) break;
    look += look / 4 + 1;
  }
  return judged(system, tally, options);
}

RareAnswer rare_quorum(const Model& model, const world::Options& options, const RareOptions& rare) {
  RareAnswer answer;
  for (std::size_t c = 0; c < model.clusters.size(); ++c) answer.clusters.push_back(rare_quorum(System(model, options, c), rare));
  return answer;
}

}  // namespace nines::analysis
