#include "models/failure/timeline.hpp"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

#include "sim/base/check.hpp"
#include "sim/base/hash.hpp"

namespace nines::failure {

const std::vector<std::string>& names_of(const Site& site, Scope scope) {
  switch (scope) {
    case Scope::broker:
    case Scope::broker_pair: return site.brokers;
    case Scope::node: return site.nodes;
    case Scope::rack: return site.racks;
    case Scope::zone:
    case Scope::zone_pair: return site.zones;
    case Scope::region:
    case Scope::region_pair: return site.regions;
    case Scope::cluster: return site.clusters;
    case Scope::pool_in_zone: return site.pool_zones;
    case Scope::component: return site.processes;
    case Scope::external: return site.externals;
  }
  return site.brokers;
}

namespace {

void add_text(Hash& hash, std::string_view text) {
  hash.add(text.size());
  for (const char c : text) hash.add(static_cast<unsigned char>(c));
}

// Names, not positions: one more broker moves nobody else's failures.
std::uint64_t key_of(const Site& site, const Mode& mode, const Element& element) {
  Hash hash;
  add_text(hash, stem_of(mode));
  hash.add(static_cast<std::uint64_t>(element.scope));
  const std::vector<std::string>& names = names_of(site, element.scope);
  add_text(hash, names[element.a]);
  if (is_pair(element.scope)) add_text(hash, names[element.b]);
  return hash.value();
}

const std::string& pool_of(const Site& site, const Element& element) {
  if (element.scope == Scope::broker) return site.node_pool[site.broker_node[element.a]];
  if (element.scope == Scope::node) return site.node_pool[element.a];
  const auto first = std::find(site.node_pool_zone.begin(), site.node_pool_zone.end(), element.a);
  return site.node_pool[static_cast<std::size_t>(first - site.node_pool_zone.begin())];
}

constexpr std::uint64_t calendar_key = 0x7765656b;  // All who keep hours keep those of one week.

Instant later(Instant t, Duration d) { return d >= never - t ? never : t + d; }

}  // namespace

std::vector<Element> elements_of(const Site& site, const Mode& mode) {
  const Scope scope = mode.scope;
  std::vector<Element> elements;
  const auto n = static_cast<std::uint32_t>(names_of(site, scope).size());
  if (!is_pair(scope)) {
    for (std::uint32_t i = 0; i < n; ++i) elements.push_back({scope, i, 0});
    if (!mode.components.empty()) {
      SIM_CHECK(scope == Scope::component || scope == Scope::external, "a component's own mode hits what is no component");
      const std::vector<std::string>& of = scope == Scope::component ? site.process_component : site.external_component;
      std::erase_if(elements, [&](const Element& element) {
        return std::find(mode.components.begin(), mode.components.end(), of[element.a]) == mode.components.end();
      });
    }
    if (mode.pools.empty()) return elements;
    SIM_CHECK(has_pool(scope), "a pool's own mode hits what no pool holds");
    std::erase_if(elements,
                  [&](const Element& element) { return std::find(mode.pools.begin(), mode.pools.end(), pool_of(site, element)) == mode.pools.end(); });
    return elements;
  }
  SIM_CHECK(scope != Scope::broker_pair, "a catalogue's mode cannot hit pairs of brokers");
  for (std::uint32_t i = 0; i < n; ++i)
    for (std::uint32_t j = i + 1; j < n; ++j)  // Zones of one region share a network; between regions the region pair's modes speak.
      if (scope == Scope::region_pair || site.zone_region[i] == site.zone_region[j]) elements.push_back({scope, i, j});
  return elements;
}

Named find_element(const Site& site, const std::vector<std::string>& names) {
  if (names.empty() || names.size() > 2) return {};
  const auto place = [](const std::vector<std::string>& list, const std::string& name) {
    return static_cast<std::uint32_t>(std::find(list.begin(), list.end(), name) - list.begin());
  };
  for (const Scope scope :
       {Scope::broker, Scope::node, Scope::rack, Scope::zone, Scope::region, Scope::cluster, Scope::pool_in_zone, Scope::component, Scope::external}) {
    const std::vector<std::string>& list = names_of(site, scope);
    const std::uint32_t a = place(list, names[0]);
    if (a == list.size()) continue;
    if (names.size() == 1) return {{scope, a, 0}, true};
    const std::uint32_t b = place(list, names[1]);
    if (b == list.size()) continue;
    if (scope == Scope::broker) return {{Scope::broker_pair, a, b}, true};
    if (scope == Scope::zone) return {{Scope::zone_pair, a, b}, true};
    if (scope == Scope::region) return {{Scope::region_pair, a, b}, true};
  }
  return {};
}

Element enclosing(const Site& site, const Element& element, Scope to) {
  SIM_CHECK(encloses(to, element.scope), "a fault grows to what does not enclose it");
  const auto in = [&](Scope scope, std::uint32_t index) { return index == Site::nowhere ? element : Element{scope, index, 0}; };
  std::uint32_t at = element.a;
  if (element.scope == Scope::broker) {
    if (to == Scope::cluster) return in(to, site.broker_cluster[at]);
    at = site.broker_node[at];
    if (to == Scope::node) return in(to, at);
  }
  if (element.scope == Scope::broker || element.scope == Scope::node) {
    if (to == Scope::pool_in_zone) return in(to, site.node_pool_zone[at]);
    if (to == Scope::rack) return in(to, site.node_rack[at]);
    at = site.node_zone[at];
  } else if (element.scope == Scope::rack) {
    at = site.rack_zone[at];
  } else if (element.scope == Scope::pool_in_zone) {
    at = site.pool_zone_zone[at];
  }
  return in(to, to == Scope::zone ? at : site.zone_region[at]);
}

Timeline::Timeline(const std::vector<Mode>& modes, const std::vector<ScriptedFault>& script, const Site& site, const Streams& streams,
                   std::shared_ptr<const Trace> trace)
    : modes_(modes), replay_(std::move(trace), modes, streams), streams_(streams) {
  active_ = replay_.active();
  for (std::size_t m = 0; m < modes_.size(); ++m) {
    if (modes_[m].recorded) continue;
    for (const Element& element : elements_of(site, modes_[m])) {
      Source source;
      source.element = element;
      source.mode = static_cast<std::uint16_t>(m);
      source.key = key_of(site, modes_[m], element);
      source.whole = modes_[m].escalation ? enclosing(site, element, modes_[m].escalation->to) : element;
      sources_.push_back(source);
    }
  }
  queue_.reserve(sources_.size());
  share_budgets(site);
  warm_up();
  add_script(script, site);
}

void Timeline::add_script(const std::vector<ScriptedFault>& script, const Site& site) {
  for (std::size_t i = 0; i < script.size(); ++i) {
    const ScriptedFault& fault = script[i];
    const Named named = find_element(site, fault.on);
    SIM_CHECK(named.exists, "a scripted fault hits something that does not exist");
    Change change;
    change.element = named.element;
    change.mode = static_cast<std::uint16_t>(modes_.size() + i);
    const auto like = std::find_if(modes_.begin(), modes_.end(), [&](const Mode& mode) { return mode.name == fault.mode; });
    if (like != modes_.end()) {
      change.effect = like->effect;
      change.extra_delay = like->extra_delay;
      change.loss = like->loss;
    } else {
      change.effect = effect_named(fault.mode);
    }
    change.at = Instant{} + fault.at;
    change.stage = Stage::begin;
    const Instant end = later(change.at, fault.duration);
    if (change.effect == Effect::planned_stop) {
      Change told = change;
      told.stage = Stage::announce;
      script_.push_back(told);
      change.at += notice;
    }
    script_.push_back(change);
    if (change.effect == Effect::cut_out && fault.duration > widening) {
      Change wide = change;
      wide.at += widening;
      wide.stage = Stage::widen;
      script_.push_back(wide);
    }
    if (end == never) continue;
    change.at = std::max(end, change.at);
    change.stage = Stage::end;
    script_.push_back(change);
  }
  std::stable_sort(script_.begin(), script_.end(), [](const Change& a, const Change& b) { return a.at > b.at; });
}

void Timeline::share_budgets(const Site& site) {
  if (std::none_of(modes_.begin(), modes_.end(), [](const Mode& mode) { return mode.most_unavailable > 0; })) return;
  at_work_.resize(site.clusters.size());
  for (const Source& source : sources_) {
    std::vector<std::uint32_t>& clusters = in_clusters_.emplace_back();
    if (modes_[source.mode].most_unavailable == 0) continue;
    SIM_CHECK(modes_[source.mode].effect == Effect::planned_stop, "a budget for what nobody plans");
    for (std::uint32_t b = 0; b < site.brokers.size(); ++b) {
      const Element broker{Scope::broker, b, 0};
      const bool inside = source.element.scope == Scope::broker ? source.element == broker : enclosing(site, broker, source.element.scope) == source.element;
      if (inside && site.broker_cluster[b] != Site::nowhere) clusters.push_back(site.broker_cluster[b]);
    }
  }
}

// What takes more brokers than the budget has, as a node that holds several, goes alone.
bool Timeline::may_begin(std::uint32_t source) const {
  const std::vector<std::uint32_t>& clusters = in_clusters_[source];
  return std::all_of(clusters.begin(), clusters.end(), [&](std::uint32_t cluster) {
    const auto own = static_cast<int>(std::count(clusters.begin(), clusters.end(), cluster));
    return at_work_[cluster] == 0 || at_work_[cluster] + own <= modes_[sources_[source].mode].most_unavailable;
  });
}

void Timeline::hold() {
  while (!in_clusters_.empty() && !queue_.empty()) {
    const std::uint32_t next = sim::slot_of(queue_.top());
    if (sources_[next].pending.stage != Stage::announce || may_begin(next)) return;
    queue_.pop();
    held_.push_back(next);
  }
}

// One at a time: when it is announced, the next is looked for.
void Timeline::release(Instant at) {
  const auto next = std::find_if(held_.begin(), held_.end(), [&](std::uint32_t source) { return may_begin(source); });
  if (next == held_.end()) return;
  sources_[*next].pending.at = at;
  schedule(*next);
  held_.erase(next);
}

void Timeline::plan_fault(Source& source, Instant from) {
  const Mode& mode = modes_[source.mode];
  source.pending = Change{from,        source.element,   mode.effect, mode.effect == Effect::planned_stop ? Stage::announce : Stage::begin,
                          source.mode, mode.extra_delay, mode.loss};
}

Element Timeline::hit(const Source& source) const {
  const Mode& mode = modes_[source.mode];
  if (!mode.escalation) return source.element;
  const double u = streams_.of(source.key, Purpose::effect).uniform({0, source.occurrence});
  return u < mode.escalation->probability ? source.whole : source.element;
}

void Timeline::schedule(std::uint32_t source) {
  if (sources_[source].pending.at == never) return;
  queue_.push(sim::make_key(sources_[source].pending.at, sim::make_rank(sim::Class::fault, 0), source));
}

Change Timeline::next(Instant) {
  hold();
  const Instant scripted = script_.empty() ? never : script_.back().at;
  const Instant recorded = replay_.upcoming();
  const Instant random = queue_.empty() ? never : sim::time_of(queue_.top()) - early_;
  if (scripted == never && recorded == never && random == never) return Change{};
  if (recorded < scripted && recorded <= random) {
    const Change change = replay_.next(recorded);
    faults_ += change.stage == Stage::begin ? 1 : 0;
    return change;
  }
  if (scripted <= random) {
    const Change change = script_.back();
    script_.pop_back();
    faults_ += change.stage == Stage::begin ? 1 : 0;
    return change;
  }
  Change change = advance();
  change.at -= early_;
  return change;
}

Change Timeline::advance() {
  const std::uint32_t index = sim::slot_of(queue_.pop());
  Source& source = sources_[index];
  if (source.pending.stage == Stage::begin) {
    ++source.occurrence;
    source.pending.element = hit(source);  // Kept until its end.
  }
  const Change change = source.pending;
  switch (change.stage) {
    case Stage::announce:
      source.pending.stage = Stage::begin;
      source.pending.at = later(change.at, notice);
      if (!in_clusters_.empty()) {
        for (const std::uint32_t cluster : in_clusters_[index]) ++at_work_[cluster];
        release(change.at);
      }
      break;
    case Stage::begin: begin_fault(index, change.at); break;
    case Stage::widen:
      source.pending.stage = Stage::end;
      source.pending.at = source.ends;
      break;
    case Stage::end: end_fault(index, change.at); break;
  }
  schedule(index);
  return change;
}

void Timeline::begin_fault(std::uint32_t index, Instant at) {
  ++faults_;
  Source& source = sources_[index];
  Crew* crew = crew_of(source);
  source.pending.stage = Stage::end;
  if (crew != nullptr && crew->free == 0) {
    crew->waiting.push_back(index);
    source.ends = source.pending.at = never;
    return;
  }
  if (crew != nullptr) --crew->free;
  source.ends = source.pending.at = repaired(source, part_for(source, at));
  if (modes_[source.mode].effect != Effect::cut_out || source.ends - at <= widening) return;
  source.pending.stage = Stage::widen;
  source.pending.at = at + widening;
}

void Timeline::end_fault(std::uint32_t index, Instant at) {
  Source& source = sources_[index];
  if (Crew* crew = crew_of(source)) {
    if (crew->waiting.empty()) {
      ++crew->free;
    } else {
      const std::uint32_t next = crew->waiting.front();
      crew->waiting.pop_front();
      sources_[next].ends = sources_[next].pending.at = repaired(sources_[next], at);
      schedule(next);
    }
  }
  if (!in_clusters_.empty()) {
    for (const std::uint32_t cluster : in_clusters_[index]) --at_work_[cluster];
    release(at);
  }
  const double u = streams_.of(source.key, Purpose::up_time).uniform({0, source.occurrence});
  plan_fault(source, later(at, modes_[source.mode].up_time.sample(u)));
}

// One is ordered, and the first is taken: `at` or when it comes.
Instant Timeline::part_for(const Source& source, Instant at) {
  const Mode& mode = modes_[source.mode];
  if (!mode.repair.parts) return at;
  std::vector<Instant>& parts = parts_[source.mode];
  const Words words = streams_.of(source.key, Purpose::down_time).words({0, source.occurrence});
  parts.push_back(later(at, mode.repair.parts->delivery.sample(to_unit(words[1]))));
  std::push_heap(parts.begin(), parts.end(), std::greater<>());
  std::pop_heap(parts.begin(), parts.end(), std::greater<>());
  const Instant comes = parts.back();
  parts.pop_back();
  return std::max(at, comes);
}

Duration hour_of_start(const Streams& streams) {
  return Duration{static_cast<std::int64_t>(streams.of(calendar_key, Purpose::phase).uniform({}) * static_cast<double>(count_ns(week)))};
}

Instant Timeline::repaired(const Source& source, Instant from) const {
  const Mode& mode = modes_[source.mode];
  const Words words = streams_.of(source.key, Purpose::down_time).words({0, source.occurrence});
  if (mode.repair.people) from = later(from, wait_for(mode.repair.shift, (monday_ + (from - Instant{})) % week));
  return later(from, mode.duration.sample(to_unit(words[0])));
}

Timeline::Crew* Timeline::crew_of(const Source& source) {
  const std::size_t crew = crew_of_mode_[source.mode];
  return crew < crews_.size() ? &crews_[crew] : nullptr;
}

void Timeline::start(std::uint32_t index, Instant from) {
  Source& source = sources_[index];
  const Mode& mode = modes_[source.mode];
  const double up = mode.up_time.mean_s(), down = mode.duration.mean_s();
  const Words words = streams_.of(source.key, Purpose::initial_state).words({});
  if (to_unit(words[0]) * (up + down) < down) {
    Crew* crew = crew_of(source);
    source.ends = later(from, mode.duration.sample_residual(to_unit(words[1]), to_unit(words[2])));
    if (crew != nullptr && crew->free == 0) {
      crew->waiting.push_back(index);
      source.ends = never;
    } else if (crew != nullptr) {
      --crew->free;
    }
    if (!in_clusters_.empty())
      for (const std::uint32_t cluster : in_clusters_[index]) ++at_work_[cluster];
    source.pending = Change{source.ends, hit(source), mode.effect, Stage::end, source.mode, mode.extra_delay, mode.loss};
  } else {
    plan_fault(source, later(from, mode.up_time.sample_residual(to_unit(words[1]), to_unit(words[2]))));
  }
  schedule(index);
}

// How long before the start each mode begins, so that at the start it has forgotten that it began independent. A queue forgets within the time in
// which everything is repaired once, elements within a few of their lives: thirty of the one or ten of the other, and four weeks of calendar.
std::vector<Duration> Timeline::leads() const {
  std::vector<double> work(crews_.size(), 0), life(crews_.size(), 0);
  std::vector<double> repair_s(modes_.size()), life_s(modes_.size());
  for (std::size_t m = 0; m < modes_.size(); ++m) {
    const Repair& repair = modes_[m].repair;
    repair_s[m] = modes_[m].duration.mean_s() + (repair.people ? seconds(mean_wait(repair.shift)) : 0) + (repair.parts ? repair.parts->delivery.mean_s() : 0);
    life_s[m] = modes_[m].up_time.mean_s() + repair_s[m];
  }
  for (const Source& source : sources_) {
    const std::size_t crew = crew_of_mode_[source.mode];
    if (crew == crews_.size()) continue;
    work[crew] += repair_s[source.mode] / crews_[crew].free;
    life[crew] = std::max(life[crew], life_s[source.mode]);
  }
  std::vector<Duration> leads(modes_.size(), 0ns);
  double planned_s = 0, planned_life_s = 0;
  for (const Source& source : sources_) {
    if (modes_[source.mode].most_unavailable == 0) continue;
    planned_s += repair_s[source.mode];
    planned_life_s = std::max(planned_life_s, life_s[source.mode]);
  }
  for (std::size_t m = 0; m < modes_.size(); ++m) {
    if (modes_[m].most_unavailable > 0) leads[m] = from_seconds(std::min({30 * planned_s, 10 * planned_life_s, 50 * seconds(year)}));
    if (!is_coupled(modes_[m])) continue;
    const std::size_t crew = crew_of_mode_[m];
    const bool alone = crew == crews_.size();
    const double forgets = std::min(30 * (alone ? repair_s[m] : work[crew]), 10 * (alone ? life_s[m] : life[crew]));
    leads[m] = from_seconds(std::min(forgets, 50 * seconds(year))) + (modes_[m].repair.people ? 4 * week : 0ns);
  }
  return leads;
}

void Timeline::warm_up() {
  for (const Mode& mode : modes_) {
    const auto known = std::find_if(crews_.begin(), crews_.end(), [&](const Crew& crew) { return crew.name == mode.repair.crew; });
    crew_of_mode_.push_back(static_cast<std::size_t>(known - crews_.begin()));
    if (mode.repair.crew.empty()) {
      crew_of_mode_.back() = modes_.size();
    } else if (known == crews_.end()) {
      SIM_CHECK(mode.repair.crews > 0, "a crew of nobody");
      crews_.push_back({mode.repair.crew, mode.repair.crews, {}});
    }
    SIM_CHECK(!mode.repair.parts || mode.repair.crew.empty(), "a crew that waits for parts");
    parts_.emplace_back(mode.repair.parts ? static_cast<std::size_t>(mode.repair.parts->spares) : 0);  // There since ever.
    SIM_CHECK(!is_coupled(mode) || can_be_repaired(mode.effect), "an effect that nobody repairs waits for a repair");
  }
  std::replace(crew_of_mode_.begin(), crew_of_mode_.end(), modes_.size(), crews_.size());
  const std::vector<Duration> lead = leads();
  for (const Source& source : sources_) early_ = std::max(early_, lead[source.mode]);
  monday_ = (hour_of_start(streams_) + week - early_ % week) % week;
  for (std::uint32_t s = 0; s < sources_.size(); ++s) start(s, Instant{} + (early_ - lead[sources_[s].mode]));
  for (hold(); !queue_.empty() && sim::time_of(queue_.top()) < Instant{} + early_; hold()) advance();
  faults_ = 0;
  for (const Source& source : sources_) {
    if (source.pending.stage != Stage::end && source.pending.stage != Stage::widen) continue;
    active_.push_back(source.pending);
    active_.back().at = Instant{};
    active_.back().stage = Stage::begin;
    const Mode& mode = modes_[source.mode];
    if (mode.effect != Effect::cut_out || mode.duration.mean_s() <= seconds(widening)) continue;
    active_.push_back(active_.back());  // Looked at while it lasts, it has long been two-way.
    active_.back().stage = Stage::widen;
  }
}

}  // namespace nines::failure
