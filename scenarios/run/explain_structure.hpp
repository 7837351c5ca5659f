// The parts of an explanation that are about places: minimal cut sets, importance, what survives which loss, blast radius.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "analysis/why/cut_sets.hpp"
#include "models/world/options.hpp"
#include "scenarios/run/sheets.hpp"

namespace nines::scenarios {

enum class Numbers : std::uint8_t { with, without };  // Probabilities, where independence allows them.

// `of`: what stands behind the sheets' keys, ".orders" where there are several clusters.
void add_structure(const world::Options& options, const analysis::Model& model, std::size_t cluster, const analysis::CutSets& cuts, Numbers numbers,
                   const std::string& of, Book& book);
void add_survival(const world::Options& options, std::size_t cluster, const std::string& of, Book& book);

}  // namespace nines::scenarios
