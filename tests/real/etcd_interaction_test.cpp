// etcd-io/raft's interaction files played on the Raft core: elections, pre-votes, check-quorum, probing and replication (figure 7 of the Raft
// paper), windows, snapshots, and changes of the configuration, directive by directive.
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "tests/real/etcd_core_node.hpp"
#include "tests/real/etcd_player.hpp"
#include "tests/real/peer_data.hpp"

namespace nines::real {
namespace {

TEST(EtcdInteraction, TheCoreDoesWhatEtcdDoes) {
  const auto folder = peer_data("etcd-raft/testdata");
  if (!folder) GTEST_SKIP() << "NINES_PEER_DATA names no folder with etcd-raft/testdata";
  int files = 0, directives = 0, agreeing = 0, lines = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    const Outcome outcome = play_file(read_directives(entry.path()), make_core_node);
    for (const std::string& difference : outcome.differences) ADD_FAILURE() << difference;
    ++files;
    directives += outcome.directives;
    agreeing += outcome.agreeing;
    lines += outcome.lines;
  }
  EXPECT_EQ(files, 10);
  EXPECT_EQ(directives, 199);
  EXPECT_EQ(agreeing, 199);
  EXPECT_EQ(lines, 1052);
}

}  // namespace
}  // namespace nines::real
