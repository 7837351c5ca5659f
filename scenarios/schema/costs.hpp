// What a scenario says of its costs, `costs:`. What follows from its machines, disks, zones and load is not said again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/cost/prices.hpp"

namespace nines::scenarios {

// Of one disk. What its type includes costs nothing more; 0: no more than that.
struct DiskSpeed {
  double iops = 0;
  double bytes_per_s = 0;
};

struct Costs {
  cost::Purchase purchase = cost::Purchase::on_demand;
  std::string currency;  // Of the bill; empty: the price catalogue's.
  std::vector<cost::Exchange> exchanges;
  bool kubernetes_fee = true;

  struct Pool {
    std::string name;
    cost::Purchase purchase = cost::Purchase::on_demand;
  };
  std::vector<Pool> pools;

  struct Service {
    std::string name;  // As the catalogue calls it.
    cost::Quantity count;
  };
  std::vector<Service> services;

  struct SecondaryStorage {
    int nodes = 1;          // In each region.
    std::string type;       // A machine of its own for each; empty: on the brokers' machines.
    std::string disk_type;  // "gp3"
    std::int64_t disk_bytes = 0;
    DiskSpeed speed;
    int replicas = 1;  // Copies beside the primary one.
  };
  std::optional<SecondaryStorage> secondary_storage;

  struct Backups {
    std::optional<std::int64_t> bytes;  // Of one; absent: the state of every partition.
    int kept = 1;
    double requests_per_month = 0;
  };
  std::optional<Backups> backups;

  struct Licence {
    cost::Money money;
    int months = 1;  // That it pays for.
  };
  std::optional<Licence> licence;

  struct Staff {
    std::optional<cost::Quantity> engineers;  // Absent: by the catalogue's rule of thumb.
    std::optional<cost::Money> per_year;      // Of one; absent: the catalogue's.
    cost::Quantity on_call_share{250'000};
  };
  std::optional<Staff> staff;

  // Bytes a second, of all clusters together; absent: what follows from the load.
  struct Traffic {
    std::optional<double> log, clients, exporter;
    double snapshots = 0;  // From leaders to each follower.
    double internet = 0;   // From the first region to users outside.
  };
  Traffic traffic;
};

}  // namespace nines::scenarios
