#include "tests/scenarios/schema/files.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace nines::scenarios {

namespace fs = std::filesystem;

fs::path source_tree() { return NINES_SOURCE_DIR; }

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

const Catalogs& catalogs() {
  static const Catalogs all = [] {
    const fs::path root = source_tree() / "scenarios/catalog";
    std::vector<SourceFile> files;
    for (const auto& entry : fs::recursive_directory_iterator(root))
      if (entry.path().extension() == ".yaml") files.push_back({fs::relative(entry.path(), root).string(), text_of(entry.path())});
    std::sort(files.begin(), files.end(), [](const SourceFile& a, const SourceFile& b) { return a.name < b.name; });
    auto read = read_catalogs(files);
    if (!read) {
      std::fputs(render(read.error(), "").c_str(), stderr);
      std::abort();
    }
    return *read;
  }();
  return all;
}

std::string three_zones(const std::string& more) {
  return "apiVersion: nines/v1\n"
         "kind: Scenario\n"
         "metadata: {name: three-zones}\n"
         "topology:\n"
         "  regions: [{name: us-east-1, zones: [a, b, c]}]\n"
         "  nodePools: {brokers: {zones: us-east-1/*, nodes: 3}}\n"
         "cluster:\n"
         "  profile: zeebe-8.9\n"
         "  brokers: 3\n"
         "  partitions: 3\n"
         "  replication: 3\n"
         "  load: {appends: 10/s, size: 1KiB}\n" +
         more;
}

std::string lines(const Errors& errors) {
  std::string out;
  for (const auto& error : errors) out += std::to_string(error.place.line) + ':' + std::to_string(error.place.column) + ": " + error.what + '\n';
  return out;
}

}  // namespace nines::scenarios
