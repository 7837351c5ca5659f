// Which of the chart's other components run, and in how many replicas.
#pragma once

#include "scenarios/import/deployment.hpp"

namespace nines::scenarios {

void read_helm_components(Asked& asked, const ChartDefaults& chart, const std::string& version, Deployment& deployment);

}  // namespace nines::scenarios
