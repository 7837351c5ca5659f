#include "analysis/exact/frontier.hpp"

#include <algorithm>

#include "models/quorum/quorum.hpp"
#include "sim/base/check.hpp"

namespace nines::analysis {

std::optional<Frontier> Frontier::over(const std::vector<std::vector<std::uint32_t>>& nodes, const std::vector<std::vector<std::uint32_t>>& partitions) {
  std::size_t brokers = 0;
  for (const auto& node : nodes) brokers += node.size();
  std::vector<std::uint32_t> node_of(brokers), last_use(brokers), left(partitions.size());
  for (std::uint32_t n = 0; n < nodes.size(); ++n)
    for (const std::uint32_t b : nodes[n]) node_of[b] = last_use[b] = n;
  std::vector<std::vector<std::uint32_t>> closing(nodes.size());
  for (std::uint32_t p = 0; p < partitions.size(); ++p) {
    std::uint32_t last = 0;
    for (const std::uint32_t b : partitions[p]) last = std::max(last, node_of[b]);
    for (const std::uint32_t b : partitions[p]) last_use[b] = std::max(last_use[b], last);
    closing[last].push_back(p);
  }
  Frontier frontier;
  std::vector<std::uint8_t> slot_of(brokers);
  std::vector<bool> taken(widest, false);
  for (std::uint32_t n = 0; n < nodes.size(); ++n) {
    Step& step = frontier.steps_.emplace_back();
    for (const std::uint32_t b : nodes[n]) {
      const auto free = std::find(taken.begin(), taken.end(), false);
      if (free == taken.end()) return std::nullopt;
      *free = true;
      slot_of[b] = static_cast<std::uint8_t>(free - taken.begin());
      frontier.width_ = std::max(frontier.width_, static_cast<std::size_t>(slot_of[b]) + 1);
      step.brokers.push_back(b);
      step.slots.push_back(slot_of[b]);
    }
    for (const std::uint32_t p : closing[n]) {
      Closing& close = step.closes.emplace_back();
      close.partition = p;
      for (const std::uint32_t b : partitions[p]) close.slots.push_back(slot_of[b]);
    }
    for (std::uint32_t b = 0; b < brokers; ++b) {
      if (last_use[b] != n) continue;
      step.frees.push_back(slot_of[b]);
      taken[slot_of[b]] = false;
    }
  }
  return frontier;
}

Frontier::Broken Frontier::broken(const std::vector<std::vector<std::uint32_t>>& partitions, const Connected* connected) {
  Broken all;
  all.reserve(partitions.size());
  for (const auto& voters : partitions) {
    const auto n = voters.size();
    SIM_CHECK(n <= quorum::max_members, "a partition has at most 16 voters");
    const int needed = quorum::majority(static_cast<int>(n));
    std::vector<quorum::Members> reached(n, quorum::first_members(static_cast<int>(n)));
    if (connected != nullptr)
      for (std::size_t a = 0; a < n; ++a)
        for (std::size_t b = 0; b < n; ++b)
          if (a != b && !(*connected)(voters[a], voters[b]))
            reached[a] = static_cast<quorum::Members>(reached[a] & ~quorum::member(static_cast<int>(b)));
    std::vector<std::uint8_t>& mine = all.emplace_back(std::size_t{1} << n, std::uint8_t{1});
    for (std::size_t up = 0; up < mine.size(); ++up)
      for (std::size_t center = 0; center < n && mine[up] != 0; ++center)
        if ((up >> center & 1) != 0 && quorum::count(quorum::intersection(static_cast<quorum::Members>(up), reached[center])) >= needed) mine[up] = 0;
  }
  return all;
}

Dual Frontier::solve(const Laws& laws, const Broken& broken, Question question) const {
  std::vector<Dual> mass(std::size_t{1} << width_);
  mass[0] = {1, 0};
  Dual lost;
  for (std::size_t n = 0; n < steps_.size(); ++n) {
    const Step& step = steps_[n];
    const Dual node = laws.node[n];
    // Every combination of this node's brokers, over every state of those remembered; the slots of the new ones are 0 so far.
    std::size_t mine = 0;
    for (const std::uint8_t slot : step.slots) mine |= std::size_t{1} << slot;
    const std::size_t k = step.brokers.size();
    std::vector<Dual> weight(std::size_t{1} << k);
    std::vector<std::size_t> bits(weight.size(), 0);
    for (std::size_t up = 0; up < weight.size(); ++up) {
      Dual w = not_(node);
      for (std::size_t i = 0; i < k; ++i) {
        const std::uint32_t b = step.brokers[i];
        const Dual down = laws.surely[b] ? Dual{1, 0} : laws.broker[b];
        w = w * ((up >> i & 1) != 0 ? not_(down) : down);
        if ((up >> i & 1) != 0) bits[up] |= std::size_t{1} << step.slots[i];
      }
      weight[up] = up == 0 ? w + node : w;
    }
    for (std::size_t state = 0; state < mass.size(); ++state) {
      if ((state & mine) != 0) continue;
      const Dual before = mass[state];
      if (before.value == 0 && before.slope == 0) continue;
      for (std::size_t up = weight.size(); up-- > 0;) mass[state | bits[up]] = before * weight[up];
    }
    for (const Closing& close : step.closes) {
      const std::vector<std::uint8_t>& down = broken[close.partition];
      for (std::size_t state = 0; state < mass.size(); ++state) {
        std::size_t up = 0;
        for (std::size_t i = 0; i < close.slots.size(); ++i) up |= (state >> close.slots[i] & 1) << i;
        if ((down[up] != 0) != (question == Question::some_lost)) continue;
        if (question == Question::some_lost) lost += mass[state];
        mass[state] = {};
      }
    }
    for (const std::uint8_t slot : step.frees) {
      const std::size_t bit = std::size_t{1} << slot;
      for (std::size_t state = 0; state < mass.size(); ++state) {
        if ((state & bit) == 0) continue;
        mass[state ^ bit] += mass[state];
        mass[state] = {};
      }
    }
  }
  if (question == Question::all_lost)
    for (const Dual& m : mass) lost += m;
  return lost;
}

}  // namespace nines::analysis
