// Profiles that no system has: every rule drawn on its own, so that rules meet which never met.
#pragma once

#include <string>

#include "models/raft/profile.hpp"
#include "scenarios/fuzz/dice.hpp"

namespace nines::fuzz {

// Gives `profile` other rules, within what Raft's safety allows; its timers stay. Gives a word for each.
std::string mix_rules(raft::Profile& profile, Dice& dice);

// The same for what a profile can do beyond elections and replication: membership, snapshots, reads, silence. Leases are not among it: a read by
// lease may be stale where clocks jump, voters restart or leadership is handed over.
std::string mix_features(raft::Profile& profile, Dice& dice);

}  // namespace nines::fuzz
