#include "models/world/plan.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/base/check.hpp"
#include "sim/base/hash.hpp"

namespace nines::world {

Quantiles Quantiles::fixed(Duration value) {
  Quantiles q;
  q.least_ = q.most_ = value;
  return q;
}

namespace {

constexpr double end_of_table = 1.0 - 1e-4;  // Beyond, the table ends at the law's truncation.

}  // namespace

Quantiles Quantiles::of(const Law& law) {
  if (law.kind == Law::Kind::fixed) return fixed(law.sample(0.5));
  Quantiles q;
  for (std::size_t i = 0; i <= steps; ++i) {
    const double u = std::min(end_of_table, std::max(1e-9, static_cast<double>(i) / steps));
    q.points_.push_back(count_ns(law.sample(u)));
  }
  if (law.maximum != Duration::max()) q.points_.back() = law.maximum.count();
  q.least_ = Duration{q.points_.front()};
  q.most_ = Duration{q.points_.back()};
  return q.least_ == q.most_ ? fixed(q.least_) : q;
}

Quantiles Quantiles::of(const topology::LinkLaw& law) {
  if (law.jitter_median <= 0ns || law.jitter_sigma <= 0) return fixed(law.minimum + law.jitter_median);
  const Duration room = law.maximum > law.minimum ? law.maximum - law.minimum : Duration::max();
  Quantiles q = of(Law::lognormal(law.jitter_median, law.jitter_sigma).truncated(0ns, room));
  for (std::int64_t& point : q.points_) point += law.minimum.count();
  q.least_ += law.minimum;
  q.most_ += law.minimum;
  return q;
}

Duration Quantiles::at(double u) const {
  if (points_.empty()) return least_;
  const double place = u * steps;
  const auto i = static_cast<std::size_t>(place);
  const double part = place - static_cast<double>(i);
  const std::int64_t low = points_[i], high = points_[std::min(i + 1, steps)];
  return Duration{low + static_cast<std::int64_t>(part * static_cast<double>(high - low))};
}

Duration Quantiles::at_bits(std::uint32_t bits) const {
  if (points_.empty()) return least_;
  constexpr std::uint32_t per_step = 65536 / steps;
  const std::size_t i = bits / per_step;
  const std::int64_t low = points_[i], high = points_[i + 1];
  return Duration{low + (high - low) * (2 * static_cast<std::int64_t>(bits % per_step) + 1) / (2 * per_step)};
}

std::uint64_t stream_key(std::string_view kind, std::string_view name, std::uint64_t number) {
  Hash hash;
  for (const std::string_view text : {kind, name}) {
    hash.add(text.size());
    for (const char c : text) hash.add(static_cast<unsigned char>(c));
  }
  hash.add(number);
  return hash.value();
}

namespace {

// Proposals come so far apart that an append's answer is back before the window could fill: then the log is a function of time.
void plan_load(const Plan& plan, const Cluster& cluster, GroupPlan& group) {
  if (cluster.load.appends_per_second <= 0) return;
  Duration slowest{0}, farthest{0}, flush{0};
  const std::int64_t batch = cluster.profile.append_batch_bytes;
  Duration no_sooner{0};  // What is more than a link takes is sent a batch at a time.
  for (const std::uint16_t index : group.links) {
    const Link& link = plan.links[index];
    slowest = std::max(slowest, link.delay.most() + link.transmission(batch));
    farthest = std::max(farthest, link.delay.most());
    const bool overloaded = cluster.load.appends_per_second * static_cast<double>(cluster.load.bytes) >= link.bytes_per_s;
    if (overloaded) no_sooner = std::max(no_sooner, link.transmission(batch) + 1ns);
  }
  for (const std::uint16_t f : group.flushes) flush = std::max(flush, plan.flushes[f].most());
  const int room = std::max(1, cluster.profile.append_window - 1);
  Duration least = (2 * slowest + flush) / room + 1ns;
  const Duration wanted = from_seconds(1.0 / cluster.load.appends_per_second);
  if (const int count = exchanges(cluster.profile); count > 1) {
    // So far apart that what one brings on is over before the next, as a calm group needs it; where links are narrow it may not suffice.
    const Duration apart = wanted + count * (2 * farthest + flush);
    const auto bytes =
        static_cast<std::int64_t>(cluster.load.appends_per_second * seconds(apart) * static_cast<double>(cluster.load.bytes)) + cluster.load.bytes;
    Duration takes{0};
    for (const std::uint16_t index : group.links) takes = std::max(takes, plan.links[index].transmission(bytes));
    least = std::max(least, count * (2 * (farthest + takes) + flush));
  }
  group.arrival_interval = std::max({wanted, least, flush + 1ns, cluster.load.together, no_sooner});  // Group commit: what comes within one flush goes together.
  const double entries = cluster.load.appends_per_second * seconds(group.arrival_interval);
  group.arrival_entries = std::max<std::uint32_t>(1, static_cast<std::uint32_t>(std::llround(entries)));
  // One proposal is one append: what exceeds a batch would follow right behind it and resets the same timers.
  group.arrival_bytes = std::min(cluster.load.bytes, batch / static_cast<std::int64_t>(group.arrival_entries));
  const double phase = to_unit(stream_key("arrivals", cluster.name, group.partition.value));
  group.arrival_phase = Duration{static_cast<std::int64_t>(phase * static_cast<double>(group.arrival_interval.count()))};
}

}  // namespace

Plan::Plan(Options given) : options(std::move(given)), site(site_of(options)) {
  brokers_of_pool_zone.resize(site.pool_zones.size());
  for (std::uint32_t b = 0; b < options.brokers.size(); ++b) brokers_of_pool_zone[site.node_pool_zone[options.brokers[b].node.index()]].push_back(b);
  if (!options.services.capabilities.empty()) {
    std::vector<std::uint32_t> first{0};
    for (const Cluster& cluster : options.clusters) first.push_back(first.back() + static_cast<std::uint32_t>(cluster.partitions.size()));
    watch = std::make_shared<const services::Watch>(options.services, site, std::move(first), options.modes.size() + options.script.size());
  }
  std::map<std::pair<NodeId, NodeId>, std::uint16_t> known;  // Node pair to link.
  std::vector<topology::LinkLaw> laws;
  const auto link_index = [&](NodeId from, NodeId to) {
    const auto found = known.find({from, to});
    if (found != known.end()) return found->second;
    const topology::LinkLaw law = options.topology.link(from, to);
    auto same = std::find(laws.begin(), laws.end(), law);
    if (same == laws.end()) {
      laws.push_back(law);
      links.push_back(Link{Quantiles::of(law), law.loss, law.bandwidth_bytes_per_s});
      same = laws.end() - 1;
    }
    const auto index = static_cast<std::uint16_t>(same - laws.begin());
    known[{from, to}] = index;
    return index;
  };
  std::vector<Law> flush_laws;
  const auto flush_index = [&](const Law& law) {
    auto same = std::find(flush_laws.begin(), flush_laws.end(), law);
    if (same == flush_laws.end()) {
      flush_laws.push_back(law);
      flushes.push_back(Quantiles::of(law));
      same = flush_laws.end() - 1;
    }
    return static_cast<std::uint16_t>(same - flush_laws.begin());
  };
  groups_of_broker.resize(options.brokers.size());
  for (std::size_t c = 0; c < options.clusters.size(); ++c) {
    const Cluster& cluster = options.clusters[c];
    for (std::size_t p = 0; p < cluster.partitions.size(); ++p) {
      GroupPlan group;
      group.partition = PartitionId{groups.size()};
      group.cluster = static_cast<std::uint16_t>(c);
      group.key = stream_key("group", cluster.name, p);
      const std::vector<Replica>& replicas = cluster.partitions[p];
      SIM_CHECK(!replicas.empty() && replicas.size() <= raft::max_members, "a partition has between 1 and 15 replicas");
      group.members = static_cast<std::uint8_t>(replicas.size());
      group.top_priority = replicas.front().priority;
      for (const Replica& replica : replicas) {
        group.brokers.push_back(replica.broker);
        group.priorities.push_back(replica.priority);
        group.top_priority = std::max(group.top_priority, replica.priority);
        group.flushes.push_back(flush_index(options.brokers[replica.broker.index()].flush));
        groups_of_broker[replica.broker.index()].push_back(static_cast<std::uint32_t>(groups.size()));
      }
      for (const Replica& from : replicas)
        for (const Replica& to : replicas)
          group.links.push_back(link_index(options.brokers[from.broker.index()].node, options.brokers[to.broker.index()].node));
      plan_load(*this, cluster, group);
      groups.push_back(std::move(group));
    }
  }
}

}  // namespace nines::world
