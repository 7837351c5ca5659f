// What runs have reached: how often each kind of fault was injected and each turn of the protocol was taken. A checker proves nothing about what
// never happened.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace nines::fuzz {

inline constexpr std::size_t max_kinds = 80;  // Of actions.

enum class Turn : std::uint8_t {
  begins_pre_vote,
  wins_pre_vote,
  gives_up_pre_vote,
  stands_for_election,
  stands_again,
  wins_election,
  loses_election,
  deposed_by_term,
  steps_down_alone,
  pre_vote_granted,
  pre_vote_refused,
  vote_granted,
  vote_refused,
  request_ignored,
  stale_message,
  append_refused,
  log_replaced,
  probe_to_stream,
  stream_to_probe,
  first_commit,
  commit_after_losing_lead,
  leadership_offered,
  leadership_taken,
  write_overtaken,
  snapshot_taken,
  snapshot_installed,
  change_begun,
  change_refused,
  change_undone,
  joint_entered,
  joint_left,
  removed_leader_stands_down,
  read_waits,
  read_confirmed,
  read_dropped,
  falls_quiet,
  wakes,
  restart,
  restart_lost_entries,
  restart_torn,
  resume,
  message_to_the_dead,
  message_to_next_life,
  call_answered,
  call_refused,
  call_unknown,
  converged,
  held_up,
  count_,
};
inline constexpr std::size_t turns = static_cast<std::size_t>(Turn::count_);
const char* name_of(Turn turn);

struct Coverage {
  std::array<std::uint64_t, max_kinds> kinds{};  // By row of faults().
  std::array<std::uint64_t, turns> taken{};
  std::uint64_t seeds = 0;
  std::uint64_t events = 0;  // Steps of a core.
  std::uint64_t elections = 0;
  std::uint64_t committed = 0;
  std::uint64_t undecided = 0;  // Histories too wide to decide in bounded work.

  void took(Turn turn) { ++taken[static_cast<std::size_t>(turn)]; }
  void add(const Coverage& other);
  bool operator==(const Coverage&) const = default;
};

}  // namespace nines::fuzz
