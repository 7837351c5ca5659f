#include "tests/real/etcd_player.hpp"

#include <algorithm>

#include "tests/real/etcd_names.hpp"
#include "tests/real/etcd_trace.hpp"

namespace nines::real {

namespace {

// A fixed point is reached soon or never: a node that always has something to say must not hang the test.
constexpr int most_rounds = 1000;

bool is_response(const Message& m) { return m.kind.ends_with("Resp"); }

}  // namespace

Player::Seat& Player::seat(int id) { return seats_.at(static_cast<std::size_t>(id - 1)); }

std::vector<int> Player::named_or_all(const Directive& directive) const {
  std::vector<int> ids = directive.numbers();
  for (std::size_t i = 0; directive.numbers().empty() && i < seats_.size(); ++i) ids.push_back(static_cast<int>(i) + 1);
  return ids;
}

std::vector<std::string> Player::play(const Directive& directive) {
  printed_.clear();
  const std::string& command = directive.command;
  const std::vector<int> ids = directive.numbers();
  const int first = ids.empty() ? 0 : ids.front();
  if (command == "log-level") {
    silent_ = directive.arguments.front().key == "none";
  } else if (command == "add-nodes") {
    add_nodes(directive);
  } else if (command == "campaign") {
    seat(first).node->campaign();
  } else if (command == "propose") {
    propose(directive);
  } else if (command == "propose-conf-change") {
    propose_change(directive);
  } else if (command == "process-ready") {
    for (const int id : ids)
      if (!process_ready(id, ids.size() > 1)) print("<empty Ready>");
  } else if (command == "deliver-msgs") {
    deliver(directive);
  } else if (command == "stabilize") {
    stabilize(named_or_all(directive));
  } else if (command == "tick-heartbeat") {
    ticks(first, NodeOptions{}.heartbeat_ticks);
  } else if (command == "tick-election") {
    ticks(first, NodeOptions{}.election_ticks);
  } else if (command == "report-unreachable") {
    seat(first).node->report_unreachable(ids.at(1));
  } else if (command == "compact") {
    compact(first, static_cast<raft::Index>(ids.at(1)));
  } else if (command == "raft-log") {
    show_log(first);
  } else if (command == "status") {
    show_status(first);
  } else if (command == "raft-state") {
    show_states();
  } else {
    silent_ = false;
    print("unknown command " + command);
  }
  return printed_;
}

void Player::add_nodes(const Directive& directive) {
  NodeOptions options;
  for (const int id : directive.numbers("voters"))
    options.configuration.incoming = static_cast<quorum::Members>(options.configuration.incoming | quorum::member(id - 1));
  for (const int id : directive.numbers("learners"))
    options.configuration.learners = static_cast<quorum::Members>(options.configuration.learners | quorum::member(id - 1));
  options.index = static_cast<raft::Index>(std::stoull(directive.value("index", "0")));
  options.in_flight = std::stoi(directive.value("inflight", "0"));
  options.check_quorum = directive.value("checkquorum") == "true";
  options.pre_vote = directive.value("prevote") == "true";
  for (int i = 0; i < directive.numbers().front(); ++i) {
    options.id = static_cast<int>(seats_.size()) + 1;
    Seat seat;
    seat.node = make_(options);
    seat.shown = seat.node->state();
    seat.stored = seat.node->log();
    seat.applied = options.index;
    seats_.push_back(std::move(seat));
  }
}

void Player::propose(const Directive& directive) {
  const auto entry = seat(directive.numbers().front()).node->propose();
  if (!entry) return print("raft proposal dropped");
  texts_[{entry->term, entry->index}] = "EntryNormal \"" + directive.arguments.at(1).key + "\"";
}

void Player::propose_change(const Directive& directive) {
  quorum::ChangeRequest request;
  std::string words;
  for (const quorum::Change& change : changes_named(directive.input)) request.add(change);
  for (const std::string& line : directive.input) words += " " + line;
  const std::string transition = directive.value("transition", "auto");
  if (transition == "implicit") request.transition = quorum::Transition::joint_implicit;
  if (transition == "explicit") request.transition = quorum::Transition::joint_explicit;
  const auto entry = seat(directive.numbers().front()).node->propose_change(request);
  if (!entry) return print("raft proposal dropped");
  if (!entry->configuration) return;
  texts_[{entry->term, entry->index}] = (directive.value("v1") == "true" ? "EntryConfChange" : "EntryConfChangeV2") + words;
}

void Player::ticks(int id, int count) {
  for (int i = 0; i < count; ++i) seat(id).node->tick();
}

void Player::compact(int id, raft::Index index) {
  Seat& s = seat(id);
  s.node->compact(index);
  s.stored.start = s.node->log().start;
  std::erase_if(s.stored.entries, [&](const Entry& entry) { return entry.index <= index; });
}

void Player::deliver(const Directive& directive) {
  const std::string kind = directive.value("type");
  int handled = 0;
  for (const int id : directive.numbers()) handled += deliver_to(id, kind, false);
  for (const int id : directive.numbers("drop")) handled += deliver_to(id, kind, true);
  if (handled == 0) print("no messages");
}

bool Player::has_mail(int id) const {
  return std::any_of(network_.begin(), network_.end(), [&](const Message& m) { return m.to == id; });
}

int Player::deliver_to(int id, const std::string& kind, bool drop) {
  const auto theirs =
      std::stable_partition(network_.begin(), network_.end(), [&](const Message& m) { return m.to != id || (!kind.empty() && m.kind != kind); });
  const std::vector<Message> mail(theirs, network_.end());
  network_.erase(theirs, network_.end());
  for (const Message& message : mail) {
    print((drop ? "dropped: " : "") + message_text(message));
    if (drop) continue;
    // etcd's RawNode refuses answers of those who are not in its configuration before Raft sees them.
    if (is_response(message) && !quorum::contains(seat(id).node->configuration().members(), message.from - 1)) {
      print("raft: cannot step as peer not found");
    } else {
      seat(id).node->step(message);
    }
  }
  return static_cast<int>(mail.size());
}

// etcd's order: every node's Ready, then every node's mail, until nobody has anything left.
void Player::stabilize(const std::vector<int>& ids) {
  for (int round = 0; round < most_rounds; ++round) {
    bool done = true;
    for (const int id : ids)
      if (process_ready(id, true)) done = false;
    for (const int id : ids) {
      if (!has_mail(id)) continue;
      print("> " + std::to_string(id) + " receiving messages");
      indent_ = "  ";
      deliver_to(id, "", false);
      indent_ = "";
      done = false;
    }
    if (done) return;
  }
  silent_ = false;  // Not to be missed in a silent stretch.
  print("no fixed point after " + std::to_string(most_rounds) + " rounds");
}

Player::Ready Player::next_ready(int id) {
  Seat& s = seat(id);
  const NodeState now = s.node->state();
  const NodeLog log = s.node->log();
  Ready ready;
  ready.soft = now.lead != s.shown.lead || now.role != s.shown.role;
  ready.hard = now.term != s.shown.term || now.vote != s.shown.vote || now.commit != s.shown.commit;
  if (log.start.index > s.stored.start.index) ready.snapshot = log.start;
  const std::vector<Entry> nothing;
  const std::vector<Entry>& known = ready.snapshot ? nothing : s.stored.entries;
  // What is written is everything from the first entry on that differs from what has been.
  const std::size_t both = std::min(known.size(), log.entries.size());
  const auto end = log.entries.begin() + static_cast<std::ptrdiff_t>(both);
  const auto differs = std::mismatch(log.entries.begin(), end, known.begin()).first;
  ready.entries.assign(differs, log.entries.end());
  // etcd hands out no entries to apply beside a snapshot.
  for (const Entry& entry : log.entries)
    if (!ready.snapshot && entry.index > s.applied && entry.index <= now.commit) ready.committed.push_back(entry);
  return ready;
}

bool Player::process_ready(int id, bool titled) {
  Seat& s = seat(id);
  const Ready ready = next_ready(id);
  const std::vector<Message> messages = s.node->take_messages();
  if (ready.empty() && messages.empty()) return false;
  if (titled) {
    print("> " + std::to_string(id) + " handling Ready");
    indent_ = "  ";
  }
  s.shown = s.node->state();
  s.stored = s.node->log();
  if (ready.soft) print("Lead:" + std::to_string(s.shown.lead) + " State:" + s.shown.role);
  if (ready.hard) {
    const std::string vote = s.shown.vote == 0 ? "" : " Vote:" + std::to_string(s.shown.vote);
    print("HardState Term:" + std::to_string(s.shown.term) + vote + " Commit:" + std::to_string(s.shown.commit));
  }
  if (!ready.entries.empty()) print("Entries:");
  print_entries(ready.entries);
  if (ready.snapshot) print("Snapshot " + snapshot_text(*ready.snapshot));
  if (!ready.committed.empty()) print("CommittedEntries:");
  print_entries(ready.committed);
  if (!messages.empty()) print("Messages:");
  for (const Message& message : messages) print(message_text(message));
  indent_ = "";

  network_.insert(network_.end(), messages.begin(), messages.end());
  if (ready.snapshot) s.applied = ready.snapshot->index;
  if (!ready.committed.empty()) s.applied = ready.committed.back().index;
  for (const Entry& entry : ready.committed)
    if (entry.configuration) s.node->apply(entry);
  s.node->durable();
  s.node->applied(s.applied);
  return true;
}

void Player::show_log(int id) {
  const NodeLog& log = seat(id).stored;
  if (!log.entries.empty()) return print_entries(log.entries);
  print("log is empty: first index=" + std::to_string(log.start.index + 1) + ", last index=" + std::to_string(log.start.index));
}

void Player::show_status(int id) {
  for (const ProgressLine& p : seat(id).node->progress()) {
    std::string line = std::to_string(p.id) + ": " + p.state + " match=" + std::to_string(p.match) + " next=" + std::to_string(p.next);
    if (p.learner) line += " learner";
    if (p.paused) line += " paused";
    if (p.pending_snapshot > 0) line += " pendingSnap=" + std::to_string(p.pending_snapshot);
    if (!p.active) line += " inactive";
    if (p.in_flight > 0) line += " inflight=" + std::to_string(p.in_flight) + (p.full ? "[full]" : "");
    print(line);
  }
}

void Player::show_states() {
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    const NodeState state = seats_[i].node->state();
    const bool votes = quorum::contains(seats_[i].node->configuration().voters(), static_cast<int>(i));
    print(std::to_string(i + 1) + ": " + state.role + (votes ? " (Voter)" : " (Non-Voter)") + " Term:" + std::to_string(state.term) +
          " Lead:" + std::to_string(state.lead));
  }
}

