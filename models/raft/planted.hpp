// Bugs to order: known mistakes of Raft implementations, each switched on by itself, so that tests can show that the checkers find it. They exist
// where NINES_PLANTED_BUGS is defined, which is in one test program; elsewhere Core::planted is false at compile time and nothing of them is built.
#pragma once

#include <array>
#include <cstdint>

namespace nines::raft {

enum class Bug : std::uint8_t {
  none,
  // Elections.
  vote_not_persisted,
  vote_forgotten,
  term_forgotten,
  vote_cleared_on_step_down,
  own_vote_before_durable,
  duplicate_vote_counted,
  old_vote_counted,
  pre_vote_counted,
  log_not_compared,
  index_before_term,
  // Replication and commitment.
  commits_by_counting,
  acks_before_durable,
  leader_counts_itself_early,
  commits_beyond_append,
  commits_on_bare_heartbeat,
  commit_falls,
  acks_its_last_index,
  truncates_what_matches,
  keeps_conflicting_entries,
  refusal_taken_for_match,
  progress_not_reset,
  previous_term_not_checked,
  old_write_vouches,
  replaced_write_vouches,
  truncation_stays_durable,
  // Reads.
  read_not_confirmed,
  read_before_commit_in_term,
  read_joins_running_round,
  // Snapshots.
  snapshot_rolls_back,
  snapshot_acked_before_durable,
  snapshot_beyond_applied,
  snapshot_keeps_log,
  // Membership.
  change_before_commit_in_term,
  changes_overlap,
  joint_counts_new_only,
  learner_counted,
  removed_leader_counted,
  removed_never_campaigns,
  joint_never_alone,
  // Liveness.
  probe_never_repeated,
  window_leaks,
  silent_leader_stays_silent,
  forgotten_chunk_never_repeated,
};

struct PlantedBug {
  Bug bug;
  const char* name;
  const char* what;
  const char* origin;
};

inline constexpr std::array planted_bugs{
    PlantedBug{Bug::vote_not_persisted, "vote-not-persisted", "A vote is answered before it is on disk.", "PySyncObj #84, raft-java #57"},
    PlantedBug{Bug::vote_forgotten, "vote-forgotten", "A restart forgets whom it voted for.", "akka-raft #56, #62"},
    PlantedBug{Bug::term_forgotten, "term-forgotten", "A restart begins in the term of its log.", "PySyncObj pull request #202"},
    PlantedBug{Bug::vote_cleared_on_step_down, "vote-cleared-on-step-down", "Who steps down within a term forgets its vote.",
               "the Raft thesis's AvailSim, step_down"},
    PlantedBug{Bug::own_vote_before_durable, "own-vote-before-durable", "A candidate asks and counts before its own vote is on disk.",
               "hashicorp/raft persistVote family"},
    PlantedBug{Bug::duplicate_vote_counted, "duplicate-vote-counted", "The same vote, delivered twice, counts twice.",
               "coyote-samples #8, akka-raft #45"},
    PlantedBug{Bug::old_vote_counted, "old-vote-counted", "A vote of an older term counts in the present one.", "akka-raft #47"},
    PlantedBug{Bug::pre_vote_counted, "pre-vote-counted", "A promise to vote counts as a vote.", "Raft thesis 9.6 misread"},
    PlantedBug{Bug::log_not_compared, "log-not-compared", "A vote is given whatever the candidate's log.", "jgroups-raft #251"},
    PlantedBug{Bug::index_before_term, "index-before-term", "The longer log wins, whatever its last term.", "jgroups-raft #251, Raft paper 5.4.1"},
    PlantedBug{Bug::commits_by_counting, "commits-by-counting", "Entries of older terms are committed by counting copies.",
               "Raft paper figure 8; LogCabin #44, PySyncObj #169"},
    PlantedBug{Bug::acks_before_durable, "acks-before-durable", "A follower acknowledges what is not on its disk.", "PySyncObj #84"},
    PlantedBug{Bug::leader_counts_itself_early, "leader-counts-itself-early", "A leader counts its own copy before it is on disk.",
               "etcd #10508, #14370"},
    PlantedBug{Bug::commits_beyond_append, "commits-beyond-append", "A follower commits its whole log up to the leader's commit index.",
               "Raft paper figure 2, AppendEntries 5"},
    PlantedBug{Bug::commits_on_bare_heartbeat, "commits-on-bare-heartbeat", "A bare heartbeat names the leader's commit index to everybody.",
               "etcd raft.go, sendHeartbeat"},
    PlantedBug{Bug::commit_falls, "commit-falls", "The commit index follows the message, also back.", "PySyncObj #166"},
    PlantedBug{Bug::acks_its_last_index, "acks-its-last-index", "A follower acknowledges its whole log instead of what it was sent.",
               "CCF pull request #6016"},
    PlantedBug{Bug::truncates_what_matches, "truncates-what-matches", "An append cuts the log behind it although nothing conflicts.", "CCF #5991"},
    PlantedBug{Bug::keeps_conflicting_entries, "keeps-conflicting-entries", "Conflicting entries stay and are acknowledged as the leader's.",
               "CCF #2803"},
    PlantedBug{Bug::refusal_taken_for_match, "refusal-taken-for-match", "The index in a refusal is taken for one that matches.", "CCF #5927, #5991"},
    PlantedBug{Bug::progress_not_reset, "progress-not-reset", "A new leader believes what it knew of followers in an earlier term.", "akka-raft #58"},
    PlantedBug{Bug::previous_term_not_checked, "previous-term-not-checked", "An append fits wherever its index does.",
               "Raft paper figure 2, AppendEntries 2"},
    PlantedBug{Bug::old_write_vouches, "old-write-vouches", "A finished write vouches for entries that replaced its own.",
               "etcd-io/raft log_unstable.go, stableTo"},
    PlantedBug{Bug::replaced_write_vouches, "replaced-write-vouches", "A finished write vouches for entries that were replaced and came back.",
               "etcd-io/raft, async storage writes: append ABA race"},
    PlantedBug{Bug::truncation_stays_durable, "truncation-stays-durable", "What replaced entries on disk is taken to be there already.",
               "CCF #2803 family"},
    PlantedBug{Bug::read_not_confirmed, "read-not-confirmed", "A leader answers reads without asking anybody.", "etcd #20418; Raft thesis 6.4"},
    PlantedBug{Bug::read_before_commit_in_term, "read-before-commit-in-term", "A leader answers reads before it knows what is committed.",
               "Raft thesis 6.4, step 1"},
    PlantedBug{Bug::read_joins_running_round, "read-joins-running-round", "A read is confirmed by a round that began before it.",
               "Raft thesis 6.4, step 3"},
    PlantedBug{Bug::snapshot_rolls_back, "snapshot-rolls-back", "An old snapshot is installed over newer state.",
               "etcd-io/raft testdata, snapshot_succeed_via_app_resp"},
    PlantedBug{Bug::snapshot_acked_before_durable, "snapshot-acked-before-durable", "A snapshot is acknowledged before it is on disk.",
               "PySyncObj #84"},
    PlantedBug{Bug::snapshot_beyond_applied, "snapshot-beyond-applied", "A snapshot drops what is not committed.", "Raft paper 7"},
    PlantedBug{Bug::snapshot_keeps_log, "snapshot-keeps-log", "A snapshot is taken for held where the log has an entry of its index.",
               "Raft paper figure 13, steps 6 and 7"},
    PlantedBug{Bug::change_before_commit_in_term, "change-before-commit-in-term", "A new leader changes a voter before it has committed anything.",
               "Ongaro, raft-dev 2015-07-10"},
    PlantedBug{Bug::changes_overlap, "changes-overlap", "A second change begins before the first is committed.", "Raft thesis 4.1"},
    PlantedBug{Bug::joint_counts_new_only, "joint-counts-new-only", "In a joint configuration only the new majority counts.", "Raft paper 6"},
    PlantedBug{Bug::learner_counted, "learner-counted", "Learners count for commitment.", "etcd-io/raft testdata, confchange family"},
    PlantedBug{Bug::removed_leader_counted, "removed-leader-counted", "A leader that has been removed still counts its own copy.",
               "etcd-io/raft testdata, confchange_v1_remove_leader"},
    PlantedBug{Bug::removed_never_campaigns, "removed-never-campaigns", "Who is not in its newest configuration never campaigns.",
               "Raft thesis 4.2.2; found by this arena"},
    PlantedBug{Bug::joint_never_alone, "joint-never-alone", "One voter in both halves of a joint configuration waits for others.",
               "found by this arena"},
    PlantedBug{Bug::probe_never_repeated, "probe-never-repeated", "A probe that was lost is never sent again.",
               "hashicorp/raft, etcd-io/raft pause family"},
    PlantedBug{Bug::window_leaks, "window-leaks", "Answers do not make room in the window of appends.", "etcd-io/raft tracker, inflights"},
    PlantedBug{Bug::silent_leader_stays_silent, "silent-leader-stays-silent", "A silent leader that is to hand over runs no timer.",
               "found by this arena"},
    PlantedBug{Bug::forgotten_chunk_never_repeated, "forgotten-chunk-never-repeated", "A restarted follower waits for chunks that do not come again.",
               "found by this arena"},
};

}  // namespace nines::raft
