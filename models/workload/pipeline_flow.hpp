// The state behind Pipeline and the steps that change it, one file for each concern: clients, replication, processing, changes, timeline.
#pragma once

#include <cstdint>
#include <vector>

#include "models/workload/pipeline.hpp"
#include "models/workload/pipeline_stations.hpp"
#include "sim/base/hash.hpp"
#include "sim/base/random.hpp"
#include "sim/kernel/key.hpp"
#include "sim/kernel/queue.hpp"

namespace nines::workload {

inline constexpr std::uint32_t nobody = 0xffff'ffffu;

// Records addressed by a small index, which stay where they are while an event or a queue names them.
template <class T>
class Places {
 public:
  std::uint32_t take() {
    if (!free_.empty()) {
      const std::uint32_t index = free_.back();
      free_.pop_back();
      return index;
    }
    SIM_CHECK(items_.size() < (1u << 24), "more than 2^24 records of one kind are in work");
    items_.emplace_back();
    return static_cast<std::uint32_t>(items_.size() - 1);
  }
  void give(std::uint32_t index) { free_.push_back(index); }
  T& operator[](std::uint32_t index) { return items_[index]; }
  const T& operator[](std::uint32_t index) const { return items_[index]; }
  std::size_t places() const { return items_.size(); }

 private:
  std::vector<T> items_;
  std::vector<std::uint32_t> free_;
};

class Pipeline::Flow {
 public:
  Flow(const Deployment& deployment, const PipelineOptions& options);
  void run_until(Instant end);
  Instant now() const { return now_; }
  Timeline timeline() const;
  std::size_t places() const;
  std::uint64_t offered() const { return numbers_; }

 private:
  // Every event is one of these, for one index: a command, batch, lump, replica, change, or what kind of tick.
  enum class Kind : std::uint8_t {
    change,
    offer,        // 0: the source sends; 1: a client has thought.
    gateway_in,   // A command reaches its gateway.
    route,        // The gateway knows what to do with it: its work is done, or a leader sent it back.
    leader_in,    // It reaches the leader.
    leader_done,  // The leader's work on it is done: append.
    write_done,   // The leader's work on a batch is done.
    batch_in,     // Entries reach a follower.
    batch_done,   // The follower's work on them is done.
    flush,        // Of a replica: it may begin, or has ended.
    ack_in,       // The leader hears of it.
    thread_done,  // An entry is processed.
    answer_in,    // An answer reaches the gateway.
    client_in,    // It reaches the client.
    exported,     // A lump is through the exporter or the storage.
    tick
  };
  static constexpr std::size_t lanes = 7;
  static constexpr std::uint32_t tick_timeouts = 0, tick_throttle = 1, tick_disk = 2, tick_snapshot = 3;  // And so on: one for each partition.

  enum class Status : std::uint8_t { under_way, completed, rejected, failed };
  struct Command {
    std::uint64_t number = 0;
    Instant issued{}, admitted{}, since{};         // `since`: at the station where it is.
    std::uint32_t older = nobody, newer = nobody;  // Commands whose clients wait, in the order of their sending.
    std::uint32_t gateway_epoch = 0;               // When the gateway took it in.
    std::uint32_t term = 0;                        // Of the partition, when its leader took it in.
    std::uint16_t partition = 0, gateway = 0, holder = 0, attempts = 0;
    std::uint16_t round = 0;
    Status status = Status::under_way;
    Rejected reason = Rejected::no_leader;
    bool given_up : 1 = false;   // Its client has.
    bool over : 1 = false;       // Nothing of it is left but a client that waits.
    bool in_work : 1 = false;    // It counts against the limit of its partition.
    bool received : 1 = false;   // Through the receiver's network.
    bool worked_on : 1 = false;  // By the clients' workers.
  };
  // Entries on their way to a follower and back.
  struct Batch {
    std::int64_t from = 0, to = 0;  // (from, to].
    Instant sent{};
    std::uint32_t replica = 0, epoch = 0, order = 0;
    bool received = false;
  };
  struct Lump {
    std::int64_t entries = 0;
    std::uint32_t replica = 0, term = 0, order = 0;
    bool in_storage = false;
  };
  struct Broker {
    std::uint16_t machine = 0;
    bool running = true, reset = false, paused = false, hung = false;  // `reset`: when it stopped, everybody was told.
    std::uint32_t epoch = 0;
    std::uint32_t next_partition = 0;  // Of the commands that it takes in.
    std::vector<std::uint32_t> replicas;
    std::vector<sim::Key> parked;     // What happens when it resumes.
    std::vector<sim::Key> unflushed;  // What ends when its disk recovers.
  };
  struct Node {  // A machine.
    Cores cores;
    Server out, in, disk;
    Duration flush_spacing{0};
    Instant next_flush{};
    Meter flushes;
    int exporting = 0;                      // Lumps on its cores.
    Ring<std::uint32_t> exports_waiting;    // Partitions.
    bool rejects = false, refuses = false;  // Its disk is nearly full.
  };
  enum class Flushing : std::uint8_t { idle, waiting, running };
  struct Replica {
    std::uint32_t partition = 0;
    std::uint16_t broker = 0;
    bool votes = true;
    std::uint32_t epoch = 0;
    std::int64_t sent = 0, match = 0;  // As its leader knows.
    std::int64_t written = 0, durable = 0, flush_to = 0, wanted = 0;
    int in_flight = 0;
    std::uint32_t batches = 0, flushes = 0;  // Ever.
    Flushing flushing = Flushing::idle;
    Instant flush_began{}, flush_ends = never, thread_ends = never, write_ends = never;
    Instant last_arrival{}, last_ack{}, last_written{};  // First in, first out.
    Ring<std::uint32_t> unflushed;                       // Batches that wait for the disk.
    Ring<Instant> joined;                                // When what waits for the disk came.
    std::size_t flush_joins = 0;                         // How much of it is in the fsync that runs.
    Meter flush, window;
  };
  struct Group {  // A partition.
    std::int16_t leader = -1;
    bool serving = false;
    std::uint32_t term = 0, first = 0, count = 0, lead = 0;  // Replicas [first, first + count); that of the leader.
    std::int64_t last = 0, commit = 0, processed = 0;
    bool busy = false;                   // The thread.
    Ring<std::uint32_t> log;             // The commands of entries (processed, last].
    Ring<std::uint32_t> unwritten;       // Those that wait for the leader's next batch.
    std::vector<std::uint32_t> carried;  // Those that go on with the next leader.
    std::int64_t writing = 0;
    std::int64_t in_work = 0;
    RequestLimit limit;
    WriteLimit writes;
    std::int64_t export_sent = 0, exported = 0, exported_before = 0, snapshot = 0;
    std::int64_t compacted_bytes = 0;
    int lumps = 0;              // On their way.
    bool export_waits = false;  // For a core of its machine.
    std::uint32_t lumps_ever = 0;
    std::uint64_t completed = 0;  // In this interval.
    Meter thread, append;
  };

