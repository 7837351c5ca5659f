#include "scenarios/run/tally.hpp"

#include <algorithm>
#include <bit>

#include "analysis/stats/replication.hpp"
#include "scenarios/run/deployment_of.hpp"
#include "scenarios/run/expect.hpp"
#include "sim/base/bytes.hpp"
#include "sim/base/check.hpp"
#include "sim/base/hash.hpp"

namespace nines::scenarios {
namespace {

constexpr std::uint64_t version = 1;  // Of the bytes: a change of what they hold counts it up.

void add(Hash& hash, std::string_view text) {
  hash.add(std::uint64_t{text.size()});
  for (const char letter : text) hash.add(static_cast<std::uint64_t>(static_cast<unsigned char>(letter)));
}

std::uint64_t hash_of(const Scenario& scenario, const world::Options& world, const std::vector<double>& levels) {
  const analysis::Layout layout(world);
  const analysis::RepairTimes repairs(world);
  Hash hash;
  hash.add(version);
  for (const auto& cluster : layout.clusters) {
    add(hash, cluster.name);
    hash.add(std::uint64_t{cluster.partitions});
  }
  for (const std::string& zone : layout.zones) add(hash, zone);
  for (const std::string& mode : layout.modes) add(hash, mode);
  hash.add(layout.horizon);
  for (std::size_t m = 0; m < layout.mode_of_index.size(); ++m) hash.add(repairs.mean(static_cast<std::uint16_t>(m)));
  for (const Duration time : {repairs.longest(), repairs.election(), repairs.recovery(), repairs.client_election()}) hash.add(time);
  hash.add(std::uint64_t{world.script.size()});
  for (const double level : levels) hash.add(std::bit_cast<std::uint64_t>(level));
  for (const auto& cluster : scenario.clusters) hash.add(std::bit_cast<std::uint64_t>(demand_of(cluster)));
  return hash.value();
}

std::uint64_t checksum(std::string_view bytes) {
  Hash hash;
  hash.add(std::uint64_t{bytes.size()});
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) hash.add(ByteReader(bytes).word());
  for (const char byte : bytes) hash.add(static_cast<std::uint64_t>(static_cast<unsigned char>(byte)));
  return hash.value();
}

bool flagged(const std::vector<analysis::SelfCheck>& checks) {
  return std::any_of(checks.begin(), checks.end(), [](const analysis::SelfCheck& check) { return check.flagged(); });
}

}  // namespace

std::vector<double> promised_levels(const Scenario& scenario, const world::Options& world, std::optional<double> level) {
  std::vector<double> all;
  for (const world::Cluster& cluster : world.clusters) {
    double promised = analysis::Summary::usual_level;
    for (const Expectation& line : scenario.expect) {
      const bool wants_much = line.comparison == Expectation::Comparison::at_least || line.comparison == Expectation::Comparison::greater;
      if (wants_much && (line.metric == "uptime.all" || line.metric == cluster.name + ".uptime.all")) promised = line.value;
    }
    all.push_back(level.value_or(promised));
  }
  return all;
}

std::string budget_reached(std::uint64_t replications) {
  return "budget: all of " + std::to_string(replications) + (replications == 1 ? " replication" : " replications");
}

Known::Known(const Scenario& of, const world::Options& options, Solve what) : scenario(of), world(options), solve(what), costs(of) {
  if (solve == Solve::what_can_be) solutions = Solutions::of(world);
}

Tally::Tally(const Scenario& scenario, const world::Options& world, const std::vector<double>& levels)
    : summary_(world, levels), load_(scenario, world), of_(hash_of(scenario, world, levels)) {}

void Tally::add(const world::Record& record) {
  summary_.add(record);
  load_.add(record);
}

void Tally::merge(const Tally& later) {
  SIM_CHECK(of_ == later.of_, "tallies that are merged are of one scenario");
  summary_.merge(later.summary_);
  load_.merge(later.load_);
}

std::string Tally::bytes() const {
  ByteWriter out;
  out.word(of_);
  summary_.write(out);
  load_.write(out);
  out.word(checksum(out.bytes()));
  return out.take();
}

bool Tally::read(std::string_view bytes) {
  constexpr std::size_t word = sizeof(std::uint64_t);
  if (bytes.size() < 2 * word) return false;
  const std::string_view content = bytes.substr(0, bytes.size() - word);
  ByteReader in(content);
  if (ByteReader(bytes.substr(content.size())).word() != checksum(content) || in.word() != of_) return false;
  summary_.read(in);
  load_.read(in);
  return in.finished();
}

analysis::Report Tally::look(const Known& known) const {
  analysis::Report report;
  report.metrics = summary_.metrics();
  if (known.solutions) {
    report.self_checks = known.solutions->check(summary_, nullptr);
    if (!flagged(report.self_checks)) known.solutions->put_into(summary_, report.metrics);
  }
  load_.put_into(report.metrics);
  known.costs.put_into(report.metrics);
  report.expectations = judge(known.scenario.expect, report.metrics);
  return report;
}

void Tally::conclude(const Known& known, const analysis::Provenance& from, analysis::Report& look) const {
  const analysis::Summary::Totals totals = summary_.totals();
  const auto& clusters = known.world.clusters;
  for (std::size_t c = 0; c < clusters.size() && totals.replications > 0 && known.solve == Known::Solve::what_can_be; ++c)
    put_band(known.world, c, summary_.excess_by_mode(c), from.seed, clusters.size() > 1 ? clusters[c].name + "." : std::string(), look.metrics);
  known.costs.put_into(look.metrics);  // With the band of uptime.all, which is known only now.
  look.warnings = known.costs.warnings();
  if (flagged(look.self_checks))
    look.warnings.push_back(
        "Simulation and solution disagree, so one of them is wrong about this scenario: do not rely on either before the reason is found.");
  look.provenance = from;
  look.provenance.fingerprint = analysis::hexadecimal(totals.history);
  if (from.stop_reason.empty()) look.provenance.stop_reason = budget_reached(totals.replications);
  look.provenance.replications = totals.replications;
  look.provenance.years = totals.years;
}

analysis::Report Tally::report(const Known& known, const analysis::Provenance& from) const {
  analysis::Report report = look(known);
  conclude(known, from, report);
  return report;
}

}  // namespace nines::scenarios
