// The reader and the player of etcd's interaction files, tried on a node that knows no Raft: what it does is written here, so that what the
// player makes of it is known, and a wrong line must be found.
#include "tests/real/etcd_player.hpp"

#include <sstream>

#include <gtest/gtest.h>

#include "tests/real/etcd_trace.hpp"
#include "tests/real/peer_data.hpp"

namespace nines::real {
namespace etcd_player_test {

// It leads as soon as its campaign is durable, sends every entry to everybody, commits what is durable, and answers whatever comes.
class Simpleton : public Node {
 public:
  explicit Simpleton(const NodeOptions& options, std::vector<raft::Index>* changes = nullptr) : options_(options), changes_(changes) {
    log_.start = {options.index, options.index > 0 ? raft::Term{1} : raft::Term{0}, options.configuration};
    state_.commit = options.index;
  }

  void step(const Message& message) override {
    if (message.kind == "MsgApp") send(message.from, "MsgAppResp", message.index + message.entries.size());
    if (message.kind != "MsgSnap") return;
    log_ = {*message.snapshot, {}};
    send(message.from, "MsgAppResp", log_.start.index);
  }
  void tick() override { to_others("MsgHeartbeat", 0); }
  void campaign() override {
    state_ = {"StateCandidate", 0, state_.term + 1, options_.id, state_.commit};
    elected_ = true;
  }
  std::optional<Entry> propose() override {
    if (state_.role != "StateLeader") return std::nullopt;
    return append(false);
  }
  std::optional<Entry> propose_change(const quorum::ChangeRequest&) override { return append(true); }
  void report_unreachable(int id) override { send(id, "MsgSnap", 0); }
  void compact(raft::Index index) override {
    std::erase_if(log_.entries, [&](const Entry& entry) { return entry.index <= index; });
    log_.start.index = index;
  }
  std::vector<Message> take_messages() override { return std::exchange(messages_, {}); }
  void apply(const Entry& entry) override {
    if (changes_ != nullptr) changes_->push_back(entry.index);
  }
  void durable() override {
    if (std::exchange(elected_, false)) {
      state_.role = "StateLeader";
      state_.lead = options_.id;
      append(false);
    } else if (!log_.entries.empty()) {
      state_.commit = log_.entries.back().index;
    }
  }
  void applied(raft::Index) override {}
  NodeState state() const override { return state_; }
  NodeLog log() const override { return log_; }
  quorum::Configuration configuration() const override { return options_.configuration; }
  std::vector<ProgressLine> progress() const override {
    return {{.id = 1, .state = "StateProbe", .match = 3, .next = 4, .paused = true, .in_flight = 2, .full = true}};
  }

 private:
  Entry append(bool configuration) {
    const raft::Index before = log_.entries.empty() ? log_.start.index : log_.entries.back().index;
    log_.entries.push_back({state_.term, before + 1, configuration});
    to_others("MsgApp", before);
    return log_.entries.back();
  }
  void to_others(const std::string& kind, raft::Index index) {
    for (int id = quorum::max_members; id >= 1; --id)
      if (id != options_.id && quorum::contains(options_.configuration.members(), id - 1)) send(id, kind, index);
  }
  void send(int to, const std::string& kind, raft::Index index) {
    Message m{.kind = kind, .from = options_.id, .to = to, .term = state_.term, .index = index};
    if (kind == "MsgApp") m.entries = {log_.entries.back()};
    if (kind == "MsgSnap") m.snapshot = Snapshot{state_.commit, state_.term, options_.configuration};
    messages_.push_back(m);
  }

