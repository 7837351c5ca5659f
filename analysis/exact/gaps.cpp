#include "analysis/exact/gaps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "analysis/stats/interval.hpp"
#include "analysis/stats/metric.hpp"
#include "sim/base/check.hpp"

namespace nines::analysis {
namespace {

using failure::Change;
using failure::Effect;
using failure::Stage;

constexpr Duration settled = 15min;           // After the last repair: everybody is back, and whoever lost a disk has been sent its data.
constexpr Duration phases = 1min;             // Longer than the period of anything that a group does when it is quiet.
constexpr Duration longest_wait = 100 * 24h;  // For what goes on at the sampled instant.
constexpr std::uint32_t faults_a_life = 40;   // Beside the least of each mode.

Duration share_of(Duration span, double u) { return Duration{static_cast<std::int64_t>(u * static_cast<double>(span.count()))}; }

struct Covered {
  double some_s = 0, every_s = 0, summed_s = 0;
};

// `edges`: starts and ends of intervals of `count` things.
Covered covered(std::vector<std::pair<Instant, int>>& edges, std::uint32_t count) {
  std::sort(edges.begin(), edges.end());
  Covered total;
  int open = 0;
  Instant since;
  for (const auto& [at, step] : edges) {
    const double length = seconds(at - since);
    if (open > 0) total.some_s += length;
    if (open == static_cast<int>(count)) total.every_s += length;
    total.summed_s += open * length;
    open += step;
    since = at;
  }
  return total;
}

}  // namespace

bool comes_regularly(const failure::Mode& mode) { return mode.up_time.kind == Law::Kind::fixed && mode.up_time.mean_s() < seconds(year); }

Excess excess_of(const world::Record& record, Instant since, std::uint32_t first, std::uint32_t count) {
  std::vector<std::pair<Instant, int>> down, quorum;
  Excess excess;
  const auto mine = [&](PartitionId partition, Instant start) { return start >= since && partition.value >= first && partition.value < first + count; };
  for (const world::Outage& outage : record.outages) {
    if (!mine(outage.partition, outage.start)) continue;
    down.emplace_back(outage.start, 1);
    down.emplace_back(outage.end, -1);
  }
  for (const world::QuorumLoss& loss : record.quorum_losses) {
    if (!mine(loss.partition, loss.start)) continue;
    quorum.emplace_back(loss.start, 1);
    quorum.emplace_back(loss.end, -1);
  }
  for (const world::Failover& failover : record.failovers) {
    if (!mine(failover.partition, failover.start)) continue;
    excess.failovers += 1;
    excess.failover_s += seconds(failover.duration);
  }
  const Covered out = covered(down, count), lost = covered(quorum, count);
  excess.some_s = out.some_s - lost.some_s;
  excess.every_s = out.every_s - lost.every_s;
  excess.mean_s = (out.summed_s - lost.summed_s) / count;
  return excess;
}

GapSampler::GapSampler(std::shared_ptr<const world::Plan> plan, std::uint64_t seed) : plan_(std::move(plan)), seed_(seed) {
  for (const failure::Mode& mode : plan_->options.modes) elements_.push_back(failure::elements_of(plan_->site, mode));
  rates_ = fault_rates(plan_->site, plan_->options.modes);
  // Long enough for leaders to forget where they began; where hardly anything happens, long lives cost nothing.
  const double all = std::accumulate(rates_.begin(), rates_.end(), 0.0) / static_cast<double>(std::max<std::size_t>(1, plan_->options.brokers.size()));
  constexpr double enough_faults = 40;  // Of a broker.
  longest_life_ = std::clamp(all > 0 ? from_seconds(enough_faults / all) : 4 * year, 4 * year, 250 * year);
}

// A world, what goes on in it, and what comes next.
struct GapSampler::Scene {
  failure::Timeline timeline;
  world::World world;
  std::vector<Change> going;
  Change next;

