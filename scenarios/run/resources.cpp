#include "scenarios/run/resources.hpp"

namespace nines::scenarios {

std::vector<SourceFile> embedded_files(std::string_view folder) {
  std::vector<SourceFile> files;
  for (const Resource& resource : resources()) {
    if (!resource.path.starts_with(folder) || resource.path.substr(folder.size(), 1) != "/") continue;
    files.push_back({std::string(resource.path.substr(folder.size() + 1)), std::string(resource.text)});
  }
  return files;
}

namespace {

// Sweeps have a folder of their own.
constexpr std::string_view folders[] = {"library", "library/sweeps"};

std::vector<std::string> names_in(std::string_view folder) {
  std::vector<std::string> names;
  for (const SourceFile& file : embedded_files(folder))
    if (file.name.find('/') == std::string::npos) names.push_back(file.name.substr(0, file.name.rfind(".yaml")));
  return names;
}

}  // namespace

std::optional<SourceFile> library_file(std::string_view name) {
  if (name.find('/') != std::string_view::npos) return std::nullopt;
  for (const std::string_view folder : folders)
    for (SourceFile& file : embedded_files(folder))
      if (file.name == name || file.name == std::string(name) + ".yaml") return std::move(file);
  return std::nullopt;
}

std::vector<std::string> library_names() { return names_in(folders[0]); }
std::vector<std::string> sweep_names() { return names_in(folders[1]); }

}  // namespace nines::scenarios
