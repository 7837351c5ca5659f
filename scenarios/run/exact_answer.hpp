// The answer to a scenario without simulating its years: quorums solved, gaps beside them measured on single faults. `nines run --method exact`.
#pragma once

#include "scenarios/run/answer.hpp"
#include "sim/base/result.hpp"

namespace nines::scenarios {

// Of each cluster's downtime: the gaps' sampling error stops mattering there, unless Question::relative_error says otherwise.
inline constexpr double gaps_relative_error = 0.01;

// Fails with a reason a line where independent atoms cannot express the scenario.
Result<Answer> exact_answer(const Question& question);

}  // namespace nines::scenarios
