// `nines import kubectl`: what kubectl prints of nodes, pods and statefulsets, as a deployment: the cluster as it runs now.
#pragma once

#include <vector>

#include "scenarios/import/deployment.hpp"
#include "scenarios/import/helm.hpp"

namespace nines::scenarios {

// Lists of `kubectl get ... -o json` in any order, one kind or several in each: Node, Pod, StatefulSet, ConfigMap; others are passed over.
Result<Deployment> read_kubectl(const std::vector<SourceFile>& files, const ImportSettings& settings, const Catalogs& catalogs);

}  // namespace nines::scenarios
