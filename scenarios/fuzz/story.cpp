#include "scenarios/fuzz/story.hpp"

#include <cstdio>

namespace nines::fuzz {

namespace {

using raft::Kind;

std::string entry(raft::Index index, raft::Term term) { return std::to_string(index) + "/" + std::to_string(term); }

std::string text_of(raft::Role role) {
  switch (role) {
    case raft::Role::follower: return "follower";
    case raft::Role::pre_candidate: return "pre-candidate";
    case raft::Role::candidate: return "candidate";
    case raft::Role::leader: return "leader";
  }
  return "";
}

}  // namespace

std::string text_of(const Glance& g) {
  return text_of(g.role) + " in term " + std::to_string(g.term) + ", log from " + std::to_string(g.base) + " to " + entry(g.last, g.last_term) +
         ", on disk to " + std::to_string(g.durable) + ", commit " + std::to_string(g.commit) + ", voters " + text_of(g.configuration);
}

std::string text_of(const raft::Configuration& c) {
  const auto names = [](raft::Members members) {
    std::string text;
    for (raft::Member m = 0; m < raft::max_members; ++m)
      if ((members >> m & 1) != 0) text += (text.empty() ? "" : " ") + name_of(m);
    return text;
  };
  return "{" + names(c.incoming) + "}" + (c.joint() ? " leaving {" + names(c.outgoing) + "}" : "") +
         (c.learners != 0 ? " learners {" + names(c.learners) + "}" : "") + (c.witnesses != 0 ? " witnesses {" + names(c.witnesses) + "}" : "");
}

std::string time_of(Instant t) {
  char text[32];
  std::snprintf(text, sizeof text, "%12.6f s  ", seconds(t - Instant{}));
  return text;
}

std::string name_of(raft::Member member) { return member == raft::nobody ? "nobody" : "b" + std::to_string(int{member}); }

std::string text_of(const raft::Message& m) {
  const std::string term = " of term " + std::to_string(m.term);
  const std::string refused = m.reject ? " refused" : "";
  switch (m.kind) {
    case Kind::heartbeat: return "heartbeat" + term + " after " + entry(m.index, m.log_term) + ", commit " + std::to_string(m.commit);
    case Kind::heartbeat_ack: return "heartbeat answer" + term + refused + ", matches to " + std::to_string(m.index);
    case Kind::append: {
      std::string entries = std::to_string(m.entries) + " x term " + std::to_string(m.entries_term);
      for (std::uint8_t i = 0; i < m.more_runs; ++i) entries += ", " + std::to_string(m.more[i].count) + " x term " + std::to_string(m.more[i].term);
      return "append" + term + ": " + entries + " after " + entry(m.index, m.log_term) + ", commit " + std::to_string(m.commit);
    }
    case Kind::append_ack: return "append answer" + term + refused + (m.reject ? ", try after " : ", matches to ") + std::to_string(m.index);
    case Kind::vote:
      return std::string(m.pre ? "poll" : "vote request") + " for term " + std::to_string(m.term) + ", log to " + entry(m.index, m.log_term);
    case Kind::vote_reply: return std::string(m.pre ? "poll answer" : "vote") + " for term " + std::to_string(m.term) + (m.reject ? ": no" : ": yes");
    case Kind::timeout_now: return "hand-over" + term;
    case Kind::snapshot: return "snapshot" + term + " up to " + entry(m.index, m.log_term) + ", chunk " + std::to_string(m.slot);
    case Kind::snapshot_ack: return "snapshot answer" + term + ", chunk " + std::to_string(m.slot);
    case Kind::fetch: return "fetch" + term + " after " + entry(m.index, m.log_term);
  }
  return "";
}

Glance glance(const raft::Core& core) {
  return {core.role(),    core.term(),   core.voted_for(),         core.leader(),    core.log().last_index(), core.log().last_term(),
          core.durable(), core.commit(), core.committed_in_term(), core.quiescent(), core.log().base(),       core.configuration()};
}

std::string difference(const Glance& a, const Glance& b) {
  std::string text;
  const auto say = [&](const std::string& what) { text += (text.empty() ? "" : ", ") + what; };
  if (a.role != b.role || a.term != b.term) say(text_of(b.role) + " in term " + std::to_string(b.term));
  if (a.leader != b.leader && b.leader != raft::nobody && b.role == raft::Role::follower) say("follows " + name_of(b.leader));
  if (a.vote != b.vote && b.vote != raft::nobody) say("votes for " + name_of(b.vote));
  if (a.last != b.last || a.last_term != b.last_term) say("log to " + entry(b.last, b.last_term));
  if (a.durable != b.durable) say("on disk to " + std::to_string(b.durable));
  if (a.commit != b.commit) say("commit " + std::to_string(b.commit));
  if (a.base != b.base) say("log begins after " + std::to_string(b.base));
  if (a.configuration != b.configuration) say("voters " + text_of(b.configuration));
  if (a.quiescent != b.quiescent) say(b.quiescent ? "falls silent" : "wakes");
  return text;
}

}  // namespace nines::fuzz
