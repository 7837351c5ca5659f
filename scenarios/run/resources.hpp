// The library of scenarios and the catalogues, as the build embedded them: `nines` answers from anywhere, without its source tree.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/schema/scenario.hpp"
#include "sim/base/result.hpp"

namespace nines::scenarios {

struct Resource {
  std::string_view path;  // "library/camunda-three-zones.yaml", "catalog/profiles/zeebe-8.9.yaml"; sorted.
  std::string_view text;
};

const std::vector<Resource>& resources();  // Written by embed.cmake.

// Files below one folder of the above, their names relative to it: "profiles/zeebe-8.9.yaml".
std::vector<SourceFile> embedded_files(std::string_view folder);

// The library's file of this name, a scenario or a sweep, with or without ".yaml".
std::optional<SourceFile> library_file(std::string_view name);
std::vector<std::string> library_names();  // Of the scenarios.
std::vector<std::string> sweep_names();

}  // namespace nines::scenarios
