#include "scenarios/fuzz/coverage.hpp"

namespace nines::fuzz {

const char* name_of(Turn turn) {
  switch (turn) {
    case Turn::begins_pre_vote: return "pre-vote begun";
    case Turn::wins_pre_vote: return "pre-vote won";
    case Turn::gives_up_pre_vote: return "pre-vote given up";
    case Turn::stands_for_election: return "candidacy";
    case Turn::stands_again: return "candidacy repeated";
    case Turn::wins_election: return "election won";
    case Turn::loses_election: return "election lost";
    case Turn::deposed_by_term: return "leader deposed by a higher term";
    case Turn::steps_down_alone: return "leader steps down in its own term";
    case Turn::pre_vote_granted: return "pre-vote granted";
    case Turn::pre_vote_refused: return "pre-vote refused";
    case Turn::vote_granted: return "vote granted";
    case Turn::vote_refused: return "vote refused";
    case Turn::request_ignored: return "request for a vote ignored";
    case Turn::stale_message: return "message of an older term";
    case Turn::append_refused: return "append refused";
    case Turn::log_replaced: return "end of a log replaced";
    case Turn::probe_to_stream: return "from probing to streaming";
    case Turn::stream_to_probe: return "from streaming to probing";
    case Turn::first_commit: return "first commit of a term";
    case Turn::commit_after_losing_lead: return "own entry committed by another leader";
    case Turn::leadership_offered: return "leadership offered";
    case Turn::leadership_taken: return "leadership taken at the leader's wish";
    case Turn::write_overtaken: return "finished write vouches for nothing";
    case Turn::snapshot_taken: return "snapshot taken";
    case Turn::snapshot_installed: return "snapshot installed";
    case Turn::change_begun: return "configuration change begun";
    case Turn::change_refused: return "configuration change refused";
    case Turn::change_undone: return "configuration taken back";
    case Turn::joint_entered: return "joint configuration entered";
    case Turn::joint_left: return "joint configuration left";
    case Turn::removed_leader_stands_down: return "removed leader stands down";
    case Turn::read_waits: return "read waits for a round";
    case Turn::read_confirmed: return "read confirmed without the log";
    case Turn::read_dropped: return "read dropped with its leader";
    case Turn::falls_quiet: return "falls silent";
    case Turn::wakes: return "wakes from silence";
    case Turn::restart: return "restart";
    case Turn::restart_lost_entries: return "restart without entries it had";
    case Turn::restart_torn: return "restart after a torn write";
    case Turn::resume: return "end of a pause";
    case Turn::message_to_the_dead: return "message to a stopped process";
    case Turn::message_to_next_life: return "message to the next incarnation";
    case Turn::call_answered: return "call answered";
    case Turn::call_refused: return "call refused";
    case Turn::call_unknown: return "call with unknown outcome";
    case Turn::converged: return "whole again within the bound";
    case Turn::held_up: return "no leader, by right of the rules";
    case Turn::count_: break;
  }
  return "";
}

void Coverage::add(const Coverage& other) {
  for (std::size_t i = 0; i < kinds.size(); ++i) kinds[i] += other.kinds[i];
  for (std::size_t i = 0; i < taken.size(); ++i) taken[i] += other.taken[i];
  seeds += other.seeds;
  events += other.events;
  elections += other.elections;
  committed += other.committed;
  undecided += other.undecided;
}

}  // namespace nines::fuzz
