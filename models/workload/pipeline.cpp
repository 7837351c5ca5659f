#include "models/workload/pipeline.hpp"

#include <algorithm>

#include "models/topology/delay.hpp"
#include "models/workload/pipeline_flow.hpp"

namespace nines::workload {

namespace {

constexpr Duration first_resend = 200ms;  // The least TCP retransmission time-out of Linux.

}  // namespace

Pipeline::Pipeline(const Deployment& deployment, const PipelineOptions& options) : flow_(std::make_unique<Flow>(deployment, options)) {}
Pipeline::Pipeline(const Pipeline& other) : flow_(std::make_unique<Flow>(*other.flow_)) {}
Pipeline::Pipeline(Pipeline&& other) noexcept = default;
Pipeline& Pipeline::operator=(const Pipeline& other) {
  if (this != &other) flow_ = std::make_unique<Flow>(*other.flow_);
  return *this;
}
Pipeline& Pipeline::operator=(Pipeline&& other) noexcept = default;
Pipeline::~Pipeline() = default;

void Pipeline::run_until(Instant end) { flow_->run_until(end); }
Instant Pipeline::now() const { return flow_->now(); }
Timeline Pipeline::timeline() const { return flow_->timeline(); }
std::size_t Pipeline::places() const { return flow_->places(); }
std::uint64_t Pipeline::offered() const { return flow_->offered(); }

Timeline simulate(const Deployment& deployment, const PipelineOptions& options) {
  Pipeline pipeline(deployment, options);
  pipeline.run_until(options.edges.back());
  return pipeline.timeline();
}

Pipeline::Flow::Flow(const Deployment& deployment, const PipelineOptions& options)
    : deployment_(deployment),
      options_(options),
      streams_(options.seed, options.replication),
      storage_(deployment.storage.records_per_s),
      workers_(deployment.workers_per_s) {
  SIM_CHECK(options.edges.size() >= 2 && std::is_sorted(options.edges.begin(), options.edges.end()), "a timeline needs two ascending edges or more");
  SIM_CHECK(std::is_sorted(options.changes.begin(), options.changes.end(), [](const Change& a, const Change& b) { return a.at < b.at; }),
            "changes are not in the order of time");
  const Service& service = deployment.service;
  SIM_CHECK(service.rounds >= 1 && !deployment.partitions.empty(), "a service needs a round and a deployment a partition");
  round_share_ = 1.0 / service.rounds;
  entry_bytes_ = std::max<std::int64_t>(1, service.bytes / service.rounds);
  entries_per_batch_ = std::max<std::int64_t>(1, deployment.replication.batch_bytes / entry_bytes_);
  exports_ = service.exporter_s > 0 || service.exported > 0;

  for (const Machine& machine : deployment.machines) {
    Node& node = nodes_.emplace_back();
    node.cores = Cores(machine.cores);
    node.out = node.in = Server(machine.network_bytes_per_s);
    node.disk = Server(machine.disk_bytes_per_s);
    if (machine.flushes_per_s > 0) node.flush_spacing = from_seconds(1 / machine.flushes_per_s);
    network_limited_ = network_limited_ || machine.network_bytes_per_s > 0;
  }
  const std::size_t brokers = deployment.brokers();
  brokers_.resize(brokers);
  for (std::size_t b = 0; b < brokers; ++b) brokers_[b].machine = deployment.machine_of[b];
  std::vector<std::uint16_t>& gateways = options_.load.gateways;
  for (std::size_t b = 0; options.load.gateways.empty() && b < brokers; ++b) gateways.push_back(static_cast<std::uint16_t>(b));
  cut_.resize(brokers * brokers);
  last_request_.resize(brokers * brokers);
  if (std::any_of(deployment.links.begin(), deployment.links.end(), [](const auto& law) { return law.bandwidth_bytes_per_s > 0; })) {
    for (const topology::LinkLaw& law : deployment.links) link_bytes_.emplace_back(law.bandwidth_bytes_per_s);
  }
  set_rates();
  for (std::size_t p = 0; p < deployment.partitions.size(); ++p) {
    Group& group = groups_.emplace_back();
    group.first = static_cast<std::uint32_t>(replicas_.size());
    group.count = static_cast<std::uint32_t>(deployment.partitions[p].brokers.size());
    SIM_CHECK(group.count <= 16, "a partition has more than 16 replicas");
    for (const std::uint16_t broker : deployment.partitions[p].brokers) {
      brokers_[broker].replicas.push_back(static_cast<std::uint32_t>(replicas_.size()));
      Replica& replica = replicas_.emplace_back();
      replica.partition = static_cast<std::uint32_t>(p);
      replica.broker = broker;
    }
    lead(static_cast<std::uint32_t>(p), deployment.partitions[p].brokers.front());
  }

  for (std::size_t c = 0; c < options.changes.size(); ++c) {
    push(options.changes[c].at, Kind::change, sim::make_rank(sim::Class::fault, c), static_cast<std::uint32_t>(c));
  }
  const auto tick = [&](Instant at, std::uint32_t which) { push(at, Kind::tick, sim::make_rank(sim::Class::alarm, which), which); };
  if (options.flow.writes.throttling) tick(Instant{options.flow.writes.resolution}, tick_throttle);
  const bool disks = std::any_of(deployment.machines.begin(), deployment.machines.end(), [](const Machine& m) { return m.disk_bytes > 0; });
  if (disks) tick(Instant{options.log.disk_checked_every}, tick_disk);
  for (std::size_t p = 0; p < groups_.size(); ++p) {
    // Partitions take their snapshots one after the other.
    const Duration phase = options.log.snapshot_every * static_cast<std::int64_t>(p + 1) / static_cast<std::int64_t>(groups_.size());
    tick(Instant{phase}, tick_snapshot + static_cast<std::uint32_t>(p));
  }
  if (options.load.kind == Load::Kind::closed) {
    for (int i = 0; i < options.load.outstanding; ++i)
      push(Instant{}, Kind::offer, sim::make_rank(sim::Class::arrival, static_cast<std::uint64_t>(i)), 1);
  } else {
    plan_offer();
  }
}

void Pipeline::Flow::run_until(Instant end) {
  const sim::Key limit = sim::make_key(end, 0, 0);
  for (;;) {
    const sim::Key key = queue_.take_below(limit);
    if (key >= limit) break;
    now_ = sim::time_of(key);
    if (next_edge_ < options_.edges.size() && now_ >= options_.edges[next_edge_]) [[unlikely]]
      close_intervals();
    ++events_;
    // A place among records is history, not content: only the kind, the rank and the time are the event's own.
    hash_.add(static_cast<std::uint64_t>(count_ns(now_)) * 0xd1342543de82ef95ull + (static_cast<std::uint64_t>(key) >> 24));
    handle(key);
  }
  now_ = end;
  close_intervals();
}

void Pipeline::Flow::handle(sim::Key key) {
  const std::uint32_t slot = sim::slot_of(key);
  const std::uint32_t index = slot & 0xff'ffffu;
  switch (static_cast<Kind>(slot >> 24)) {
    case Kind::change: return on_change(index);
    case Kind::offer: return on_offer(index);
    case Kind::gateway_in: return on_gateway(index, key);
    case Kind::route: return on_route(index, key);
    case Kind::leader_in: return on_leader(index, key);
    case Kind::leader_done: return on_leader_done(index, key);
    case Kind::write_done: return on_write_done(index, key);
    case Kind::batch_in: return on_batch(index, key);
    case Kind::batch_done: return on_batch_done(index, key);
    case Kind::flush: return on_flush(index, key);
    case Kind::ack_in: return on_ack(index, key);
    case Kind::thread_done: return on_thread(index, key);
    case Kind::answer_in: return on_answer(index, key);
    case Kind::client_in: return on_client(index, key);
    case Kind::exported: return on_exported(index, key);
    case Kind::tick: return on_tick(index);
  }
}

Instant Pipeline::Flow::travel(const topology::LinkLaw& law, Instant from, const Stream& stream, Slot slot) const {
  if (law.maximum <= law.minimum && law.loss <= 0) [[likely]]
    return from + law.minimum;
  const Words words = stream.words(slot);
  Instant at = from + topology::sample_delay(law, to_unit(words[0]));
  if (law.loss > 0) at += topology::resend_delay(law.loss, first_resend, to_unit(words[1]));
  return at;
}

Instant Pipeline::Flow::send(std::uint16_t from, std::uint16_t to, std::int64_t bytes, const Stream& stream, Slot slot, Instant* last) {
  if (from == to) return now_;
  Instant at = now_;
  if (brokers_[from].machine != brokers_[to].machine) at = node_of(from).out.serve(now_, static_cast<double>(bytes));
  if (!link_bytes_.empty()) at = link_bytes_[from * brokers_.size() + to].serve(at, static_cast<double>(bytes));
  at = travel(deployment_.link(from, to), at, stream, slot);
  if (last != nullptr) *last = at = std::max(*last, at);
  return at;
}

std::size_t Pipeline::Flow::places() const {
  std::size_t places = commands_.places() + batches_.places() + lumps_.places() + storage_.places();
  for (const Replica& replica : replicas_) places += replica.unflushed.places() + replica.joined.places();
  for (const Group& group : groups_) places += group.log.places() + group.unwritten.places();
  for (const Node& node : nodes_) places += node.out.places() + node.in.places() + node.disk.places();
  return places;
}

}  // namespace nines::workload
