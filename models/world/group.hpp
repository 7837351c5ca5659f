// One Raft group in its surroundings: the only code that knows both the core and the schedule. A group lags behind the world and is brought
// up to date when something around it changes; calm stretches are jumped over (group_calm.cpp), changes that no rule can feel wait untold
// (group_absorb.cpp), who hears that its leader is gone is in group_gossip.cpp, how disks fail in group_disk.cpp, how members are removed by force and
// let in again in group_forced.cpp, what clients see in group_view.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/raft/core.hpp"
#include "models/world/around.hpp"
#include "models/world/mail.hpp"
#include "models/world/plan.hpp"
#include "models/world/record.hpp"
#include "sim/base/hash.hpp"
#include "sim/kernel/heap.hpp"

namespace nines::world {

// A zone's clients did not reach a partition that could be written.
struct AccessLoss {
  std::uint32_t zone = 0;
  Instant start;
  Instant end;
};

// One replica took or lost a role: kept only when asked for.
struct RoleChange {
  Instant at;
  PartitionId partition;
  raft::Member member = 0;
  raft::Role role = raft::Role::follower;
  raft::Term term = 0;
};

class Group {
 public:
  enum class Event : std::uint8_t { arrival, durable, alarm, proposal, serve, gossip };

  // The group's life starts at Instant{} in the stationary state: a leader in office, where the surroundings allow one.
  Group(const Plan& plan, const GroupPlan& group, const Streams& streams, Around around, std::uint16_t cause, raft::Output& scratch);

  // Runs everything before `t`. Jumps over calm stretches when the fidelity is sleep.
  void advance(const Plan& plan, Instant t, raft::Output& scratch);
  // At `t`, faults first: the surroundings are now `next`, through the fault mode `cause`. Brings the group to `t` itself, unless the change
  // can wait until advance().
  void change(const Plan& plan, Instant t, const Around& next, std::uint16_t cause, raft::Output& scratch);
  // A member is about to stop in good order: it hands over to `to`, or to whom it likes.
  void hand_over(const Plan& plan, Instant t, raft::Member member, std::uint16_t cause, raft::Output& scratch, raft::Member to = raft::nobody);
  // A client's request reaches `member` at `t`: the index of its entry, or 0 where it is not taken (this member does not lead, or hands over).
  raft::Index propose(const Plan& plan, Instant t, raft::Member member, std::int64_t bytes, raft::Output& scratch);
  // An operator removes all voters but `kept` by force, at `t`, faults first: whoever of these runs, or will, counts with them alone. Those removed
  // must stop in the same instant and lose their disks; when they run again they are let in, and the group is whole once they hold everything.
  // Nothing happens where none of `kept` votes.
  void force(const Plan& plan, Instant t, Members kept, std::uint16_t cause, raft::Output& scratch);
  // All its members have come back empty at `t`: they hold what they held `since_backup` before the loss. What was committed in that time is lost, and
  // counted, for `cause`.
  void restore_backup(const Plan& plan, Instant t, Duration since_backup, std::uint16_t cause, raft::Output& scratch);
  // Is it not yet whole after force()? As of now().
  bool forced() const { return forced_.on; }
  Instant whole_at() const { return forced_.whole_at; }  // When it last became whole again; never if it never did.
  // Who votes, as its newest leader counts; everybody in a group that is not forced.
  quorum::Configuration configuration() const;
  // Closes what is open at the horizon.
  void finish(const Plan& plan, Instant horizon, raft::Output& scratch);

  // One event at a time and never a jump, for checkers and traces that look after each: what comes next, and doing it.
  struct Next {
    Instant at = never;  // never: nothing does.
    Event event = Event::alarm;
    raft::Member member = raft::nobody;    // Whom it happens to; nobody for a proposal.
    std::optional<raft::Message> message;  // What arrives.
  };
  Next next() const;
  void advance_by_one(const Plan& plan, raft::Output& scratch);

  // Everything that can change what happens next, after advance(t): equal for every fidelity.
  std::uint64_t digest() const;

