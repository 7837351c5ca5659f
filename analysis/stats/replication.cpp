#include "analysis/stats/replication.hpp"

#include <algorithm>
#include <tuple>

#include "models/quorum/quorum.hpp"
#include "models/world/plan.hpp"
#include "models/world/site.hpp"
#include "sim/base/check.hpp"

namespace nines::analysis {
namespace {

// An upper bound of the mean of the truncated law: truncation above lowers the mean, clamping below adds at most the minimum.
Duration mean_at_most(const Law& law) { return std::min(law.maximum, from_seconds(law.mean_s() + seconds(law.minimum))); }

double with_people_s(const failure::Mode& mode) {
  return seconds(mean_at_most(mode.duration)) + (mode.repair.people ? seconds(failure::longest_wait(mode.repair.shift)) : 0) +
         (mode.repair.parts ? seconds(mean_at_most(mode.repair.parts->delivery)) : 0);
}

// Of a fault that waits for a crew: as if everything the crew repairs were down and before it.
Duration repair_at_most(const world::Options& options, const failure::Mode& mode) {
  if (!failure::is_coupled(mode)) return mean_at_most(mode.duration);
  if (mode.repair.crew.empty()) return from_seconds(with_people_s(mode));
  const failure::Site site = world::site_of(options);
  double queue_s = 0;
  for (const failure::Mode& other : options.modes)
    if (other.repair.crew == mode.repair.crew)
      queue_s += static_cast<double>(failure::elements_of(site, other).size()) * with_people_s(other) / mode.repair.crews;
  return from_seconds(with_people_s(mode) + queue_s);
}

Duration election_allowance(const world::Options& options) {
  Duration longest{0};
  for (const world::Cluster& cluster : options.clusters) {
    const raft::Profile& profile = cluster.profile;
    // A silent group first has to hear that its leader is gone.
    const Duration unnoticed = profile.quiesce_after > Duration{0} ? profile.leader_gone_after + profile.tick : Duration{0};
    longest = std::max(longest, unnoticed + 4 * std::max(profile.election_timeout, profile.election_timeout_max) + profile.services_start);
  }
  return longest;
}

bool loses_disks(failure::Effect effect) { return effect == failure::Effect::replace || effect == failure::Effect::corrupt; }

// A member that has lost its disk is back in office when it has been sent what the others hold.
Duration catch_up(const world::Options& options) {
  double bytes = 0, rate = world::snapshot_bytes_per_s;
  for (const world::Cluster& cluster : options.clusters) bytes = std::max(bytes, static_cast<double>(cluster.state_bytes));
  for (const topology::LinkLaw& link : {options.topology.same_zone, options.topology.same_region, options.topology.other_region})
    if (link.bandwidth_bytes_per_s > 0) rate = std::min(rate, link.bandwidth_bytes_per_s);
  return from_seconds(bytes / rate);
}

}  // namespace

bool removal_may_lose(const world::Options& options, std::size_t cluster) {
  if (options.clusters[cluster].profile.flush.delay > 0ns) return true;
  for (const auto& replicas : options.clusters[cluster].partitions) {
    const int members = static_cast<int>(replicas.size());
    std::vector<int> inside(options.topology.regions.size());
    for (const world::Replica& replica : replicas) ++inside[world::region_of(options, replica.broker).index()];
    for (const int gone : inside) {
      const int left = members - gone;
      if (gone == 0 || left == 0) continue;                  // Nobody is removed, or nobody is left.
      const int hold_it = quorum::majority(members) - gone;  // Of those left, at least.
      if (left - hold_it >= quorum::majority(left)) return true;
    }
  }
  return false;
}

Layout::Layout(const world::Options& options) : horizon(options.horizon) {
  std::uint32_t first = 0;
  for (const world::Cluster& cluster : options.clusters) {
    clusters.push_back({cluster.name, first, static_cast<std::uint32_t>(cluster.partitions.size())});
    first += clusters.back().partitions;
  }
  for (const topology::Zone& zone : options.topology.zones) zones.push_back(zone.name);
  const auto add = [&](const std::string& name) {
    const auto known = std::find(modes.begin(), modes.end(), name);
    mode_of_index.push_back(static_cast<std::uint32_t>(known - modes.begin()));
    if (known == modes.end()) modes.push_back(name);
  };
  for (const failure::Mode& mode : options.modes) add(mode.name);
  for (const failure::ScriptedFault& fault : options.script) add(fault.mode);
  modes.emplace_back("unattributed");
  for (const world::Cluster& cluster : options.clusters) may_lose_data = may_lose_data || cluster.profile.flush.delay > 0ns;
  for (const world::RegionFailover& failover : options.failovers) may_lose_data = may_lose_data || removal_may_lose(options, failover.cluster);
  for (const failure::Mode& mode : options.modes) may_lose_data = may_lose_data || loses_disks(mode.effect);
  for (const failure::ScriptedFault& fault : options.script) may_lose_data = may_lose_data || loses_disks(failure::effect_of(fault, options.modes));
}

std::uint32_t Layout::partitions() const { return clusters.empty() ? 0 : clusters.back().first + clusters.back().partitions; }

std::uint32_t Layout::cluster_of(std::uint32_t partition) const {
  SIM_CHECK(partition < partitions(), "a record names a partition that its world does not have");
  const auto after = std::upper_bound(clusters.begin(), clusters.end(), partition,
                                      [](std::uint32_t p, const Cluster& cluster) { return p < cluster.first + cluster.partitions; });
  return static_cast<std::uint32_t>(after - clusters.begin());
}

std::uint32_t Layout::mode(std::uint16_t index) const {
  return index < mode_of_index.size() ? mode_of_index[index] : static_cast<std::uint32_t>(modes.size() - 1);
}

std::string Layout::partition_name(std::uint32_t partition) const {
  const Cluster& cluster = clusters[cluster_of(partition)];
  return cluster.name + '/' + std::to_string(partition - cluster.first + 1);
}

RepairTimes::RepairTimes(const world::Options& options) : election_(election_allowance(options)), recovery_(election_), client_election_(election_) {
  for (const world::Cluster& cluster : options.clusters)
    client_election_ = std::max(client_election_, election_ + 2 * cluster.profile.client_timeout);
  const auto add = [&](const std::string& name, Duration mean, Duration catching_up) {
    means_.push_back(std::min(mean, Duration::max() - election_ - catching_up) + election_ + catching_up);
    recovery_ = std::max(recovery_, election_ + catching_up);
    if (means_.back() <= longest_) return;
    longest_ = means_.back();
    longest_mode_ = name;
  };
  const auto after = [&](failure::Effect effect) { return loses_disks(effect) ? catch_up(options) : 0ns; };
  for (const failure::Mode& mode : options.modes) add(mode.name, repair_at_most(options, mode), after(mode.effect));
  for (const failure::ScriptedFault& fault : options.script) add(fault.mode, fault.duration, after(failure::effect_of(fault, options.modes)));
  longest_ = std::max(longest_, election_);
}

Duration RepairTimes::mean(std::uint16_t mode) const { return mode < means_.size() ? means_[mode] : longest_; }

Reducer::Reducer(const world::Options& options) : layout_(options), repairs_(options), clusters_(layout_.clusters.size()) {
  downs_.resize(layout_.clusters.size());
  for (ClusterEpisodes& cluster : clusters_) cluster.clients.resize(layout_.zones.size());
}

bool Reducer::ends_with_a_repair(const world::Outage& outage) const {
  switch (outage.phase) {
    case world::Phase::quorum:
    case world::Phase::recovery:
    case world::Phase::access: return true;
    case world::Phase::election:
    case world::Phase::pause: break;
  }
  return outage.end - outage.start > repairs_.election();
}

// Clients do not know what hit them; the partition's own outage at the time does.
Reducer::Down Reducer::of_clients(const world::ClientOutage& outage, const world::Record& record) const {
  const auto later = std::upper_bound(record.outages.begin(), record.outages.end(), outage, [](const world::ClientOutage& mine, const world::Outage& other) {
    return std::tie(mine.partition, mine.end) < std::tie(other.partition, other.start);
  });
  Down down{outage.start, outage.end, outage.partition.value, world::no_mode, outage.end - outage.start > repairs_.client_election()};
  for (auto behind = later; behind != record.outages.begin();) {
    --behind;
    if (behind->partition != outage.partition || behind->end < outage.start) break;
    if (down.mode == world::no_mode) down.mode = behind->mode;
    if (!ends_with_a_repair(*behind)) continue;
    down.repair = true;
    down.mode = behind->mode;
    break;
  }
  return down;
}

// Intervals that touch are joined: [a, b) and [b, c) are one episode.
void Reducer::join(std::vector<Down>& downs, std::vector<Episode>& episodes) const {
  episodes.clear();
  std::sort(downs.begin(), downs.end(), [](const Down& x, const Down& y) { return std::tie(x.start, x.partition) < std::tie(y.start, y.partition); });
  Instant end = long_ago;
  Duration slowest{0};
  for (const Down& down : downs) {
    if (episodes.empty() || down.start > end) {
      episodes.push_back({.start = down.start, .mode = down.mode});
      end = down.end;
      slowest = Duration{0};
    }
    Episode& episode = episodes.back();
    end = std::max(end, down.end);
    episode.length = end - episode.start;
    episode.summed += down.end - down.start;
    ++episode.parts;
    episode.repair |= down.repair;
    if (down.repair) slowest = std::max(slowest, repairs_.mean(down.mode));
    episode.cautious = std::max(episode.length, slowest);
  }
}

// Appends the intervals of one episode in which all partitions were down at once. `downs` are sorted by start.
void Reducer::intersect(std::span<const Down> downs, std::uint32_t partitions, const Episode& episode, std::vector<Episode>& out) {
  if (downs.size() < partitions) return;
  ends_.clear();
  for (const Down& down : downs) ends_.push_back(down.end);
  std::sort(ends_.begin(), ends_.end());
  const Duration slack = episode.cautious - episode.length;  // What caution added to the whole may have been due to this part.
  std::size_t started = 0, ended = 0;
  while (started < downs.size()) {
    if (ends_[ended] <= downs[started].start) {
      ++ended;
      continue;
    }
    ++started;
    SIM_CHECK(started - ended <= partitions, "outages of one partition do not overlap");
    if (started - ended < partitions) continue;
    const Instant from = downs[started - 1].start;
    const Duration length = ends_[ended] - from;
    const Duration cautious = episode.repair ? length + slack : length;
    out.push_back({.start = from, .length = length, .summed = length, .cautious = cautious, .parts = 1, .mode = episode.mode, .repair = episode.repair});
  }
}

// In which all partitions of the cluster are down, from `downs_` and the episodes it was joined to.
void Reducer::intersect_all(std::size_t cluster, const std::vector<Episode>& episodes, std::vector<Episode>& out) {
  out.clear();
  std::size_t first = 0;
  for (const Episode& episode : episodes) {
    intersect(std::span<const Down>(downs_[cluster].data() + first, episode.parts), layout_.clusters[cluster].partitions, episode, out);
    first += episode.parts;
  }
}

// `downs_` holds the quorum losses, sorted by start.
void Reducer::subtract_quorum_losses(std::size_t cluster) {
  ClusterEpisodes& of = clusters_[cluster];
  // Both lists are sorted by start, and the episodes do not overlap. `part` says what an episode gains from an interval of `lost`.
  const auto within = [](std::vector<Episode>& episodes, const auto& lost, const auto& end_of, const auto& part) {
    std::size_t first = 0;
    for (const auto& interval : lost) {
      while (first < episodes.size() && episodes[first].start + episodes[first].length <= interval.start) ++first;
      for (std::size_t e = first; e < episodes.size() && episodes[e].start < end_of(interval); ++e) {
        const Instant end = std::min(end_of(interval), episodes[e].start + episodes[e].length);
        part(episodes[e]) += end - std::max(interval.start, episodes[e].start);
      }
    }
  };
  const auto end_of_episode = [](const Episode& e) { return e.start + e.length; };
  const auto end_of_down = [](const Down& d) { return d.end; };
  const auto length = [](Episode& e) -> Duration& { return e.without_quorum; };
  const auto summed = [](Episode& e) -> Duration& { return e.summed_without_quorum; };
  within(of.down, of.quorum_loss, end_of_episode, length);
  within(of.down, downs_[cluster], end_of_down, summed);
  intersect_all(cluster, of.quorum_loss, all_lost_);
  within(of.blackout, all_lost_, end_of_episode, length);
}

std::span<const ClusterEpisodes> Reducer::reduce(const world::Record& record) {
  const Instant horizon = Instant{} + record.horizon;
  const auto sort_out = [&](const auto& list, const auto& to_down) {
    for (auto& downs : downs_) downs.clear();
    for (const auto& item : list) {
      const Down down = to_down(item);
      SIM_CHECK(down.start >= Instant{} && down.start <= down.end && down.end <= horizon, "an outage lies within its run");
      if (down.start < down.end) downs_[layout_.cluster_of(down.partition)].push_back(down);
    }
  };
  const auto number = [](PartitionId id) { return static_cast<std::uint32_t>(id.index()); };

  SIM_CHECK(std::is_sorted(record.outages.begin(), record.outages.end(),
                           [](const auto& x, const auto& y) { return std::tie(x.partition, x.start) < std::tie(y.partition, y.start); }),
            "a record's outages come by partition, then by start");
  sort_out(record.outages, [&](const world::Outage& o) { return Down{o.start, o.end, number(o.partition), o.mode, ends_with_a_repair(o)}; });
  for (std::size_t c = 0; c < clusters_.size(); ++c) {
    ClusterEpisodes& cluster = clusters_[c];
    join(downs_[c], cluster.down);
    intersect_all(c, cluster.down, cluster.blackout);
  }

  sort_out(record.quorum_losses, [&](const world::QuorumLoss& q) { return Down{q.start, q.end, number(q.partition), q.mode, true}; });
  for (std::size_t c = 0; c < clusters_.size(); ++c) {
    join(downs_[c], clusters_[c].quorum_loss);
    subtract_quorum_losses(c);
  }

  sort_out(record.failovers, [&](const world::Failover& f) {
    return Down{f.start, std::min(f.start + f.duration, horizon), number(f.partition), f.mode, false};
  });
  for (std::size_t c = 0; c < clusters_.size(); ++c) join(downs_[c], clusters_[c].failover);

  // One disk that is lost, or one restart of a broker, may cost several partitions: as leaders are elected, one after the other.
  for (auto& downs : downs_) downs.clear();
  for (const world::DataLoss& loss : record.data_losses)
    downs_[layout_.cluster_of(number(loss.partition))].push_back({loss.at, loss.at + repairs_.recovery(), number(loss.partition), loss.mode, false});
  for (std::size_t c = 0; c < clusters_.size(); ++c) join(downs_[c], clusters_[c].data_loss);

  // Client outages come by zone, so each zone is a run of the list.
  for (ClusterEpisodes& cluster : clusters_) {
    for (auto& episodes : cluster.clients) episodes.clear();
  }
  const std::span<const world::ClientOutage> all(record.client_outages);
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin;
    while (end < all.size() && all[end].zone == all[begin].zone) ++end;
    const std::size_t zone = all[begin].zone.index();
    SIM_CHECK(zone < layout_.zones.size(), "a record names a zone that its world does not have");
    sort_out(all.subspan(begin, end - begin), [&](const world::ClientOutage& o) { return of_clients(o, record); });
    for (std::size_t c = 0; c < clusters_.size(); ++c) join(downs_[c], clusters_[c].clients[zone]);
    begin = end;
  }
  return clusters_;
}

}  // namespace nines::analysis
