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

std::optional<SourceFile> library_file(std::string_view name) {
  for (SourceFile& file : embedded_files("library"))
    if (file.name == name || file.name == std::string(name) + ".yaml") return std::move(file);
  return std::nullopt;
}

std::vector<std::string> library_names() {
  std::vector<std::string> names;
  for (const SourceFile& file : embedded_files("library")) names.push_back(file.name.substr(0, file.name.rfind(".yaml")));
  return names;
}

}  // namespace nines::scenarios
