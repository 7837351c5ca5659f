// A scenario of the library, with settings laid over it.
#pragma once

#include <string>
#include <vector>

#include "scenarios/run/resources.hpp"

namespace nines::scenarios {

inline Scenario library(const std::string& name, const std::vector<Setting>& settings = {}) {
  const auto catalogs = read_catalogs(embedded_files("catalog"));
  const auto file = library_file(name);
  return *read_scenario(file->text, file->name, *catalogs, settings);
}

}  // namespace nines::scenarios
