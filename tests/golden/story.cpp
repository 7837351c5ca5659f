#include "tests/golden/story.hpp"

#include "scenarios/fuzz/story.hpp"

namespace nines::golden {

namespace {

using raft::Kind;
using world::Group;

using fuzz::difference;
using fuzz::Glance;
using fuzz::name_of;
using fuzz::text_of;
using fuzz::time_of;

std::string text_of(failure::Effect effect) {
  switch (effect) {
    case failure::Effect::stop: return "stop";
    case failure::Effect::planned_stop: return "planned stop";
    case failure::Effect::pause: return "pause";
    case failure::Effect::cut: return "cut";
    case failure::Effect::cut_out: return "one-way cut";
    case failure::Effect::slow: return "slowness";
    case failure::Effect::lossy: return "loss";
  }
  return "";
}

std::string text_of(const failure::Change& change, const world::Options& options) {
  const std::uint32_t which = change.element.a;
  const std::string where = change.element.scope == failure::Scope::broker ? options.brokers[which].name
                            : change.element.scope == failure::Scope::node ? options.topology.nodes[which].name
                                                                           : "element " + std::to_string(which);
  const std::string what = text_of(change.effect) + " of " + where;
  switch (change.stage) {
    case failure::Stage::announce: return what + " is announced";
    case failure::Stage::begin: return what + " begins";
    case failure::Stage::widen: return what + " goes both ways now";
    case failure::Stage::end: return what + " ends";
  }
  return "";
}

class Teller {
 public:
  Teller(testing_worlds::Stage& stage, Instant from) : stage_(stage), from_(from) { remember(); }

  void fault(const failure::Change& change) {
    tell_events(change.at);
    stage_.world.apply(change);
    line(change.at, "*   " + text_of(change, stage_.plan->options));
    tell_differences(change.at);
    tell_writable(change.at);
  }

  void tell_events(Instant until) {
    Group& group = stage_.world.group(PartitionId{0u});
    while (group.next().at < until) {
      const Group::Next next = group.next();
      const std::string what = next.message                           ? "hears " + name_of(next.message->from) + ": " + text_of(*next.message)
                               : next.event == Group::Event::durable  ? "its disk is done"
                               : next.event == Group::Event::serve    ? "its services are up"
                               : next.event == Group::Event::proposal ? "a client writes"
                               : next.event == Group::Event::gossip   ? "hears that its leader is gone"
                                                                      : "its timer runs out";
      const bool beat = !next.message || next.message->kind == Kind::heartbeat || next.message->kind == Kind::heartbeat_ack;
      group.advance_by_one(*stage_.plan, stage_.world.scratch());
      std::string changed;
      for (raft::Member m = 0; m < before_.size(); ++m) {
        const std::string own = difference(before_[m], fuzz::glance(group.core(m)));
        if (!own.empty()) changed += "  -> " + (m == next.member ? "" : name_of(m) + " ") + own;
      }
      remember();
      if (next.event == Group::Event::gossip && changed.empty()) continue;  // It was no news any more.
      if (beat && changed.empty() && next.event != Group::Event::serve) {
        quiet_ += next.at >= from_ ? 1 : 0;
      } else {
        line(next.at, (next.member == raft::nobody ? "*   " : name_of(next.member) + "  ") + what + changed);
      }
      tell_writable(next.at);
    }
  }

  std::string text() {
    flush();
    return text_;
  }

 private:
  void remember() {
    const Group& group = stage_.world.group(PartitionId{0u});
    before_.clear();
    for (raft::Member m = 0; m < stage_.plan->groups[0].members; ++m) before_.push_back(fuzz::glance(group.core(m)));
  }
  void tell_differences(Instant at) {
    const Group& group = stage_.world.group(PartitionId{0u});
    for (raft::Member m = 0; m < before_.size(); ++m)
      if (const std::string own = difference(before_[m], fuzz::glance(group.core(m))); !own.empty()) line(at, name_of(m) + "  " + own);
    remember();
  }
  void tell_writable(Instant at) {
    const raft::Member writer = stage_.world.group(PartitionId{0u}).writer();
    if (writer == writer_) return;
    writer_ = writer;
    line(at, writer == raft::nobody ? "*   nobody can write" : "*   " + name_of(writer) + " can write");
  }
  void flush() {
    if (quiet_ > 0) text_ += "                ... " + std::to_string(quiet_) + " quiet events\n";
    quiet_ = 0;
  }
  void line(Instant at, const std::string& what) {
    if (at < from_) return;
    flush();
    text_ += time_of(at) + what + "\n";
  }

  testing_worlds::Stage& stage_;
  Instant from_;
  std::vector<Glance> before_;
  raft::Member writer_ = raft::nobody;
  int quiet_ = 0;
  std::string text_;
};

}  // namespace

std::string story(testing_worlds::Stage& stage, Instant from, Instant to) {
  Teller teller(stage, from);
  for (; stage.upcoming.at < to; stage.upcoming = stage.timeline.next(stage.upcoming.at)) teller.fault(stage.upcoming);
  teller.tell_events(to);
  return teller.text();
}

}  // namespace nines::golden
