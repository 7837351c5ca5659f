#include "models/cost/staff.hpp"

#include <utility>

#include "sim/base/check.hpp"

namespace nines::cost {

std::vector<Work> engineers(const StaffPrice& staff, const Effort& effort) {
  std::vector<Work> work;
  const auto add = [&](std::string what, Quantity one, Quantity count) {
    const auto product = times(Money{one.millionths, {}}, count);
    SIM_CHECK(product, "engineers that cannot be counted");
    if (product->micros > 0) work.push_back({std::move(what), Quantity{product->micros}});
  };
  for (const auto& row : staff.platforms)
    if (row.platform == effort.platform) add("running it on " + row.platform, row.engineers, whole(1));
  add("further regions", staff.per_more_region, whole(effort.regions > 1 ? effort.regions - 1 : 0));
  add("stateful systems beside it", staff.per_stateful_system, whole(effort.stateful_systems));
  for (const auto& row : staff.on_call)
    if (row.coverage == effort.coverage) add("share of a rotation on call, " + row.coverage, row.engineers, effort.on_call_share);
  return work;
}

Result<void> add_staff(Bill& bill, const Money& per_engineer_year, const std::vector<Work>& work, const Source& source) {
  for (const Work& one : work) {
    Item item{.category = Category::staff,
              .what = one.what,
              .quantity = one.engineers,
              .unit = "engineer, a year",
              .unit_price = per_engineer_year,
              .months = months_per_year,
              .source = source};
    if (auto added = add(bill, std::move(item)); !added) return added;
  }
  return {};
}

}  // namespace nines::cost
