// A cluster whose data are lost goes back to its last backup.
//
// Data are lost where the disks of so many members of one group are gone at once that no quorum keeps what it had acknowledged: the same moment
// that data_loss counts. Whoever comes back empty is kept down, for an empty broker that serves makes the backup worthless; the other partitions
// go on until somebody has decided. Then every broker of the cluster is stopped and emptied, as only a backup of all partitions is of one moment
// (Camunda docs, self-managed/operational-guides/backup-restore: restore into empty brokers, all of them, before any is started). They are filled
// as soon as all their machines run, and start anew when another machine fails meanwhile.
//
// Backups begin at equal intervals from a moment that is drawn once per replication, whether the cluster is up or not; they are kept elsewhere and
// no fault reaches them.
#include <algorithm>
#include <cmath>

#include "models/world/world.hpp"

namespace nines::world {

namespace {

enum Draw : std::uint64_t { by_detection, by_decision, by_download, by_start, by_phase };

}  // namespace

Duration World::restoring_takes(std::size_t team, std::uint64_t step) const {
  const BackupRestore& restore = plan_->options.restores[team];
  const Law* laws[] = {&restore.detection, &restore.decision, &restore.download, &restore.start};
  const Stream stream = streams_.of(stream_key("restore", plan_->options.clusters[restore.cluster].name), Purpose::procedure);
  return laws[step]->sample(stream.uniform({restorers_[team].episode, step}));
}

// When the last backup began that was complete by `t`; before the start of the run, for the first ones.
Instant World::last_backup(std::size_t team, Instant t) const {
  const BackupRestore& restore = plan_->options.restores[team];
  const Stream stream = streams_.of(stream_key("restore", plan_->options.clusters[restore.cluster].name), Purpose::procedure);
  const auto first = static_cast<std::int64_t>(stream.uniform({0, by_phase}) * static_cast<double>(restore.every.count()));
  const std::int64_t complete = count_ns(t) - first - restore.takes.count(), every = restore.every.count();
  const std::int64_t number = complete / every - (complete % every < 0 ? 1 : 0);
  return Instant{Duration{first + number * every}};
}

std::uint64_t World::majorities_lost(std::uint16_t cluster) const {
  std::uint64_t lost = 0;
  for (std::size_t g = 0; g < groups_.size(); ++g)
    if (plan_->groups[g].cluster == cluster) lost += groups_[g].majorities_lost();
  return lost;
}

// Nothing but the people keeps them down.
bool World::machines_run(const Restorers& team) const {
  return std::all_of(team.held.begin(), team.held.end(), [&](std::uint32_t b) { return brokers_[b].stopped == 1; });
}

// Something has changed at `at`, by `mode`.
void World::watch_data(std::size_t index, Instant at, std::uint16_t mode) {
  Restorers& team = restorers_[index];
  const std::uint16_t cluster = plan_->options.restores[index].cluster;
  switch (team.state) {
    case Restorers::State::watching: {
      if (majorities_lost(cluster) == team.majorities_lost) return;
      ++team.episode;
      team.state = Restorers::State::reacting;
      Restoration restoration{.cluster = cluster, .mode = mode, .lost = at, .backup = last_backup(index, at)};
      restoration.detected = after(at, restoring_takes(index, by_detection));
      restoration.decided = after(with_somebody(plan_->options.restores[index].shift, restoration.detected), restoring_takes(index, by_decision));
      team.due = restoration.decided;
      team.restorations.push_back(restoration);
      [[fallthrough]];
    }
    case Restorers::State::reacting:
      for (const std::uint32_t b : of_cluster_[cluster])
        if (brokers_[b].lost && std::find(team.held.begin(), team.held.end(), b) == team.held.end()) hold(team, b, at);
      return;
    case Restorers::State::waiting:
      if (!machines_run(team)) return;
      team.state = Restorers::State::restoring;
      team.restorations.back().ready = at;
      team.due = after(after(at, restoring_takes(index, by_download)), restoring_takes(index, by_start));
      return;
    case Restorers::State::restoring:
      if (machines_run(team)) return;
      team.state = Restorers::State::waiting;
      team.restorations.back().ready = never;
      team.due = never;
      return;
  }
}

void World::hold(Restorers& team, std::uint32_t broker, Instant at) {
  team.held.push_back(broker);
  keep_down(broker, at, failure::Stage::begin, team.restorations.back().mode);
}

// Somebody has decided: all stop.
void World::stop_for_restoring(std::size_t index, Instant at) {
  Restorers& team = restorers_[index];
  const std::uint16_t cluster = plan_->options.restores[index].cluster;
  for (const std::uint32_t b : of_cluster_[cluster])
    if (std::find(team.held.begin(), team.held.end(), b) == team.held.end()) hold(team, b, at);
  team.state = Restorers::State::waiting;
  watch_data(index, at, team.restorations.back().mode);
}

void World::go_back(std::size_t index, Instant at) {
  Restorers& team = restorers_[index];
  Restoration& restoration = team.restorations.back();
  restoration.restored = at;
  for (const std::uint32_t b : team.held) keep_down(b, at, failure::Stage::end, restoration.mode);
  team.held.clear();
  for (std::size_t g = 0; g < groups_.size(); ++g)
    if (plan_->groups[g].cluster == restoration.cluster)
      groups_[g].restore_backup(*plan_, at, restoration.lost - restoration.backup, restoration.mode, *scratch_);
  team.majorities_lost = majorities_lost(restoration.cluster);
  team.state = Restorers::State::watching;
}

}  // namespace nines::world
