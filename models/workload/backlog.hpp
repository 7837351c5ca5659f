// What piles up while something is away, in closed form: records that wait to be exported, and the disk that fills because they wait.
#pragma once

#include <cstdint>

#include "sim/base/time.hpp"

namespace nines::workload {

// A flow of records, the same all the time: Q' = in - out.
struct Backlog {
  double in_per_s = 0;   // Records that are written and must be exported.
  double out_per_s = 0;  // Records that the secondary storage takes when it works.
};

double after(const Backlog& backlog, Duration outage);  // Records that wait at its end.
// How long until they are exported, new ones included: in x T / (out - in). `Duration::max()` where it never catches up.
Duration drain_time(const Backlog& backlog, Duration outage);

// A disk on which the log is kept until it is exported and in a snapshot.
struct DiskFill {
  std::int64_t disk_bytes = 0;  // 0: unlimited.
  std::int64_t used_bytes = 0;  // When the export stops.
  double log_bytes_per_s = 0;   // Written by all replicas on this disk.
};

// How long until less than `free_bytes` is free, with nothing removed. `Duration::max()`: never; 0: already.
Duration time_until_free_below(const DiskFill& disk, std::int64_t free_bytes);

// What a partition keeps: whole segments, up to the oldest that is still needed.
std::int64_t kept_bytes(std::int64_t written_bytes, std::int64_t needless_bytes, std::int64_t segment_bytes);

}  // namespace nines::workload
