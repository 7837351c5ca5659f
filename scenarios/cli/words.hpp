// Texts as other programs want them: a hash of a file, a word of a shell's line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nines::scenarios {

std::uint64_t hash_of(std::string_view text);

// As one word for a POSIX shell: in quotes where it needs them.
std::string quoted(const std::string& word);

}  // namespace nines::scenarios
