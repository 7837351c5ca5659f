// From a log of incidents to failure modes: how often and for how long, by cause, with how much the log leaves open.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/failure/mode.hpp"
#include "scenarios/schema/incidents.hpp"

namespace nines::scenarios {

// What was watched: a log without it knows no rates.
struct Exposure {
  std::string log;             // The name of the file.
  std::uint64_t elements = 0;  // Also those that never failed.
  Duration window{0};
  failure::Scope scope = failure::Scope::node;
  failure::Effect effect = failure::Effect::stop;
};

struct FittedMode {
  std::string name;  // From the cause: "human-error" of "Human Error"; "outage" without one.
  std::uint64_t faults = 0;
  std::uint64_t without_length = 0;  // Counted in the rate, left out of the duration.
  // Per year of up-time, the limits by Garwood: exact for faults that come independently of each other.
  double rate = 0, rate_low = 0, rate_high = 0;
  // Lognormal by the mean and standard deviation of the logarithms. Without records of any length the median is 0; of one, or of one length, sigma is.
  double median_s = 0, sigma = 0;
  // 95 % limits of the law's mean, as factors on it: Student's t on its logarithm (Cox's method as modified by Olsson, Journal of Statistics Education
  // 13, 2005). Both 1 where there are fewer than two records.
  double mean_low = 1, mean_high = 1;
};

// By falling number of faults. Overlapping records of one element are one fault, of the first one's cause.
std::vector<FittedMode> fit(const std::vector<IncidentRecord>& records, const Exposure& exposure);

// As YAML that can stand in a scenario, or under the head of a catalogue.
std::string overlay(const std::vector<FittedMode>& modes, const Exposure& exposure);

}  // namespace nines::scenarios
