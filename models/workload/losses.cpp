#include "models/workload/losses.hpp"

#include <algorithm>
#include <numeric>

#include "models/workload/bottlenecks.hpp"

namespace nines::workload {
namespace {

constexpr std::size_t most_work = 2'000'000;  // Partitions that are weighed again for each loss, together.
constexpr std::size_t least_places = 16;

Loss worst(const Deployment& deployment, const std::vector<std::uint16_t>& place_of, Routing routing) {
  Loss loss;
  if (place_of.empty()) return loss;
  const std::uint16_t places = *std::max_element(place_of.begin(), place_of.end());
  const std::size_t count = places + std::size_t{1};
  const std::size_t affordable = std::max(least_places, most_work / std::max<std::size_t>(1, deployment.partitions.size()));
  std::size_t step = (count + affordable - 1) / affordable;
  while (step > 1 && std::gcd(step, count) != 1) ++step;  // Not in step with zones or racks.
  loss.of = static_cast<int>(count);
  for (int place = 0; place <= places; place += static_cast<int>(step)) {
    ++loss.looked_at;
    const std::vector<std::uint16_t> down = brokers_at(place_of, place);
    if (down.empty()) continue;
    Capacity left = capacity(deployment, without(deployment, down), routing);
    if (loss.which >= 0 && left.per_s >= loss.left.per_s) continue;
    loss.which = place;
    loss.left = std::move(left);
  }
  return loss;
}

}  // namespace

Loss node_lost(const Deployment& deployment, Routing routing) { return worst(deployment, deployment.machine_of, routing); }
Loss zone_lost(const Deployment& deployment, Routing routing) { return worst(deployment, deployment.zone_of, routing); }
Loss region_lost(const Deployment& deployment, Routing routing) { return worst(deployment, deployment.region_of, routing); }

double headroom_without_a_node(const Deployment& deployment, double demand_per_s, Routing routing) {
  const double left = node_lost(deployment, routing).left.per_s;
  return demand_per_s > 0 ? left / demand_per_s : unlimited;
}

CatchUp catch_up(const Deployment& deployment, const State& state, std::uint16_t broker, double demand_per_s, double missed_s, Routing routing) {
  Bottlenecks law(deployment, state);
  law.add_up();
  const double rate = demand_per_s / static_cast<double>(deployment.partitions.size());
  const auto bytes = static_cast<double>(deployment.service.bytes);
  const double cost[uses] = {law.follower_cost_s, bytes, bytes, bytes};
  struct Stream {
    std::uint16_t leader, follower;
    double window;
  };
  std::vector<Stream> streams;
  for (const Row& row : law.rows) {
    for (std::uint32_t c = row.first; c < row.first + row.copies; ++c) {
      if (law.copies[c].broker == broker) streams.push_back({row.machine, law.copies[c].machine, law.copies[c].most_per_s});
    }
  }
  // What is left of a resource beside the demand, for each of those that share it.
  const auto left = [&](std::size_t machine, Use use, double shared_by) {
    const Sum& sum = law.sums[machine][use];
    if (sum.limit <= 0 || cost[use] <= 0) return unlimited;
    return std::max(0.0, sum.limit - sum.fixed - sum.slope * rate) / cost[use] / shared_by;
  };
  CatchUp answer;
  std::vector<Sums> extra(law.sums.size());
  for (const Stream& stream : streams) {
    const auto sharing = static_cast<double>(streams.size());
    const auto from_there =
        static_cast<double>(std::count_if(streams.begin(), streams.end(), [&](const Stream& other) { return other.leader == stream.leader; }));
    double more = std::max(0.0, stream.window - rate);
    for (const Use use : {use_cpu, use_disk, use_network_in}) {
      if (use == use_network_in && stream.leader == stream.follower) continue;
      more = std::min(more, left(stream.follower, use, sharing));
    }
    if (stream.leader != stream.follower) more = std::min(more, left(stream.leader, use_network_out, from_there));
    answer.seconds = std::max(answer.seconds, rate * missed_s <= 0 ? 0 : more > 0 ? rate * missed_s / more : unlimited);
    if (more == unlimited) continue;
    for (const Use use : {use_cpu, use_disk, use_network_in}) {
      if (use == use_network_in && stream.leader == stream.follower) continue;
      extra[stream.follower][use].fixed += more * cost[use];
    }
    if (stream.leader != stream.follower) extra[stream.leader][use_network_out].fixed += more * cost[use_network_out];
  }
  answer.meanwhile = capacity_beside(deployment, state, routing, extra);
  return answer;
}

}  // namespace nines::workload
