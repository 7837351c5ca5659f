#include "analysis/load/calibrate.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "analysis/load/operating_point.hpp"
#include "tests/models/workload/deployments.hpp"

namespace nines::analysis {
namespace calibrate_test {

// Anscombe's first data set (1973): intercept 3.0001, slope 0.5001, residual standard error 1.237 on 9 degrees of freedom.
TEST(Calibrate, ALineHasThePublishedInterceptSlopeAndNoise) {
  const std::vector<double> x = {10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
  const std::vector<double> y = {8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68};
  const Line line = fit_line(x, y);
  EXPECT_NEAR(line.at_zero, 3.0001, 5e-5);
  EXPECT_NEAR(line.slope, 0.5001, 5e-5);
  EXPECT_NEAR(line.noise, 1.237, 5e-4);
  // At the mean of x: 7.5009 +- t(9; 0.975) x 1.2366 x sqrt(1 + 1/11).
  const Prediction at = predict(line, 9);
  EXPECT_NEAR(at.value, 7.5009, 1e-4);
  EXPECT_NEAR(at.high - at.value, 2.2622 * 1.2366 * std::sqrt(12.0 / 11), 1e-3);
}

TEST(Calibrate, TwoPointsSayNothingAboutNoise) {
  const Line line = fit_line(std::vector<double>{1, 2}, std::vector<double>{3, 5});
  EXPECT_NEAR(line.at(3), 7, 1e-12);
  EXPECT_TRUE(std::isinf(predict(line, 3).high));
}

TEST(Calibrate, ABatchsCostIsToldFromThatOfItsEntries) {
  const std::vector<double> batch = {1, 2.2, 12};
  std::vector<double> cpu;
  for (const double entries : batch) cpu.push_back(65e-6 + 400e-6 / entries);
  const BatchCost cost = fit_batch_cost(batch, cpu);
  EXPECT_NEAR(cost.each_s, 65e-6, 1e-12);
  EXPECT_NEAR(cost.batch_s, 400e-6, 1e-12);
}

// What the product itself predicts for a known system is found again.
TEST(Calibrate, AClosedLoopIsFoundAgainFromItsOwnRows) {
  ClosedLoopFit known;
  known.each_s = 150e-6;
  known.batch_s = 300e-6;
  known.rest_s = 200e-6;
  known.set_up = {.replicas = 3, .rtt_s = 0, .flush_s = 250e-6};
  std::vector<ClosedLoopRow> rows;
  for (const int clients : {1, 8, 64}) {
    const Latency loop = known.loop(clients);
    rows.push_back({clients, loop.per_s, loop.mean_s});
  }
  const ClosedLoopFit fit = fit_closed_loop(rows, known.set_up);
  EXPECT_NEAR(fit.each_s, known.each_s, 0.01 * known.each_s);
  EXPECT_NEAR(fit.batch_s, known.batch_s, 0.01 * known.batch_s);
  EXPECT_NEAR(fit.rest_s, known.rest_s, 0.05 * known.rest_s);
  for (const double residual : fit.residuals) EXPECT_NEAR(residual, 0, 1e-3);
}

TEST(Calibrate, TwoRowsGiveTheBottleneckAlone) {
  const std::vector<ClosedLoopRow> rows = {{1, 100, 10e-3}, {500, 2000, 0}};
  const ClosedLoopFit fit = fit_closed_loop(rows, {});
  EXPECT_EQ(fit.batch_s, 0);
  EXPECT_NEAR(fit.each_s, 1 / 2000.0, 0.01 / 2000);
  EXPECT_NEAR(fit.knee(), 20, 0.2);
}

TEST(Calibrate, CpuAgainstRateBecomesAServiceThatTakesAsMuch) {
  const std::vector<double> rates = {100, 200, 300}, cores = {0.5, 0.8, 1.1};
  workload::Service shape;
  shape.processing_s = 2;
  shape.follower_s = 1;
  shape.gateway_s = 0.5;
  const CpuFit fit = fit_cpu(rates, cores, 3, 3, shape);
  EXPECT_NEAR(fit.command_s, 9e-3, 1e-12);
  EXPECT_NEAR(fit.idle_cores, 0.2, 1e-12);
  EXPECT_NEAR(fit.service.processing_s, 4e-3, 1e-12);
  workload::Deployment d = workload::testing_deployments::ring(3, 3, 3);
  d.service = fit.service;
  for (workload::Machine& machine : d.machines) machine.cores = 4;
  for (const MachineLoad& machine : operating_point(d, healthy(d), 250).machines) EXPECT_NEAR(machine.cores_busy, 0.95, 1e-9);
}

}  // namespace calibrate_test
}  // namespace nines::analysis
