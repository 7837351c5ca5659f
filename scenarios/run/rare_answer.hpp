// The answer to a scenario whose quorums are hardly ever lost: how much of the time they are, by rare-event simulation of what fails.
// `nines run --method rare`. Failover gaps are left to the other methods.
#pragma once

#include "scenarios/run/answer.hpp"
#include "sim/base/result.hpp"

namespace nines::scenarios {

// Of each cluster's share of time without a quorum, unless Question::relative_error says otherwise.
inline constexpr double rare_relative_error = 0.02;

// Fails with a reason a line where independent atoms cannot express the scenario.
Result<Answer> rare_answer(const Question& question);

}  // namespace nines::scenarios
