#include "models/workload/backlog.hpp"

#include <algorithm>

namespace nines::workload {

double after(const Backlog& backlog, Duration outage) { return backlog.in_per_s * seconds(outage); }

Duration drain_time(const Backlog& backlog, Duration outage) {
  if (after(backlog, outage) <= 0) return Duration{0};
  if (backlog.out_per_s <= backlog.in_per_s) return Duration::max();
  return from_seconds(after(backlog, outage) / (backlog.out_per_s - backlog.in_per_s));
}

Duration time_until_free_below(const DiskFill& disk, std::int64_t free_bytes) {
  if (disk.disk_bytes <= 0) return Duration::max();
  const std::int64_t room = disk.disk_bytes - disk.used_bytes - free_bytes;
  if (room < 0) return Duration{0};
  if (disk.log_bytes_per_s <= 0) return Duration::max();
  return from_seconds(static_cast<double>(room) / disk.log_bytes_per_s);
}

std::int64_t kept_bytes(std::int64_t written_bytes, std::int64_t needless_bytes, std::int64_t segment_bytes) {
  const std::int64_t needless = std::min(written_bytes, needless_bytes);
  return written_bytes - (segment_bytes > 0 ? needless / segment_bytes * segment_bytes : needless);
}

}  // namespace nines::workload
