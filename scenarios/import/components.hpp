// The part of a scenario that is about what runs beside the brokers.
#pragma once

#include <vector>

#include "scenarios/import/deployment.hpp"
#include "scenarios/import/page.hpp"

namespace nines::scenarios {

void write_components(const std::vector<ImportedComponent>& components, Page& page);

}  // namespace nines::scenarios
