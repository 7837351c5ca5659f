// The catalogues of the source tree, for fuzzers; they abort where one is broken.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

inline Catalogs load_catalogs() {
  namespace fs = std::filesystem;
  std::vector<SourceFile> files;
  const fs::path root = fs::path(NINES_SOURCE_DIR) / "scenarios/catalog";
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".yaml") continue;
    std::ifstream in(entry.path());
    std::stringstream text;
    text << in.rdbuf();
    files.push_back({fs::relative(entry.path(), root).string(), text.str()});
  }
  auto catalogs = read_catalogs(files);
  if (!catalogs) {
    std::fputs(render(catalogs.error(), "").c_str(), stderr);
    std::abort();
  }
  return *catalogs;
}

}  // namespace nines::scenarios
