// `nines import helm`: files of values over the defaults of Camunda's chart, as a deployment.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/import/deployment.hpp"
#include "scenarios/schema/scenario.hpp"
#include "sim/base/result.hpp"

namespace nines::scenarios {

// What files do not say, from the command line; empty: assumed, and said so.
struct ImportSettings {
  std::string chart_version{};         // "8.9"
  std::optional<int> zones{};          // Of each region.
  std::optional<int> nodes{};          // That brokers may stand on, in all.
  std::string machine{};               // "m6i.xlarge"
  std::vector<std::string> regions{};  // Names.
};
inline constexpr int most_zones_of_a_region = 26;

// "8.5", "8.6", ...: of the charts in the catalogue.
std::vector<std::string> chart_versions(const Catalogs& catalogs);
inline constexpr std::size_t longest_place_name = 48;  // A scenario writes REGION/ZONE, and takes names of up to 100 bytes.
bool is_place_name(std::string_view name);             // As a scenario's regions and zones may be called.

// Later files win, as with helm.
Result<Deployment> read_helm(const std::vector<SourceFile>& files, const ImportSettings& settings, const Catalogs& catalogs);

// Which catalogue has prices for these machines, and what its usual disk is; for both imports.
void choose_catalogs(const Catalogs& catalogs, Deployment& deployment, const std::string& storage_class, const std::string& storage_how);

}  // namespace nines::scenarios