  NodeOptions options_;
  std::vector<raft::Index>* changes_;  // Where it notes the changes that took effect.
  NodeState state_;
  NodeLog log_;
  std::vector<Message> messages_;
  bool elected_ = false;
};

std::vector<Directive> trace(const std::string& text) {
  std::istringstream in(text);
  return read_directives(in, "trace.txt");
}

Outcome play(const std::string& text) {
  return play_file(trace(text), [](const NodeOptions& options) { return std::make_unique<Simpleton>(options); });
}

// Every line of it follows from what the simpleton is.
const std::string election = R"(# A comment.
add-nodes 2 voters=(1,2) index=2
----
INFO newRaft 1 [peers: [1,2], term: 0, commit: 2, applied: 2, lastindex: 2, lastterm: 1]

campaign 1
----
ok

process-ready 1
----
Ready MustSync=true:
Lead:0 State:StateCandidate
HardState Term:1 Vote:1 Commit:2
INFO 1 became leader at term 1

propose 1 hello
----
ok

stabilize
----
> 1 handling Ready
  Ready MustSync=true:
  Lead:1 State:StateLeader
  Entries:
  1/3 EntryNormal ""
  1/4 EntryNormal "hello"
  Messages:
  1->2 MsgApp Term:1 Log:0/2 Entries:[1/3 EntryNormal ""]
  1->2 MsgApp Term:1 Log:0/3 Entries:[1/4 EntryNormal "hello"]
> 2 receiving messages
  1->2 MsgApp Term:1 Log:0/2 Entries:[1/3 EntryNormal ""]
  1->2 MsgApp Term:1 Log:0/3 Entries:[1/4 EntryNormal "hello"]
> 1 handling Ready
  Ready MustSync=false:
  HardState Term:1 Vote:1 Commit:4
  CommittedEntries:
  1/3 EntryNormal ""
  1/4 EntryNormal "hello"
> 2 handling Ready
  Ready MustSync=false:
  Messages:
  2->1 MsgAppResp Term:0 Log:0/3
  2->1 MsgAppResp Term:0 Log:0/4
> 1 receiving messages
  2->1 MsgAppResp Term:0 Log:0/3
  2->1 MsgAppResp Term:0 Log:0/4

raft-log 1
----
1/3 EntryNormal ""
1/4 EntryNormal "hello"
)";

std::string with(const std::string& wrong, const std::string& in_place_of) {
  std::string text = election;
  const std::size_t at = text.rfind(in_place_of);
  EXPECT_NE(at, std::string::npos);
  return text.replace(at, in_place_of.size(), wrong);
}

TEST(EtcdPlayer, ATraceThatFitsIsAgreedTo) {
  const Outcome outcome = play(election);
  EXPECT_EQ(outcome.directives, 6);
  EXPECT_EQ(outcome.agreeing, 6);
  EXPECT_EQ(outcome.lines, 27);
  EXPECT_TRUE(outcome.differences.empty()) << outcome.differences.front();
}

TEST(EtcdPlayer, AWrongLineIsReportedWithItsPlaceAndBothSides) {
  const Outcome outcome = play(with("HardState Term:1 Vote:1 Commit:3", "HardState Term:1 Vote:1 Commit:4"));
  ASSERT_EQ(outcome.differences.size(), 1u);
  EXPECT_EQ(outcome.agreeing, 5);
  const std::string& text = outcome.differences.front();
  EXPECT_TRUE(text.starts_with("trace.txt:21: stabilize\n")) << text;
  EXPECT_NE(text.find("  - HardState Term:1 Vote:1 Commit:3   (trace.txt:37)\n  + HardState Term:1 Vote:1 Commit:4\n"), std::string::npos) << text;
  EXPECT_NE(text.find("    CommittedEntries:\n"), std::string::npos) << "what both say stands between: " << text;
}

TEST(EtcdPlayer, EveryKindOfDeviationIsNoticed) {
  EXPECT_EQ(play(with("Lead:2 State:StateLeader", "Lead:1 State:StateLeader")).agreeing, 5);
  EXPECT_EQ(play(with("2->1 MsgAppResp Term:1 Log:0/4", "2->1 MsgAppResp Term:0 Log:0/4")).agreeing, 5);
  EXPECT_EQ(play(with("1/4 EntryNormal \"other\"", "1/4 EntryNormal \"hello\"")).agreeing, 5) << "the last one stands in raft-log";
  EXPECT_EQ(play(with("", "  2->1 MsgAppResp Term:0 Log:0/3\n")).agreeing, 5) << "one message too many";
  EXPECT_EQ(play(with("> 1 handling Ready\n> 2 handling Ready", "> 2 handling Ready")).agreeing, 5);
  EXPECT_EQ(play("forget-leader 1\n----\nok\n").agreeing, 0) << "an unknown command is no agreement";
}

TEST(EtcdPlayer, MessagesOfOneListMayComeInAnyOrder) {
  const std::string three = "add-nodes 3 voters=(1,2,3) index=2\n----\nok\n\ntick-heartbeat 1\n----\nok\n\nprocess-ready 1\n----\n";
  const std::string to_2 = "1->2 MsgHeartbeat Term:0 Log:0/0\n", to_3 = "1->3 MsgHeartbeat Term:0 Log:0/0\n";
  EXPECT_EQ(play(three + "Messages:\n" + to_2 + to_3).agreeing, 3);
  EXPECT_EQ(play(three + "Messages:\n" + to_3 + to_2).agreeing, 3);
  EXPECT_EQ(play(three + "Messages:\n" + to_3 + to_3).agreeing, 2) << "but as often as they are named";
}

TEST(EtcdPlayer, NothingIsComparedWhileTheTraceIsSilent) {
  const Outcome outcome =
      play("log-level none\n----\nok\n\nadd-nodes 1 voters=(1) index=2\n----\nok\n\ncampaign 1\n----\nok\n\nstabilize\n----\nok\n");
  EXPECT_EQ(outcome.agreeing, 4);
  EXPECT_EQ(outcome.lines, 0);
}

TEST(EtcdPlayer, DroppedMessagesAreNamedAndGone) {
  const Outcome outcome = play(
      "add-nodes 2 voters=(1,2) index=2\n----\nok\n\ntick-heartbeat 1\n----\nok\n\nprocess-ready 1\n----\nMessages:\n1->2 MsgHeartbeat Term:0 "
      "Log:0/0\n\ndeliver-msgs drop=(2)\n----\ndropped: 1->2 MsgHeartbeat Term:0 Log:0/0\n\ndeliver-msgs 2\n----\nno messages\n");
  EXPECT_EQ(outcome.agreeing, 5) << outcome.differences.front();
}

// etcd's RawNode lets no answer of a stranger through to Raft; configuration entries take effect when they are handed out as committed.
TEST(EtcdPlayer, ChangesAndSnapshotsAreWrittenAsInEtcd) {
  const std::string text = R"(add-nodes 1 voters=(1) index=2
----
ok

campaign 1
----
ok

process-ready 1
----
Lead:0 State:StateCandidate
HardState Term:1 Vote:1 Commit:2

propose-conf-change 1 v1=true
v2
----
ok

propose-conf-change 1 transition=explicit
v2 l3
----
ok

process-ready 1
----
Lead:1 State:StateLeader
Entries:
1/3 EntryNormal ""
1/4 EntryConfChange v2
1/5 EntryConfChangeV2 v2 l3

process-ready 1
----
HardState Term:1 Vote:1 Commit:5
CommittedEntries:
1/3 EntryNormal ""
1/4 EntryConfChange v2
1/5 EntryConfChangeV2 v2 l3

add-nodes 1
----
ok

compact 1 5
----
ok

raft-log 1
----
log is empty: first index=6, last index=5

report-unreachable 1 2
----
ok

stabilize
----
> 1 handling Ready
  Messages:
  1->2 MsgSnap Term:1 Log:0/0
    Snapshot: Index:5 Term:1 ConfState:Voters:[1] VotersOutgoing:[] Learners:[] LearnersNext:[] AutoLeave:false
> 2 receiving messages
  1->2 MsgSnap Term:1 Log:0/0
    Snapshot: Index:5 Term:1 ConfState:Voters:[1] VotersOutgoing:[] Learners:[] LearnersNext:[] AutoLeave:false
> 2 handling Ready
  Snapshot Index:5 Term:1 ConfState:Voters:[1] VotersOutgoing:[] Learners:[] LearnersNext:[] AutoLeave:false
  Messages:
  2->1 MsgAppResp Term:0 Log:0/5
> 1 receiving messages
  2->1 MsgAppResp Term:0 Log:0/5
  raft: cannot step as peer not found

status 1
----
1: StateProbe match=3 next=4 paused inflight=2[full]

raft-state
----
1: StateLeader (Voter) Term:1 Lead:1
2: StateFollower (Non-Voter) Term:0 Lead:0
)";
  std::vector<raft::Index> changes;
  const Outcome outcome = play_file(trace(text), [&](const NodeOptions& options) { return std::make_unique<Simpleton>(options, &changes); });
  EXPECT_EQ(outcome.agreeing, outcome.directives) << outcome.differences.front();
  EXPECT_EQ(changes, (std::vector<raft::Index>{4, 5}));
}

