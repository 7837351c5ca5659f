// Which zones reach which, while links between them are cut: the cheap question (one link, both ways) by counting, the general one (islands of
// a partitioned network) by graph components.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "models/topology/topology.hpp"
#include "sim/base/id.hpp"

namespace nines::topology {

// Whether a message may pass through a third zone. Cloud networks and Raft groups do not: two zones whose link is cut stay cut.
enum class Routing : std::uint8_t { direct, transit };

// The directed zone-to-zone links and how many faults cut each of them now: two overlapping faults heal one after the other. A link class is
// an ordered pair of zones; a zone's link to itself is its inner network.
class Network {
 public:
  explicit Network(std::size_t zones) : zones_(zones), cuts_(zones * zones, 0) {}

  std::size_t zones() const { return zones_; }
  void cut(ZoneId from, ZoneId to) { ++cuts_[at(from, to)]; }  // One way.
  void heal(ZoneId from, ZoneId to);                           // Undoes one cut; to heal what is whole is a broken invariant.
  void cut_both(ZoneId a, ZoneId b);                           // Each way once; the inner network of a == b once.
  void heal_both(ZoneId a, ZoneId b);
  void isolate(ZoneId zone);  // Cuts it from all others, both ways; its inner network stays.
  void rejoin(ZoneId zone);

  bool reaches(ZoneId from, ZoneId to) const { return cuts_[at(from, to)] == 0; }
  bool connected(ZoneId a, ZoneId b) const { return reaches(a, b) && reaches(b, a); }
  bool whole() const;  // Nothing is cut.

  // A label per zone, counted from 0 in order of the first zone of each: zones of one island reach each other both ways, directly or through
  // others of the island. `up[z]` false leaves zone z on an island of its own. An empty `up` means all.
  std::vector<int> islands(const std::vector<bool>& up = {}) const;

  // With `transit`, whether a path of uncut one-way links leads from one to the other; with `direct`, reaches().
  bool path(ZoneId from, ZoneId to, Routing routing) const;

  bool operator==(const Network&) const = default;

 private:
  std::size_t at(ZoneId from, ZoneId to) const { return from.index() * zones_ + to.index(); }

  std::size_t zones_;
  std::vector<std::uint16_t> cuts_;
};

// The fewest two-way links between `zones` zones whose cut separates one zone from another when messages may pass through others; `links` are
// the ones that exist. 0: they are apart already. For the report's "why not more": how much of the network one cut can take.
int least_cut(std::size_t zones, const std::vector<std::pair<ZoneId, ZoneId>>& links, ZoneId from, ZoneId to);

}  // namespace nines::topology
