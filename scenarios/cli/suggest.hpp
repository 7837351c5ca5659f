// The end of a message about a word that nobody knows: the nearest one, or all there are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nines::scenarios {

std::string suggest(std::string_view word, const std::vector<std::string>& known);

}  // namespace nines::scenarios
