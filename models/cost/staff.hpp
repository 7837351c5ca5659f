// How many engineers a deployment takes: a rule of thumb whose coefficients are the price book's, so that everybody can put in their own.
#pragma once

#include <string>
#include <vector>

#include "models/cost/bill.hpp"

namespace nines::cost {

struct Effort {
  std::string platform = "kubernetes";
  std::string coverage = "24x7";
  int regions = 1;
  int stateful_systems = 0;  // Beside the brokers: secondary storage, databases.
  Quantity on_call_share{};  // What of a rotation falls to this deployment.
};

struct Work {
  std::string what;
  Quantity engineers;
};

// The platform's share + per further region + per stateful system + a share of the rotation on call. What is zero is left out.
std::vector<Work> engineers(const StaffPrice& staff, const Effort& effort);

Result<void> add_staff(Bill& bill, const Money& per_engineer_year, const std::vector<Work>& work, const Source& source);

}  // namespace nines::cost
