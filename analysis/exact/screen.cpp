#include "analysis/exact/screen.hpp"

#include <cmath>
#include <type_traits>
#include <utility>

namespace nines::analysis {
namespace {

// Numbers and texts one after the other, each with its length where it has one.
class Key {
 public:
  template <class T>
  Key& operator<<(const T& value) {
    if constexpr (std::is_same_v<T, std::string>) {
      *this << value.size();
      text_ += value;
    } else if constexpr (std::is_same_v<T, Duration>) {
      *this << value.count();
    } else {
      static_assert(std::is_arithmetic_v<T> || std::is_enum_v<T>);
      text_.append(reinterpret_cast<const char*>(&value), sizeof(value));
    }
    return *this;
  }
  Key& operator<<(const Law& law) {
    *this << law.kind << law.a << law.b << law.minimum << law.maximum << law.points.size();
    for (const double point : law.points) *this << point;
    return *this;
  }
  Key& operator<<(const topology::LinkLaw& law) {
    return *this << law.minimum << law.jitter_median << law.jitter_sigma << law.maximum << law.loss << law.bandwidth_bytes_per_s;
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace

std::string kind_of_gaps(const world::Options& options) {
  Key key;
  const topology::Topology& places = options.topology;
  for (const topology::Zone& zone : places.zones) key << zone.name << zone.region.value;
  for (const topology::Node& node : places.nodes) key << node.zone.value << node.rack.value << node.pool;
  key << places.same_node << places.same_zone << places.same_region << places.other_region;
  for (const topology::LinkBetween& between : places.between) key << between.from << between.to << between.law;
  for (const world::Broker& broker : options.brokers) key << broker.node.value << broker.flush;
  for (const world::Cluster& cluster : options.clusters) {
    // A profile's name stands for its rules; what a scenario may change of them stands beside it.
    key << cluster.profile.name << cluster.profile.heartbeat << cluster.profile.election_timeout << cluster.profile.client_timeout;
    key << cluster.load.appends_per_second << cluster.load.bytes << cluster.load.together << cluster.state_bytes << cluster.partitions.size();
    for (const auto& replicas : cluster.partitions) {
      key << replicas.size();
      for (const world::Replica& replica : replicas) key << replica.broker.value << replica.priority;
    }
  }
  for (const failure::Mode& mode : options.modes) {
    key << mode.name << mode.scope << mode.effect << mode.up_time.kind << mode.duration << mode.extra_delay << mode.loss;
    key << mode.pools.size();
    for (const std::string& pool : mode.pools) key << pool;
    key << mode.escalation.has_value();
    if (mode.escalation) key << mode.escalation->to << mode.escalation->probability;
  }
  key << options.horizon;
  return key.take();
}

const std::vector<Screen::Gap>& Screen::gaps(const world::Options& options) {
  const auto [at, fresh] = known_.try_emplace(kind_of_gaps(options));
  if (!fresh) return at->second;
  const GapSampler sampler(std::make_shared<const world::Plan>(options), seed_);
  const std::vector<std::uint32_t> times(sampler.modes(), 2);
  std::vector<GapSum> sums;
  for (std::size_t c = 0; c < sampler.clusters(); ++c) sums.emplace_back(sampler, c, times);
  for (std::uint64_t life = 0; life < lives_; ++life) {
    const std::vector<Excess> one = sampler.life(life, times);
    for (GapSum& sum : sums) sum.add(one);
  }
  for (std::size_t m = 0; m < sampler.modes(); ++m) {
    for (const GapSum& sum : sums) {
      const GapSum::Mean some = sum.some_of(m);
      const double rate = sampler.per_s(m);
      at->second.push_back(rate > 0 ? Gap{some.value / rate, some.error / rate} : Gap{});
    }
  }
  return at->second;
}

Result<std::vector<Screened>> Screen::operator()(const world::Options& options) {
  const auto model = model_of(options);
  if (!model) return fail(model.error());
  const std::vector<Dual> laws = laws_of(*model);
  const std::vector<Gap>& gap = gaps(options);
  const failure::Site site = world::site_of(options);
  std::vector<Screened> answer(options.clusters.size());
  for (std::size_t c = 0; c < answer.size(); ++c) answer[c].quorum = QuorumSolver(*model, c).some_lost(laws);
  for (std::size_t m = 0; m < options.modes.size(); ++m) {
    const failure::Mode& mode = options.modes[m];
    const double per_s = static_cast<double>(failure::elements_of(site, mode).size()) / (mode.up_time.sample_mean_s() + mode.duration.sample_mean_s());
    for (std::size_t c = 0; c < answer.size(); ++c) {
      const Gap& one = gap[m * answer.size() + c];
      answer[c].gaps += per_s * one.mean_s;
      answer[c].gaps_error = std::hypot(answer[c].gaps_error, per_s * one.error_s);
    }
  }
  return answer;
}

}  // namespace nines::analysis