// Files are read as they are written: arguments with and without brackets, input, doubled separators around output with empty lines.
TEST(EtcdPlayer, DirectivesAreReadWhole) {
  const std::vector<Directive> read =
      trace("deliver-msgs 1 2 drop=(3, 4) type=MsgApp\ninput of\ntwo lines\n----\n----\none\n\ntwo\n----\n----\n\nstatus 1\n----\nok\n");
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0].numbers(), (std::vector<int>{1, 2}));
  EXPECT_EQ(read[0].numbers("drop"), (std::vector<int>{3, 4}));
  EXPECT_EQ(read[0].value("type"), "MsgApp");
  EXPECT_EQ(read[0].input, (std::vector<std::string>{"input of", "two lines"}));
  EXPECT_EQ(read[0].expected, (std::vector<std::string>{"one", "", "two"}));
  EXPECT_EQ(read[0].expected_line, 6);
  EXPECT_EQ(read[1].place(), "trace.txt:12");
  EXPECT_EQ(read[1].expected_line, 14);
}

TEST(EtcdPlayer, OnlyWhatRaftDidIsCompared) {
  const std::vector<TraceLine> lines = normalised({"> 1 receiving messages", "  1->3 MsgApp Term:1 Log:1/2 Entries:[", "    1/3 EntryNormal \"\"",
                                                   "    1/4 EntryNormal \"x\"", "  ]", "  INFO found conflict", "  1->2 MsgSnap Term:1 Log:0/0",
                                                   "    Snapshot: Index:4", "  DEBUG something", "  raft: cannot step as peer not found", "", "ok"},
                                                  10);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[1].text, "1->2 MsgSnap Term:1 Log:0/0 Snapshot: Index:4 raft: cannot step as peer not found");
  EXPECT_EQ(lines[1].line, 16);
  EXPECT_EQ(lines[2].text, "1->3 MsgApp Term:1 Log:1/2 Entries:[ 1/3 EntryNormal \"\" 1/4 EntryNormal \"x\" ]");
}

