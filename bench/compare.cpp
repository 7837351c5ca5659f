// The program of all benchmarks. `nines_bench` runs every benchmark five times, interleaved, and prints each declared ratio beside its
// bound; it exits with 1 when a bound is missed or when two programs of one workload disagree. With any --benchmark_* option it is an
// ordinary Google Benchmark program.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "bench/bounds.hpp"

namespace nines::bench {
namespace {

constexpr const char* not_built = "its program was not built";

struct Bound {
  enum class Kind { at_most, faster, per_second } kind;
  std::string ours, other;
  double bound;
};

std::vector<Bound>& bounds() {
  static std::vector<Bound> all;
  return all;
}

// Names may carry Google Benchmark's suffixes: "phold/64/iterations:1/process_time".
std::string bare_name(const std::string& name) {
  std::string bare = name;
  for (const char* suffix : {"/iterations:", "/process_time", "/manual_time", "/real_time"}) {
    if (const auto at = bare.find(suffix); at != std::string::npos) bare.resize(at);
  }
  return bare;
}

std::string workload_of(const std::string& name) {
  const auto first = name.find('/');
  const auto second = first == std::string::npos ? first : name.find('/', first + 1);
  return name.substr(0, second);
}

// Keeps what the rounds measured.
class Keeper : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      const std::string name = bare_name(run.benchmark_name());
      if (run.error_occurred) {
        skipped[name] = run.error_message;
        continue;
      }
      const bool manual = run.benchmark_name().find("/manual_time") != std::string::npos;
      const double time = manual ? run.real_accumulated_time : run.cpu_accumulated_time;
      ns_per_event[name].push_back(time * 1e9 / run.counters.at("events").value);
      checksums[workload_of(name)][name] = run.counters.at("checksum").value;
      if (std::find(order.begin(), order.end(), name) == order.end()) order.push_back(name);
    }
  }
  static double median_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
  }
  double median(const std::string& name) const { return median_of(ns_per_event.at(name)); }
  // Of the rounds' ratios: both ran within seconds of each other, so a machine that slows down slows both.
  double median_ratio(const std::string& above, const std::string& below) const {
    const auto& numerators = ns_per_event.at(above);
    const auto& denominators = ns_per_event.at(below);
    std::vector<double> ratios;
    for (std::size_t i = 0; i < std::min(numerators.size(), denominators.size()); ++i) ratios.push_back(numerators[i] / denominators[i]);
    return median_of(std::move(ratios));
  }

  std::vector<std::string> order;
  std::map<std::string, std::vector<double>> ns_per_event;
  std::map<std::string, std::string> skipped;
  std::map<std::string, std::map<std::string, double>> checksums;
};

