// Where other people's test data lies on this machine, if it does.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace nines::real {

inline std::optional<std::filesystem::path> peer_data(const std::string& folder) {
  const char* root = std::getenv("NINES_PEER_DATA");
  if (root == nullptr || *root == '\0') return std::nullopt;
  const std::filesystem::path path = std::filesystem::path(root) / folder;
  return std::filesystem::exists(path) ? std::optional(path) : std::nullopt;
}

}  // namespace nines::real
