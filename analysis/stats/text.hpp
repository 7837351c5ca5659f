// Numbers as people read them, in any locale the same.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nines::analysis {

std::string significant(double value, int digits);                   // 3 digits: "0.0123", "12.3", "12345", "1.23e-07".
std::string fixed(double value, int decimals);                       // Plain notation: 2 decimals give "12.30".
std::string shortest(double value);                                  // The fewest digits that read back as the same value.
std::string grouped(std::uint64_t value);                            // "1,204"
std::string counted(std::uint64_t number, std::string_view plural);  // "1,204 outages", "1 quorum loss"
std::string human_time(double seconds, int digits);                  // "5.02 s", "3.1 min", "6.2 h", "12 days"

std::string csv_field(std::string_view text);  // RFC 4180: quoted where a comma, a quote or a line break stands in it.

}  // namespace nines::analysis