  // pipeline.cpp
  void handle(sim::Key key);
  void push(Instant at, Kind kind, std::uint64_t rank, std::uint32_t index, std::size_t lane = lanes);
  std::uint64_t rank_of(const Command& command, Kind kind) const;
  std::uint64_t rank_of_replica(std::uint32_t replica, Kind kind, std::uint32_t order = 0) const;
  Node& node_of(std::uint16_t broker) { return nodes_[brokers_[broker].machine]; }
  // When what is sent now arrives. `draw` names the message; `last` is the last arrival of the same connection.
  Instant send(std::uint16_t from, std::uint16_t to, std::int64_t bytes, const Stream& stream, Slot slot, Instant* last);
  Instant travel(const topology::LinkLaw& law, Instant from, const Stream& stream, Slot slot) const;
  // Whether it must still pass the receiver's network; if so it comes again.
  template <class Message>
  bool receives_later(std::uint16_t broker, std::int64_t bytes, Message& message, sim::Key key);
  bool cut(std::uint16_t a, std::uint16_t b) const { return cuts_ != 0 && cut_[a * brokers_.size() + b] != 0; }
  bool parks(std::uint16_t broker, sim::Key key);
  Stream of_command(const Command& command) const { return streams_.of(command.number, Purpose::command); }

  // pipeline_clients.cpp
  void plan_offer();
  void on_offer(std::uint32_t who);
  void issue();
  bool choose_gateway(std::uint16_t& gateway);
  void on_gateway(std::uint32_t index, sim::Key key);
  void on_route(std::uint32_t index, sim::Key key);
  void route(std::uint32_t index);
  void send_back(std::uint32_t index, Rejected reason);
  void answer_from_gateway(std::uint32_t index, Status status);
  void on_answer(std::uint32_t index, sim::Key key);
  void on_client(std::uint32_t index, sim::Key key);
  void on_timeouts();
  void ended(const Command& command, bool well);  // For the closed loop.
  void unlink(std::uint32_t index);
  void is_over(std::uint32_t index);  // Nothing will be heard of it.
  void connections_are_reset(std::uint16_t gateway);
  void lost_at(std::uint32_t index, bool told);  // The same, or its client is told of an error.

  // pipeline_replication.cpp
  void on_leader(std::uint32_t index, sim::Key key);
  void on_leader_done(std::uint32_t index, sim::Key key);
  void to_write(std::uint32_t index);
  void begin_write(Group& group);
  void on_write_done(std::uint32_t replica, sim::Key key);
  void append(std::uint32_t index);
  void written_by_leader(Group& group);
  void send_entries(Group& group, std::uint32_t replica);
  void on_batch(std::uint32_t index, sim::Key key);
  void on_batch_done(std::uint32_t index, sim::Key key);
  void written(std::uint32_t index);
  void acknowledge(std::uint32_t index);
  void on_ack(std::uint32_t index, sim::Key key);
  bool flushes(const Replica& replica) const;
  bool must_flush(const Replica& replica) const;
  bool leads(std::uint32_t replica) const;
  void start_flush(std::uint32_t replica);
  void join_flush(std::uint32_t replica);
  void begin_flush(std::uint32_t replica);
  void on_flush(std::uint32_t replica, sim::Key key);
  void advance(Group& group);
  void commit_to(Group& group, std::int64_t index);
  void leader_changed_its_mind(std::uint32_t index);  // A command met a leader that leads no more.

