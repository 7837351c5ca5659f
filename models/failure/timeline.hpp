// The catalogue as a failure source: every (mode, element) is an alternating renewal process on its own keyed draws, and scripted
// and recorded faults join in.
// A failure source of your own needs only next(); see FailureSource.
#pragma once

#include <concepts>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "models/failure/change.hpp"
#include "models/failure/mode.hpp"
#include "models/failure/trace.hpp"
#include "sim/base/random.hpp"
#include "sim/base/time.hpp"
#include "sim/kernel/heap.hpp"

namespace nines::failure {

template <class T>
concept FailureSource = requires(T source, Instant now) {
  { source.next(now) } -> std::same_as<Change>;  // The next change at or after now; never later than the one after it. at == never: no more.
};

// What there is to fail, by name.
struct Site {
  std::vector<std::string> brokers, nodes, racks, zones, regions, clusters;
  std::vector<std::uint32_t> zone_region;  // Per zone its region.
  // Where a fault can grow to; `nowhere` where there is no such place. They may be left empty where no mode escalates.
  std::vector<std::uint32_t> rack_zone, node_rack, node_zone, broker_node, broker_cluster;
  // Per node its pool's name, and which of `pool_zones` it stands in. They may be left empty where no mode asks for pools.
  std::vector<std::string> node_pool, pool_zones;  // "spot/us-east-1/a": a pool in a zone in which it has nodes.
  std::vector<std::uint32_t> node_pool_zone, pool_zone_zone;
  // Beside the brokers: processes of one's own, and what others run; of each the component that it is an instance of.
  std::vector<std::string> processes, externals, process_component, external_component;
  static constexpr std::uint32_t nowhere = 0xffffffff;
};

// The element of scope `to` that holds `element`; itself where there is none. See encloses().
Element enclosing(const Site& site, const Element& element, Scope to);

// The list of a kind; of a pair's kind, that of its ends.
const std::vector<std::string>& names_of(const Site& site, Scope scope);

// The element that one or two names mean; exists == false when nothing is called so.
struct Named {
  Element element;
  bool exists = false;
};
Named find_element(const Site& site, const std::vector<std::string>& names);

// What a mode can hit at this site, in the order in which the timeline numbers it: zones pair up within their region only, and a mode of some pools
// hits nothing of the others.
std::vector<Element> elements_of(const Site& site, const Mode& mode);

// How long before a planned stop the process is told, and how long TCP takes to turn a one-way cut into a two-way one (a retransmission
// time-out, RFC 6298; measured on etcd 3.4: about 0.2 s).
inline constexpr Duration notice = 500ms;
inline constexpr Duration widening = 200ms;

// How far into the week Instant{} is: uniform, and one for all who keep hours in a run.
Duration hour_of_start(const Streams& streams);

class Timeline {
 public:
  // Starts in the stationary state: what is down at Instant{} is in active(), with residual durations. Where repair couples elements (crews, hours
  // of work) that state has no simple law: they start earlier as if they were independent, long enough to forget it. Each timeline begins at an
  // instant of its own in the week.
  Timeline(const std::vector<Mode>& modes, const std::vector<ScriptedFault>& script, const Site& site, const Streams& streams,
           std::shared_ptr<const Trace> trace = nullptr);

  Change next(Instant now);
  const std::vector<Change>& active() const { return active_; }  // What was going on at the start: begin, and widen of one-way cuts.
  std::uint64_t faults() const { return faults_; }               // Begun so far.

 private:
  struct Source {
    Element element;
    Element whole;  // What its faults hit when they grow.
    std::uint16_t mode = 0;
    std::uint64_t key = 0;  // Of its random streams: mode and element by name.
    std::uint64_t occurrence = 0;
    Change pending;        // What happens next here.
    Instant ends = never;  // Of the fault that is going on; never while it waits for a crew.
  };
  struct Crew {
    std::string name;
    int free = 0;
    std::deque<std::uint32_t> waiting;  // Sources, first come first.
  };
  void start(std::uint32_t source, Instant from);  // In the stationary state of an element alone.
  void warm_up();
  std::vector<Duration> leads() const;  // By mode.
  void add_script(const std::vector<ScriptedFault>& script, const Site& site);
  Change advance();  // The next change of a source, in time since the warm-up's start.
  void begin_fault(std::uint32_t source, Instant at);
  void end_fault(std::uint32_t source, Instant at);
  Instant part_for(const Source& source, Instant at);
  Instant repaired(const Source& source, Instant from) const;  // When the fault that is going on ends, if its repair may begin.
  Crew* crew_of(const Source& source);
  void share_budgets(const Site& site);
  bool may_begin(std::uint32_t source) const;
  void hold();  // What comes next and may not yet begin.
  void release(Instant at);
  void plan_fault(Source& source, Instant from);
  Element hit(const Source& source) const;  // By the fault that is beginning.
  void schedule(std::uint32_t source);

  std::vector<Mode> modes_;
  std::vector<Source> sources_;
  std::vector<Crew> crews_;
  std::vector<std::vector<Instant>> parts_;              // Per mode: when the parts come, or came, that nobody has taken. A heap, the earliest first.
  std::vector<std::size_t> crew_of_mode_;                // Into crews_; its size for none.
  std::vector<std::vector<std::uint32_t>> in_clusters_;  // Per source of a mode with a budget: its brokers' clusters, one entry a broker. Empty: no budgets.
  std::vector<int> at_work_;                             // Per cluster: its brokers that are down for planned work, or about to be.
  std::deque<std::uint32_t> held_;                       // Sources whose planned work waits, first come first.
  Duration early_{0};                                    // The warm-up: sources count their time from so long before the start.
  Duration monday_{0};                                   // Into the week, at the start of the warm-up.
  std::vector<Change> active_;
  std::vector<Change> script_;  // Sorted, latest first.
  Replay replay_;
  Streams streams_;
  sim::Heap queue_;
  std::uint64_t faults_ = 0;
};

}  // namespace nines::failure
