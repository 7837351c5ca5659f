#include "scenarios/cli/words.hpp"

#include <algorithm>

#include "sim/base/hash.hpp"

namespace nines::scenarios {

std::uint64_t hash_of(std::string_view text) {
  Hash hash;
  hash.add(text.size());
  for (std::size_t i = 0; i < text.size(); i += 8) {
    std::uint64_t word = 0;
    for (std::size_t k = i; k < std::min(text.size(), i + 8); ++k) word = word << 8 | static_cast<unsigned char>(text[k]);
    hash.add(word);
  }
  return hash.value();
}

std::string quoted(const std::string& word) {
  const bool plain = !word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,@%+") == std::string::npos;
  if (plain) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + '\'';
}

}  // namespace nines::scenarios
