// Identifiers that cannot be mixed up: a NodeId is never a ZoneId.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace nines {

// A dense index from 0 into the list of the things that Tag names.
template <class Tag>
struct Id {
  std::uint32_t value = none_value;

  constexpr Id() = default;
  constexpr explicit Id(std::size_t index) : value(static_cast<std::uint32_t>(index)) {}

  static constexpr std::uint32_t none_value = 0xffff'ffffu;
  constexpr bool exists() const { return value != none_value; }
  constexpr std::size_t index() const { return value; }
  constexpr auto operator<=>(const Id&) const = default;
};

using RegionId = Id<struct RegionTag>;
using ZoneId = Id<struct ZoneTag>;
using RackId = Id<struct RackTag>;
using NodeId = Id<struct NodeTag>;
using BrokerId = Id<struct BrokerTag>;
using PartitionId = Id<struct PartitionTag>;

}  // namespace nines
