// What clients and gateways do: sending, choosing a partition, trying the next one, giving up, answers.
#include <algorithm>
#include <cmath>

#include "models/workload/pipeline_flow.hpp"

namespace nines::workload {

namespace {

// Which draws of a command's stream: the term names the purpose, beside one term for each round of work.
constexpr std::uint64_t to_gateway = 1ull << 32, to_leader = 2ull << 32, to_client = 3ull << 32, key_draw = 4ull << 32, think_draw = 5ull << 32;

double exponential(double u) { return -std::log(u); }

}  // namespace

void Pipeline::Flow::plan_offer() {
  const Load& load = options_.load;
  if (load.kind == Load::Kind::trace) {
    if (offers_ >= load.instants.size()) return;
    next_offer_ = load.instants[offers_];
  } else {
    double left = 1;  // Of the unit that the rate must add up to.
    if (load.kind == Load::Kind::poisson) {
      if (offers_ % 4 == 0) offer_words_ = streams_.of(0, Purpose::offer).words(Slot{.index = offers_ / 4});
      left = exponential(to_unit(offer_words_[offers_ % 4]));
    }
    if (load.rates.empty()) return;
    if (offers_ == 0) next_offer_ = load.rates.front().from;
    for (;;) {
      const double rate = load.rates[rate_step_].per_s;
      const bool final = rate_step_ + 1 == load.rates.size();
      if (rate > 0) {
        const Duration time = from_seconds(left / rate);
        if (final || next_offer_ + time < load.rates[rate_step_ + 1].from) {
          next_offer_ += time;
          break;
        }
        left -= rate * seconds(load.rates[rate_step_ + 1].from - next_offer_);
      } else if (final) {
        return;
      }
      next_offer_ = load.rates[++rate_step_].from;
      left = std::max(left, 0.0);
    }
  }
  if (next_offer_ >= load.until) return;
  push(next_offer_, Kind::offer, sim::make_rank(sim::Class::arrival, offers_ & 0xf'ffff), 0);
  ++offers_;
}

void Pipeline::Flow::on_offer(std::uint32_t who) {
  if (who == 0) plan_offer();
  if (now_ < options_.load.until) issue();
}

void Pipeline::Flow::issue() {
  const std::uint32_t index = commands_.take();
  Command& command = commands_[index];
  command = Command{};
  command.number = numbers_++;
  command.issued = now_;
  ++counts_.offered;
  ++waiting_;
  command.older = newest_;
  (newest_ == nobody ? oldest_ : commands_[newest_].newer) = index;
  newest_ = index;
  if (!timeouts_planned_) {
    timeouts_planned_ = true;
    push(now_ + options_.load.timeout, Kind::tick, sim::make_rank(sim::Class::alarm, tick_timeouts), tick_timeouts);
  }

  const std::size_t partitions = groups_.size();
  const bool by_key = options_.load.routing == Routing::even && partitions > 1;
  const bool knows_leaders = deployment_.entrance == Entrance::leader;
  if (by_key) command.partition = static_cast<std::uint16_t>(of_command(command).uniform(Slot{.term = key_draw}) * static_cast<double>(partitions));
  if (!by_key && knows_leaders) command.partition = static_cast<std::uint16_t>(command.number % partitions);
  const std::int16_t leader = knows_leaders ? groups_[command.partition].leader : std::int16_t{-1};
  std::uint16_t gateway = 0;
  if (leader >= 0 && brokers_[static_cast<std::size_t>(leader)].running) {
    gateway = static_cast<std::uint16_t>(leader);
  } else if (!choose_gateway(gateway)) {  // Nobody takes a connection.
    const Instant at = travel(deployment_.client_link, now_, of_command(command), Slot{.term = to_client});
    command.status = Status::failed;
    return push(at, Kind::client_in, rank_of(command, Kind::client_in), index);
  }
  command.gateway = command.holder = gateway;
  command.gateway_epoch = brokers_[gateway].epoch;
  if (!by_key && !knows_leaders) {  // Every gateway has a round of its own.
    std::uint32_t& turn = brokers_[gateway].next_partition;
    command.partition = static_cast<std::uint16_t>(turn);
    turn = turn + 1 == partitions ? 0 : turn + 1;
  }
  const Instant at = travel(deployment_.client_link, now_, of_command(command), Slot{.term = to_gateway});
  push(at, Kind::gateway_in, rank_of(command, Kind::gateway_in), index, 0);
}

// The next one in turn that runs.
bool Pipeline::Flow::choose_gateway(std::uint16_t& gateway) {
  const std::vector<std::uint16_t>& gateways = options_.load.gateways;
  for (std::size_t tried = 0; tried < gateways.size(); ++tried) {
    gateway = gateways[next_gateway_];
    next_gateway_ = next_gateway_ + 1 == gateways.size() ? 0 : next_gateway_ + 1;
    if (brokers_[gateway].running) return true;
  }
  return false;
}

void Pipeline::Flow::on_gateway(std::uint32_t index, sim::Key key) {
  Command& command = commands_[index];
  const Broker& broker = brokers_[command.gateway];
  if (broker.epoch != command.gateway_epoch) return lost_at(index, false);
  if (parks(command.gateway, key)) return;
  if (receives_later(command.gateway, deployment_.service.request_bytes, command, key)) return;
  if (deployment_.service.gateway_s <= 0) return route(index);
  push(node_of(command.gateway).cores.serve(now_, deployment_.service.gateway_s), Kind::route, rank_of(command, Kind::route), index, 1);
}

void Pipeline::Flow::on_route(std::uint32_t index, sim::Key key) {
  Command& command = commands_[index];
  const bool sent_back = command.status == Status::rejected;
  const Broker& broker = brokers_[command.gateway];
  const bool here = broker.epoch == command.gateway_epoch;
  if (here && parks(command.gateway, key)) return;
  if (!sent_back) node_of(command.gateway).cores.done(now_);
  if (!here) return lost_at(index, false);
  if (!sent_back) return route(index);
  if (receives_later(command.gateway, deployment_.service.request_bytes, command, key)) return;
  ++command.attempts;
  if (options_.load.routing == Routing::even || command.attempts >= groups_.size()) return answer_from_gateway(index, Status::rejected);
  ++counts_.retried;
  command.status = Status::under_way;
  command.partition = static_cast<std::uint16_t>((command.partition + 1u) % groups_.size());
  route(index);
}

// On to the leader, or past partitions that are known to have none.
void Pipeline::Flow::route(std::uint32_t index) {
  Command& command = commands_[index];
  for (;;) {
    const Group& group = groups_[command.partition];
    if (group.leader >= 0) {
      const auto leader = static_cast<std::uint16_t>(group.leader);
      if (brokers_[leader].running && !cut(command.gateway, leader)) {
        command.holder = leader;
        command.term = group.term;
        command.received = brokers_[leader].machine == brokers_[command.gateway].machine;
        Instant* last = &last_request_[command.gateway * brokers_.size() + leader];
        const Slot slot{.term = to_leader + command.attempts};
        const Instant at = send(command.gateway, leader, deployment_.service.request_bytes, of_command(command), slot, last);
        const sim::Key key = sim::make_key(at, rank_of(command, Kind::leader_in), (static_cast<std::uint32_t>(Kind::leader_in) << 24) | index);
        if (at == now_) return on_leader(index, key);
        return queue_.push(2, key);
      }
      if (!brokers_[leader].reset || brokers_[leader].running) return lost_at(index, false);  // Sent, and never heard of.
    }
    ++command.attempts;
    command.reason = Rejected::no_leader;
    if (options_.load.routing == Routing::even || command.attempts >= groups_.size()) return answer_from_gateway(index, Status::rejected);
    ++counts_.retried;
    command.partition = static_cast<std::uint16_t>((command.partition + 1u) % groups_.size());
  }
}

// A leader, or who is not one, does not take it.
void Pipeline::Flow::send_back(std::uint32_t index, Rejected reason) {
  Command& command = commands_[index];
  command.status = Status::rejected;
  command.reason = reason;
  if (cut(command.holder, command.gateway)) return lost_at(index, false);
  const Slot slot{.term = to_client + (1u << 16) + command.attempts};
  command.received = brokers_[command.holder].machine == brokers_[command.gateway].machine;
  const Instant at = send(command.holder, command.gateway, deployment_.service.request_bytes, of_command(command), slot, nullptr);
  push(at, Kind::route, rank_of(command, Kind::route), index, 1);
}

void Pipeline::Flow::answer_from_gateway(std::uint32_t index, Status status) {
  Command& command = commands_[index];
  command.status = status;
  const Instant sent = node_of(command.gateway).out.serve(now_, static_cast<double>(deployment_.service.request_bytes));
  const Instant at = travel(deployment_.client_link, sent, of_command(command), Slot{.term = to_client});
  push(at, Kind::client_in, rank_of(command, Kind::client_in), index, 6);
}

void Pipeline::Flow::on_answer(std::uint32_t index, sim::Key key) {
  Command& command = commands_[index];
  const Broker& broker = brokers_[command.gateway];
  if (broker.epoch != command.gateway_epoch) return lost_at(index, false);
  if (parks(command.gateway, key)) return;
  if (receives_later(command.gateway, deployment_.service.request_bytes, command, key)) return;
  answer_from_gateway(index, Status::completed);
}

void Pipeline::Flow::on_client(std::uint32_t index, sim::Key key) {
  Command& command = commands_[index];
  if (command.status == Status::completed && workers_.limited() && !command.worked_on) {
    command.worked_on = true;
    return queue_.push(sim::with_time(key, workers_.serve(now_, 1)));
  }
  if (command.given_up) return commands_.give(index);
  const Status status = command.status;
  if (status == Status::completed && command.gateway_epoch != brokers_[command.gateway].epoch) return is_over(index);
  switch (status) {
    case Status::completed: {
      ++counts_.completed;
      ++groups_[command.partition].completed;
      if (next_edge_ > 0) interval_latency_.add(now_ - command.issued);
      break;
    }
    case Status::rejected: ++counts_.rejected[static_cast<std::size_t>(command.reason)]; break;
    case Status::failed: ++counts_.failed; break;
    case Status::under_way: SIM_CHECK(false, "a client hears of a command that nobody answered");
  }
  unlink(index);
  const Command copy = command;
  commands_.give(index);
  ended(copy, status == Status::completed);
}

void Pipeline::Flow::on_timeouts() {
  while (oldest_ != nobody && commands_[oldest_].issued + options_.load.timeout <= now_) {
    const std::uint32_t index = oldest_;
    ++counts_.timed_out;
    unlink(index);
    commands_[index].given_up = true;
    const Command copy = commands_[index];
    if (copy.over) commands_.give(index);
    ended(copy, false);
  }
  timeouts_planned_ = oldest_ != nobody;
  if (!timeouts_planned_) return;
  push(commands_[oldest_].issued + options_.load.timeout, Kind::tick, sim::make_rank(sim::Class::alarm, tick_timeouts), tick_timeouts);
}

void Pipeline::Flow::ended(const Command& command, bool well) {
  const Load& load = options_.load;
  if (load.kind != Load::Kind::closed) return;
  Duration pause{0};
  if (load.think > Duration{0}) pause = from_seconds(seconds(load.think) * exponential(of_command(command).uniform(Slot{.term = think_draw})));
  if (!well) pause = std::max(pause, load.after_error);
  if (pause > Duration{0}) return push(now_ + pause, Kind::offer, rank_of(command, Kind::offer), 1);
  if (now_ < load.until) issue();
}

void Pipeline::Flow::unlink(std::uint32_t index) {
  const Command& command = commands_[index];
  (command.older == nobody ? oldest_ : commands_[command.older].newer) = command.newer;
  (command.newer == nobody ? newest_ : commands_[command.newer].older) = command.older;
  --waiting_;
}

void Pipeline::Flow::is_over(std::uint32_t index) {
  Command& command = commands_[index];
  if (command.given_up) return commands_.give(index);
  command.over = true;
}

// Clients that wait at a gateway see an error as soon as it stops; what becomes of their commands they never hear.
void Pipeline::Flow::connections_are_reset(std::uint16_t gateway) {
  for (std::uint32_t index = oldest_, next = nobody; index != nobody; index = next) {
    next = commands_[index].newer;
    if (commands_[index].gateway != gateway || commands_[index].status == Status::failed) continue;
    ++counts_.failed;
    unlink(index);
    commands_[index].given_up = true;
    const Command copy = commands_[index];
    if (copy.over) commands_.give(index);
    ended(copy, false);
  }
}

void Pipeline::Flow::lost_at(std::uint32_t index, bool told) {
  Command& command = commands_[index];
  if (command.in_work) {
    --groups_[command.partition].in_work;
    command.in_work = false;
  }
  if (!told || command.given_up) return is_over(index);
  command.status = Status::failed;
  const Instant at = travel(deployment_.client_link, now_, of_command(command), Slot{.term = to_client});
  push(at, Kind::client_in, rank_of(command, Kind::client_in), index);
}

}  // namespace nines::workload
