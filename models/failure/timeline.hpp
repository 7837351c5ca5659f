// The catalogue as a failure source: every (mode, element) is an alternating renewal process on its own keyed draws, and scripted
// and recorded faults join in.
// A failure source of your own needs only next(); see FailureSource.
#pragma once

#include <concepts>
#include <cstdint>
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

// What a mode of that scope can hit at this site, in the order in which the timeline numbers it: zones pair up within their region only.
std::vector<Element> elements_of(const Site& site, Scope scope);

// How long before a planned stop the process is told, and how long TCP takes to turn a one-way cut into a two-way one (a retransmission
// time-out, RFC 6298; measured on etcd 3.4: about 0.2 s).
inline constexpr Duration notice = 500ms;
inline constexpr Duration widening = 200ms;

class Timeline {
 public:
  // Starts in the stationary state: what is down at Instant{} is in active(), with residual durations.
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
    Instant ends = never;  // Of the fault that is going on.
  };
  void plan_fault(Source& source, Instant from);
  Element hit(const Source& source) const;  // By the fault that is beginning.
  void schedule(std::uint32_t source);

  std::vector<Mode> modes_;
  std::vector<Source> sources_;
  std::vector<Change> active_;
  std::vector<Change> script_;  // Sorted, latest first.
  Replay replay_;
  Streams streams_;
  sim::Heap queue_;
  std::uint64_t faults_ = 0;
};

}  // namespace nines::failure
