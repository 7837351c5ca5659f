#include "scenarios/run/fit.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "analysis/stats/interval.hpp"
#include "scenarios/schema/mode_document.hpp"

namespace nines::scenarios {

namespace {

constexpr double level = 0.95;

// Four significant digits without an exponent.
std::string digits(double value) {
  const int places = value > 0 ? std::clamp(3 - static_cast<int>(std::floor(std::log10(value))), 0, 15) : 0;
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", places, value);
  std::string out = text;
  if (out.find('.') == std::string::npos) return out;
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.') out.pop_back();
  return out;
}

std::string duration_text(double s) {
  if (s < 120) return digits(s) + "s";
  if (s < 7200) return digits(s / 60) + "min";
  return digits(s / 3600) + "h";
}

std::string yaml_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
  }
  return out + '"';
}

std::string with_plural(std::uint64_t number, const char* one) { return std::to_string(number) + ' ' + one + (number == 1 ? "" : "s"); }

void fit_durations(const std::vector<double>& logs, FittedMode& mode) {
  const auto n = static_cast<double>(logs.size());
  if (logs.empty()) return;
  double sum = 0, squares = 0;
  for (const double x : logs) sum += x;
  const double mean = sum / n;
  mode.median_s = std::exp(mean);
  if (logs.size() == 1) return;
  for (const double x : logs) squares += (x - mean) * (x - mean);
  const double variance = squares / (n - 1);
  mode.sigma = std::sqrt(variance);
  // The logarithm of the law's mean is mean + variance / 2, with the error of either.
  const analysis::Interval of_log = analysis::student(0, std::sqrt(variance + n * variance * variance / (2 * (n - 1))), logs.size(), level);
  mode.mean_low = std::exp(of_log.low);
  mode.mean_high = std::exp(of_log.high);
}

}  // namespace

std::vector<FittedMode> fit(const std::vector<IncidentRecord>& records, const Exposure& exposure) {
  struct Cause {
    std::uint64_t faults = 0;
    double down_s = 0;
    std::vector<double> logs;
  };
  std::map<std::string, Cause> causes;
  for (const IncidentRecord& record : joined(records)) {
    std::string name = hyphenated(record.cause);
    if (name.empty()) name = "outage";
    if (name == "trace") name = "trace-fault";  // The word has a meaning of its own among faults.
    Cause& cause = causes[name];
    const double lasted = seconds(record.end - record.start);
    ++cause.faults;
    cause.down_s += lasted;
    if (lasted > 0) cause.logs.push_back(std::log(lasted));
  }
  std::vector<FittedMode> modes;
  for (const auto& [name, cause] : causes) {
    FittedMode& mode = modes.emplace_back();
    mode.name = name;
    mode.faults = cause.faults;
    mode.without_length = cause.faults - cause.logs.size();
    const double up = std::max(1.0, static_cast<double>(exposure.elements) * seconds(exposure.window) - cause.down_s) / seconds(year);
    const analysis::Interval limits = analysis::garwood(cause.faults, level);
    mode.rate = static_cast<double>(cause.faults) / up;
    mode.rate_low = limits.low / up;
    mode.rate_high = limits.high / up;
    fit_durations(cause.logs, mode);
  }
  std::stable_sort(modes.begin(), modes.end(), [](const FittedMode& a, const FittedMode& b) { return a.faults > b.faults; });
  return modes;
}

std::string overlay(const std::vector<FittedMode>& modes, const Exposure& exposure) {
  const std::string watched = with_plural(exposure.elements, "element") + " in " + digits(years(exposure.window)) + " years";
  std::string out = "# Fitted to " + yaml_text(exposure.log) + ": " + watched +
                    ". Rates with 95 % limits (Garwood); durations lognormal,\n# durationRange the 95 % limits of their mean. Faults are taken to "
                    "come independently of each "
                    "other.\nfaults:\n";
  for (const FittedMode& mode : modes) {
    if (mode.median_s <= 0) {
      out += "  # " + mode.name + ": " + with_plural(mode.faults, "fault") + ", none of any length: give a duration\n";
      continue;
    }
    out += "  " + mode.name + ":\n    scope: " + Enum<failure::Scope>::word(exposure.scope) + "\n    effect: " + Enum<failure::Effect>::word(exposure.effect) +
           "\n    rate: {low: " + digits(mode.rate_low) + "/year, base: " + digits(mode.rate) + "/year, high: " + digits(mode.rate_high) + "/year}\n";
    if (mode.sigma > 0) {
      out += "    duration: {lognormal: {median: " + duration_text(mode.median_s) + ", sigma: " + digits(std::min(mode.sigma, 5.0)) + "}}\n";
      // Two or three records do not bound a mean.
      if (mode.mean_low >= 0.01 && mode.mean_high <= 100)
        out += "    durationRange: {low: " + digits(mode.mean_low) + ", high: " + digits(std::max(1.0, mode.mean_high)) + "}\n";
      else
        out += "    # The mean duration is not bounded by so few records: no durationRange.\n";
    } else {
      out += "    duration: " + duration_text(mode.median_s) + '\n';
    }
    std::string source = "fitted to " + exposure.log + ": " + with_plural(mode.faults, "fault") + " of " + watched;
    if (mode.without_length > 0) source += "; " + std::to_string(mode.without_length) + " of no length count in the rate only";
    if (mode.sigma <= 0 && mode.faults - mode.without_length == 1) source += "; one record says nothing of how durations scatter";
    out += "    source: " + yaml_text(source) + '\n';
  }
  return out;
}

}  // namespace nines::scenarios
