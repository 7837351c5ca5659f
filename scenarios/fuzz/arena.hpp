// A cluster of cores in a hostile world: its own network, processes, clocks and disks, driven by a plan. The only code of this folder that knows the
// core. Everything follows from the plan; there is no wall clock and no order but that of simulated time and content.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/raft/core.hpp"
#include "scenarios/fuzz/clients.hpp"
#include "scenarios/fuzz/coverage.hpp"
#include "scenarios/fuzz/faults.hpp"
#include "scenarios/fuzz/plan.hpp"
#include "scenarios/fuzz/safety.hpp"
#include "scenarios/fuzz/story.hpp"
#include "sim/kernel/heap.hpp"

namespace nines::fuzz {

constexpr bool has(quorum::Members members, raft::Member m) { return (members >> m & 1) != 0; }
inline Duration part_of(Duration whole, double share) { return Duration{static_cast<std::int64_t>(static_cast<double>(whole.count()) * share)}; }

// Something that must not happen.
struct Finding {
  std::string property;  // Which; what shrinking holds on to.
  std::string what;
  Instant at;
};

class Arena {
 public:
  // The plan must outlive the arena. With `story` every event that changes something becomes a line of it.
  explicit Arena(const Plan& plan, std::string* story = nullptr);
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // The safety phase, then the liveness phase. What was found first, or nothing.
  std::optional<Finding> run();
  const Coverage& coverage() const { return coverage_; }
  Instant now() const { return now_; }

 private:
  enum class Event : std::uint8_t { arrival, written, applied, alarm, action, let_go, request, wish, strike, fell, probe };
  static constexpr int index_bits = 24;
  static constexpr std::uint32_t none = ~0u;
  static constexpr std::uint8_t turns_of_cut = 6, turns_of_swizzle = 8;

  struct Parcel {
    raft::Message message;
    std::uint32_t epoch = 0;  // Of the receiver when it was sent.
    bool has_come = false;    // It waits for a receiver that stands still.
    bool hostile = false;     // Sent before everything was made whole.
    std::uint32_t next = none;
  };
  struct Write {
    raft::Durable durable;
    Instant ends;
    std::uint32_t messages = none;  // A chain that waits for it.
    std::uint32_t next = none;      // Of the free list.
    raft::Member writer = 0;
    bool queued = false;  // An event for it is pending.
    bool dead = false;    // Its process is gone; freed when that event comes.
  };
  // What an action has taken hold of and not yet let go.
  struct Held {
    std::uint32_t action = 0;
    Grip grip;
    std::array<std::uint32_t, raft::max_members> epoch{};
    std::uint8_t stage = 0;
    std::uint64_t word = 0;  // What the grip was worked out from.
    Instant due;             // When it is let go of, or goes on; in the past where nothing is held.
    std::uint32_t next = none;
  };
  struct Link {
    std::uint16_t cut = 0, clogged = 0;
    double loss = 0, duplicates = 0;
    Duration slow{0};
    Instant last_arrival = long_ago;
    raft::Term term = 0;   // Of the sender as leader when it was last looked at, and
    bool probing = false;  // whether it probed the receiver then.
    std::vector<std::uint32_t> held_back;
  };
  // A call that waits for its server, which stands still.
  struct Request {
    std::uint32_t call = 0;
    std::uint32_t action = 0;
    std::uint32_t client = 0;
    raft::Member server = 0;
  };
  enum class Doom : std::uint8_t { none, after_write, failed_write };
  struct Process {
    std::uint16_t down = 0;  // For how many reasons.
    std::uint16_t paused = 0;
    bool lost = false;
    std::uint32_t epoch = 0;
    Instant paused_since;
    std::vector<sim::Key> waiting;  // What came while it stood still.
    Instant alarm_queued = never;
    Instant clock_set;  // When its clock last changed its pace, and what it showed.
    Instant clock_showed;
    std::int64_t ppm = 0;
    Duration slow_disk{0};
    std::uint16_t hung_disk = 0;
    Instant last_write = long_ago;
    std::vector<std::uint32_t> writes;  // On their way to the disk, in order.
    raft::Index applying_to = 0;        // Its state machine is asked to apply so much, and tells when it has.
    std::vector<std::uint32_t> reads;   // Calls that wait for a confirmation, in their order.
    raft::Term reads_term = 0;          // Of the leader that promised it.
    Doom doom = Doom::none;
    std::uint32_t doom_by = 0;
  };

  bool runs(raft::Member m) const { return processes_[m].down == 0; }
  raft::Member leader() const;
  Link& link(raft::Member from, raft::Member to) { return links_[static_cast<std::size_t>(from) * plan_.members + to]; }
  void push(Instant at, sim::Class order, raft::Member receiver, raft::Member sender, Event event, std::uint32_t index);
  void run_before(Instant t);
  void execute(sim::Key key);

