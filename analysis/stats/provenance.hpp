// Where an answer comes from: everything that is needed to get it again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace nines::analysis {

struct Provenance {
  std::string tool = "nines";
  std::string version;
  std::string scenario;       // Its name.
  std::string question;       // What its author wants to know; may be empty.
  std::string scenario_text;  // The file as it was read.
  std::string scenario_hash;  // Of that text, in hexadecimal.
  std::string command;        // What was typed; may be empty.
  std::uint64_t seed = 0;
  std::string fingerprint;  // Of the history of all replications, in hexadecimal.
  std::string stop_reason;  // "all 1000 replications done".
  std::uint64_t replications = 0;
  double years = 0;                          // Simulated.
  std::optional<std::uint64_t> assumptions;  // Inputs that nobody measured, where they were counted.
};

std::string hexadecimal(std::uint64_t word);  // 16 digits

}  // namespace nines::analysis
