#include "scenarios/sweep/rows.hpp"

#include <bit>
#include <cmath>
#include <optional>
#include <utility>

#include "analysis/report/format.hpp"

namespace nines::scenarios {
namespace {

using analysis::Metric;

// Which of a metric's numbers are there.
enum Part : unsigned { has_value = 1, has_low = 2, has_high = 4, has_band_low = 8, has_band_high = 16, is_exact = 32, limits_are_the_value = 64 };

bool same_bits(const std::optional<double>& a, const std::optional<double>& b) {
  return a && b && std::bit_cast<std::uint64_t>(*a) == std::bit_cast<std::uint64_t>(*b);
}

unsigned parts_of(const Metric& metric) {
  unsigned parts = (metric.value ? has_value : 0u) | (metric.low ? has_low : 0u) | (metric.high ? has_high : 0u) |
                   (metric.band_low ? has_band_low : 0u) | (metric.band_high ? has_band_high : 0u) | (metric.exact ? is_exact : 0u);
  if (same_bits(metric.value, metric.low) && same_bits(metric.value, metric.high)) parts |= limits_are_the_value;
  return parts;
}

class Texts {
 public:
  std::string read(ByteReader& from) {
    const std::uint64_t index = from.number();
    if (index == 0) {
      known_.emplace_back(from.text());
      return known_.back();
    }
    if (index > known_.size()) {
      from.fail();
      return {};
    }
    return known_[static_cast<std::size_t>(index - 1)];
  }

 private:
  std::vector<std::string> known_;
};

Metric read_metric(ByteReader& from, Texts& texts) {
  Metric metric;
  metric.name = texts.read(from);
  metric.unit = texts.read(from);
  metric.method = texts.read(from);
  const unsigned parts = from.byte();
  metric.exact = (parts & is_exact) != 0;
  if ((parts & has_value) != 0) metric.value = from.real();
  if ((parts & limits_are_the_value) != 0) {
    metric.low = metric.high = metric.value;
  } else {
    if ((parts & has_low) != 0) metric.low = from.real();
    if ((parts & has_high) != 0) metric.high = from.real();
  }
  if ((parts & has_band_low) != 0) metric.band_low = from.real();
  if ((parts & has_band_high) != 0) metric.band_high = from.real();
  return metric;
}

}  // namespace

const Metric* most_down(const analysis::Metrics& metrics) {
  const Metric* most = nullptr;
  double by_most = 0;
  for (const Metric& metric : metrics) {
    if (analysis::without_cluster(metric.name) != "downtime.minutes_per_year") continue;
    const std::optional<double> by = metric.value ? metric.value : metric.high ? metric.high : metric.low;
    if (!by || std::isnan(*by) || (most != nullptr && *by <= by_most)) continue;
    most = &metric;
    by_most = *by;
  }
  return most;
}

// 0 and the text where it is new, else its number, from 1.
void RowWriter::add(const std::string& text) {
  const auto [at, fresh] = texts_.try_emplace(text, texts_.size() + 1);
  bytes_.number(fresh ? 0 : at->second);
  if (fresh) bytes_.text(text);
}

void RowWriter::add(const Row& row) {
  bytes_.number(row.point);
  bytes_.number(row.replications);
  bytes_.real(row.years);
  bytes_.text(row.fingerprint);
  bytes_.number(row.metrics.size());
  for (const Metric& metric : row.metrics) {
    add(metric.name);
    add(metric.unit);
    add(metric.method);
    const unsigned parts = parts_of(metric);
    bytes_.byte(static_cast<std::uint8_t>(parts));
    if (metric.value) bytes_.real(*metric.value);
    if ((parts & limits_are_the_value) == 0) {
      if (metric.low) bytes_.real(*metric.low);
      if (metric.high) bytes_.real(*metric.high);
    }
    if (metric.band_low) bytes_.real(*metric.band_low);
    if (metric.band_high) bytes_.real(*metric.band_high);
  }
  bytes_.number(row.expectations.size());
  for (const analysis::Expectation& line : row.expectations) {
    add(line.text);
    bytes_.byte(static_cast<std::uint8_t>(line.verdict));
    bytes_.text(line.because);
  }
  bytes_.number(row.warnings.size());
  for (const std::string& warning : row.warnings) add(warning);
}

bool read_rows(std::string_view bytes, const std::function<void(Row&&)>& to) {
  ByteReader from(bytes);
  Texts texts;
  while (from.good() && !from.finished()) {
    Row row;
    row.point = from.number();
    row.replications = from.number();
    row.years = from.real();
    row.fingerprint = from.text();
    for (std::size_t left = from.count(4); left > 0; --left) row.metrics.push_back(read_metric(from, texts));
    for (std::size_t left = from.count(3); left > 0; --left) {
      analysis::Expectation line;
      line.text = texts.read(from);
      const std::uint8_t verdict = from.byte();
      if (verdict > static_cast<std::uint8_t>(analysis::Verdict::undecided)) from.fail();
      line.verdict = static_cast<analysis::Verdict>(verdict);
      line.because = from.text();
      row.expectations.push_back(std::move(line));
    }
    for (std::size_t left = from.count(1); left > 0; --left) row.warnings.push_back(texts.read(from));
    if (!from.good()) return false;
    to(std::move(row));
  }
  return from.good();
}

}  // namespace nines::scenarios
