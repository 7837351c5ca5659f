// Textbook queues: what waiting costs, in closed form. Rates are per second, times are seconds; a load of 1 or more waits for ever (infinity).
#pragma once

namespace nines::analysis {

// One server, Poisson arrivals at `rate`, exponential service of mean `service_s`: time from arrival to departure.
double mm1_time_s(double rate, double service_s);
double mm1_time_quantile_s(double rate, double service_s, double p);

// One server, any service with these moments (Pollaczek and Khinchine): mean time before service begins; its variance (Takacs) needs the third.
double mg1_wait_s(double rate, double mean_s, double square_s2);
double mg1_wait_variance_s2(double rate, double mean_s, double square_s2, double cube_s3);
// P(wait > t) is taken as load x exp(-load t / mean wait): exact for exponential service, and near for others.
double mg1_wait_quantile_s(double rate, double mean_s, double square_s2, double p);
// Service of constant length.
double md1_time_s(double rate, double service_s);

// Several servers, exponential service. `load` = rate x service, below `servers`. The probability of having to wait.
double erlang_c(int servers, double load);
double mmc_wait_s(double rate, double service_s, int servers);
double mmc_wait_quantile_s(double rate, double service_s, int servers, double p);

// A job that is done when two M/M/1 servers with the same arrivals are both done with their halves (Flatto and Hahn; Nelson and Tantawi 1988).
// Replicas that share their arrivals are slow together: an order statistic of independent ones is optimistic, and this is by how much.
double fork_join_of_two_s(double rate, double service_s);

}  // namespace nines::analysis