void Player::print(const std::string& text) {
  if (silent_) return;
  std::size_t from = 0;
  for (std::size_t to = text.find('\n'); to != std::string::npos; from = to + 1, to = text.find('\n', from))
    printed_.push_back(indent_ + text.substr(from, to - from));
  printed_.push_back(indent_ + text.substr(from));
}

std::string Player::entry_text(const Entry& entry) const {
  const auto known = texts_.find({entry.term, entry.index});
  const std::string text = known != texts_.end() ? known->second : entry.configuration ? "EntryConfChangeV2" : "EntryNormal \"\"";
  return std::to_string(entry.term) + "/" + std::to_string(entry.index) + " " + text;
}

void Player::print_entries(const std::vector<Entry>& entries) {
  for (const Entry& entry : entries) print(entry_text(entry));
}

std::string Player::snapshot_text(const Snapshot& snapshot) const {
  return "Index:" + std::to_string(snapshot.index) + " Term:" + std::to_string(snapshot.term) + " ConfState:" + configuration_state_text(snapshot.configuration);
}

std::string Player::message_text(const Message& m) const {
  std::string text = std::to_string(m.from) + "->" + std::to_string(m.to) + " " + m.kind + " Term:" + std::to_string(m.term) +
                     " Log:" + std::to_string(m.log_term) + "/" + std::to_string(m.index);
  if (m.reject) text += " Rejected (Hint: " + std::to_string(m.hint) + ")";
  if (m.commit != 0) text += " Commit:" + std::to_string(m.commit);
  if (m.entries.size() == 1) text += " Entries:[" + entry_text(m.entries.front()) + "]";
  if (m.entries.size() > 1) {
    text += " Entries:[";
    for (const Entry& entry : m.entries) text += "\n  " + entry_text(entry);
    text += "\n]";
  }
  if (m.snapshot) text += "\n  Snapshot: " + snapshot_text(*m.snapshot);
  return text;
}

Outcome play_file(const std::vector<Directive>& directives, const MakeNode& make) {
  Player player(make);
  Outcome outcome;
  for (const Directive& directive : directives) {
    const std::vector<TraceLine> expected = normalised(directive.expected, directive.expected_line);
    const std::vector<TraceLine> ours = normalised(player.play(directive), 0);
    const std::string differs = difference(directive.file, expected, ours);
    ++outcome.directives;
    outcome.lines += static_cast<int>(expected.size());
    if (differs.empty()) {
      ++outcome.agreeing;
    } else {
      outcome.differences.push_back(directive.place() + ": " + directive.command + "\n" + differs);
    }
  }
  return outcome;
}

}  // namespace nines::real
