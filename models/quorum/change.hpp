// How one configuration becomes the next: a change of one voter at a time, or into and out of a joint configuration (Raft paper 6, thesis 4.3).
// The rules, and the words of a refusal, are those of etcd-io/raft (confchange/confchange.go), whose own cases tests/real replays.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "models/quorum/quorum.hpp"
#include "sim/base/check.hpp"

namespace nines::quorum {

// One wish. Whoever becomes a voter with `voter` holds data, with `witness` none; who is a voter already stays as it is.
struct Change {
  enum class Kind : std::uint8_t { voter, witness, learner, remove, update };  // update: tells others something, changes no membership.
  Kind kind = Kind::voter;
  std::uint8_t member = max_members;  // max_members and above: nobody, and the wish is ignored.
  constexpr bool operator==(const Change&) const = default;
};

enum class Refusal : std::uint8_t { none, already_joint, not_joint, joint, no_voters, all_voters_removed, more_than_one_voter };

constexpr std::string_view text(Refusal refusal) {
  switch (refusal) {
    case Refusal::none: return "";
    case Refusal::already_joint: return "config is already joint";
    case Refusal::not_joint: return "can't leave a non-joint config";
    case Refusal::joint: return "can't apply simple config change in joint config";
    case Refusal::no_voters: return "can't make a zero-voter config joint";
    case Refusal::all_voters_removed: return "removed all voters";
    case Refusal::more_than_one_voter: return "more than one voter changed without entering joint config";
  }
  return "";
}

// The next configuration, or why there is none: then `configuration` is the old one.
struct [[nodiscard]] Changed {
  Configuration configuration;
  Refusal refusal = Refusal::none;
  constexpr bool granted() const { return refusal == Refusal::none; }
};

namespace detail {

constexpr void add(Members& to, Members who) { to = static_cast<Members>(to | who); }
constexpr void drop(Members& from, Members who) { from = static_cast<Members>(from & ~who); }

// A voter that stays in the outgoing half is one until that half goes; its witness mark stays with it.
constexpr void remove(Configuration& c, Members who) {
  drop(c.incoming, who);
  drop(c.learners, who);
  drop(c.learners_next, who);
  drop(c.witnesses, static_cast<Members>(who & ~c.outgoing));
}

constexpr void make_voter(Configuration& c, Members who, bool with_data) {
  if (!with_data) add(c.witnesses, static_cast<Members>(who & ~c.voters()));
  drop(c.learners, who);
  drop(c.learners_next, who);
  add(c.incoming, who);
}

// Who still votes in the outgoing half cannot be a learner too, and becomes one later.
constexpr void make_learner(Configuration& c, Members who) {
  if (intersection(c.learners, who) != 0) return;
  remove(c, who);
  add(intersection(c.outgoing, who) != 0 ? c.learners_next : c.learners, who);
}

constexpr void apply_each(Configuration& c, std::span<const Change> changes) {
  for (const Change& change : changes) {
    if (change.member >= max_members) continue;
    const Members who = member(change.member);
    switch (change.kind) {
      case Change::Kind::voter: make_voter(c, who, true); break;
      case Change::Kind::witness: make_voter(c, who, false); break;
      case Change::Kind::learner: make_learner(c, who); break;
      case Change::Kind::remove: remove(c, who); break;
      case Change::Kind::update: break;
    }
  }
}

}  // namespace detail

// Changes that alter at most one voter together: any majority of the old voters then shares a member with any of the new (thesis 4.1).
constexpr Changed simple_change(Configuration from, std::span<const Change> changes) {
  if (from.joint()) return {from, Refusal::joint};
  Configuration to = from;
  detail::apply_each(to, changes);
  if (to.incoming == 0) return {from, Refusal::all_voters_removed};
  if (count(static_cast<Members>(from.incoming ^ to.incoming)) > 1) return {from, Refusal::more_than_one_voter};
  return {to};
}

// Any changes at once: the old voters become the outgoing half, which must agree to everything until it is left.
constexpr Changed enter_joint(Configuration from, bool auto_leave, std::span<const Change> changes) {
  if (from.joint()) return {from, Refusal::already_joint};
  if (from.incoming == 0) return {from, Refusal::no_voters};
  Configuration to = from;
  to.outgoing = from.incoming;
  detail::apply_each(to, changes);
  if (to.incoming == 0) return {from, Refusal::all_voters_removed};
  to.auto_leave = auto_leave;
  return {to};
}

// The new voters decide alone; whoever was demoted on the way in becomes a learner now.
constexpr Changed leave_joint(Configuration from) {
  if (!from.joint()) return {from, Refusal::not_joint};
  Configuration to = from;
  detail::add(to.learners, from.learners_next);
  to.learners_next = to.outgoing = 0;
  to.witnesses = intersection(to.witnesses, to.incoming);
  to.auto_leave = false;
  return {to};
}

// How a proposed change is to be carried out. automatic: simple where one change is asked for, else joint, left automatically.
enum class Transition : std::uint8_t { automatic, joint_implicit, joint_explicit };

// What is proposed to a group (etcd's ConfChangeV2). Automatic without any change: leave the joint configuration.
struct ChangeRequest {
  Transition transition = Transition::automatic;
  std::uint8_t size = 0;
  std::array<Change, max_members> list{};

  constexpr std::span<const Change> changes() const { return {list.data(), size}; }
  constexpr void add(Change change) {
    SIM_CHECK(size < list.size(), "a request holds at most one change for each member");
    list[size++] = change;
  }
  constexpr bool leaves() const { return transition == Transition::automatic && size == 0; }
  constexpr bool joint() const { return transition != Transition::automatic || size > 1; }
  constexpr bool auto_leave() const { return transition != Transition::joint_explicit; }
};

constexpr Changed apply(Configuration from, const ChangeRequest& request) {
  if (request.leaves()) return leave_joint(from);
  return request.joint() ? enter_joint(from, request.auto_leave(), request.changes()) : simple_change(from, request.changes());
}

static_assert(std::is_trivially_copyable_v<Configuration> && std::is_trivially_copyable_v<ChangeRequest>);

}  // namespace nines::quorum