  bool goes_on(const Change& change) const {
    return std::any_of(going.begin(), going.end(), [&](const Change& other) { return other.mode == change.mode && other.element == change.element; });
  }
  void apply() {
    world.apply(next);
    if (next.stage == Stage::begin) going.push_back(next);
    if (next.stage == Stage::end) {
      const auto begun =
          std::find_if(going.begin(), going.end(), [&](const Change& other) { return other.mode == next.mode && other.element == next.element; });
      SIM_CHECK(begun != going.end(), "a fault ends that never began");
      going.erase(begun);
    }
    next = timeline.next(next.at);
  }
  void run(Instant until) {
    while (next.at < until) apply();
  }
  // Up to where the element's next fault of that mode would come.
  void run_to(std::uint16_t mode, const failure::Element& element, Instant at_most) {
    while (next.at < at_most && !(next.mode == mode && next.element == element && next.stage <= Stage::begin)) apply();
  }
  // Lets end what goes on at `from`, and nothing else begin.
  Instant rest(Instant from) {
    for (const Instant until = from + longest_wait; !going.empty() && next.at < until;) {
      if (next.stage > Stage::begin && goes_on(next)) {
        from = next.at;
        apply();
      } else {
        next = timeline.next(next.at);
      }
    }
    world.advance(from + settled);
    return from + settled;
  }
};

std::vector<Excess> GapSampler::life(std::uint64_t index, const std::vector<std::uint32_t>& times) const {
  const world::Options& options = plan_->options;
  constexpr std::uint64_t apart = std::uint64_t{1} << 40;  // From the replications of a simulation with the same seed.
  const Streams streams(seed_, apart + index);
  failure::Timeline timeline(options.modes, {}, plan_->site, streams);
  Scene life{timeline, world::World(plan_, streams, timeline.active()), {}, {}};
  for (const Change& change : timeline.active())
    if (change.stage == Stage::begin) life.going.push_back(change);
  life.next = life.timeline.next(Instant{});
  const Instant sampled = Instant{} + share_of(std::min(options.horizon, longest_life_), streams.of(0, Purpose::injection).uniform({}));
  life.run(sampled);
  Scene whole = life;
  const Instant since = whole.rest(sampled);

  std::vector<Excess> result(modes() * clusters());
  for (std::size_t m = 0; m < modes(); ++m) {
    for (std::uint32_t i = 0; i < times[m] && !elements_[m].empty(); ++i) {
      const Words words = streams.of(m + 1, Purpose::injection).words({0, i});
      const failure::Mode& mode = options.modes[m];
      const failure::Element element = elements_[m][static_cast<std::size_t>(to_unit(words[0]) * static_cast<double>(elements_[m].size()))];
      const bool grows = mode.escalation && to_unit(words[3]) < mode.escalation->probability;
      const failure::Element hit = grows ? failure::enclosing(plan_->site, element, mode.escalation->to) : element;
      const Duration lasts = mode.duration.sample(to_unit(words[1]));
      const Duration phase = share_of(phases, to_unit(words[2]));
      Instant from = since;
      world::Record record;
      if (comes_regularly(mode)) {
        // Who leads where depends on how long ago the same was done to the element before, which is always as long.
        Scene then = life;
        then.run_to(static_cast<std::uint16_t>(m), element, sampled + 2 * year);
        from = then.rest(then.next.at);
        record = inject(std::move(then.world), from + phase, m, hit, lasts);
      } else {
        record = inject(whole.world, from + phase, m, hit, lasts);
      }
      for (std::uint32_t c = 0, first = 0; c < clusters(); ++c) {
        const auto partitions = static_cast<std::uint32_t>(options.clusters[c].partitions.size());
        result[m * clusters() + c].add(excess_of(record, from, first, partitions), 1.0 / times[m]);
        first += partitions;
      }
    }
  }
  return result;
}

world::Record GapSampler::inject(world::World world, Instant at, std::size_t m, const failure::Element& element, Duration lasts) const {
  const failure::Mode& mode = plan_->options.modes[m];
  Change change{
      .at = at, .element = element, .effect = mode.effect, .stage = Stage::begin, .mode = static_cast<std::uint16_t>(m), .extra_delay = mode.extra_delay, .loss = mode.loss};
  if (mode.effect == Effect::planned_stop) {
    change.stage = Stage::announce;
    world.apply(change);
    change.stage = Stage::begin;
    change.at += failure::notice;
  }
  world.apply(change);
  const Instant end = change.at + lasts;
  if (mode.effect == Effect::cut_out && lasts > failure::widening) {
    change.at += failure::widening;
    change.stage = Stage::widen;
    world.apply(change);
  }
  change.at = end;
  change.stage = Stage::end;
  world.apply(change);
  return world.finish(end + settled, 1);
}

std::vector<double> fault_rates(const failure::Site& site, const std::vector<failure::Mode>& modes) {
  std::vector<double> rates;
  for (const failure::Mode& mode : modes)
    rates.push_back(static_cast<double>(failure::elements_of(site, mode).size()) / (mode.up_time.sample_mean_s() + mode.duration.sample_mean_s()));
  return rates;
}

GapSum::GapSum(const GapSampler& sampler, std::size_t cluster, std::vector<std::uint32_t> times)
    : GapSum(sampler.rates(), cluster, sampler.clusters(), std::move(times)) {}

GapSum::GapSum(std::vector<double> per_s, std::size_t cluster, std::size_t clusters, std::vector<std::uint32_t> times)
    : per_s_(std::move(per_s)), cluster_(cluster), clusters_(clusters), times_(std::move(times)), by_mode_(per_s_.size()), by_mode_squares_(per_s_.size()) {}

namespace {

constexpr double Excess::*fields[] = {&Excess::some_s, &Excess::every_s, &Excess::mean_s, &Excess::failovers, &Excess::failover_s};

void add_value(const Excess& value, std::uint64_t n, Excess& mean, Excess& squares) {
  for (double Excess::*field : fields) {
    const double difference = value.*field - mean.*field;
    mean.*field += difference / static_cast<double>(n);
    squares.*field += difference * (value.*field - mean.*field);
  }
}

double variance_of_mean(double squares, std::uint64_t n) {
  const double lives = static_cast<double>(n);
  return n < 2 ? 0 : squares / (lives - 1) / lives;
}

}  // namespace

void GapSum::add(const std::vector<Excess>& life) {
  ++lives_;
  Excess total;
  for (std::size_t m = 0; m < by_mode_.size(); ++m) {
    Excess one;
    one.add(life[m * clusters_ + cluster_], per_s_[m]);
    total.add(one, 1);
    add_value(one, lives_, by_mode_[m], by_mode_squares_[m]);
  }
  add_value(total, lives_, total_, total_squares_);
  for (double Excess::*field : fields) largest_.*field = std::max(largest_.*field, total.*field);
}

std::uint64_t GapSum::faults() const { return lives_ * std::accumulate(times_.begin(), times_.end(), std::uint64_t{0}); }

GapSum::Mean GapSum::mean(double Excess::*what) const {
  double variance = variance_of_mean(total_squares_.*what, lives_);
  for (std::size_t m = 0; m < by_mode_.size() && lives_ > 0; ++m) {
    const double one = by_mode_[m].*what / (static_cast<double>(lives_) * times_[m]);
    variance += one * one;
  }
  return {total_.*what, std::sqrt(variance), largest_.*what};
}

GapSum::Mean GapSum::some_of(std::size_t mode) const {
  return {.value = by_mode_[mode].some_s, .error = std::sqrt(variance_of_mean(by_mode_squares_[mode].some_s, lives_))};
}

double GapSum::unseen_per_s() const {
  if (lives_ == 0) return std::numeric_limits<double>::infinity();
  const double most_events = garwood(0, confidence, Sides::upper_only).high;
  double often = 0;
  for (std::size_t m = 0; m < per_s_.size(); ++m) often += per_s_[m] * most_events / (times_[m] * static_cast<double>(lives_));
  return often;
}

std::vector<std::uint32_t> allocate(const GapSum& pilot, std::size_t modes, std::uint32_t faults) {
  double all = 0;
  for (std::size_t m = 0; m < modes; ++m) all += pilot.some_of(m).error;
  std::vector<std::uint32_t> times(modes, least_faults);
  if (all > 0)
    for (std::size_t m = 0; m < modes; ++m) times[m] += static_cast<std::uint32_t>(faults * pilot.some_of(m).error / all);
  return times;
}

std::vector<std::uint32_t> allocate(const std::vector<GapSum>& pilots, std::size_t modes) {
  std::vector<std::uint32_t> times(modes, least_faults);
  for (const GapSum& pilot : pilots) {
    const std::vector<std::uint32_t> own = allocate(pilot, modes, faults_a_life);
    for (std::size_t m = 0; m < modes; ++m) times[m] = std::max(times[m], own[m]);
  }
  return times;
}

Lives live(const GapSampler& sampler, std::uint64_t count) {
  const auto some = [&](std::vector<std::uint32_t> times, std::uint64_t first, std::uint64_t lives) {
    Lives lived{.times = std::move(times), .excess = {}};
    for (std::uint64_t i = 0; i < lives; ++i) lived.excess.push_back(sampler.life(first + i, lived.times));
    return lived;
  };
  const Lives pilot = some(std::vector<std::uint32_t>(sampler.modes(), least_faults), first_pilot, pilot_lives);
  return some(allocate(sum_of(pilot, sampler.rates(), sampler.clusters()), sampler.modes()), 0, count);
}

std::vector<GapSum> sum_of(const Lives& lives, const std::vector<double>& per_s, std::size_t clusters) {
  std::vector<GapSum> sums;
  for (std::size_t c = 0; c < clusters; ++c) {
    GapSum& sum = sums.emplace_back(per_s, c, clusters, lives.times);
    for (const std::vector<Excess>& life : lives.excess) sum.add(life);
  }
  return sums;
}

}  // namespace nines::analysis