  const std::vector<Outage>& outages() const { return outages_; }
  struct Tenure {
    Instant from;
    raft::Member leader;
  };
  const std::vector<Tenure>& tenures() const { return tenures_; }  // Who could write, each from then on until the next.
  const std::vector<QuorumLoss>& quorum_losses() const { return losses_; }
  const std::vector<DataLoss>& data_losses() const { return disks_.losses; }
  std::uint64_t majorities_lost() const { return disks_.majorities_lost; }
  const std::vector<AccessLoss>& access_losses() const { return access_losses_; }  // By end.
  std::vector<RoleChange>& keep_roles(bool keep) {
    keep_roles_ = keep;
    return roles_;
  }
  const std::vector<RoleChange>& roles() const { return roles_; }
  const raft::Core& core(raft::Member member) const { return cores_[member]; }
  // Was it told of these surroundings last? Who waits to be let in counts as running there.
  bool surrounded_by(const Around& next) const;
  const Around& around() const { return untold_.empty() ? around_ : untold_.back().next; }
  bool writable() const { return writable_; }
  raft::Member writer() const { return writer_; }  // The member that can write, or nobody.
  Instant now() const { return now_; }
  std::uint64_t events() const { return events_; }
  std::uint64_t wakes() const { return wakes_; }
  std::uint64_t absorbed() const { return absorbed_; }
  Duration calm_time() const { return calm_time_; }
  std::uint64_t history() const { return history_.value(); }
  std::uint64_t trace() const { return trace_.value(); }
  Duration look_back() const { return window_; }

  // For the test that the window forgets: which of the possible states a jump assumes.
  void jump_to_edge(raft::Core::Edge edge) { edge_ = edge; }

 private:
  static constexpr int index_bits = 24;  // Of an entry's slot, whose high bits are the Event: a message's, a write's or a member's number.

  struct Context {
    const Plan& plan;
    const GroupPlan& group;
    const raft::Profile& profile;
    raft::Output& out;
  };
  Context context(const Plan& plan, raft::Output& scratch) const {
    const GroupPlan& group = plan.groups[partition_.index()];
    return {plan, group, plan.profile(group), scratch};
  }

  // group.cpp
  void run_until(const Context& c, Instant t);
  bool run_to_pause(const Context& c, Instant t);
  void surround(const Context& c, Instant t, const Around& next, std::uint16_t cause);
  void execute(const Context& c, sim::Key key);
  void arrive(const Context& c, std::uint32_t message);
  void became_durable(const Context& c, std::uint32_t write);
  void alarm(const Context& c, raft::Member member, Instant at);
  void propose(const Context& c);
  void step(const Context& c, raft::Member member, const raft::Input& input);
  void note_step(raft::Member member, std::size_t kind);
  void carry_out(const Context& c, raft::Member member);
  void send(const Context& c, const raft::Message& message);
  void arm(raft::Member member, Instant deadline);
  void push(Instant at, sim::Class order, raft::Member receiver, raft::Member sender, Event event, std::uint32_t index);
  void crash(raft::Member member);
  void restart(const Context& c, raft::Member member);
  void resume(const Context& c, raft::Member member);
  void discard_write(std::uint32_t write);
  Duration tick_phase(const Context& c, raft::Member member) const;
  raft::Member proposer() const;

  // group_gossip.cpp
  bool parted(raft::Member member, raft::Member other) const;
  bool lost_its_leader(raft::Member member) const;
  bool awaits_news(raft::Member member) const;
  void expect_news(const Context& c, raft::Member member);
  void hear_gossip(const Context& c, sim::Key key);

  // group_loss.cpp
  double loss_between(const Context& c, std::size_t channel) const;
  double loss_draw(std::size_t channel, raft::Kind kind, raft::Term term, std::uint64_t slot) const;
  std::uint32_t delay_draw(std::size_t channel, raft::Kind kind, raft::Term term, std::uint64_t slot);
  Instant first_late_message(const Context& c, raft::Member leader, Instant before) const;

  // group_calm.cpp
  void work_out_window(const Context& c);
  bool work_out_window(const Context& c, Duration least, Duration most, Duration flush);
  raft::Member calm_leader(const Context& c, raft::Member& outsider) const;
  bool polls_in_vain(const Context& c, raft::Member outsider, raft::Member leader) const;
  void jump_in_vain(const Context& c, Instant t);
  void jump_before(const Context& c, Instant t);
  void jump_before(const Context& c, raft::Member leader, raft::Member outsider, Instant t);
  void jump(const Context& c, raft::Member leader, raft::Member outsider, Instant to);

  // group_absorb.cpp
  bool find_calm(const Context& c, Instant t);
  bool serves(const Around& around) const;
  Duration settled_after(const Context& c, Duration lasted) const;
  Instant forgotten_after(const Context& c, Instant t, const Around& next) const;
  bool absorb(const Context& c, Instant t, const Around& next, std::uint16_t cause);
  bool forgotten_by(Instant t) const;
  void forget(const Context& c);
  void tell(const Context& c);

