// etcd-io/raft's own data-driven tests of configuration changes, asked of ours and compared byte by byte. Beside the configuration it prints
// what a leader knows of each member; all that a change does to it is to begin or to forget it, and that is kept here.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/quorum/change.hpp"
#include "tests/real/data_driven.hpp"
#include "tests/real/etcd_names.hpp"
#include "tests/real/peer_data.hpp"
#include "tests/reference/trust.hpp"

namespace nines::real {
namespace etcd_confchange_test {

const std::string folder = "etcd-raft/confchange/testdata";

struct Group {
  quorum::Configuration configuration;
  std::map<int, int> next;  // By member: where the leader would begin to send.
  int last_index = 0;       // Grows by one with every command.

  void become(const quorum::Configuration& now) {
    for (int member = 0; member < quorum::max_members; ++member) {
      if (!quorum::contains(now.members(), member)) next.erase(member);
      if (quorum::contains(now.members(), member)) next.emplace(member, std::max(last_index, 1));
    }
    configuration = now;
  }

  std::vector<std::string> lines() const {
    std::vector<std::string> all{configuration_text(configuration)};
    for (const auto& [member, at] : next) {
      const bool learner = quorum::contains(configuration.learners, member);
      all.push_back(std::to_string(member + 1) + ": StateProbe match=0 next=" + std::to_string(at) + (learner ? " learner" : ""));
    }
    return all;
  }
};

std::vector<std::string> answer(Group& group, const Directive& directive) {
  const std::vector<quorum::Change> changes = changes_named(directive.input);
  quorum::Changed changed;
  if (directive.command == "simple") {
    changed = quorum::simple_change(group.configuration, changes);
  } else if (directive.command == "enter-joint") {
    changed = quorum::enter_joint(group.configuration, directive.value("autoleave") == "true", changes);
  } else if (directive.command == "leave-joint") {
    changed = quorum::leave_joint(group.configuration);
  } else {
    return {"unknown command"};
  }
  EXPECT_TRUE(quorum::consistent(changed.configuration)) << directive.place();
  if (changed.granted()) group.become(changed.configuration);
  ++group.last_index;
  if (!changed.granted()) return {std::string(quorum::text(changed.refusal))};
  return group.lines();
}

TEST(EtcdConfChange, EveryChangeHasEtcdsOutcome) {
  const auto root = peer_data(folder);
  const reference::Known known{"Changes of the configuration, byte by byte", "etcd-io/raft, `confchange/testdata`"};
  if (!root) record_trust_unmeasured(known);
  if (!root) GTEST_SKIP() << "NINES_PEER_DATA names no folder with " << folder;
  int agreeing = 0, files = 0, cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*root)) {
    Group group;
    ++files;
    for (const Directive& directive : read_directives(entry.path())) {
      const std::vector<std::string> ours = answer(group, directive);
      EXPECT_EQ(ours, directive.expected) << directive.place();
      ++cases;
      agreeing += ours == directive.expected ? 1 : 0;
    }
  }
  EXPECT_EQ(files, 9);
  EXPECT_EQ(agreeing, 58);
  record_trust(known, reference::counted(static_cast<std::size_t>(cases), "changes"), cases - agreeing);
}

// The comparison above can fail: the same commands with another answer do not agree.
TEST(EtcdConfChange, AnotherAnswerIsNoticed) {
  Group group;
  Directive directive = read_command("simple");
  directive.input = {"v1 l2"};
  EXPECT_EQ(answer(group, directive),
            (std::vector<std::string>{"voters=(1) learners=(2)", "1: StateProbe match=0 next=1", "2: StateProbe match=0 next=1 learner"}));
  directive.input = {"v3 v4"};
  EXPECT_NE(answer(group, directive), (std::vector<std::string>{"voters=(1 3 4) learners=(2)"}));
}

}  // namespace etcd_confchange_test
}  // namespace nines::real
