#include "scenarios/run/progress.hpp"

#include "analysis/report/format.hpp"
#include "analysis/stats/text.hpp"

namespace nines::scenarios {

std::string progress_line(const Progress& progress) {
  std::string line = "  " + std::to_string(progress.merged) + " of " + std::to_string(progress.of) + " replications";
  if (progress.merged > 0 && !progress.headline.name.empty()) {
    const analysis::Cells cells = analysis::cells(progress.headline);
    line += ", " + progress.headline.name + ' ' + cells.value;
    if (!cells.range.empty()) line += " (" + cells.range + ')';
  }
  line += ", " + analysis::human_time(progress.elapsed.count(), 2);
  if (progress.left.count() > 0) line += ", about " + analysis::human_time(progress.left.count(), 2) + " left";
  return line;
}

void ProgressLine::show(const Progress& progress) {
  show(progress.elapsed, [&] { return progress_line(progress); });
}

void ProgressLine::show(std::chrono::duration<double> elapsed, const std::function<std::string()>& line) {
  using namespace std::chrono_literals;
  if (kind_ == Kind::silent) return;
  if (elapsed - shown_ < (kind_ == Kind::rewritten ? 0.1s : 10.0s)) return;
  shown_ = elapsed;
  if (kind_ == Kind::rewritten) {
    std::fprintf(to_, "\r\033[K%s", line().c_str());
    on_screen_ = true;
  } else {
    std::fprintf(to_, "%s\n", line().c_str());
  }
  std::fflush(to_);
}

void ProgressLine::clear() {
  if (on_screen_) std::fputs("\r\033[K", to_);
  if (on_screen_) std::fflush(to_);
  on_screen_ = false;
}

}  // namespace nines::scenarios
