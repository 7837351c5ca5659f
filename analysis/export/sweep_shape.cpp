#include "analysis/export/sweep_shape.hpp"

#include <charconv>
#include <system_error>

#include "sim/base/check.hpp"

namespace nines::analysis {

bool SweepDimension::labels_say_more() const {
  for (std::size_t at = 0; at < numbers.size(); ++at) {
    const std::string& label = labels[at];
    double number = 0;
    const auto [end, error] = std::from_chars(label.data(), label.data() + label.size(), number);
    if (error != std::errc() || end != label.data() + label.size() || number != numbers[at]) return true;
  }
  return false;
}

std::vector<std::size_t> SweepShape::lengths() const {
  std::vector<std::size_t> all;
  for (const SweepDimension& dimension : dimensions) {
    SIM_CHECK(!dimension.labels.empty() && (dimension.numbers.empty() || dimension.numbers.size() == dimension.labels.size()),
              "a dimension has a label, and a number if any, for each of its values");
    for (const SweepDimension& other : dimension.also) {
      SIM_CHECK(other.labels.size() == dimension.labels.size() && (other.numbers.empty() || other.numbers.size() == other.labels.size()),
                "what varies together has equally many values");
    }
    all.push_back(dimension.labels.size());
  }
  return all;
}

std::uint64_t SweepShape::points() const {
  std::uint64_t product = 1;
  for (const SweepDimension& dimension : dimensions) product *= dimension.labels.size();
  return product;
}

std::vector<std::size_t> SweepShape::coordinates(std::uint64_t point) const {
  std::vector<std::size_t> at(dimensions.size());
  for (std::size_t d = dimensions.size(); d-- > 0; point /= dimensions[d].labels.size())
    at[d] = static_cast<std::size_t>(point % dimensions[d].labels.size());
  return at;
}

const char* word(SweepVerdict verdict) {
  switch (verdict) {
    case SweepVerdict::passed: return "passed";
    case SweepVerdict::failed: return "failed";
    case SweepVerdict::undecided: return "undecided";
    case SweepVerdict::none: break;
  }
  return "none";
}

}  // namespace nines::analysis
