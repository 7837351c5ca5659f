// The part of an explanation that is about load: what is carried in which state, what larger or more machines would carry, how long a stuck exporter
// is borne.
#pragma once

#include <cstddef>
#include <string>

#include "models/world/options.hpp"
#include "scenarios/run/sheets.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

// `of`: what stands behind the sheets' keys, ".orders" where there are several clusters.
void add_load(const Scenario& scenario, const world::Options& world, std::size_t cluster, const std::string& of, Book& book);

}  // namespace nines::scenarios
