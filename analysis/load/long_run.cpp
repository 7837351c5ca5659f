#include "analysis/load/long_run.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/stats/interval.hpp"
#include "analysis/stats/metric.hpp"
#include "analysis/stats/text.hpp"

namespace nines::analysis {

namespace {
constexpr std::size_t most_states = 1'000'000;  // Kept; then they are worked out anew.
}

LongRun::LongRun(workload::Deployment deployment, ClusterPlace place, double demand_per_s)
    : deployment_(std::move(deployment)), place_(place), demand_per_s_(demand_per_s) {}

double LongRun::capacity() {
  std::string key(reinterpret_cast<const char*>(state_.up.data()), state_.up.size());
  key.append(reinterpret_cast<const char*>(state_.leader.data()), state_.leader.size() * sizeof(state_.leader[0]));
  if (const auto found = capacities_.find(key); found != capacities_.end()) return found->second;
  const double per_s = workload::capacity(deployment_, state_).per_s;
  if (capacities_.size() >= most_states) capacities_.clear();
  capacities_.emplace(std::move(key), per_s);
  return per_s;
}

void LongRun::collect(const world::Record& record) {
  const std::size_t brokers = deployment_.brokers(), partitions = deployment_.partitions.size();
  const auto mine = [&](PartitionId partition) {
    return partition.index() >= place_.first_partition && partition.index() < place_.first_partition + partitions;
  };
  events_.clear();
  for (const world::Leadership& leadership : record.leaderships)
    if (mine(leadership.partition))
      events_.push_back({leadership.from, Event::What::leads, static_cast<std::uint32_t>(leadership.partition.index() - place_.first_partition),
                         static_cast<std::int16_t>(leadership.leader.index() - place_.first_broker)});
  using What = world::BrokerChange::What;
  for (const world::BrokerChange& change : record.broker_changes) {
    if (change.what != What::stopped && change.what != What::started) continue;
    if (change.broker.index() < place_.first_broker || change.broker.index() >= place_.first_broker + brokers) continue;
    events_.push_back({change.at, change.what == What::stopped ? Event::What::stops : Event::What::starts,
                       static_cast<std::uint32_t>(change.broker.index() - place_.first_broker), -1});
  }
  std::stable_sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) { return a.at < b.at; });
  outages_.clear();
  for (const world::Outage& outage : record.outages)
    if (mine(outage.partition)) outages_.push_back({outage.start, outage.end});
  std::sort(outages_.begin(), outages_.end(), [](const Span& a, const Span& b) { return a.start < b.start; });
  std::size_t kept = 0;
  for (const Span& span : outages_) {
    if (kept > 0 && span.start <= outages_[kept - 1].end)
      outages_[kept - 1].end = std::max(outages_[kept - 1].end, span.end);
    else
      outages_[kept++] = span;
  }
  outages_.resize(kept);
}

void LongRun::add(const world::Record& record) {
  collect(record);
  state_.up.assign(deployment_.brokers(), 1);
  state_.leader.assign(deployment_.partitions.size(), -1);
  const Instant horizon = Instant{} + record.horizon;
  Instant now{};
  std::size_t next = 0, outage = 0;
  double carried = 0, lacking = 0;  // lacking: seconds of the shortfall that is going on.
  const auto end_shortfall = [&] {
    if (lacking > 0) shortfall_.add(lacking, lacking, true);
    lacking = 0;
  };
  while (now < horizon) {
    for (; next < events_.size() && events_[next].at <= now; ++next) {
      const Event& event = events_[next];
      switch (event.what) {
        case Event::What::stops: state_.up[event.subject] = 0; break;
        case Event::What::starts: state_.up[event.subject] = 1; break;
        case Event::What::leads: state_.leader[event.subject] = event.leader; break;
      }
    }
    while (outage < outages_.size() && outages_[outage].end <= now) ++outage;
    const Instant until = std::min(horizon, next < events_.size() ? events_[next].at : horizon);
    if (outage < outages_.size() && outages_[outage].start <= now) {  // Nobody carries anything that lasts.
      end_shortfall();
      now = std::min(until, outages_[outage].end);
      continue;
    }
    const Instant end = outage < outages_.size() ? std::min(until, outages_[outage].start) : until;
    const double length = seconds(end - now), per_s = capacity();
    carried += per_s * length;
    if (per_s < demand_per_s_)
      lacking += length;
    else
      end_shortfall();
    now = end;
  }
  end_shortfall();
  shortfall_.close_replication();
  const double length = seconds(record.horizon);
  exposure_s_.add(length);
  capacity_s_.add(carried);
  carried_.add(length > 0 ? carried / length : 0);
}

void LongRun::merge(const LongRun& later) {
  shortfall_.merge(later.shortfall_);
  exposure_s_.merge(later.exposure_s_);
  capacity_s_.merge(later.capacity_s_);
  carried_.merge(later.carried_);
}

void LongRun::write(ByteWriter& out) const {
  shortfall_.write(out);
  exposure_s_.write(out);
  capacity_s_.write(out);
  carried_.write(out);
}

void LongRun::read(ByteReader& in) {
  shortfall_.read(in);
  exposure_s_.read(in);
  capacity_s_.read(in);
  carried_.read(in);
}

Estimate LongRun::throughput(double longest_s) const {
  const double exposure_s = exposure_s_.value();
  if (exposure_s <= 0) return {.value = {}, .low = {}, .high = {}, .method = "nothing was simulated"};
  const std::uint64_t replications = carried_.number();
  Estimate estimate{.value = capacity_s_.value() / exposure_s,
                    .low = {},
                    .high = {},
                    .method = "bottleneck law over who ran and who led, " + counted(replications, "replications")};
  if (replications < EventSum::enough_replications) {
    estimate.method += ", too few for an interval";
    return estimate;
  }
  const double deviation = std::sqrt(carried_.squares() / static_cast<double>(replications - 1));
  Interval limits = student(carried_.mean(), deviation, replications, confidence);
  // What was never seen to carry less may yet stand still: one outage of the longest kind, by the rule of three.
  if (deviation == 0) limits.low *= std::max(0.0, 1 - garwood(0, confidence, Sides::upper_only).high * longest_s / exposure_s);
  estimate.low = std::max(0.0, limits.low);
  estimate.high = limits.high;
  return estimate;
}

Estimate LongRun::shortfall(double longest_s, const std::string& longest_words) const {
  return shortfall_.durations(exposure_s_.value(), longest_s, "shortfalls", longest_words);
}

}  // namespace nines::analysis
