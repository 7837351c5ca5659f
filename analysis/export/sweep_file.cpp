#include "analysis/export/sweep_file.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "sim/base/check.hpp"

namespace nines::analysis {
namespace {

constexpr const char* included = "included";
constexpr const char* replications = "replications";
constexpr const char* expectations = "expectations";
constexpr std::array<const char*, 4> suffixes{".low", ".high", ".band_low", ".band_high"};
constexpr std::array<const char*, 4> meanings{"lower limit at 95 % of ", "upper limit at 95 % of ",
                                              "lower end over the catalogue's low-high ranges of ",
                                              "upper end over the catalogue's low-high ranges of "};

const std::string& title(const std::string& long_name, const std::string& name) { return long_name.empty() ? name : long_name; }

// Numbers as notebooks would type them: 3, not 3.0.
bool are_counts(const SweepDimension& dimension) {
  const auto is_count = [](double number) { return number == std::trunc(number) && std::abs(number) < 0x1p53; };
  return (dimension.unit.empty() || dimension.unit == "1") && std::all_of(dimension.numbers.begin(), dimension.numbers.end(), is_count);
}

std::set<std::pair<std::string, std::string>> units_of(const SweepShape& shape) {
  std::set<std::pair<std::string, std::string>> all;
  for (const SweepMetric& metric : shape.metrics) all.insert({metric.name, metric.unit});
  return all;
}

bool has_several_units(const SweepShape& shape, const SweepMetric& metric) {
  return std::any_of(shape.metrics.begin(), shape.metrics.end(),
                     [&](const SweepMetric& other) { return other.name == metric.name && other.unit != metric.unit; });
}

std::string metric_in_file(const SweepMetric& metric, bool several_units) {
  return SweepFile::name_in_file(several_units ? metric.name + '.' + metric.unit : metric.name);
}

}  // namespace

std::optional<std::string> SweepFile::name_twice(const SweepShape& shape) {
  std::set<std::string> names{included, replications, expectations};
  std::vector<std::string> more;
  const auto add = [&](const std::string& name) { more.push_back(name); };
  for (const SweepDimension& dimension : shape.dimensions) {
    std::vector<const SweepDimension*> all{&dimension};
    for (const SweepDimension& other : dimension.also) all.push_back(&other);
    for (const SweepDimension* one : all) {
      add(SweepFile::name_in_file(one->name));
      if (one->labels_say_more()) add(SweepFile::name_in_file(one->name) + ".label");
    }
  }
  for (const SweepMetric& metric : shape.metrics) {
    const std::string name = metric_in_file(metric, has_several_units(shape, metric));
    add(name);
    for (const char* suffix : suffixes) add(name + suffix);
  }
  for (const std::string& name : more) {
    if (!names.insert(name).second) return name;
  }
  return std::nullopt;
}

std::string_view SweepFile::without_suffix(std::string_view name) {
  for (const std::string_view suffix : suffixes)
    if (name.ends_with(suffix)) return name.substr(0, name.size() - suffix.size());
  return name;
}

std::string SweepFile::name_in_file(const std::string& name) {
  std::string made;
  for (const char letter : name) {
    const auto code = static_cast<unsigned char>(letter);
    made += letter == '/' ? ':' : code <= ' ' || code == 0x7f ? '_' : letter;
  }
  const auto first = static_cast<unsigned char>(made.empty() ? ' ' : made[0]);
  const bool may_begin = (first >= '0' && first <= '9') || (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z') || first == '_' || first >= 0x80;
  return may_begin ? made : '_' + made;
}

Result<SweepFile> SweepFile::create(const std::string& path, const SweepShape& shape, const FileOptions& options) {
  SIM_CHECK(units_of(shape).size() == shape.metrics.size(), "a metric is listed once a unit");
  if (const auto twice = name_twice(shape))
    return fail(Place{.file = path},
                "cannot write '" + path + "': two things of this sweep would be called '" + *twice + "'; name the axis otherwise");
  Result<LabelledFile> file = LabelledFile::create(path, options);
  if (!file) return fail(std::move(file.error()));
  return SweepFile(std::move(*file), shape);
}

SweepFile::SweepFile(LabelledFile file, const SweepShape& shape) : file_(std::move(file)), lengths_(shape.lengths()), points_(shape.points()) {
  for (const SweepDimension& dimension : shape.dimensions) dimensions_.push_back(name_in_file(dimension.name));
  for (const SweepDimension& dimension : shape.dimensions) add_dimension(dimension);
  included_ = grid(included, "1: a point of the sweep, 0: left out by its `where`", "", Type::int8, {"left_out", "included"});
  replications_ = grid(replications, "replications of the point", "1", Type::int64, {});
  expectations_ = grid(expectations, "whether the point meets all that is expected", "", Type::int8,
                       {word(SweepVerdict::none), word(SweepVerdict::passed), word(SweepVerdict::failed), word(SweepVerdict::undecided)});
  series_.reserve(shape.metrics.size());
  for (const SweepMetric& metric : shape.metrics) add_metric(metric, has_several_units(shape, metric));
}

// The numbers where there are some, so that readers select by them; else the labels. Labels that say more than the numbers stand beside.
void SweepFile::add_labels(const SweepDimension& labelled, const std::string& along, bool is_dimension) {
  const std::string name = name_in_file(labelled.name);
  const Variable variable{name, {along}, title(labelled.long_name, labelled.name), labelled.numbers.empty() ? "" : labelled.unit, {}};
  const auto add = [&](auto values, auto... type) {
    if (is_dimension) return file_.coordinate(variable, values, type...);
    file_.variable(variable, values, type...);
    coordinates_ += ' ' + name;
  };
  if (labelled.numbers.empty())
    add(std::span<const std::string>(labelled.labels));
  else if (are_counts(labelled)) {
    std::vector<std::int64_t> counts;
    for (const double number : labelled.numbers) counts.push_back(static_cast<std::int64_t>(number));
    add(std::span<const std::int64_t>(counts), Type::int64);
  } else
    add(std::span<const double>(labelled.numbers));
  if (labelled.labels_say_more()) {
    file_.variable(Variable{name + ".label", {along}, variable.long_name + ", as written", "", {}}, std::span<const std::string>(labelled.labels));
    coordinates_ += ' ' + name + ".label";
  }
  if (name != labelled.name) file_.attributes(name, {{"axis_path", labelled.name}});
}

void SweepFile::add_dimension(const SweepDimension& dimension) {
  const std::string along = name_in_file(dimension.name);
  add_labels(dimension, along, true);
  for (const SweepDimension& other : dimension.also) add_labels(other, along, false);
}

LabelledFile::Grid SweepFile::grid(const std::string& name, const std::string& long_name, const std::string& unit, Type type, std::vector<std::string> flags) {
  const LabelledFile::Grid made = file_.grid({name, dimensions_, long_name, unit, std::move(flags)}, type, lengths_);
  if (!coordinates_.empty()) file_.attributes(name, {{"coordinates", coordinates_.substr(1)}});
  return made;
}

void SweepFile::add_metric(const SweepMetric& metric, bool has_units) {
  by_name_[{metric.name, metric.unit}] = series_.size();
  const std::string name = metric_in_file(metric, has_units), shown = title(metric.long_name, metric.name);
  Series& series = series_.emplace_back(Series{.metric = metric, .name = name, .values = grid(name, shown, metric.unit, Type::float64, {})});
  file_.attributes(name, {{"metric", metric.name}});
  for (const Limit limit : {low, high}) series.limits[limit] = grid(name + suffixes[limit], meanings[limit] + shown, metric.unit, Type::float64, {});
}

SweepFile::Series& SweepFile::series_of(const Metric& metric) {
  if (next_series_ < series_.size() && series_[next_series_].metric.name == metric.name && series_[next_series_].metric.unit == metric.unit)
    return series_[next_series_++];
  const auto known = by_name_.find({metric.name, metric.unit});
  SIM_CHECK(known != by_name_.end(), "a metric of a row is among those of the sweep");
  next_series_ = known->second + 1;
  return series_[known->second];
}

void SweepFile::put(std::uint64_t point, Series& series, Limit limit, const std::optional<double>& value) {
  if (!value || std::isnan(*value)) return;
  std::optional<LabelledFile::Grid>& into = series.limits[limit];
  if (!into)
    into = grid(series.name + suffixes[limit], meanings[limit] + title(series.metric.long_name, series.metric.name), series.metric.unit, Type::float64, {});
  file_.put(*into, point, *value);
}

void SweepFile::add(std::uint64_t point, const SweepRow& row) {
  SIM_CHECK(point < points_, "a row is of a point of the sweep");
  ++rows_;
  all_replications_ += row.replications;
  file_.put(included_, point, std::int64_t{1});
  file_.put(replications_, point, static_cast<std::int64_t>(row.replications));
  file_.put(expectations_, point, static_cast<std::int64_t>(row.expectations));
  next_series_ = 0;
  for (const Metric& metric : row.metrics) {
    Series& series = series_of(metric);
    if (!series.method)
      series.method = metric.method;
    else if (!series.methods_differ)
      series.methods_differ = *series.method != metric.method;
    if (metric.value && !std::isnan(*metric.value)) file_.put(series.values, point, *metric.value);
    put(point, series, low, metric.low);
    put(point, series, high, metric.high);
    put(point, series, band_low, metric.band_low);
    put(point, series, band_high, metric.band_high);
  }
}

Result<void> SweepFile::finish(const Provenance& from, const std::string& sweep_text) {
  for (const Series& series : series_) {
    if (series.method && !series.methods_differ) file_.attributes(series.name, {{"method", *series.method}});
  }
  Attributes attributes{
      {"Conventions", std::string("CF-1.10")},
      {"title", from.question.empty() ? from.scenario : from.question},
      {"source", from.tool + " " + from.version},
      {"scenario", from.scenario},
      {"scenario_hash", from.scenario_hash},
      {"scenario_text", from.scenario_text},
      {"sweep_text", sweep_text},
      {"seed", from.seed},
      {"fingerprint", from.fingerprint},
      {"stop_reason", from.stop_reason},
      {"points", points_},
      {"points_included", rows_},
      {"replications", all_replications_},
      {"simulated_years", from.years},
  };
  if (!from.command.empty()) attributes.push_back({"command", from.command});
  if (from.assumptions) attributes.push_back({"assumptions", *from.assumptions});
  file_.attributes("/", attributes);
  return file_.finish();
}

}  // namespace nines::analysis
