// A design space: the scenario of a sweep with every combination of its axes laid over it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/schema/scenario.hpp"
#include "sim/base/result.hpp"

namespace nines::scenarios {

// One dimension of the result. Repeats, where there are several, are the last one, called "repeat".
struct Dimension {
  std::string name;                 // The axis's path, or the name of a zipped axis.
  std::string unit;                 // Of `numbers`, as CF has it: "1", "s"; empty for texts.
  std::vector<std::string> labels;  // As written; by value of the axis.
  std::vector<double> numbers;      // The same as numbers in `unit`; empty where some value is not a number.
  // Zipped axes: what else varies along it. No further levels.
  std::vector<Dimension> also{};
};

// A recorded history that the scenario replays.
struct TraceFile {
  std::string csv;
  std::string file;  // In messages.
};

// What a space is made of.
struct SpaceSource {
  std::string text;  // The sweep's own scenario, or the one a stand-alone sweep names.
  std::string file;
  Sweep sweep;
  std::vector<Setting> settings{};  // Under those of the axes.
  std::optional<TraceFile> trace{};
};

class Space {
 public:
  // Every value of every axis is tried, so that a wrong one shows here, with its place, before hours of work: alone, and at up to 64 points, one of which
  // must be possible or left out by `where`. `catalogs` outlives the space.
  static Result<Space> of(SpaceSource source, const Catalogs& catalogs);

  const std::vector<Dimension>& dimensions() const;
  std::vector<std::size_t> shape() const;  // As many as there are dimensions; the last varies fastest.
  std::uint64_t points() const;            // The product of the shape, at most most_points.
  static constexpr std::uint64_t most_points = 100'000'000;

  std::vector<std::size_t> coordinates(std::uint64_t point) const;  // By dimension.
  std::vector<Setting> settings(std::uint64_t point) const;  // What gives this point to `nines run` as --set, the seed of its repeat among them.
  std::string label(std::uint64_t point) const;              // "cluster.replication=3, cluster.brokers=5"

  // Read, checked and resolved as a file of its own would be, on any thread, but for its explanations and warnings. Nothing: `where` leaves it out.
  // Errors name the axis values that meet.
  Result<std::optional<Scenario>> scenario(std::uint64_t point) const;

 private:
  struct Parts;
  explicit Space(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}
  Result<void> try_values() const;
  Result<std::optional<Scenario>> without_trace(std::uint64_t point) const;  // Which takes as long as it is.
  Errors at(std::uint64_t point, Errors errors) const;                       // With the values that meet there.

  std::shared_ptr<const Parts> parts_;  // Shared by copies; nothing changes once it is made.
};

}  // namespace nines::scenarios
