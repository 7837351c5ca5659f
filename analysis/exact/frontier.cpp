#include "analysis/exact/frontier.hpp"

#include <algorithm>
#include <map>

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
  frontier.partitions_ = partitions;
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
  all.of_partition.reserve(partitions.size());
  std::map<std::vector<quorum::Members>, std::uint32_t> known;  // By whom each voter reaches.
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
    const auto [table, fresh] = known.try_emplace(reached, static_cast<std::uint32_t>(all.tables.size()));
    all.of_partition.push_back(table->second);
    if (!fresh) continue;
    std::vector<std::uint8_t>& mine = all.tables.emplace_back(std::size_t{1} << n, std::uint8_t{1});
    for (std::size_t up = 0; up < mine.size(); ++up)
      for (std::size_t center = 0; center < n && mine[up] != 0; ++center)
        if ((up >> center & 1) != 0 && quorum::count(quorum::intersection(static_cast<quorum::Members>(up), reached[center])) >= needed) mine[up] = 0;
  }
  return all;
}

template <class Number>
Number Frontier::solve(const Laws<Number>& laws, const Broken& broken, Question question) const {
  const Number certain = surely<Number>();
  // With those that are surely down, is the question answered already?
  std::size_t surely_broken = 0;
  for (std::uint32_t p = 0; p < partitions_.size(); ++p) {
    std::size_t up = 0;
    for (std::size_t i = 0; i < partitions_[p].size(); ++i) up |= static_cast<std::size_t>(laws.surely[partitions_[p][i]] ? 0 : 1) << i;
    surely_broken += broken.of(p)[up];
  }
  if (question == Question::some_lost ? surely_broken > 0 : surely_broken == partitions_.size()) return certain;

  std::vector<Number> mass(std::size_t{1} << width_);
  std::vector<std::uint32_t> live{0}, next;  // The states that can be, in any order.
  mass[0] = certain;
  Number lost{};
  std::vector<Number> weight;
  std::vector<std::uint32_t> bits;
  for (std::size_t n = 0; n < steps_.size(); ++n) {
    const Step& step = steps_[n];
    // Every combination of this node's brokers, over every state of those remembered; the slots of the new ones are 0 so far.
    const Number node = laws.node[n];
    const std::size_t k = step.brokers.size();
    weight.clear();
    bits.clear();
    for (std::size_t up = 0; up < std::size_t{1} << k; ++up) {
      Number w = not_(node);
      std::uint32_t mine = 0;
      for (std::size_t i = 0; i < k; ++i) {
        const bool is_up = (up >> i & 1) != 0;
        const Number off = laws.surely[step.brokers[i]] ? certain : laws.broker[step.brokers[i]];
        w = w * (is_up ? not_(off) : off);
        if (is_up) mine |= std::uint32_t{1} << step.slots[i];
      }
      if (up == 0) w += node;
      if (is_nothing(w)) continue;
      weight.push_back(w);
      bits.push_back(mine);
    }
    next.clear();
    for (const std::uint32_t state : live) {
      const Number before = mass[state];
      if (is_nothing(before)) continue;
      mass[state] = {};
      for (std::size_t i = 0; i < weight.size(); ++i) {
        mass[state | bits[i]] = before * weight[i];
        next.push_back(state | bits[i]);
      }
    }
    live.swap(next);
    for (const Closing& close : step.closes) {
      const std::vector<std::uint8_t>& table = broken.of(close.partition);
      next.clear();
      for (const std::uint32_t state : live) {
        std::size_t up = 0;
        for (std::size_t i = 0; i < close.slots.size(); ++i) up |= static_cast<std::size_t>(state >> close.slots[i] & 1) << i;
        if ((table[up] != 0) != (question == Question::some_lost)) {
          next.push_back(state);
          continue;
        }
        if (question == Question::some_lost) lost += mass[state];
        mass[state] = {};
      }
      live.swap(next);
    }
    for (const std::uint8_t slot : step.frees) {
      const std::uint32_t bit = std::uint32_t{1} << slot;
      next.clear();
      for (const std::uint32_t state : live) {
        const std::uint32_t to = state & ~bit;
        if ((state & bit) == 0) {
          next.push_back(state);
        } else {
          if (is_nothing(mass[to])) next.push_back(to);
          mass[to] += mass[state];
          mass[state] = {};
        }
      }
      live.swap(next);
    }
  }
  if (question == Question::all_lost)
    for (const std::uint32_t state : live) lost += mass[state];
  return lost;
}

template Dual Frontier::solve(const Laws<Dual>&, const Broken&, Question) const;
template Many Frontier::solve(const Laws<Many>&, const Broken&, Question) const;

}  // namespace nines::analysis
