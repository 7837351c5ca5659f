// libFuzzer target: no text makes the reader crash, hang or forget what it promises. A byte 1, which no scenario may hold, parts the text from
// settings of the command line, one a line.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/schema/scenario.hpp"
#include "sim/base/check.hpp"
#include "tests/fuzz/catalogs.hpp"

namespace {

using namespace nines::scenarios;

std::vector<Setting> settings_of(std::string_view text) {
  std::vector<Setting> settings;
  while (!text.empty() && settings.size() < 8) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos) settings.push_back({std::string(line.substr(0, equals)), std::string(line.substr(equals + 1))});
  }
  return settings;
}

// What everybody behind the reader relies on.
void check(const Scenario& scenario) {
  SIM_CHECK(!scenario.clusters.empty(), "a scenario has a cluster");
  int brokers = 0, partitions = 0;
  for (const auto& cluster : scenario.clusters) {
    brokers += cluster.brokers;
    partitions += cluster.partitions;
    SIM_CHECK(cluster.replication >= 1 && cluster.replication <= cluster.brokers, "a partition's replicas have brokers");
    SIM_CHECK(cluster.partitions >= 1, "a cluster has a partition");
    SIM_CHECK(cluster.profile.heartbeat < cluster.profile.election_timeout, "a leader can live");
    SIM_CHECK(cluster.placement != Placement::fixed || cluster.fixed.size() == static_cast<std::size_t>(cluster.partitions),
              "every partition is placed");
    SIM_CHECK(!cluster.pools.empty(), "a cluster stands somewhere");
  }
  SIM_CHECK(brokers <= 2000 && partitions <= 20'000, "the limits hold");
  for (const auto& pool : scenario.topology.pools) SIM_CHECK(pool.nodes >= 1 && !pool.zones.empty(), "a pool has nodes that stand somewhere");
  for (const auto& mode : scenario.faults) SIM_CHECK(mode.up_time.mean_s() > 0 && mode.duration.mean_s() >= 0, "a mode has a rate");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Catalogs catalogs = load_catalogs();
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = input.find('\x01');
  const std::string_view text = input.substr(0, cut);
  const auto settings = cut == std::string_view::npos ? std::vector<Setting>{} : settings_of(input.substr(cut + 1));
  const auto scenario = read_scenario(text, "fuzzed.yaml", catalogs, settings);
  if (!scenario) {
    SIM_CHECK(!scenario.error().empty(), "a refusal gives a reason");
    for (const auto& error : scenario.error())
      SIM_CHECK(!error.what.empty() && error.place.line >= 0 && error.place.column >= 0, "a reason has words and a place");
    render(scenario.error(), text);
    return 0;
  }
  check(*scenario);
  render(scenario->warnings, text, "warning");
  return 0;
}
