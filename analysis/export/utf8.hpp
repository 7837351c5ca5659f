// Text that every reader can decode: results carry names and whole files that users wrote.
#pragma once

#include <string>
#include <string_view>

namespace nines::analysis {

// The text, with U+FFFD in place of every byte that is not UTF-8 and of every zero byte, which would end a string of HDF5.
std::string valid_utf8(std::string_view text);

}  // namespace nines::analysis
