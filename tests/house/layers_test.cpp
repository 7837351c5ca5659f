#include "tests/house/layers.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace nines::house {
namespace layers_test {

const Tree& ours() {
  static const Tree tree = read_tree(NINES_SOURCE_DIR);
  return tree;
}

// What the rules say about our tree when `path` holds `text` too; the findings that are there anyway left out.
Findings planted(const std::string& path, const std::string& text) {
  const Findings before = layer_findings(ours());
  Tree tree = ours();
  tree[path] = text;
  Findings after = layer_findings(tree);
  std::erase_if(after, [&](const Finding& f) { return std::find(before.begin(), before.end(), f) != before.end(); });
  return after;
}

TEST(Layers, AnIncludePointsToTheSameFolderOrDownwards) {
  ASSERT_GT(ours().size(), 20u);
  EXPECT_EQ(listed(layer_findings(ours())), "");
}

TEST(Layers, AnUpwardIncludeIsFound) {
  const Findings found = planted("sim/kernel/planted.cpp", "#include \"sim/base/time.hpp\"\n#include \"models/raft/profile.hpp\"\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].path, "sim/kernel/planted.cpp");
  EXPECT_EQ(found[0].line, 2);
  EXPECT_EQ(found[0].what, "includes upwards: models/raft stands above sim/kernel");
}

TEST(Layers, AnUpwardIncludeIsFoundOnDisk) {
  namespace fs = std::filesystem;
  const fs::path root = fs::path(testing::TempDir()) / "nines_planted_include";
  fs::remove_all(root);
  fs::create_directories(root / "sim/base");
  fs::create_directories(root / "build/sim/base");
  std::ofstream(root / "sim/base/planted.hpp") << "#pragma once\n#include \"analysis/stats/interval.hpp\"\n";
  std::ofstream(root / "build/sim/base/left_behind.hpp") << "#include \"analysis/stats/interval.hpp\"\n";
  const Findings found = layer_findings(read_tree(root));
  fs::remove_all(root);
  EXPECT_EQ(listed(found), "sim/base/planted.hpp:2: includes upwards: analysis/stats stands above sim/base\n");
}

TEST(Layers, FoldersOfOneRowDoNotSeeEachOther) {
  EXPECT_EQ(planted("models/raft/planted.cpp", "#include \"models/failure/mode.hpp\"\n").size(), 1u);
  EXPECT_EQ(planted("models/failure/planted.cpp", "#include \"models/raft/profile.hpp\"\n").size(), 1u);
  EXPECT_EQ(planted("models/world/planted.cpp", "#include \"models/raft/profile.hpp\"\n#include \"models/failure/mode.hpp\"\n").size(), 0u);
}

TEST(Layers, AnIncludeStartsAtTheRoot) {
  EXPECT_EQ(planted("models/raft/planted.cpp", "#include \"profile.hpp\"\n").size(), 1u);
  EXPECT_EQ(planted("models/raft/planted.cpp", "#include \"../failure/mode.hpp\"\n").size(), 1u);
}

TEST(Layers, NobodyIncludesATestOrABenchmark) {
  EXPECT_EQ(planted("scenarios/cli/planted.cpp", "#include \"tests/house/tree.hpp\"\n").size(), 1u);
  EXPECT_EQ(planted("scenarios/cli/planted.cpp", "#include \"bench/peers/heap.hpp\"\n").size(), 1u);
}

TEST(Layers, ANewFolderNeedsAPlaceInTheOrder) {
  EXPECT_EQ(planted("models/planted/new.cpp", "").size(), 1u);
  EXPECT_EQ(planted("models/planted.cpp", "").size(), 1u);
}

TEST(Layers, ALibraryShowsOnlyInItsLayer) {
  EXPECT_EQ(planted("sim/kernel/planted.cpp", "#include <boost/graph/adjacency_list.hpp>\n").size(), 1u);
  EXPECT_EQ(planted("models/topology/planted.cpp", "#include <boost/graph/adjacency_list.hpp>\n").size(), 0u);
  EXPECT_EQ(planted("analysis/stats/planted.cpp", "#include <yaml-cpp/yaml.h>\n").size(), 1u);
  EXPECT_EQ(planted("models/world/planted.cpp", "#include <Eigen/Dense>\n").size(), 1u);
  EXPECT_EQ(planted("scenarios/run/planted.cpp", "#include <unistd.h>\n#include <sys/stat.h>\n").size(), 0u);
  EXPECT_EQ(planted("scenarios/run/planted.cpp", "#include <curl/curl.h>\n#include <boost/filesystem.hpp>\n").size(), 2u);
  EXPECT_EQ(planted("models/world/planted.cpp", "#include <unistd.h>\n").size(), 1u);
  EXPECT_EQ(planted("analysis/stats/planted.cpp", "#include <thread>\n#include <random>\n#include <iostream>\n").size(), 3u);
}

TEST(Layers, AHeaderOfOursIncludesNoHeavyHeader) {
  EXPECT_EQ(planted("scenarios/schema/planted.hpp", "#include <yaml-cpp/yaml.h>\n").size(), 1u);
  EXPECT_EQ(planted("scenarios/schema/planted.cpp", "#include <yaml-cpp/yaml.h>\n").size(), 0u);
  EXPECT_EQ(planted("sim/base/planted.hpp", "#include <tl/expected.hpp>\n").size(), 1u);
}

TEST(Layers, ACommentedIncludeIsNoInclude) {
  EXPECT_EQ(planted("sim/base/planted.cpp", "// #include \"models/raft/profile.hpp\"\n/*\n#include \"models/raft/profile.hpp\"\n*/\n").size(), 0u);
}

}  // namespace layers_test
}  // namespace nines::house
