// Where things lie: nothing strays on the top level, every folder says what it is for, a test stands where its subject stands.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "tests/house/tree.hpp"

namespace nines::house {
namespace folders_test {

const std::set<std::string> folders = {"sim", "models", "scenarios", "analysis", "bench", "tests"};
const std::set<std::string> files = {"CMakeLists.txt", "CMakePresets.json", "README.md", "LICENSE"};

Findings stray(const Tree& tree) {
  Findings findings;
  for (const auto& [path, text] : tree) {
    const std::size_t slash = path.find('/');
    const std::string top = path.substr(0, slash);
    if (top.starts_with(".")) continue;
    if (!(slash == std::string::npos ? files : folders).contains(top)) findings.push_back({path, 1, "does not belong on the top level"});
  }
  return findings;
}

// Folders of the first and second level; the mirror of the tree below tests/ is explained once, in tests/README.md.
Findings without_readme(const Tree& tree) {
  std::set<std::string> wanted;
  for (const auto& [path, text] : tree) {
    if (path.starts_with(".")) continue;
    const std::size_t first = path.find('/');
    if (first == std::string::npos) continue;
    wanted.insert(path.substr(0, first));
    const std::size_t second = path.find('/', first + 1);
    if (second == std::string::npos) continue;
    const std::string folder = path.substr(0, second);
    if (!(is_below(folder, "tests") && folders.contains(folder.substr(6)))) wanted.insert(folder);
  }
  Findings findings;
  for (const std::string& folder : wanted) {
    if (!tree.contains(folder + "/README.md")) findings.push_back({folder, 0, "a folder without README.md"});
  }
  return findings;
}

// tests/models/raft/*_test.cpp speaks of models/raft, so that folder exists.
Findings without_subject(const Tree& tree) {
  std::set<std::string> layers;
  for (const auto& [path, text] : tree) {
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) layers.insert(path.substr(0, slash));
  }
  Findings findings;
  for (const auto& [path, text] : tree) {
    if (!is_below(path, "tests") || !path.ends_with("_test.cpp")) continue;
    const std::string mirrored = path.substr(6);
    if (!folders.contains(mirrored.substr(0, mirrored.find('/')))) continue;
    const std::string subject = mirrored.substr(0, mirrored.rfind('/'));
    if (!layers.contains(subject)) findings.push_back({path, 1, "tests a folder that does not exist: " + subject});
  }
  return findings;
}

const Tree& ours() {
  static const Tree tree = read_tree(NINES_SOURCE_DIR);
  return tree;
}

TEST(Folders, TheTopLevelHoldsNothingElse) {
  EXPECT_EQ(listed(stray(ours())), "");
  Tree tree = ours();
  tree["planted.txt"] = "";
  tree["planted/a.cpp"] = "";
  tree[".planted"] = "";
  EXPECT_EQ(stray(tree).size(), stray(ours()).size() + 2);
}

TEST(Folders, EveryFolderSaysWhatItIsFor) {
  EXPECT_EQ(listed(without_readme(ours())), "");
  Tree tree = ours();
  tree["models/planted/a.cpp"] = "";
  EXPECT_EQ(without_readme(tree).size(), without_readme(ours()).size() + 1);
}

TEST(Folders, ATestStandsWhereItsSubjectStands) {
  EXPECT_EQ(listed(without_subject(ours())), "");
  Tree tree = ours();
  tree["tests/models/planted/a_test.cpp"] = "";
  EXPECT_EQ(without_subject(tree).size(), without_subject(ours()).size() + 1);
}

}  // namespace folders_test
}  // namespace nines::house