  // The core.
  void step(raft::Member member, const raft::Input& input);
  void carry_out(raft::Member member);
  void notice(raft::Member member, const raft::Input& input, const Glance& before);
  void look(raft::Member member);
  View view_of(raft::Member member) const;
  void serve_reads(raft::Member member);
  void apply(raft::Member member, raft::Index index);
  void restart(raft::Member member);
  void resume(raft::Member member);
  std::vector<sim::Key> by_socket(std::vector<sim::Key> waiting, raft::Member member) const;
  void arm(raft::Member member, Instant deadline);
  void alarm(raft::Member member, Instant at);
  Instant local(raft::Member member, Instant t) const;
  Instant global(raft::Member member, Instant t) const;
  Duration tick_phase(raft::Member member) const;

  // The network.
  void send(const raft::Message& message);
  void transmit(const raft::Message& message, Duration delay);
  void arrive(std::uint32_t parcel);
  void drop(std::uint32_t parcel);
  std::uint32_t new_parcel(const raft::Message& message);

  // The disks.
  void write(raft::Member member);
  void written(std::uint32_t write);
  void free_write(std::uint32_t write);
  enum class Tail : std::uint8_t { lost, torn };
  void crash(raft::Member member, Tail tail, std::uint64_t word);
  void step_unheard(raft::Member member, const raft::Durable& durable);
  void meet_doom(raft::Member member);

  // What is done to them (arena_faults.cpp).
  void act(std::uint32_t action);
  void act_on(std::uint32_t action, raft::Member whoever, std::uint64_t word);
  void spring(raft::Member member);
  void strike(std::uint32_t action_and_member);
  void call(std::uint32_t action);
  void call(std::uint32_t action, std::uint32_t client, raft::Member server);
  void request(const Request& request);
  raft::Member server_of(const Action& action, raft::Member last) const;
  bool ask_for_change(raft::Member leader, std::uint64_t word);
  void wish_for_change(raft::Member leader);
  void wish(raft::Member leader);
  bool counts(raft::Member member) const;
  bool hold(Held& held);
  void let_go(std::uint32_t held);
  void swizzle(const Held& held);
  void cut(Link& link);
  void mend(raft::Member from, raft::Member to);
  void turn(Held& held);
  void turn_at_election();
  void fell_at_election(raft::Member leader);
  void fell(std::uint32_t place_and_member);
  void rise(Held& held, raft::Member member);
  void reach_again(Held& held, raft::Member member);
  void keep(const Held& held, Instant until);
  void set_clock(raft::Member member, std::int64_t ppm, Duration jump);
  void hang(raft::Member member, int by);
  void unclog(raft::Member from, raft::Member to);
  void heal();
  void probe();
  bool converged() const;
  bool held_up_by_rules() const;
  void replay(std::uint64_t word, std::size_t messages, Duration over);

  void found(std::string_view property, std::string what);
  void tell(const std::string& line);
  void tell_action(const Held& held);
  void tell_step(raft::Member member, const raft::Input& input, const Glance& before);

  const Plan& plan_;
  std::string* story_;
  Coverage coverage_;
  Stream wire_, disk_, misc_;
  std::uint64_t executed_ = 0;
  Instant now_{};
  sim::Heap queue_;
  std::vector<raft::Core> cores_;
  std::vector<Process> processes_;
  std::vector<Link> links_;
  std::vector<Parcel> parcels_;
  std::uint32_t free_parcels_ = none;
  std::vector<Write> writes_;
  std::uint32_t free_writes_ = none;
  std::vector<Held> holds_;
  std::uint32_t free_holds_ = none;
  std::vector<Request> requests_;
  struct Ambush {  // An action that waits for a turn, and how often that had been taken when it began to wait.
    std::uint32_t action = 0;
    std::uint64_t taken = 0;
  };
  std::vector<Ambush> ambushes_;
  std::vector<raft::Message> past_;  // A sample of what was sent, for replays.
  std::uint64_t sent_ = 0;
  raft::Output out_;
  Safety safety_;
  Clients clients_;
  std::optional<Finding> finding_;
  std::vector<raft::Member> asked_;           // By client: whom it asked last; nobody: it was turned away.
  std::uint32_t calling_ = Clients::no_call;  // The call whose proposal is being stepped.
  int quiet_ = 0;                             // Events that the story has passed over.

  // The liveness phase.
  bool whole_ = false;
  bool has_converged_ = false;
  raft::Index probe_index_ = 0;
  raft::Term probe_term_ = 0;
};

}  // namespace nines::fuzz
