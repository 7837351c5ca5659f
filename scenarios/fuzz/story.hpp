// A run in words: what a replica is at a glance, what changed between two, and what messages say.
#pragma once

#include <string>

#include "models/raft/core.hpp"
#include "models/raft/types.hpp"
#include "sim/base/time.hpp"

namespace nines::fuzz {

// What a reader of a trace may notice of a replica.
struct Glance {
  raft::Role role = raft::Role::follower;
  raft::Term term = 0;
  raft::Member vote = raft::nobody, leader = raft::nobody;
  raft::Index last = 0;
  raft::Term last_term = 0;
  raft::Index durable = 0, commit = 0;
  bool committed_in_term = false;
  bool quiescent = false;
  raft::Index base = 0;
  raft::Configuration configuration;
};

Glance glance(const raft::Core& core);
std::string difference(const Glance& before, const Glance& after);  // "candidate in term 2, votes for b1"; empty when there is none.

std::string text_of(const Glance& glance);  // All of it.

std::string name_of(raft::Member member);  // "b0"
std::string text_of(const raft::Message& message);
std::string text_of(const raft::Configuration& configuration);  // "{b0 b1 b2}"
std::string time_of(Instant t);                                 // "   14.963420 s  "

}  // namespace nines::fuzz