  // group_disk.cpp
  Duration slowed(raft::Member member) const { return around_.slow_disks.empty() ? 0ns : around_.slow_disks[member]; }
  bool disks_settled() const;
  bool flushes_late(const Context& c) const { return c.profile.flush.delay > 0ns; }
  Members without_data(const Context& c, const Around& around) const;
  void disks_changed(const Context& c, const Around& before, Members running);
  void send_snapshot(const Context& c, const raft::Message& message, std::size_t channel, Duration delay);
  void unhang(const Context& c, Members members);
  void forget_writes(raft::Member member);
  void take_snapshot(const Context& c, raft::Member leader);
  void empty(const Context& c, raft::Member member);
  void lose_unflushed(const Context& c, raft::Member member);
  void note_written(const Context& c, raft::Member leader);
  void note_written(const Context& c, Instant first, Duration interval, std::uint64_t count, raft::Index index, std::uint32_t entries);
  raft::Index flushed_by(Instant t) const;
  void note_committed(raft::Member member);
  void come_back_without(const Context& c, raft::Member member);
  void read_what_is_left(const Context& c, raft::Member member);
  void admit_what_is_lost(const Context& c, raft::Member member);
  void begin_empty(const Context& c, raft::Member member);
  void restore_a_lost_majority(const Context& c);
  void let_newcomers_in(const Context& c, raft::Member leader);
  void ask_the_silent(const Context& c);
  struct Office {
    bool led = false;
    bool committed = false;
  };
  void look_at_disks(const Context& c, raft::Member stepped, Office before);
  void look_for_loss(const Context& c, raft::Member leader);
  void refuse_contradiction(const Context& c, std::uint32_t number);
  bool contradicts(const raft::Message& message) const;
  void count_loss(std::uint64_t entries);
  void add_disks_to(Hash& hash) const;

  // group_forced.cpp
  void tell_forced(const Context& c, raft::Member member);
  void let_removed_in(const Context& c, raft::Member leader);
  void begin_outside(const Context& c, raft::Member member);
  void see_configuration();
  bool settled_in() const;
  bool is_removed(raft::Member member) const { return forced_.on && !quorum::contains(forced_.configuration.voters(), member); }

  // group_view.cpp
  void look(const Context& c);
  raft::Member find_writer() const;
  void open_outage();
  void close_outage();
  void note_quorum();
  void note_access();
  void note_role(raft::Member member);

  PartitionId partition_;
  Streams streams_;
  std::uint64_t key_ = 0;
  std::vector<raft::Core> cores_;
  Around around_;
  Instant now_{};

  sim::Heap queue_;
  Mail mail_;
  // What a member's process has besides its core.
  struct Seat {
    Instant alarm_queued = never;
    Instant paused_since{};
    Instant last_flush = long_ago;
    std::uint32_t epoch = 0;     // Its life.
    std::uint64_t noted = 0;     // The last role noted.
    std::vector<sim::Key> held;  // What came while it stood still.
  };
  std::vector<Seat> seats_;
  // One direction between two members. One draw serves 16 slots: the last one is kept, of heartbeats or their answers. It holds nothing that
  // could not be drawn again.
  struct Channel {
    Instant last_arrival = long_ago;  // A connection delivers in order.
    std::uint64_t block = ~std::uint64_t{0};
    raft::Term term = 0;
    raft::Kind kind = raft::Kind::heartbeat;
    Words words{};
  };
  std::vector<Channel> channels_;  // from * members + to
  // Per member, where leader_gone_after says that there is gossip: of whose loss it will hear, and when.
  struct News {
    raft::Member of = raft::nobody;
    Instant at = never;
  };
  std::vector<News> news_;
  Instant next_arrival_ = never;
  Instant changed_at_{};  // When the surroundings last changed.

