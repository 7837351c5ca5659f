// How a benchmark says what it must hold against: a ratio of two benchmarks of the same run, and the bound beside it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <benchmark/benchmark.h>

namespace nines::bench {

// Declares that `ours` takes at most `bound` times the CPU time per event of `floor`. Both are names of benchmarks.
// Use as: const auto declared = at_most("phold/64", "phold/64/floor", 1.25);
bool at_most(std::string ours, std::string floor, double bound);

// Declares that `ours` is at least `bound` times faster per event than `peer`.
bool at_least_faster(std::string ours, std::string peer, double bound);

// Declares that `ours` completes at least `bound` of its events (years, ...) in a CPU second.
bool at_least_per_second(std::string ours, double bound, std::string_view unit);

// Every benchmark ends with this: how many events its timed part held, and the checksum that must be equal for all benchmarks whose
// names start with the same two parts ("phold/64").
void report(benchmark::State& state, std::uint64_t events, std::uint64_t checksum);

// Runs another program, which prints CPU seconds, events and a checksum, as the one iteration of a manually timed benchmark. It lies
// beside this one; when it is not there the benchmark says that it was skipped.
void run_peer(benchmark::State& state, std::string_view program, std::string_view arguments);

}  // namespace nines::bench
