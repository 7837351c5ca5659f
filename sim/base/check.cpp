#include "sim/base/check.hpp"

#include <string_view>

namespace nines {

void broken_invariant(const char* condition, const char* what, const char* file, int line) {
  std::string_view name = file;
  if (const auto slash = name.rfind('/'); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  throw BrokenInvariant(std::string(name) + ':' + std::to_string(line) + ": " + what + " [" + condition + ']');
}

}  // namespace nines