int compare(int rounds) {
  Keeper keeper;
  for (int round = 0; round < rounds; ++round) {
    benchmark::RunSpecifiedBenchmarks(&keeper);
    std::fprintf(stderr, "round %d of %d\n", round + 1, rounds);
  }
  int failures = 0;
  std::printf("| benchmark | ns per event | events per CPU second |\n|---|---|---|\n");
  for (const auto& name : keeper.order) std::printf("| %s | %.1f | %.3g |\n", name.c_str(), keeper.median(name), 1e9 / keeper.median(name));
  for (const auto& [name, why] : keeper.skipped) {
    const bool absent = why == not_built;
    std::printf("| %s | %s: %s | |\n", name.c_str(), absent ? "skipped" : "FAILED", why.c_str());
    if (!absent) ++failures;
  }

  std::printf("\n| ours | against | ratio | bound | |\n|---|---|---|---|---|\n");
  for (const Bound& bound : bounds()) {
    const bool alone = bound.kind == Bound::Kind::per_second;
    const auto state = [&](const std::string& name) {
      return keeper.ns_per_event.count(name) != 0 ? "ran" : keeper.skipped.count(name) != 0 ? "skipped" : "UNKNOWN";
    };
    const std::string ours = state(bound.ours), other = alone ? "ran" : state(bound.other);
    if (ours != "ran" || other != "ran") {
      // Only a peer that is not installed may be missing; a bound on nothing would be met for ever.
      const bool excused = ours != "UNKNOWN" && other != "UNKNOWN";
      std::printf("| %s | %s | | | %s |\n", bound.ours.c_str(), bound.other.c_str(), excused ? "skipped" : "NO SUCH BENCHMARK");
      if (!excused) ++failures;
      continue;
    }
    double value = 0;
    bool met = false;
    switch (bound.kind) {
      case Bound::Kind::at_most:
        value = keeper.median_ratio(bound.ours, bound.other);
        met = value <= bound.bound;
        std::printf("| %s | %s | %.2f x its time | at most %.2f |", bound.ours.c_str(), bound.other.c_str(), value, bound.bound);
        break;
      case Bound::Kind::faster:
        value = keeper.median_ratio(bound.other, bound.ours);
        met = value >= bound.bound;
        std::printf("| %s | %s | %.2f x faster | at least %.2f |", bound.ours.c_str(), bound.other.c_str(), value, bound.bound);
        break;
      case Bound::Kind::per_second:
        value = 1e9 / keeper.median(bound.ours);
        met = value >= bound.bound;
        std::printf("| %s | %s per CPU second | %.4g | at least %.4g |", bound.ours.c_str(), bound.other.c_str(), value, bound.bound);
        break;
    }
    std::printf(" %s |\n", met ? "met" : "MISSED");
    if (!met) ++failures;
  }

  std::printf("\n");
  for (const auto& [workload, sums] : keeper.checksums) {
    const double first = sums.begin()->second;
    const bool equal = std::all_of(sums.begin(), sums.end(), [first](const auto& sum) { return sum.second == first; });
    if (equal) {
      std::printf("%s: %zu programs, equal checksums\n", workload.c_str(), sums.size());
      continue;
    }
    ++failures;
    std::printf("%s: the programs DISAGREE:", workload.c_str());
    for (const auto& [name, sum] : sums) std::printf(" %s=%012llx", name.c_str(), static_cast<unsigned long long>(sum));
    std::printf("\n");
  }
  return failures == 0 ? 0 : 1;
}

}  // namespace

bool at_most(std::string ours, std::string floor, double bound) {
  bounds().push_back({Bound::Kind::at_most, std::move(ours), std::move(floor), bound});
  return true;
}
bool at_least_faster(std::string ours, std::string peer, double bound) {
  bounds().push_back({Bound::Kind::faster, std::move(ours), std::move(peer), bound});
  return true;
}
bool at_least_per_second(std::string ours, double bound, std::string_view unit) {
  bounds().push_back({Bound::Kind::per_second, std::move(ours), std::string(unit), bound});
  return true;
}

void report(benchmark::State& state, std::uint64_t events, std::uint64_t checksum) {
  state.SetItemsProcessed(static_cast<std::int64_t>(events));
  state.counters["events"] = static_cast<double>(events);
  state.counters["checksum"] = static_cast<double>(checksum & ((std::uint64_t{1} << 48) - 1));  // A counter is a double: 48 bits fit.
}

void run_peer(benchmark::State& state, std::string_view program, std::string_view arguments) {
  const auto path = std::filesystem::read_symlink("/proc/self/exe").parent_path() / program;
  if (!std::filesystem::exists(path)) {
    for (auto _ : state) continue;
    return state.SkipWithError(not_built);
  }
  const std::string command = "'" + path.string() + "' " + std::string(arguments);
  double time = 0;
  unsigned long long events = 0, checksum = 0;
  for (auto _ : state) {
    std::FILE* pipe = popen(command.c_str(), "r");
    const int fields = pipe == nullptr ? 0 : std::fscanf(pipe, "%lf %llu %llx", &time, &events, &checksum);
    const int status = pipe == nullptr ? -1 : pclose(pipe);
    if (fields != 3 || status != 0) {
      state.SkipWithError("its program failed");
      break;
    }
    state.SetIterationTime(time);
  }
  report(state, events, checksum);
}

}  // namespace nines::bench

int main(int argc, char** argv) {
  const bool plain = std::any_of(argv + 1, argv + argc, [](const char* argument) { return std::strncmp(argument, "--benchmark_", 12) == 0; });
  int rounds = 5;
  if (!plain && argc == 2) rounds = std::atoi(argv[1]);
  if (!plain && (argc > 2 || rounds < 1)) {
    std::fprintf(stderr, "usage: nines_bench [ROUNDS] | nines_bench --benchmark_filter=... (any option of Google Benchmark)\n");
    return 2;
  }
  benchmark::Initialize(&argc, argv);
  if (!plain) return nines::bench::compare(rounds);
  benchmark::RunSpecifiedBenchmarks();
}