// A node that has something to say in every round would keep a trace from ever settling.
TEST(EtcdPlayer, ATraceThatNeverSettlesEnds) {
  class Chatterer : public Simpleton {
   public:
    using Simpleton::Simpleton;
    std::vector<Message> take_messages() override { return {{.kind = "MsgHeartbeat", .from = 1, .to = 9}}; }
  };
  const Outcome outcome = play_file(trace("log-level none\n----\nok\n\nadd-nodes 1 voters=(1) index=2\n----\nok\n\nstabilize\n----\nok\n"),
                                    [](const NodeOptions& options) { return std::make_unique<Chatterer>(options); });
  EXPECT_EQ(outcome.agreeing, 2);
  ASSERT_EQ(outcome.differences.size(), 1u);
  EXPECT_NE(outcome.differences.front().find("no fixed point"), std::string::npos);
}

TEST(EtcdPlayer, EtcdsTenFilesAreReadWhole) {
  const auto folder = peer_data("etcd-raft/testdata");
  if (!folder) GTEST_SKIP() << "NINES_PEER_DATA names no folder with etcd-raft/testdata";
  std::size_t files = 0, directives = 0, lines = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    ++files;
    for (const Directive& directive : read_directives(entry.path())) {
      ++directives;
      lines += normalised(directive.expected, directive.expected_line).size();
    }
  }
  EXPECT_EQ(files, 10u);
  EXPECT_EQ(directives, 199u);
  EXPECT_EQ(lines, 1052u);
}

}  // namespace etcd_player_test
}  // namespace nines::real
