// What brokers were started with, from pods, statefulsets and configurations: numbers of the cluster, resources, disks; and who runs beside them.
#pragma once

#include "scenarios/import/deployment.hpp"
#include "scenarios/import/helm.hpp"
#include "scenarios/import/lists.hpp"

namespace nines::scenarios {

// Version, brokers (where anything says how many), partitions, replication, CPU.
Result<void> read_broker_settings(const Lists& lists, const ImportSettings& settings, const Catalogs& catalogs, Deployment& deployment);

// Disks and components, once it is known where the brokers stand.
void finish_broker_settings(const Lists& lists, const Catalogs& catalogs, Deployment& deployment);

}  // namespace nines::scenarios
