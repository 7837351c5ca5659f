// A closed loop: N customers go round between thinking and a row of stations, each command asking each station for its demand. Bounds that need no
// assumption beyond the demands, and mean value analysis.
#pragma once

#include <vector>

namespace nines::analysis {

struct Station {
  double demand_s = 0;  // Of one command, all visits together.
  int servers = 1;
};

struct ClosedNetwork {
  std::vector<Station> stations;
  double think_s = 0;  // Delays where nobody waits for another: thinking, links.
};

struct LoopBounds {
  double least_per_s = 0, most_per_s = 0;    // Throughput.
  double least_time_s = 0, most_time_s = 0;  // Response time, without thinking.
};

double total_demand_s(const ClosedNetwork& network);
double bottleneck_s(const ClosedNetwork& network);  // The greatest demand of one server.
// The number of customers at which the two asymptotes meet: (think + demands) / bottleneck.
double knee(const ClosedNetwork& network);
// Little's law and the busiest station (Lazowska et al. 1984, table 5.1).
LoopBounds asymptotic_bounds(const ClosedNetwork& network, int customers);
// Tighter: the same network with its demand spread evenly, and all of it on equally busy bottlenecks (ibid., table 5.2). One server a station.
LoopBounds balanced_bounds(const ClosedNetwork& network, int customers);

struct Loop {
  double per_s = 0;
  double time_s = 0;            // Without thinking.
  std::vector<double> present;  // Customers at each station.
};
// Exact mean value analysis (Reiser and Lavenberg 1980) of exponential or processor-sharing stations with one server. Of m servers the demand / m is
// taken as queueing and the rest as a delay (Seidmann et al. 1987): an approximation, too slow by a few per cent at middling loads.
Loop mean_value_analysis(const ClosedNetwork& network, int customers);

}  // namespace nines::analysis
