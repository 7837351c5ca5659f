#include "analysis/stats/provenance.hpp"

namespace nines::analysis {

std::string hexadecimal(std::uint64_t word) {
  std::string text(16, '0');
  for (std::size_t at = text.size(); at > 0; word >>= 4) text[--at] = "0123456789abcdef"[word & 15];
  return text;
}

}  // namespace nines::analysis
