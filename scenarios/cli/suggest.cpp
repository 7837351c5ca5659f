#include "scenarios/cli/suggest.hpp"

#include "scenarios/schema/decode.hpp"

namespace nines::scenarios {

std::string suggest(std::string_view word, const std::vector<std::string>& known) {
  if (const std::string near = nearest(word, known); !near.empty()) return "; did you mean '" + near + "'?";
  std::string all;
  for (const std::string& name : known) all += (all.empty() ? "; there are " : ", ") + name;
  return all;
}

}  // namespace nines::scenarios
