#include "models/workload/capacity.hpp"

namespace nines::workload {

const char* name(Resource resource) {
  switch (resource) {
    case Resource::partition_thread: return "partition thread";
    case Resource::cpu: return "CPU";
    case Resource::flush: return "fsync";
    case Resource::flush_rate: return "disk IOPS";
    case Resource::disk_bytes: return "disk throughput";
    case Resource::network_bytes: return "network";
    case Resource::replication_window: return "replication window";
    case Resource::secondary_storage: return "secondary storage";
    case Resource::workers: return "workers";
    case Resource::no_leader: return "no leader";
  }
  return "?";
}

}  // namespace nines::workload
