#include "scenarios/fuzz/linearizable.hpp"

#include <algorithm>
#include <unordered_set>
#include <vector>

#include "sim/base/hash.hpp"

namespace nines::fuzz {

namespace {

std::string text_of(const Operation& o) {
  const auto at = [](Instant t) { return t == never ? std::string("?") : std::to_string(seconds(t - Instant{})); };
  return std::string(o.kind == Operation::Kind::write ? "write " : "read ") + std::to_string(o.value) + " from " + at(o.called) + " to " +
         at(o.returned) + " s";
}

// One register's operations, by call; the search puts them in order one by one.
class Search {
 public:
  Search(std::vector<Operation> operations, std::size_t bound) : operations_(std::move(operations)), bound_(bound) {
    std::stable_sort(operations_.begin(), operations_.end(), [](const Operation& a, const Operation& b) { return a.called < b.called; });
    done_.assign((operations_.size() + 63) / 64, 0);
    // Calls and returns as one list in the order of time; an operation that returns when another is called is concurrent to it.
    for (std::uint32_t i = 0; i < operations_.size(); ++i) {
      events_.push_back({operations_[i].called, false, i, 0, 0});
      if (operations_[i].returned != never) events_.push_back({operations_[i].returned, true, i, 0, 0});
    }
    std::stable_sort(events_.begin(), events_.end(),
                     [](const Event& a, const Event& b) { return a.at != b.at ? a.at < b.at : a.is_return < b.is_return; });
    events_.insert(events_.begin(), Event{});
    return_of_.assign(operations_.size(), 0);
    call_of_.assign(operations_.size(), 0);
    for (std::uint32_t e = 0; e < events_.size(); ++e) {
      events_[e].next = e + 1 < events_.size() ? e + 1 : 0;
      events_[e].previous = e == 0 ? static_cast<std::uint32_t>(events_.size() - 1) : e - 1;
      if (e > 0) (events_[e].is_return ? return_of_ : call_of_)[events_[e].operation] = e;
    }
  }

  Verdict run(std::string& what) {
    std::size_t finished =
        static_cast<std::size_t>(std::count_if(operations_.begin(), operations_.end(), [](const Operation& o) { return o.returned != never; }));
    std::vector<Step> path;
    std::uint64_t state = 0;
    std::size_t visited = 0;
    std::uint32_t entry = events_[0].next;
    while (finished > 0) {
      if (entry != 0 && !events_[entry].is_return) {
        const Operation& o = operations_[events_[entry].operation];
        const bool possible = o.kind == Operation::Kind::write || o.value == state;
        if (possible) {
          const std::uint64_t after = o.kind == Operation::Kind::write ? o.value : state;
          flip(events_[entry].operation);
          if (seen_.insert(memory_of(after)).second) {
            if (++visited > bound_) return Verdict::undecided;
            path.push_back({entry, state});
            state = after;
            if (o.returned != never) --finished;
            lift(entry);
            entry = events_[0].next;
            continue;
          }
          flip(events_[entry].operation);
        }
        entry = events_[entry].next;
        continue;
      }
      // Somebody has returned and could not be put anywhere, so the last choice was wrong.
      if (path.empty()) {
        what = "no order explains " + (entry == 0 ? std::string("the history") : text_of(operations_[events_[entry].operation]));
        return Verdict::broken;
      }
      if (path.size() >= deepest_ && entry != 0) {
        deepest_ = path.size();
        stuck_ = events_[entry].operation;
      }
      const Step last = path.back();
      path.pop_back();
      state = last.state;
      flip(events_[last.entry].operation);
      if (operations_[events_[last.entry].operation].returned != never) ++finished;
      unlift(last.entry);
      entry = events_[last.entry].next;
    }
    return Verdict::linearizable;
  }

  std::string stuck() const { return text_of(operations_[stuck_]); }

 private:
  struct Event {
    Instant at{};
    bool is_return = false;
    std::uint32_t operation = 0;
    std::uint32_t next = 0, previous = 0;
  };
  struct Step {
    std::uint32_t entry;
    std::uint64_t state;
  };

  void flip(std::uint32_t operation) { done_[operation / 64] ^= std::uint64_t{1} << (operation % 64); }
  // Two hashes of what is done and the register: a clash would only make the search give up on a state it has not seen.
  struct Memory {
    std::uint64_t a, b;
    bool operator==(const Memory&) const = default;
  };
  struct ByFirst {
    std::size_t operator()(const Memory& m) const { return static_cast<std::size_t>(m.a); }
  };
  Memory memory_of(std::uint64_t state) const {
    Hash a, b;
    b.add(0x9e3779b97f4a7c15ull);
    for (const std::uint64_t word : done_) {
      a.add(word);
      b.add(~word);
    }
    a.add(state);
    b.add(state);
    return {a.value(), b.value()};
  }
  void unlink(std::uint32_t e) {
    events_[events_[e].previous].next = events_[e].next;
    events_[events_[e].next].previous = events_[e].previous;
  }
  void relink(std::uint32_t e) {
    events_[events_[e].previous].next = e;
    events_[events_[e].next].previous = e;
  }
  void lift(std::uint32_t call) {
    unlink(call);
    if (const std::uint32_t back = return_of_[events_[call].operation]; back != 0) unlink(back);
  }
  void unlift(std::uint32_t call) {
    if (const std::uint32_t back = return_of_[events_[call].operation]; back != 0) relink(back);
    relink(call);
  }

  std::vector<Operation> operations_;
  std::size_t bound_;
  std::vector<Event> events_;  // A ring; 0 stands before the first and after the last.
  std::vector<std::uint32_t> return_of_, call_of_;
  std::vector<std::uint64_t> done_;
  std::unordered_set<Memory, ByFirst> seen_;
  std::size_t deepest_ = 0;
  std::uint32_t stuck_ = 0;
};

// Calls without an outcome whose value nobody read may have come last, or not at all: they explain nothing and forbid nothing.
std::vector<Operation> of_register(std::span<const Operation> history, std::uint32_t which) {
  std::vector<std::uint64_t> read;
  for (const Operation& o : history)
    if (o.which_register == which && o.kind == Operation::Kind::read && o.returned != never) read.push_back(o.value);
  std::sort(read.begin(), read.end());
  std::vector<Operation> some;
  for (const Operation& o : history) {
    if (o.which_register != which) continue;
    if (o.returned != never || (o.kind == Operation::Kind::write && std::binary_search(read.begin(), read.end(), o.value))) some.push_back(o);
  }
  return some;
}

}  // namespace

Verdict check_registers(std::span<const Operation> history, std::size_t bound, std::string& what) {
  std::uint32_t registers = 0;
  for (const Operation& o : history) registers = std::max(registers, o.which_register + 1);
  Verdict all = Verdict::linearizable;
  for (std::uint32_t which = 0; which < registers; ++which) {
    Search search(of_register(history, which), bound);
    switch (search.run(what)) {
      case Verdict::linearizable: break;
      case Verdict::undecided: all = Verdict::undecided; break;
      case Verdict::broken: what = "register " + std::to_string(which) + ": no order of the calls explains " + search.stuck(); return Verdict::broken;
    }
  }
  return all;
}

}  // namespace nines::fuzz
