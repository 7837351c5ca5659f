#include <algorithm>

#include "scenarios/import/helm.hpp"

namespace nines::scenarios {
namespace {

// By what a storage class is called; empty: its name tells nothing.
std::string disk_of(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  struct Sign {
    const char* part;
    const char* disk;
  };
  // premium-rwo, standard-rwo: Google's classes; managed-csi-premium: Azure's.
  static constexpr Sign signs[] = {{"gp3", "gp3"},
                                   {"gp2", "gp2"},
                                   {"io2", "io2"},
                                   {"io1", "io2"},
                                   {"premium-rwo", "pd-ssd"},
                                   {"pd-ssd", "pd-ssd"},
                                   {"ssd-rwo", "pd-ssd"},
                                   {"premium", "premium-ssd"},
                                   {"nvme", "local-nvme"},
                                   {"local", "local-nvme"},
                                   {"hdd", "hdd"}};
  for (const Sign& sign : signs)
    if (name.find(sign.part) != std::string::npos) return sign.disk;
  return {};
}

}  // namespace

void choose_catalogs(const Catalogs& catalogs, Deployment& deployment, const std::string& storage_class, const std::string& storage_how) {
  const std::string machine = deployment.pools.front().type.value, region = deployment.regions.front().name;
  deployment.prices = {"none", "assumed: no catalogue has prices of " + (machine.empty() ? "unnamed machines" : machine) + " in " + region};
  for (const auto& book : catalogs.prices)
    if (!machine.empty() && cost::find_machine(*book, machine, region, cost::Purchase::on_demand) != nullptr) {
      deployment.prices = {book->name, "assumed: it has prices of " + machine + " in " + region};
      break;
    }
  if (deployment.disk_bytes.how.empty()) deployment.disk_bytes = {0x1p35, "assumed: the chart's 32Gi"};
  if (deployment.loses_disk.value) {
    deployment.disk_type = {"local-nvme", deployment.loses_disk.how + ": the node's own disk"};
    return;
  }
  if (const std::string disk = disk_of(storage_class); !disk.empty()) {
    deployment.disk_type = {disk, storage_how + ": " + harmless(storage_class)};
    return;
  }
  const std::string usual = deployment.prices.value == "azure" ? "premium-ssd" : deployment.prices.value == "gcp" ? "pd-ssd" : "gp3";
  deployment.disk_type = {usual, storage_class.empty()
                                     ? "assumed: the provider's usual disk; no storage class is named"
                                     : "assumed: what the storage class '" + harmless(storage_class) + "' is, its name does not tell"};
}

}  // namespace nines::scenarios
