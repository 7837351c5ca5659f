// The command-level simulation: every command goes client -> gateway -> leader -> append, fsync, replicate, commit -> process -> answer -> export,
// through the machines, links and disks of a deployment, while brokers fail and leaders change as a given list says. It answers what an incident
// looks like under load, and is the second road to what the bottleneck law (capacity.hpp) says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/workload/capacity.hpp"
#include "models/workload/deployment.hpp"
#include "models/workload/limiter.hpp"
#include "sim/base/time.hpp"
#include "sim/kernel/histogram.hpp"

namespace nines::workload {

// What is offered, and what a client does with a command that is not taken.
struct Load {
  enum class Kind : std::uint8_t {
    poisson,  // At `rates`, whatever becomes of the commands.
    spaced,   // The same, at equal distances.
    trace,    // At the instants of `instants`.
    closed,   // `outstanding` clients; each waits for the end of its command, thinks, and sends the next.
  } kind = Kind::poisson;
  struct Step {
    Instant from{};
    double per_s = 0;  // Of the whole cluster.
    bool operator==(const Step&) const = default;
  };
  std::vector<Step> rates;        // Ascending; nothing before the first.
  std::vector<Instant> instants;  // Ascending.
  int outstanding = 0;
  Duration think{0};         // Mean of an exponential time.
  Duration after_error{1s};  // closed: a client whose command was rejected or failed waits this long.
  Instant until = never;     // Nothing is sent from here on.
  Duration timeout = 15s;    // A client gives up; its command may still take effect (Zeebe gateway request time-out).
  // free: round robin over the partitions; a gateway tries the next one when there is no leader or it is too busy, never after a time-out
  // (Zeebe RequestRetryHandler). even: a key decides, uniformly; what cannot be taken is an error.
  Routing routing = Routing::free;
  std::vector<std::uint16_t> gateways;  // Brokers that clients connect to, one after the other; empty: all of them.
  bool operator==(const Load&) const = default;
};

// What happens to the cluster from outside; elections are not simulated here. Of one instant: in the order of the list.
struct Change {
  enum class Kind : std::uint8_t {
    broker_stops,     // Its process ends: connections are reset, gateways see an error.
    broker_vanishes,  // Nobody is told: gateways wait for their time-outs.
    broker_returns,
    leader_serves,  // Of `partition`: `broker`. What its last leader had not committed is lost.
    leader_lost,
    replica_removed,  // That of `partition` on `broker`: it no longer counts for the quorum.
    replica_joins,    // It counts again.
    link_cut,         // From `broker` to `to` and back. What is under way arrives; what is sent waits, as in TCP, or until it is given up.
    link_heals,
    broker_pauses,  // All threads of `broker` stand still; nothing is lost.
    broker_resumes,
    disk_hangs,  // Fsyncs of `broker` do not end.
    disk_recovers,
    export_stops,  // The secondary storage takes nothing.
    export_resumes,
  };
  Instant at{};
  Kind kind = Kind::broker_stops;
  std::uint16_t broker = 0;
  std::uint16_t to = 0;
  std::uint16_t partition = 0;
  bool operator==(const Change&) const = default;
};
const char* name(Change::Kind kind);

struct FlowControl {
  RequestLimitOptions requests;
  WriteLimitOptions writes;
  bool operator==(const FlowControl&) const = default;
};

// Where the log goes: kept until it is exported and in a snapshot, a segment at a time (Zeebe 8.9 defaults).
struct LogOptions {
  std::int64_t segment_bytes = 128LL << 20;
  Duration snapshot_every = 5min;
  Duration disk_checked_every = 1s;
  std::int64_t free_for_commands = 2LL << 30;     // Less free: commands are rejected and processing pauses.
  std::int64_t free_for_replication = 1LL << 30;  // Less free: a follower accepts nothing.
  std::int64_t state_bytes = 0;                   // Of each broker, beside its log.
  bool operator==(const LogOptions&) const = default;
};

struct PipelineOptions {
  Load load;
  FlowControl flow;
  LogOptions log;
  std::vector<Change> changes;  // Ascending in time. Before the first everybody runs and primaries lead.
  std::vector<Instant> edges;   // Ascending, at least two: the intervals of the timeline. Stations are measured from the first to the last.
  std::uint64_t seed = 1;
  std::uint64_t replication = 0;
};

enum class Rejected : std::uint8_t { request_limit, write_limit, disk_full, no_leader };
inline constexpr std::size_t rejections = 4;
const char* name(Rejected reason);

// What became of commands. Each ends once: completed + rejected + failed + timed_out + in_flight = offered, over a whole run.
struct Counts {
  std::uint64_t offered = 0;                // Sent by clients.
  std::uint64_t accepted = 0;               // Let in by a leader.
  std::uint64_t completed = 0;              // Answered in time.
  std::uint64_t rejected[rejections] = {};  // By the reason that the client was told.
  std::uint64_t failed = 0;                 // The client was told of an error.
  std::uint64_t timed_out = 0;              // The client gave up.
  std::uint64_t retried = 0;                // By gateways, at another partition.
  std::uint64_t rejected_in_all() const;
  void add(const Counts& other);
  bool operator==(const Counts&) const = default;
};

// Of those completed in an interval, from sending to answer.
struct Latency {
  std::uint64_t count = 0;
  Duration p50{0}, p90{0}, p99{0}, max{0};
  double mean_s = 0;
  bool operator==(const Latency&) const = default;
};

struct PartitionInterval {
  std::int16_t leader = -1;    // At the interval's end; -1: none.
  std::int64_t in_flight = 0;  // At its end: let in and not yet answered.
  std::uint64_t completed = 0;
  std::int64_t export_backlog = 0;  // Records, at its end.
  bool operator==(const PartitionInterval&) const = default;
};

struct Interval {
  Instant from{}, to{};
  Counts counts;
  Latency latency;
  std::int64_t in_flight = 0;       // At its end: offered and not yet ended.
  std::int64_t export_backlog = 0;  // Records processed and not yet exported, at its end.
  std::int64_t log_bytes = 0;       // Of the machine whose disk holds most, at its end.
  std::vector<PartitionInterval> partitions;
  double per_s(std::uint64_t count) const { return static_cast<double>(count) / seconds(to - from); }
  bool operator==(const Interval&) const = default;
};

// One place where work waits and is done, from the first edge to the last.
struct Station {
  enum class Kind : std::uint8_t {
    machine_cpu,
    partition_thread,
    append,
    replica_flush,
    replica_window,
    network_out,
    network_in,
    disk,
    disk_rate,
    storage,
    workers
  };
  Kind kind = Kind::machine_cpu;
  Resource resource = Resource::cpu;  // The word of the bottleneck law.
  int where = -1;                     // A machine, or a partition; -1: the cluster.
  int replica = -1;                   // Of the partition: a broker.
  std::uint64_t arrivals = 0, completions = 0;
  double mean_number = 0;     // Time average of what is there, waiting or served.
  double mean_sojourn_s = 0;  // Of what completed.
  double utilisation = 0;     // Of its capacity at full batches.
  bool decides = true;        // false: the quorum does without it, so it limits nobody.
  bool operator==(const Station&) const = default;
};
std::string name(const Station& station, const Deployment& deployment);  // "CPU of node-0", "fsync of partition 2 on broker 1".

struct Timeline {
  std::vector<Interval> intervals;
  Counts total;                // Of the whole run, also outside the intervals.
  std::int64_t in_flight = 0;  // At the end.
  sim::Histogram latency;      // Of all that completed inside the intervals.
  std::vector<Station> stations;
  std::uint64_t committed = 0;                // Entries.
  std::uint64_t lost = 0;                     // Entries that were appended and never committed, because their leader went.
  std::uint64_t batches = 0, replicated = 0;  // Sent to followers, and the entries in them.
  std::uint64_t events = 0;
  std::size_t places = 0;         // Records and places of queues that were ever needed at once: memory, which does not grow with the run.
  std::uint64_t fingerprint = 0;  // Of all events.
  // The greatest utilisation among those that decide; nullptr without stations. A window that is full because something else is names that.
  const Station* busiest() const;
};

// A value: a copy continues identically. Deterministic: same options, same seed, same timeline.
class Pipeline {
 public:
  Pipeline(const Deployment& deployment, const PipelineOptions& options);
  Pipeline(const Pipeline& other);
  Pipeline(Pipeline&& other) noexcept;
  Pipeline& operator=(const Pipeline& other);
  Pipeline& operator=(Pipeline&& other) noexcept;
  ~Pipeline();

  void run_until(Instant end);  // Everything before `end`.
  Instant now() const;
  Timeline timeline() const;  // So far: intervals that have ended, stations up to now.
  std::size_t places() const;
  std::uint64_t offered() const;  // Commands, up to now.

 private:
  class Flow;
  std::unique_ptr<Flow> flow_;
};

// The whole of it: up to the last edge.
Timeline simulate(const Deployment& deployment, const PipelineOptions& options);

}  // namespace nines::workload
