#include "models/failure/trace.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "sim/base/check.hpp"

namespace nines::failure {

namespace {

constexpr std::uint64_t phase_of_traces = 0x7472616365;  // A world has one trace.

}  // namespace

Trace::Trace(std::vector<RecordedFault> faults, Duration length, Rotation rotation)
    : faults_(std::move(faults)), length_(length), rotation_(rotation) {
  SIM_CHECK(length_ > 0ns, "a trace of no time");
  steps_.reserve(2 * faults_.size());
  for (std::uint32_t f = 0; f < faults_.size(); ++f) {
    SIM_CHECK(0ns <= faults_[f].begin && faults_[f].begin <= faults_[f].end && faults_[f].end <= length_,
              "a recorded fault lies outside of its trace");
    steps_.push_back({faults_[f].begin, f, Stage::begin});
    steps_.push_back({faults_[f].end, f, Stage::end});
  }
  // Ends, then begins, then the ends of faults that took no time.
  const auto order = [&](const Step& step) { return step.stage == Stage::begin ? 1 : faults_[step.fault].begin == step.at ? 2 : 0; };
  std::sort(steps_.begin(), steps_.end(),
            [&](const Step& a, const Step& b) { return std::tuple(a.at, order(a), a.fault) < std::tuple(b.at, order(b), b.fault); });
}

Replay::Replay(std::shared_ptr<const Trace> trace, const std::vector<Mode>& modes, const Streams& streams) : trace_(std::move(trace)) {
  if (!trace_) return;
  for (const Mode& mode : modes) effects_.push_back(mode.effect);
  if (trace_->rotation() == Rotation::none) return;
  const double u = streams.of(phase_of_traces, Purpose::phase).uniform({});
  const Duration offset{static_cast<std::int64_t>(u * static_cast<double>(count_ns(trace_->length())))};
  origin_ = Instant{} - offset;
  const auto& steps = trace_->steps();
  while (place_ < steps.size() && steps[place_].at < offset) ++place_;
  for (std::uint32_t f = 0; f < trace_->faults().size(); ++f) {
    const RecordedFault& fault = trace_->faults()[f];
    if (fault.begin < offset && offset <= fault.end) active_.push_back(change_of(f, Instant{}, Stage::begin));
  }
}

Change Replay::change_of(std::uint32_t fault, Instant at, Stage stage) const {
  const RecordedFault& recorded = trace_->faults()[fault];
  return Change{at, recorded.element, effects_[recorded.mode], stage, recorded.mode, 0ns, 0};
}

Instant Replay::upcoming() const {
  if (!trace_ || trace_->steps().empty()) return never;
  if (place_ < trace_->steps().size()) return origin_ + trace_->steps()[place_].at;
  return trace_->rotation() == Rotation::none ? never : origin_ + trace_->length() + trace_->steps().front().at;
}

Change Replay::next(Instant) {
  const Instant at = upcoming();
  if (at == never) return Change{};
  if (place_ == trace_->steps().size()) {
    place_ = 0;
    origin_ += trace_->length();
  }
  const Trace::Step& step = trace_->steps()[place_++];
  return change_of(step.fault, at, step.stage);
}

}  // namespace nines::failure
