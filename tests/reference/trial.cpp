#include "tests/reference/trial.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "scenarios/schema/scenario.hpp"
#include "sim/base/check.hpp"

namespace nines::reference {

raft::Profile catalog_profile(const std::string& name) {
  static const scenarios::Catalogs catalogs = [] {
    std::vector<scenarios::SourceFile> files;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(NINES_SOURCE_DIR) / "scenarios/catalog/profiles")) {
      if (entry.path().extension() != ".yaml") continue;
      std::ostringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      files.push_back({"profiles/" + entry.path().filename().string(), text.str()});
    }
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    auto read = scenarios::read_catalogs(files);
    SIM_CHECK(read.has_value(), "the catalogue's profiles cannot be read");
    return std::move(*read);
  }();
  const scenarios::ProfileEntry* entry = catalogs.profile(name);
  SIM_CHECK(entry != nullptr, "the catalogue has no such profile");
  return entry->profile;
}

Trial::Trial(std::shared_ptr<const world::Plan> plan, std::uint64_t seed, std::uint64_t number)
    : plan_(std::move(plan)), world_(plan_, Streams(seed, number), {}), members_(plan_->groups[0].members) {
  world_.group(PartitionId{0u}).keep_roles(true);
}

void Trial::apply(Instant at, failure::Effect effect, failure::Stage stage, raft::Member a, raft::Member b) {
  const std::vector<BrokerId>& brokers = plan_->groups[0].brokers;
  failure::Change change;
  change.at = at;
  change.element.scope = a == b ? failure::Scope::broker : failure::Scope::broker_pair;
  change.element.a = brokers[a].value;
  change.element.b = a == b ? 0 : brokers[b].value;
  change.effect = effect;
  change.stage = stage;
  world_.apply(change);
}

raft::Member Trial::leader() const {
  raft::Member best = raft::nobody;
  for (raft::Member m = 0; m < members_; ++m)
    if (core(m).role() == raft::Role::leader && world::has(group().around().running(), m) && (best == raft::nobody || core(m).term() > core(best).term()))
      best = m;
  return best;
}

std::optional<world::RoleChange> Trial::first(Instant since, Instant limit, Duration stride, const std::function<bool(const world::RoleChange&)>& wanted) {
  std::size_t seen = 0;
  for (Instant t = since;; t = std::min(limit, t + stride)) {
    run_until(t);
    for (; seen < roles().size(); ++seen)
      if (roles()[seen].at >= since && wanted(roles()[seen])) return roles()[seen];
    if (t >= limit) return std::nullopt;
  }
}

std::optional<world::RoleChange> Trial::next_leader(Instant since, Instant limit, Duration stride) {
  return first(since, limit, stride, [](const world::RoleChange& change) { return change.role == raft::Role::leader; });
}

double chance(std::uint64_t seed, std::uint64_t number, std::uint64_t which) {
  return Streams(seed, number).of(0, Purpose::test).uniform({0, which});
}

double mean_of(const std::vector<double>& sample) {
  double sum = 0;
  for (const double x : sample) sum += x;
  return sum / static_cast<double>(sample.size());
}

double standard_error_of(const std::vector<double>& sample) {
  const double mean = mean_of(sample);
  double squares = 0;
  for (const double x : sample) squares += (x - mean) * (x - mean);
  const auto n = static_cast<double>(sample.size());
  return std::sqrt(squares / (n - 1) / n);
}

double quantile_of(std::vector<double> sample, double p) {
  std::sort(sample.begin(), sample.end());
  const double place = p * static_cast<double>(sample.size() - 1);
  const auto i = static_cast<std::size_t>(place);
  const double part = place - static_cast<double>(i);
  return sample[i] + part * (sample[std::min(i + 1, sample.size() - 1)] - sample[i]);
}

double kolmogorov_smirnov(std::vector<double> a, std::vector<double> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  double greatest = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const double x = std::min(a[i], b[j]);
    while (i < a.size() && a[i] <= x) ++i;
    while (j < b.size() && b[j] <= x) ++j;
    greatest = std::max(greatest, std::abs(static_cast<double>(i) / static_cast<double>(a.size()) - static_cast<double>(j) / static_cast<double>(b.size())));
  }
  return greatest;
}

}  // namespace nines::reference
