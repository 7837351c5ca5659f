#include "scenarios/sweep/selection.hpp"

#include <algorithm>
#include <charconv>

namespace nines::scenarios {
namespace {

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t most = 12;
  std::string all;
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i) all += (i > 0 ? ", " : "") + names[i];
  return names.size() > most ? all + ", ..." : all;
}

// An axis by its whole path, or by the end of it where that is one axis only.
std::vector<std::size_t> dimensions_called(const Space& space, const std::string& name) {
  std::vector<std::size_t> ends;
  for (std::size_t d = 0; d < space.dimensions().size(); ++d) {
    const std::string& path = space.dimensions()[d].name;
    if (path == name) return {d};
    if (path.ends_with('.' + name)) ends.push_back(d);
  }
  return ends;
}

}  // namespace

Result<Selection> Selection::of(const Space& space, const std::vector<std::string>& texts) {
  Selection selection;
  selection.values_.resize(space.dimensions().size());
  Errors errors;
  const auto wrong = [&](const std::string& text, const std::string& what) {
    errors.push_back({Place{}, "--only " + text.substr(0, 80) + ": " + what});
  };
  for (const std::string& text : texts) {
    const auto equals = text.find('=');
    if (equals == std::string::npos) {
      std::uint64_t number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error != std::errc{} || end != text.data() + text.size() || number >= space.points())
        wrong(text, "expected a point's number, from 0 to " + std::to_string(space.points() - 1) + ", or AXIS=VALUE");
      else
        selection.numbers_.insert(number);
      continue;
    }
    const std::vector<std::size_t> found = dimensions_called(space, text.substr(0, equals));
    if (found.size() != 1) {
      std::vector<std::string> names;
      for (const Dimension& dimension : space.dimensions()) names.push_back(dimension.name);
      wrong(text, (found.empty() ? "no axis is called that; there are " : "several axes end like that; there are ") + listed(names));
      continue;
    }
    const std::vector<std::string>& labels = space.dimensions()[found.front()].labels;
    const auto label = std::find(labels.begin(), labels.end(), text.substr(equals + 1));
    if (label == labels.end())
      wrong(text, "the axis has no such value; it has " + listed(labels));
    else
      selection.values_[found.front()].insert(static_cast<std::size_t>(label - labels.begin()));
  }
  if (!errors.empty()) return fail(std::move(errors));
  return selection;
}

std::uint64_t Selection::most(const Space& space) const {
  std::uint64_t all = 1;
  for (std::size_t d = 0; d < space.dimensions().size(); ++d)
    all *= d < values_.size() && !values_[d].empty() ? values_[d].size() : space.dimensions()[d].labels.size();
  return numbers_.empty() ? all : std::min<std::uint64_t>(all, numbers_.size());
}

bool Selection::holds(const Space& space, std::uint64_t point) const {
  if (!numbers_.empty() && !numbers_.contains(point)) return false;
  if (std::all_of(values_.begin(), values_.end(), [](const auto& wanted) { return wanted.empty(); })) return true;
  const std::vector<std::size_t> at = space.coordinates(point);
  for (std::size_t d = 0; d < at.size(); ++d)
    if (!values_[d].empty() && !values_[d].contains(at[d])) return false;
  return true;
}

}  // namespace nines::scenarios
