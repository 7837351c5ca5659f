#include "tests/house/layers.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <regex>
#include <set>

namespace nines::house {
namespace {

// From the bottom to the top. Folders of one row do not see each other.
const std::vector<std::vector<std::string>> layers = {
    {"sim/base"},
    {"sim/kernel"},
    {"models/quorum", "models/topology", "models/cost"},
    {"models/raft", "models/failure"},
    {"models/broker", "models/workload", "models/services", "models/platform"},
    {"models/world"},
    {"analysis/stats"},
    {"analysis/exact", "analysis/load"},
    {"analysis/rare"},
    {"analysis/why"},
    {"analysis/export", "analysis/choose"},
    {"analysis/report"},
    {"scenarios/schema"},
    {"scenarios/run", "scenarios/import", "scenarios/fuzz"},
    {"scenarios/sweep"},
    {"scenarios/cli"},
};

// Where a library may show, by how its includes begin. What is not listed here and is no standard header shows nowhere but in tests/ and bench/.
struct Library {
  std::string prefix;
  std::vector<std::string> folders;
};
const std::vector<Library> libraries = {
    {"Random123/", {"sim"}},
    {"boost/random/", {"sim"}},
    {"boost/math/", {"sim", "analysis"}},  // Quantiles and tails of the gamma and beta laws.
    {"tl/", {"sim"}},
    {"boost/graph/", {"models"}},
    {"boost/property_map/", {"models"}},  // Part of Boost.Graph's interface.
    {"Eigen/", {"analysis"}},
    {"hdf5", {"analysis"}},
    {"H5", {"analysis"}},
    {"nlohmann/", {"analysis", "scenarios"}},
    {"yaml-cpp/", {"scenarios"}},
    {"boost/asio", {"scenarios"}},
    {"boost/crc.hpp", {"scenarios"}},  // Checksums of journals.
    {"boost/program_options", {"scenarios"}},
    {"boost/mpi", {"scenarios"}},
    {"spdlog/", {"scenarios"}},
    {"fmt/", {"scenarios"}},
};

// The operating system's own headers: only where the program meets it, in scenarios/ and where files are written.
bool is_system_header(const std::string& header) {
  return header.ends_with(".h") && (header.find('/') == std::string::npos || header.starts_with("sys/"));
}
bool is_standard_header(const std::string& header) { return header.find_first_of("/.") == std::string::npos; }

// Standard headers that bring threads, clocks, unkeyed randomness or a log below scenarios/.
const std::set<std::string> banned_below_scenarios = {"thread",    "mutex",   "shared_mutex", "future",    "condition_variable",
                                                      "semaphore", "barrier", "latch",        "atomic",    "iostream",
                                                      "random",    "ctime",   "stop_token",   "syncstream"};

std::optional<std::size_t> layer_of(const std::string& folder) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (std::find(layers[i].begin(), layers[i].end(), folder) != layers[i].end()) return i;
  }
  return std::nullopt;
}

// "models/raft" of "models/raft/core/log.hpp"; empty for what lies outside a layer's folder.
std::string folder_of(const std::string& path) {
  const std::size_t first = path.find('/');
  const std::size_t second = first == std::string::npos ? first : path.find('/', first + 1);
  return second == std::string::npos ? std::string() : path.substr(0, second);
}

std::optional<std::string> wrong_include_of_ours(const std::string& path, const std::string& target) {
  const std::string from = folder_of(path), to = folder_of(target);
  const auto lower = layer_of(to);
  if (!lower) return "includes \"" + target + "\", which is no path from the repository's root into a layer";
  if (from == to) return std::nullopt;
  const std::size_t upper = *layer_of(from);
  if (*lower > upper) return "includes upwards: " + to + " stands above " + from;
  if (*lower == upper) return "includes sideways: " + to + " and " + from + " do not see each other";
  return std::nullopt;
}

std::optional<std::string> wrong_library(const std::string& path, const std::string& header) {
  if (is_standard_header(header)) {
    if (!is_below(path, "scenarios") && banned_below_scenarios.contains(header))
      return "includes <" + header + ">, which has no place below scenarios/";
    return std::nullopt;
  }
  const auto library = std::find_if(libraries.begin(), libraries.end(), [&](const Library& l) { return header.starts_with(l.prefix); });
  if (library == libraries.end()) {
    if (is_system_header(header) && (is_below(path, "scenarios") || is_below(path, "analysis/export"))) return std::nullopt;
    return "includes <" + header + ">, a library that has no place here";
  }
  if (std::none_of(library->folders.begin(), library->folders.end(), [&](const std::string& folder) { return is_below(path, folder); })) {
    return "includes <" + header + ">: " + library->prefix + " shows only in " + library->folders.front() + "/";
  }
  if (path.ends_with(".hpp") && !(path == "sim/base/result.hpp" && header == "tl/expected.hpp")) {
    return "a header of ours includes <" + header + ">: heavy headers stay in .cpp files";
  }
  return std::nullopt;
}

}  // namespace

Findings layer_findings(const Tree& tree) {
  static const std::regex include(R"re(^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">])re", std::regex::ECMAScript | std::regex::multiline);
  Findings findings;
  for (const auto& [path, text] : tree) {
    const bool layered = is_below(path, "sim") || is_below(path, "models") || is_below(path, "analysis") || is_below(path, "scenarios");
    if (!layered || !is_source(path)) continue;
    if (!layer_of(folder_of(path))) {
      findings.push_back({path, 1, "lies in no layer: " + folder_of(path) + " is not in the order of tests/house/layers.cpp"});
      continue;
    }
    const std::string code = code_of(text);
    for (std::sregex_iterator it(code.begin(), code.end(), include), end; it != end; ++it) {
      const bool ours = (*it)[1] == "\"";
      const auto wrong = ours ? wrong_include_of_ours(path, (*it)[2]) : wrong_library(path, (*it)[2]);
      if (wrong) findings.push_back({path, line_at(code, static_cast<std::size_t>(it->position(1))), *wrong});
    }
  }
  return findings;
}

}  // namespace nines::house
