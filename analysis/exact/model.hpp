// What can take a quorum away, as independent two-state atoms over places: the other road to every availability, beside the simulation.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/failure/mode.hpp"
#include "models/failure/timeline.hpp"
#include "models/world/options.hpp"
#include "sim/base/result.hpp"

namespace nines::analysis {

// One failure mode on one element: up and down in turn, independent of everything else. With independent repair only means matter for what a
// set of such atoms is doing at a random instant (the insensitivity of alternating renewal processes), whatever the laws. An element whose faults
// may grow to the whole of what encloses it is two atoms: the whole's, and its own for as long as the whole is spared. Their probabilities and
// frequencies together are those of the one process with three states.
struct Atom {
  enum class Effect : std::uint8_t {
    stops,  // Every broker inside the element is down.
    cuts,   // Nothing passes between the element and the outside, or between the two of a pair.
  };
  std::uint16_t mode = 0;  // Into world::Options::modes.
  failure::Element element;
  Effect effect = Effect::stops;
  double unavailability = 0;  // Share of time down: mean down / (mean up + mean down).
  double per_s = 0;           // How often it fails, per second of calendar time: 1 / (mean up + mean down).
  double share = 1;           // Of the mode's faults at the element: those that stay with it, or those that grow.
  bool grown = false;         // These are those that grow.
};

// Where a broker stands. Indices as in world::Options; -1: in no rack.
struct BrokerPlace {
  std::uint32_t node = 0, zone = 0, region = 0;
  std::int32_t rack = -1;
  std::uint32_t pool_zone = 0;  // As in failure::Site.
};

struct ModelCluster {
  std::string name;
  std::vector<std::uint32_t> brokers;                  // Ascending: those that hold something of it.
  std::vector<std::vector<std::uint32_t>> partitions;  // Per partition the brokers of its voters.
};

struct Model {
  std::vector<Atom> atoms;  // In the order of the modes, then of failure::Timeline's elements.
  std::vector<BrokerPlace> brokers;
  std::vector<std::uint32_t> zone_region;
  std::uint32_t nodes = 0, racks = 0, regions = 0;
  std::vector<ModelCluster> clusters;
  std::vector<std::string> modes;     // Names, as in world::Options.
  std::vector<std::string> left_out;  // Modes that cannot cost a quorum: pauses, slow and lossy links, disks.
};

// Fails with the first reason why independent atoms cannot express it: scripted faults, a trace, repairs that wait.
Result<void> expressible(const world::Options& options);
// Fails as expressible() does.
Result<Model> model_of(const world::Options& options);
// What of a mode decides how its atoms behave.
struct ModeMeans {
  double up_s = 0, down_s = 0;
  double grows = 0;  // The share of its faults that do.
};
ModeMeans means_of(const failure::Mode& mode);
// How an atom of this model behaves where modes have other means than those it was made of: unavailability and per_s.
struct AtomLaw {
  double unavailability = 0, per_s = 0;
};
void atom_laws(const Model& model, const std::vector<ModeMeans>& modes, std::vector<AtomLaw>& laws);  // One per atom.

// Which partitions have no quorum while some atoms are down: the structure function of the model, atom by atom. A value; copies are independent.
class Watch {
 public:
  explicit Watch(const Model& model);  // The model must outlive it. Everything is up.

  void set(std::uint32_t atom, bool down);
  bool down(std::uint32_t atom) const { return down_[atom]; }

  bool lost(std::size_t cluster, std::size_t partition) const { return partition_lost_[cluster][partition]; }
  std::size_t lost_of(std::size_t cluster) const { return lost_[cluster]; }  // Partitions without a quorum.
  bool any_lost() const;

 private:
  bool stopped(std::uint32_t broker) const { return stops_[broker] > 0; }
  bool connected(std::uint32_t a, std::uint32_t b) const;  // Both ways; every cut of the model is one both ways.
  bool has_quorum(const std::vector<std::uint32_t>& voters) const;
  void review(const std::vector<std::uint32_t>& brokers);

  const Model* model_;
  std::vector<bool> down_;
  std::vector<std::uint16_t> stops_;                                // Per broker: atoms that stop it.
  std::vector<std::uint16_t> broker_cuts_, node_cuts_, rack_cuts_;  // Per element.
  std::vector<std::uint16_t> zone_cuts_;                            // zones * zones.
  std::size_t cuts_ = 0;
  struct PartitionAt {
    std::uint32_t cluster, partition;
  };
  std::vector<std::vector<PartitionAt>> of_broker_;
  std::vector<std::vector<bool>> partition_lost_;
  std::vector<std::size_t> lost_;
};

// Is the broker inside an element of one place (of a pair: of that half of it)?
bool is_inside(const Model& model, std::uint32_t broker, failure::Scope scope, std::uint32_t index);
// The brokers inside an element of one place (of a pair: of its first).
std::vector<std::uint32_t> brokers_inside(const Model& model, failure::Scope scope, std::uint32_t index);

}  // namespace nines::analysis
