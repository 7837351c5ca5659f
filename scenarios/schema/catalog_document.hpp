// What the files of every kind of catalogue begin with.
#pragma once

#include <string>
#include <vector>

#include "scenarios/schema/decode.hpp"

namespace nines::scenarios {

struct CatalogVersion {
  static constexpr const char* text = "nines/v1";
};

struct CatalogMetadata {
  Written<std::string> name, description;
  std::vector<Written<std::string>> aliases;
};
template <>
struct Table<CatalogMetadata> {
  static const char* name();
  static const std::vector<Field<CatalogMetadata>>& fields();
};

}  // namespace nines::scenarios
