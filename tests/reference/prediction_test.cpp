// Throughput, latency and CPU that were measured, predicted by the product's own calibration (analysis/load/calibrate.hpp) from other measurements of
// the same system. What is predicted was no part of what was fitted.
//
// * A real etcd 3.4.23 (etcd/throughput.csv, see etcd/README.md): puts of 256 bytes at the leader, closed loop. Fitted for each number of members and
//   file system to the rows without distance; predicted are those with a round trip of 5 and 20 ms.
// * etcd 3.2.0, published: etcd-io/website, content/en/docs/v3.6/op-guide/performance.md: one client 583 puts a second, 1.6 ms; 1000 clients 44,341 a
//   second, 22 ms.
// * Zeebe, published: camunda/zeebe-chaos, 2025-07-11: three brokers, three partitions, 150, 180, 210 and 240 process instances a second took 1.25,
//   1.33, 1.58 and 1.78 cores of each broker, without secondary storage.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "analysis/load/calibrate.hpp"
#include "analysis/load/latency.hpp"
#include "analysis/load/operating_point.hpp"
#include "tests/models/workload/deployments.hpp"

namespace nines::reference {
namespace prediction_test {

using analysis::ClosedLoopFit;
using analysis::ClosedLoopRow;
using analysis::Latency;

struct Measured {
  int members = 0;
  std::string files;  // "disk" or "tmpfs".
  double rtt_s = 0;
  int clients = 0;
  double per_s = 0, mean_s = 0, p50_s = 0;
  double leader_cpu_s = 0;
  double flush_s = 0;
  double flushes_per_put = 0;
};

std::vector<Measured> etcd_rows() {
  std::ifstream in(NINES_SOURCE_DIR "/tests/reference/etcd/throughput.csv");
  std::vector<std::string> names;
  std::vector<Measured> rows;
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream text(line);
    std::vector<std::string> cells;
    for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
    if (names.empty()) {
      names = cells;
      continue;
    }
    std::map<std::string, double> number;
    for (std::size_t i = 0; i < cells.size(); ++i) number[names[i]] = std::strtod(cells[i].c_str(), nullptr);
    rows.push_back({.members = static_cast<int>(number["n"]),
                    .files = cells[2],
                    .rtt_s = number["rtt_ms"] * 1e-3,
                    .clients = static_cast<int>(number["clients"]),
                    .per_s = number["tput_per_s"],
                    .mean_s = number["lat_mean_us"] * 1e-6,
                    .p50_s = number["lat_p50_us"] * 1e-6,
                    .leader_cpu_s = number["cpu_leader_us_per_op"] * 1e-6,
                    .flush_s = number["wal_fsync_mean_us"] * 1e-6,
                    .flushes_per_put = number["wal_fsync_per_op"]});
  }
  return rows;
}

// From the rows without distance alone.
ClosedLoopFit fitted(const std::vector<Measured>& rows, int members, const std::string& files) {
  std::vector<ClosedLoopRow> near;
  analysis::ClosedLoopSetUp set_up{.replicas = members};
  for (const Measured& row : rows) {
    if (row.members != members || row.files != files || row.rtt_s > 0) continue;
    near.push_back({row.clients, row.per_s, row.mean_s});
    if (row.clients == 1) set_up.flush_s = row.flush_s;
  }
  EXPECT_EQ(near.size(), 3U);
  return fit_closed_loop(near, set_up);
}

Latency predicted(const ClosedLoopFit& fit, const Measured& row) { return fit.loop(row.clients, row.rtt_s); }

TEST(Prediction, EtcdWithDistanceIsWithinTenPerCentOfWhatWithoutDistanceSays) {
  const std::vector<Measured> rows = etcd_rows();
  int compared = 0;
  for (const char* files : {"disk", "tmpfs"}) {
    const ClosedLoopFit fit = fitted(rows, 3, files);
    for (const Measured& row : rows) {
      if (row.members != 3 || row.files != files || row.rtt_s <= 0 || row.clients > 8) continue;
      const Latency loop = predicted(fit, row);
      EXPECT_NEAR(loop.per_s, row.per_s, 0.1 * row.per_s) << files << ", " << row.rtt_s << " s, " << row.clients << " clients";
      EXPECT_NEAR(loop.p50_s, row.p50_s, 0.1 * row.p50_s) << files << ", " << row.rtt_s << " s, " << row.clients << " clients";
      ++compared;
    }
  }
  EXPECT_EQ(compared, 8);
}

std::string table() {
  const std::vector<Measured> rows = etcd_rows();
  std::string text = "members  files  RTT, ms  clients   puts a second: measured | predicted      median, ms: measured | predicted\n";
  for (const int members : {3, 5}) {
    for (const char* files : {"disk", "tmpfs"}) {
      const ClosedLoopFit fit = fitted(rows, members, files);
      for (const Measured& row : rows) {
        if (row.members != members || row.files != files || row.rtt_s <= 0) continue;
        const Latency loop = predicted(fit, row);
        char line[200];
        std::snprintf(line, sizeof line, "%7d  %5s  %7.0f  %7d   %13.0f | %6.0f  %+5.1f %%              %6.1f | %6.1f  %+5.1f %%\n", row.members,
                      files, 1e3 * row.rtt_s, row.clients, row.per_s, loop.per_s, 100 * (loop.per_s / row.per_s - 1), 1e3 * row.p50_s,
                      1e3 * loop.p50_s, 100 * (loop.p50_s / row.p50_s - 1));
        text += line;
      }
    }
  }
  return text;
}

// etcd/throughput.txt is what etcd/README.md quotes: all rows, those too that are no criterion. `NINES_GOLDEN=1 tests_reference
// --gtest_filter='Prediction.*'` writes it anew.
TEST(Prediction, TableOfTheREADMEIsWhatIsPredictedNow) {
  const std::filesystem::path path = NINES_SOURCE_DIR "/tests/reference/etcd/throughput.txt";
  const std::string now = table();
  std::puts(now.c_str());
  if (std::getenv("NINES_GOLDEN") != nullptr) std::ofstream(path) << now;
  std::ostringstream kept, readme;
  kept << std::ifstream(path).rdbuf();
  EXPECT_EQ(kept.str(), now);
  readme << std::ifstream(path.parent_path() / "README.md").rdbuf();
  EXPECT_NE(readme.str().find(now), std::string::npos) << "README.md quotes another table";
}

TEST(Prediction, EtcdsThousandClientsWaitAsLongAsOneClientAndTheRateSay) {
  // The latency at 1000 clients is not told.
  const std::vector<ClosedLoopRow> rows = {{1, 583, 1.6e-3}, {1000, 44'341, 0}};
  const ClosedLoopFit fit = fit_closed_loop(rows, {});
  EXPECT_NEAR(fit.loop(1000).mean_s, 22e-3, 2.2e-3);
  EXPECT_NEAR(fit.knee(), 71, 1);
}

// etcd's leader takes so much CPU for a put and so much for a batch: the three rows without distance lie on one line in 1 / batch within a quarter.
TEST(Prediction, EtcdsLeaderPaysForBatches) {
  std::vector<double> batch, cpu;
  for (const Measured& row : etcd_rows()) {
    if (row.members != 3 || row.files != "disk" || row.rtt_s > 0) continue;
    batch.push_back(1 / row.flushes_per_put);
    cpu.push_back(row.leader_cpu_s);
  }
  ASSERT_EQ(batch.size(), 3U);
  const analysis::BatchCost cost = analysis::fit_batch_cost(batch, cpu);
  for (std::size_t i = 0; i < cpu.size(); ++i) EXPECT_NEAR(cost.each_s + cost.batch_s / batch[i], cpu[i], 0.25 * cpu[i]);
  EXPECT_GT(cost.batch_s, 3 * cost.each_s);
}

TEST(Prediction, ZeebesCpuAtARateBetweenIsWithinTenPerCent) {
  const std::vector<double> rates = {150, 180, 240}, cores = {1.25, 1.33, 1.78};
  workload::Service shape;  // In which proportion they share it does not matter: leaders and followers are spread evenly.
  shape.processing_s = 3;
  shape.leader_s = 1;
  shape.follower_s = 1;
  shape.gateway_s = 1;
  const analysis::CpuFit fit = analysis::fit_cpu(rates, cores, 3, 3, shape);
  workload::Deployment d = workload::testing_deployments::ring(3, 3, 3);
  d.service = fit.service;
  for (workload::Machine& machine : d.machines) machine.cores = 2;
  const analysis::OperatingPoint point = analysis::operating_point(d, healthy(d), 210);
  ASSERT_TRUE(point.carried);
  for (const analysis::MachineLoad& machine : point.machines) EXPECT_NEAR(machine.cores_busy, 1.58, 0.158);
  const analysis::Prediction interval = analysis::predict(fit.line, 210);
  EXPECT_LT(interval.low, 1.58);
  EXPECT_GT(interval.high, 1.58);
  std::printf("Zeebe: %.1f core-ms an instance, %.2f cores idle; at 210/s %.3f cores, measured 1.58; 95 %% from three points: %.2f to %.2f\n",
              1e3 * fit.command_s, fit.idle_cores, point.machines[0].cores_busy, interval.low, interval.high);
}

}  // namespace prediction_test
}  // namespace nines::reference