  // Disks: what has become of them, and who is without its data.
  struct Written {  // A leader's appends: `count` times, `interval` apart from `first` on, `entries` each; `index` is the last one's.
    Instant first;
    Duration interval{0};
    std::uint64_t count = 1;
    raft::Index index = 0;
    std::uint32_t entries = 1;
  };
  struct Removal {  // The entry by which members were removed that have lost their disks.
    raft::Member by = raft::nobody;
    raft::Term term = 0;
    raft::Index index = 0;
    Members who = 0;
  };
  struct Disks {
    Removal removal;
    bool failed = false;  // Ever, in a way by which something may have been lost.
    Members there = 0;    // Whose machines run, also those that wait to be let in.
    Members waiting_paused = 0;
    Members waiting = 0;        // They are back without their data, and are not part of the group until a leader lets them in.
    Members behind = 0;         // They belong to it, and do not hold yet what is committed.
    Members emptied = 0;        // Of these: who has lost everything, and is sent a snapshot.
    Members contradict = 0;     // They do not run, and hold what has been decided otherwise since: to be emptied.
    raft::Index committed = 0;  // The highest entry ever known to be committed, apart from what the cores know.
    raft::Term committed_term = 0;
    raft::Member leader = raft::nobody;        // Who was elected last: terms begin anew where everybody has forgotten them.
    std::vector<std::vector<sim::Key>> stuck;  // Per member: writes of a disk that hangs. Empty until one does.
    std::vector<Instant> snapshot_arrival;     // As last_arrival_, for the connections of snapshots. Empty until one is sent.
    std::vector<Written> written;              // flush.delay: the last appends, the newest last.
    Duration flush_delay{0};
    Instant settled_at = long_ago;  // What slow disks had held up is done.
    std::vector<DataLoss> losses;
    std::uint64_t majorities_lost = 0;
  } disks_;

  // After force(), until everybody is back.
  struct Forced {
    bool on = false;
    Instant whole_at = never;
    quorum::Configuration configuration;  // What counts, as the newest leader has it.
    raft::Term term = 0;                  // That leader's.
    Members untold = 0;                   // They did not run when it was forced.
  } forced_;

  // Calm.
  bool sleeps_ = false;       // By fidelity.
  bool can_be_calm_ = false;  // By the present surroundings.
  bool beat_ = false;         // A leader's heartbeats have just gone out: the moment to look for calm.
  bool in_vain_ = false;      // Somebody has waited for a leader in vain: perhaps it will again and again.
  Instant in_vain_until_ = long_ago;
  Duration window_{0};
  bool lossy_ = false;
  int losses_in_a_row_ = 0;      // So many may hit one message and no timer fires.
  raft::Term scanned_term_ = 0;  // Up to when losses have been looked for, and the first late message they leave.
  Instant scanned_to_ = long_ago;
  Instant late_at_ = never;
  Duration lag_{0};         // From sending an append to its answer, at most.
  Duration most_delay_{0};  // Of one message, at most.
  raft::Core::Edge edge_ = raft::Core::Edge::latest;

  // Changes that wait, since the calm that began at now_.
  struct Untold {
    Instant at;
    std::uint16_t cause = no_mode;
    bool felt = false;  // By clients.
    Around next;
  };
  std::vector<Untold> untold_;
  raft::Member calm_by_ = raft::nobody;  // Who leads the calm at now_, when one was found.
  Duration slack_{0};                    // So long may all stand still and no timer fires.
  Instant forgotten_at_ = long_ago;      // When nothing is left of what is untold, if all of it has been undone.
  std::int64_t missed_ = 0;              // Proposals that will not come, since their leader stood still.
  bool forgetful_ = false;               // What was on its way at now_ is no longer true: to be jumped over.

  // The view from outside.
  bool writable_ = true;
  raft::Member writer_ = raft::nobody;
  raft::Term serving_term_ = 0;  // The newest term whose leader has committed and started its services.
  raft::Member serving_ = raft::nobody;
  Instant serves_at_ = never;
  bool has_quorum_ = true;
  std::uint16_t cause_ = no_mode;
  struct Open {
    Instant start;
    std::uint16_t mode = no_mode;
    bool lost_quorum = false;
    raft::Member writer = raft::nobody;
    raft::Term term = 0;
    Instant regained = never;  // The quorum came back, and was not lost again.
  } open_;
  Instant quorum_lost_at_ = never;
  std::uint16_t quorum_lost_by_ = no_mode;
  raft::Member last_writer_ = raft::nobody;
  raft::Term last_writer_term_ = 0;
  std::vector<Outage> outages_;
  std::vector<Tenure> tenures_;
  std::vector<QuorumLoss> losses_;
  std::vector<Instant> access_lost_at_;  // Per zone; never while its clients have access. Empty until the first loss.
  std::vector<AccessLoss> access_losses_;
  bool keep_roles_ = false;
  std::vector<RoleChange> roles_;

  std::uint64_t events_ = 0;
  std::uint64_t wakes_ = 0;
  std::uint64_t absorbed_ = 0;
  Duration calm_time_{0};
  Hash history_;
  Hash trace_;
};

}  // namespace nines::world