  // pipeline_processing.cpp
  void process(Group& group);
  void on_thread(std::uint32_t replica, sim::Key key);
  void next_round(std::uint32_t index);
  void answer(std::uint32_t index);
  void export_more(Group& group);
  void on_exported(std::uint32_t index, sim::Key key);
  void store(std::uint32_t index);
  void stored(std::uint32_t index);
  std::int64_t records_waiting(const Group& group) const;

  // pipeline_changes.cpp
  void on_change(std::uint32_t index);
  void stop(std::uint16_t broker, bool told);
  void come_back(std::uint16_t broker);
  void unpark(std::vector<sim::Key>& parked);
  void lead(std::uint32_t partition, std::uint16_t broker);
  void lose_leader(std::uint32_t partition);
  void forget_flight(std::uint32_t replica);
  void heal(std::uint16_t a, std::uint16_t b);
  void set_rates();
  void on_tick(std::uint32_t which);
  void check_disks();
  std::int64_t log_bytes(std::size_t machine) const;

  // pipeline_timeline.cpp
  void close_intervals();
  void begin_measuring();
  std::vector<Station> stations() const;

  // What is given.
  Deployment deployment_;
  PipelineOptions options_;
  Streams streams_;
  double round_share_ = 1;  // Of a command's cost.
  std::int64_t entry_bytes_ = 1, entries_per_batch_ = 1;
  bool exports_ = false, network_limited_ = false;

  // What is now.
  sim::Queue<lanes> queue_;
  Instant now_{};
  Hash hash_;
  std::uint64_t events_ = 0;
  std::vector<Node> nodes_;
  std::vector<Broker> brokers_;
  std::vector<Replica> replicas_;
  std::vector<Group> groups_;
  Places<Command> commands_;
  Places<Batch> batches_;
  Places<Lump> lumps_;
  std::vector<std::uint8_t> cut_;
  int cuts_ = 0;
  std::vector<Instant> last_request_;  // From gateway to leader, by pair: first in, first out.
  std::vector<Server> link_bytes_;     // By pair, where a link has a bandwidth.
  Server storage_, workers_;
  bool storage_stopped_ = false;
  std::vector<std::uint32_t> stalled_;  // Lumps that wait for it to return.

  // Clients.
  std::uint64_t offers_ = 0, numbers_ = 0;
  Instant next_offer_{};
  std::size_t rate_step_ = 0, next_gateway_ = 0;
  std::uint32_t oldest_ = nobody, newest_ = nobody;
  std::int64_t waiting_ = 0;
  bool timeouts_planned_ = false;
  Words offer_words_{};

  // Books.
  Counts total_, counts_;
  std::size_t next_edge_ = 0;
  Instant measured_from_{};
  sim::Histogram interval_latency_, latency_;
  std::vector<Interval> intervals_;
  std::vector<Station> stations_;  // From the first edge to the last, once it has passed.
  std::uint64_t committed_ = 0, lost_ = 0, batches_ever_ = 0, replicated_ = 0;
};

// What every event passes is inlined.
inline void Pipeline::Flow::push(Instant at, Kind kind, std::uint64_t rank, std::uint32_t index, std::size_t lane) {
  const sim::Key key = sim::make_key(at, rank, (static_cast<std::uint32_t>(kind) << 24) | index);
  if (lane < lanes) {
    queue_.push(lane, key);
  } else {
    queue_.push(key);
  }
}

// 28 bits of a command's number: two commands of one instant and kind that far apart are not in work at once.
inline std::uint64_t Pipeline::Flow::rank_of(const Command& command, Kind kind) const {
  const std::uint64_t n = command.number;
  return sim::make_rank(sim::Class::arrival, n & 0xf'ffff, static_cast<std::uint64_t>(kind), (n >> 20) & 15, (n >> 24) & 15);
}

inline std::uint64_t Pipeline::Flow::rank_of_replica(std::uint32_t replica, Kind kind, std::uint32_t order) const {
  return sim::make_rank(sim::Class::durable, replica, static_cast<std::uint64_t>(kind), (order >> 4) & 15, order & 15);
}

template <class Message>
bool Pipeline::Flow::receives_later(std::uint16_t broker, std::int64_t bytes, Message& message, sim::Key key) {
  if (message.received) return false;
  message.received = true;
  Server& in = node_of(broker).in;
  if (!in.limited()) return false;
  queue_.push(sim::with_time(key, in.serve(now_, static_cast<double>(bytes))));
  return true;
}

inline bool Pipeline::Flow::parks(std::uint16_t broker, sim::Key key) {
  if (!brokers_[broker].paused) [[likely]]
    return false;
  brokers_[broker].parked.push_back(key);
  return true;
}

}  // namespace nines::workload
