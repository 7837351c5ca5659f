// What a replicated log sends over borders that are paid for: between zones of a region, between regions, to the internet.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "models/cost/bill.hpp"

namespace nines::cost {

struct Site {
  std::string region, zone;
};

// Bytes a second over one kind of border; regions as the price book knows them. cross_zone: `to` is `from`.
struct Flow {
  std::string what;  // "replication"
  Scope scope = Scope::cross_zone;
  std::string from, to;
  double bytes_per_s = 0;
};

class Traffic {
 public:
  // From place to place; within a zone nothing is paid for.
  void send(const std::string& what, const Site& from, const Site& to, double bytes_per_s);
  // Between two places of a region that know nothing of each other, both spread evenly over `zones` zones: 1 - 1 / zones of it crosses.
  void send_within(const std::string& what, const std::string& region, std::size_t zones, double bytes_per_s);
  void send_out(const std::string& what, const std::string& region, double bytes_per_s);  // To the internet.

  // What goes the same way for the same reason is one flow; by reason, scope, regions.
  std::vector<Flow> flows() const;

 private:
  std::map<std::tuple<std::string, Scope, std::string, std::string>, double> bytes_;
};

// A partition's log from its leader to each follower: rate x bytes, once for every one that stands elsewhere.
void replicate(Traffic& traffic, const std::string& what, const Site& leader, const std::vector<Site>& followers, double bytes_per_s);

// GB = 10^9 bytes a month of 730 hours: bytes/s x 2.628e6 / 1e9. Nothing where it does not fit.
std::optional<Quantity> gigabytes_a_month(double bytes_per_s);

// One item a flow, for what is paid on both ends together. An error without a place where the book has no price for a way.
Result<void> add_traffic(Bill& bill, const PriceBook& book, const std::vector<Flow>& flows);

}  // namespace nines::cost
