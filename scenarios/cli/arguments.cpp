#include "scenarios/cli/arguments.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <string_view>
#include <thread>

#include <boost/program_options.hpp>

#include "analysis/stats/text.hpp"
#include "scenarios/cli/import_arguments.hpp"
#include "scenarios/cli/option_table.hpp"
#include "scenarios/cli/suggest.hpp"
#include "scenarios/cli/words.hpp"
#include "scenarios/schema/quantity.hpp"

namespace nines::scenarios {
namespace {

namespace po = boost::program_options;

tl::unexpected<Errors> usage(std::string what) { return fail(Place{}, std::move(what)); }

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  names.reserve(commands().size());
  for (const CommandText& text : commands()) names.emplace_back(text.name);
  return names;
}

std::optional<Command> command_named(std::string_view name) {
  for (const CommandText& text : commands())
    if (text.name == name) return text.command;
  return std::nullopt;
}

std::optional<Format> format_named(std::string_view name) {
  if (name == "table") return Format::table;
  if (name == "json") return Format::json;
  if (name == "jsonl") return Format::jsonl;
  if (name == "csv") return Format::csv;
  if (name == "markdown") return Format::markdown;
  if (name == "mermaid") return Format::mermaid;
  if (name == "dot") return Format::dot;
  if (name == "junit") return Format::junit;
  if (name == "github") return Format::github;
  return std::nullopt;
}

template <class Int>
bool read_int(const std::string& text, Int low, Int& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty() && out >= low;
}

bool read_number(const std::string& text, double& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

std::string unknown_option(const std::string& typed) {
  std::string name = typed;
  name.erase(0, name.find_first_not_of('-'));
  name = name.substr(0, name.find('='));
  std::vector<std::string> names;
  names.reserve(options().size());
  for (const Option& option : options()) names.push_back("--" + std::string(long_name(option)));
  return "there is no option '" + typed.substr(0, 80) + "'" + suggest("--" + name, names);
}

// Options that are short for `--set simulation.NAME=VALUE`.
bool stands_for_a_setting(std::string_view name) { return name == "years" || name == "replications" || name == "seed" || name == "fidelity"; }

// One typed option of `nines fit`.
std::string apply(FitOptions& fit, const std::string& name, const std::string& value) {
  const std::string shown = "'" + value.substr(0, 80) + "'";
  const auto equals = value.find('=');
  const std::string left = value.substr(0, equals), right = equals == std::string::npos ? std::string() : value.substr(equals + 1);
  if (name == "elements") {
    if (!read_int<std::uint64_t>(value, 1, fit.elements) || fit.elements > 1'000'000'000) return "--elements needs a number from 1, not " + shown;
  } else if (name == "window") {
    const auto seconds = read_seconds(value);
    if (!seconds || !(*seconds > 0) || *seconds > 3.2e9) return "--window needs a duration such as 3years or 90days, not " + shown;
    fit.window = from_seconds(*seconds);
  } else if (name == "scope") {
    fit.scope = value;
  } else if (name == "effect") {
    fit.effect = value;
  } else if (name == "time-format") {
    if (!is_time_format(value)) return "--time-format needs %Y or %y, %m, %d and, if there are any, %H, %M, %S, each once, not " + shown;
    fit.columns.time_format = value;
  } else if (name == "where") {
    if (left.empty() || equals == std::string::npos) return "--where needs NAME=VALUE, not " + shown;
    fit.columns.where.emplace_back(left, right);
  } else if (name == "column") {
    if (right.empty()) return "--column needs WHAT=NAME, for example start=begun, not " + shown;
    if (left == "start") {
      fit.columns.start = right;
    } else if (left == "end") {
      fit.columns.end = right;
    } else if (left == "element") {
      if (fit.columns.element == std::vector<std::string>{"element"}) fit.columns.element.clear();
      fit.columns.element.push_back(right);
    } else if (left == "cause") {
      fit.columns.cause.push_back(right);
    } else {
      return "--column knows start, end, element and cause, not '" + left.substr(0, 80) + "'";
    }
  }
  return {};
}

// One typed option of `nines incident`.
std::string apply(IncidentOptions& incident, const std::string& name, const std::string& value) {
  const std::string shown = "'" + value.substr(0, 80) + "'";
  if (name == "incident") {
    if (value.empty()) return "--incident needs a name";
    incident.name = value;
  } else if (name == "length") {
    const auto seconds = read_seconds(value);
    if (!seconds || !(*seconds >= 1) || *seconds > 7 * 86'400) return "--length needs a duration from 1s to 7days, not " + shown;
    incident.length = from_seconds(*seconds);
  } else if (name == "rate") {
    const auto rate = read_rate(value);
    if (!rate || !(*rate > 0) || *rate > 1e6) return "--rate needs a rate above 0 and up to 1,000,000/s, such as 100/s, not " + shown;
    incident.rate = *rate;
  } else if (name == "clients") {
    int clients = 0;
    if (!read_int(value, 1, clients) || clients > 1'000'000) return "--clients needs a number from 1 to 1,000,000, not " + shown;
    incident.clients = clients;
  } else if (name == "flow-control") {
    if (value != "off") return "--flow-control knows off, not " + shown + "; cluster.flowControl of the scenario, or --set, says more";
    incident.without_flow_control = true;
  }
  return {};
}

// One typed option of `nines compare` as a gate.
std::string apply(GateRules& rules, const std::string& name, const std::string& value) {
  if (name == "strict") {
    rules.strict = true;
  } else if (name == "fail-on") {
    rules.metrics.clear();
    rules.named = true;
    for (std::size_t at = 0; at <= value.size();) {
      const std::size_t end = std::min(value.find(',', at), value.size());
      const std::string metric = value.substr(at, end - at);
      if (!can_get_worse(metric))
        return "--fail-on needs metrics such as downtime.minutes_per_year, failover.p99, throughput.long_run or cost.month, not '" +
               metric.substr(0, 80) + "'";
      rules.metrics.push_back(metric);
      at = end + 1;
    }
  } else if (name == "tolerance") {
    auto tolerance = read_tolerance(value);
    if (!tolerance) return tolerance.error().front().what;
    rules.tolerances.push_back(std::move(*tolerance));
  }
  return {};
}

// One typed option of `nines sweep`.
std::string apply(SweepOptions& sweep, const std::string& name, const std::string& value) {
  const std::string shown = "'" + value.substr(0, 80) + "'";
  if (name == "only") {
    if (value.empty()) return "--only needs a point's number or AXIS=VALUE";
    sweep.only.push_back(value);
  } else if (name == "shard") {
    const auto slash = value.find('/');
    int number = 0, of = 0;
    if (slash == std::string::npos || !read_int(value.substr(0, slash), 1, number) || !read_int(value.substr(slash + 1), 1, of) || number > of ||
        of > static_cast<int>(most_shards))
      return "--shard needs K/N, the K-th of N parts, such as 1/3, not " + shown;
    sweep.shard = Shard{.number = static_cast<std::uint32_t>(number - 1), .of = static_cast<std::uint32_t>(of)};
  } else if (name == "resume") {
    sweep.resume = true;
  } else if (name == "keep-journal") {
    sweep.keep_journal = true;
  } else if (name == "list") {
    sweep.list = true;
  } else if (name == "dry-run") {
    sweep.dry_run = true;
  }
  return {};
}

// One typed option of `nines submit`.
std::string apply(SubmitOptions& submit, const std::string& name, const std::string& value) {
  const std::string shown = "'" + value.substr(0, 80) + "'";
  if (name == "engine") {
    if (value == "slurm")
      submit.engine = SubmitOptions::Engine::slurm;
    else if (value == "kubernetes")
      submit.engine = SubmitOptions::Engine::kubernetes;
    else
      return "--engine knows slurm and kubernetes, not " + shown;
  } else if (name == "shards") {
    if (!read_int<std::uint32_t>(value, 2, submit.shards) || submit.shards > most_shards)
      return "--shards needs a number from 2 to " + analysis::grouped(most_shards) + ", not " + shown;
  } else if (name == "image") {
    if (value.empty()) return "--image needs the name of a container's image";
    submit.image = value;
  }
  return {};
}

// One typed option. Returns what is wrong with it, or nothing.
std::string apply(Arguments& arguments, const std::string& name, const std::string& value) {
  const std::string shown = "'" + value.substr(0, 80) + "'";
  if (name == "format") {
    arguments.format = format_named(value);
    if (!arguments.format) return "--format knows table, json, jsonl, csv, markdown, junit and github, not " + shown;
  } else if (name == "out") {
    if (value.empty()) return "--out needs a file's name";
    arguments.out = value;
  } else if (name == "set") {
    const auto equals = value.find('=');
    if (equals == std::string::npos || equals == 0) return "--set needs PATH=VALUE, for example cluster.replication=5, not " + shown;
    arguments.settings.push_back({value.substr(0, equals), value.substr(equals + 1)});
  } else if (stands_for_a_setting(name)) {
    if (value.empty()) return "--" + name + " needs a value";
    arguments.settings.push_back({"simulation." + name, value});
    arguments.short_settings.push_back(name);
  } else if (name == "seconds") {
    double seconds = 0;
    if (!read_number(value, seconds) || !(seconds > 0) || seconds > 3.2e9) return "--seconds needs a number of seconds, not " + shown;
    arguments.max_time = std::chrono::duration<double>(seconds);
  } else if (name == "seeds") {
    std::uint64_t seeds = 0;
    if (!read_int<std::uint64_t>(value, 1, seeds) || seeds > 1'000'000'000'000) return "--seeds needs a number of seeds, from 1, not " + shown;
    arguments.seeds = seeds;
  } else if (name == "profile") {
    if (value.empty()) return "--profile needs a name of 'nines list profiles'";
    arguments.profile = value;
  } else if (name == "jobs") {
    if (!read_int(value, 1, arguments.jobs) || arguments.jobs > 1024) return "--jobs needs a number of threads from 1 to 1024, not " + shown;
  } else if (name == "max-time") {
    const auto seconds = read_seconds(value);
    if (!seconds || !(*seconds > 0) || *seconds > 3.2e9) return "--max-time needs a duration such as 60s or 10min, not " + shown;
    arguments.max_time = std::chrono::duration<double>(*seconds);
  } else if (name == "relative-error") {
    const auto share = read_fraction(value);
    if (!share || !(*share >= 0.001) || *share > 1) return "--relative-error needs a share from 0.1% to 100%, for example 5%, not " + shown;
    arguments.relative_error = *share;
  } else if (name == "method") {
    const std::map<std::string, Method> known{{"simulate", Method::simulate}, {"exact", Method::exact}, {"rare", Method::rare}, {"adaptive", Method::adaptive}};
    const auto method = known.find(value);
    if (method == known.end()) return "--method knows simulate, exact and rare, and of a sweep adaptive, not " + shown;
    arguments.method_is_typed = true;
    arguments.method = method->second;
  } else if (name == "slo") {
    const auto share = read_fraction(value);
    if (!share || !(*share > 0) || !(*share < 1)) return "--slo needs a share of time between 0 and 100 %, for example 99.95%, not " + shown;
    arguments.level = *share;
  } else if (name == "uptime") {
    const auto share = read_fraction(value);
    if (!share || !(*share >= 0) || *share > 1) return "--uptime needs a share of time, for example 99.95%, not " + shown;
    arguments.uptime = *share;
  } else if (name == "as-of") {
    arguments.as_of = cost::read_date(value);
    if (!arguments.as_of) return "--as-of needs a day such as 2026-07-20, not " + shown;
  } else if (name == "only-replication") {
    std::uint64_t replication = 0;
    if (!read_int<std::uint64_t>(value, 0, replication) || replication > 1'000'000'000'000)
      return "--only-replication needs a replication's number, from 0, not " + shown;
    arguments.only_replication = replication;
  } else if (name == "elements" || name == "window" || name == "scope" || name == "effect" || name == "column" || name == "time-format" ||
             name == "where") {
    return apply(arguments.fit, name, value);
  } else if (name == "incident" || name == "length" || name == "rate" || name == "clients" || name == "flow-control") {
    return apply(arguments.incident, name, value);
  } else if (name == "against") {
    if (value != "reference") return "--against knows reference, not " + shown + "; 'nines compare' holds a scenario against another";
    arguments.against_reference = true;
  } else if (name == "gate") {
    arguments.gate = true;
  } else if (name == "fail-on" || name == "tolerance" || name == "strict") {
    return apply(arguments.gates, name, value);
  } else if (name == "only" || name == "shard" || name == "resume" || name == "keep-journal" || name == "list" || name == "dry-run") {
    return apply(arguments.sweep, name, value);
  } else if (name == "engine" || name == "shards" || name == "image") {
    return apply(arguments.submit, name, value);
  } else if (name == "values" || name == "chart-version" || name == "zones" || name == "nodes" || name == "machine" || name == "region") {
    return apply(arguments.import_options, name, value);
  } else if (name == "explain") {
    arguments.explain = true;
  } else if (name == "quiet") {
    arguments.quiet = true;
  } else if (name == "help") {
    arguments.help = true;
  }
  return {};
}

// What the operands of a command must be.
std::string check_operands(const Arguments& arguments) {
  const std::size_t count = arguments.operands.size();
  const std::string synopsis = std::string("; usage: nines ") + text_of(arguments.command).synopsis;
  switch (arguments.command) {
    case Command::run:
    case Command::incident:
    case Command::explain:
    case Command::cost:
      if (count == 0) return "which scenario? Give a file or a name of 'nines list'" + synopsis;
      if (count > 1) return "one scenario at a time, not also '" + arguments.operands[1].substr(0, 80) + "'" + synopsis;
      break;
    case Command::sweep:
    case Command::submit:
      if (count == 0) return "which sweep? Give a file or a name of 'nines list'" + synopsis;
      if (count > 1) return "one sweep at a time, not also '" + arguments.operands[1].substr(0, 80) + "'" + synopsis;
      break;
    case Command::merge:
      if (count == 0) return "which journals? Give the file that the shards were told to write, or its folder of journals" + synopsis;
      break;
    case Command::compare:
      if (count < 2) return "which scenarios? Give two or more files or names of 'nines list'" + synopsis;
      if (count > 100) return "a hundred scenarios at a time" + synopsis;
      break;
    case Command::fit:
      if (count == 0) return "which log? Give a CSV file with a header: start, end, element and, if known, cause" + synopsis;
      if (count > 1) return "one log at a time, not also '" + arguments.operands[1].substr(0, 80) + "'" + synopsis;
      if (arguments.fit.elements == 0 || arguments.fit.window == 0ns)
        return "a log alone knows no rates: how many were watched (--elements), and for how long (--window)?" + synopsis;
      break;
    case Command::import:
      if (std::string wrong = check_import(arguments.operands, arguments.import_options); !wrong.empty()) return wrong + synopsis;
      break;
    case Command::validate:
      if (count == 0) return "which scenario? Give a file or a name of 'nines list'" + synopsis;
      break;
    case Command::completion:
      if (count != 1) return "which shell? bash, zsh or fish" + synopsis;
      break;
    case Command::list:
    case Command::init:
    case Command::manual:
    case Command::help:
      if (count > 1) return "'" + arguments.operands[1].substr(0, 80) + "' is one word too many" + synopsis;
      break;
    case Command::fuzz:
    case Command::schema:
    case Command::version:
      if (count > 0) return "'" + arguments.operands[0].substr(0, 80) + "' is one word too many" + synopsis;
      break;
  }
  return {};
}

void check_compare(const Arguments& arguments, Errors& errors) {
  const auto wrong = [&](const char* what) { errors.push_back({Place{}, what}); };
  const Format format = arguments.format.value_or(Format::table);
  const auto kind = format_of_extension(arguments.out);
  if (format == Format::jsonl || format == Format::csv) wrong("nines compare prints table, json, markdown, junit or github");
  if (!arguments.out.empty() && (kind == Format::jsonl || kind == Format::csv || kind == Format::hdf5))
    wrong("nines compare writes .json, .md, .xml or .txt");
  if (arguments.method == Method::rare) wrong("nines compare simulates or solves: --method simulate or exact");
  if (arguments.gate && arguments.operands.size() != 2) wrong("--gate holds one scenario against another: give two");
  if (!arguments.gate && (arguments.gates.named || !arguments.gates.tolerances.empty() || arguments.gates.strict))
    wrong("--fail-on, --tolerance and --strict say what --gate judges: add --gate");
  if (const auto checked = check_tolerances(arguments.gates); arguments.gate && !checked) wrong(checked.error().front().what.c_str());
  if (!arguments.gate && (format == Format::junit || format == Format::github || kind == Format::junit))
    wrong("junit and github tell what became of gates: add --gate");
}

void check_submit(const Arguments& arguments, Errors& errors) {
  const auto wrong = [&](const char* what) { errors.push_back({Place{}, what}); };
  const SubmitOptions& submit = arguments.submit;
  if (!submit.engine) wrong("to whom? --engine slurm or kubernetes");
  if (submit.shards == 0) wrong("in how many parts? --shards N");
  if (arguments.out.empty()) wrong("where to? -o RESULT: the file that the shards and the merge write");
  const bool in_containers = submit.engine == SubmitOptions::Engine::kubernetes;
  if (in_containers && submit.image.empty()) wrong("which image? --image NAME, one that has nines in its PATH");
  if (!in_containers && !submit.image.empty()) wrong("--image is for containers: --engine kubernetes");
  if (!arguments.operands.empty() && arguments.operands.front() == "-") wrong("the shards cannot read this standard input: give a file or a name");
  std::vector<std::string> words = arguments.canonical_words();
  words.push_back(arguments.out);
  words.push_back(submit.image);
  for (const std::string& one : words)
    if (std::any_of(one.begin(), one.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
      return wrong("no line breaks in what is to be a script");
}

}  // namespace

const char* word(Command command) { return text_of(command).name; }

std::optional<Format> format_of_extension(const std::string& path) {
  const std::string extension = std::filesystem::path(path).extension().string();
  if (extension == ".h5" || extension == ".hdf5" || extension == ".nc") return Format::hdf5;
  if (extension == ".json") return Format::json;
  if (extension == ".jsonl") return Format::jsonl;
  if (extension == ".csv") return Format::csv;
  if (extension == ".md") return Format::markdown;
  if (extension == ".xml") return Format::junit;
  if (extension == ".txt") return Format::table;
  return std::nullopt;
}

Result<Arguments> read_arguments(int argc, const char* const* argv) {
  po::options_description described;
  for (const Option& option : options()) {
    if (option.value[0] == '\0')
      described.add_options()(option.name, option.help);
    else
      described.add_options()(option.name, po::value<std::vector<std::string>>(), option.help);
  }
  described.add_options()("version", "")("operand", po::value<std::vector<std::string>>());
  po::positional_options_description positional;
  positional.add("operand", -1);

  std::vector<po::option> typed;
  try {
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    typed = po::command_line_parser(argc, argv).options(described).positional(positional).style(style).run().options;
  } catch (const po::unknown_option& error) {
    return usage(unknown_option(error.get_option_name()));
  } catch (const po::error_with_option_name& error) {
    const std::string name = error.get_option_name();
    const Option* option = option_named(std::string_view(name).substr(std::min(name.size(), name.find_first_not_of('-'))));
    if (option != nullptr && option->value[0] == '\0') return usage("--" + std::string(long_name(*option)) + " takes no value");
    if (option != nullptr) return usage("--" + std::string(long_name(*option)) + " needs " + option->value + ": " + option->help);
    return usage(error.what());
  } catch (const std::exception& error) {
    return usage(error.what());
  }

  Arguments arguments;
  std::vector<const Option*> given;
  std::vector<std::string> words;
  Errors errors;
  for (const po::option& one : typed) {
    if (one.string_key == "operand" || one.string_key.empty()) {
      words.insert(words.end(), one.value.begin(), one.value.end());
      continue;
    }
    if (one.string_key == "version") {
      words.insert(words.begin(), "version");
      continue;
    }
    const Option* option = option_named(one.string_key);
    if (option == nullptr) return usage(unknown_option(one.string_key));
    if (!may_repeat(*option) && std::find(given.begin(), given.end(), option) != given.end())
      errors.push_back({Place{}, "--" + one.string_key + " is given twice"});
    given.push_back(option);
    if (std::string wrong = apply(arguments, one.string_key, one.value.empty() ? std::string() : one.value.front()); !wrong.empty())
      errors.push_back({Place{}, std::move(wrong)});
  }
  if (words.empty()) {
    if (arguments.help) return arguments;
    return usage("which command?" + suggest("", command_names()).substr(1));
  }
  const auto command = command_named(words.front());
  if (!command) return usage("there is no command '" + words.front().substr(0, 80) + "'" + suggest(words.front(), command_names()));
  arguments.command = *command;
  arguments.operands.assign(words.begin() + 1, words.end());
  if (arguments.help) return arguments;
  for (const Option* option : given)
    if ((option->commands & bit(*command)) == 0)
      errors.push_back({Place{}, std::string("nines ") + word(*command) + " takes no --" + std::string(long_name(*option))});
  if (std::string wrong = check_operands(arguments); !wrong.empty()) errors.push_back({Place{}, std::move(wrong)});
  const bool writes_answers = *command == Command::run || *command == Command::incident || *command == Command::compare;
  if (writes_answers && !arguments.out.empty() && !format_of_extension(arguments.out) && !arguments.format)
    errors.push_back({Place{}, "the extension of '" + arguments.out.substr(0, 80) + "' must say what to write: .h5, .json, .jsonl, .csv, .md or .xml"});
  const Format format = arguments.format.value_or(Format::table);
  if (*command == Command::explain) {
    if (format == Format::jsonl || format == Format::csv) errors.push_back({Place{}, "nines explain prints table, json, markdown, mermaid or dot"});
  } else if (format == Format::mermaid || format == Format::dot) {
    errors.push_back({Place{}, "only nines explain draws pictures"});
  }
  const auto tells_gates = [](std::optional<Format> kind) { return kind == Format::junit || kind == Format::github; };
  const bool may_tell = *command == Command::run || *command == Command::compare || *command == Command::sweep || *command == Command::merge;
  if ((!may_tell && tells_gates(arguments.format)) || (*command == Command::incident && tells_gates(format_of_extension(arguments.out))))
    errors.push_back({Place{}, "only nines run, nines sweep and nines compare --gate have what junit and github tell"});
  if (*command == Command::cost && format == Format::jsonl) errors.push_back({Place{}, "nines cost prints table, json, csv or markdown"});
  if (*command == Command::compare) check_compare(arguments, errors);
  if (*command == Command::incident) {
    if (format == Format::jsonl || format_of_extension(arguments.out) == Format::jsonl)
      errors.push_back({Place{}, "nines incident writes table, json, csv or markdown, and HDF5 files"});
    if (arguments.incident.rate && arguments.incident.clients) errors.push_back({Place{}, "either --rate or --clients"});
  }
  if (*command == Command::fuzz) {
    if (arguments.format && *arguments.format != Format::table && *arguments.format != Format::json)
      errors.push_back({Place{}, "nines fuzz prints table or json"});
    // There it is no setting of a scenario: the first of the seeds that are run.
    for (const Setting& setting : arguments.settings)
      if (!read_int<std::uint64_t>(setting.value, 0, arguments.first_seed) || arguments.first_seed > 1'000'000'000'000'000)
        errors.push_back({Place{}, "--seed needs a whole number from 0, not '" + setting.value.substr(0, 80) + "'"});
  }
  if (*command == Command::submit) check_submit(arguments, errors);
  if (*command == Command::sweep || *command == Command::merge || *command == Command::submit) {
    const auto kind = format_of_extension(arguments.out);
    if (!arguments.out.empty() && kind != Format::hdf5 && kind != Format::csv && kind != Format::jsonl)
      errors.push_back({Place{}, "the extension of '" + arguments.out.substr(0, 80) + "' must say what to write: .h5, .csv or .jsonl"});
    if (arguments.sweep.shard && arguments.sweep.shard->of > 1 && arguments.out.empty())
      errors.push_back({Place{}, "a shard needs -o, the file that 'nines merge' is to write: its journal lies beside it"});
    if (arguments.method == Method::rare) errors.push_back({Place{}, "nines sweep simulates, solves, or both: --method simulate, exact or adaptive"});
    if (arguments.sweep.resume && arguments.out.empty()) errors.push_back({Place{}, "--resume needs -o, beside which the journal lies"});
  } else if (arguments.method == Method::adaptive) {
    errors.push_back({Place{}, "--method adaptive is for sweeps"});
  }
  if (arguments.method != Method::simulate && arguments.only_replication)
    errors.push_back({Place{}, "--only-replication repeats a simulated replication, and --method is another"});
  if (!errors.empty()) return fail(std::move(errors));
  return arguments;
}

int Arguments::threads() const { return jobs > 0 ? jobs : static_cast<int>(std::max(1u, std::thread::hardware_concurrency())); }

std::vector<std::string> Arguments::canonical_words() const {
  std::vector<std::string> words{"nines", word(command)};
  const auto add = [&](std::string argument) { words.push_back(std::move(argument)); };
  const auto give = [&](const char* option, std::string value) {
    words.emplace_back(option);
    words.push_back(std::move(value));
  };
  for (const std::string& operand : operands) add(operand);
  for (const Setting& setting : settings) {
    const std::string_view path = setting.path;
    const std::string_view name = path.substr(std::min(path.size(), std::string_view("simulation.").size()));
    if (!path.starts_with("simulation.") || !stands_for_a_setting(name)) {
      give("--set", setting.path + '=' + setting.value);
      continue;
    }
    // As the option, which may stand once: the last says what holds.
    if (std::any_of(&setting + 1, settings.data() + settings.size(), [&](const Setting& later) { return later.path == setting.path; })) continue;
    add("--" + std::string(name));
    add(setting.value);
  }
  if (relative_error && !only_replication) give("--relative-error", analysis::shortest(*relative_error));
  const bool may_be_another = command == Command::sweep || command == Command::submit;  // The sweep may name one.
  if (method == Method::simulate && method_is_typed && may_be_another) give("--method", "simulate");
  if (method == Method::exact) give("--method", "exact");
  if (method == Method::rare) give("--method", "rare");
  if (method == Method::adaptive) give("--method", "adaptive");
  for (const std::string& point : sweep.only) give("--only", point);
  if (level) give("--slo", analysis::shortest(*level));
  if (only_replication) give("--only-replication", std::to_string(*only_replication));
  if (!incident.name.empty()) give("--incident", incident.name);
  if (incident.length) give("--length", analysis::shortest(seconds(*incident.length)) + 's');
  if (incident.rate) give("--rate", analysis::shortest(*incident.rate) + "/s");
  if (incident.clients) give("--clients", std::to_string(*incident.clients));
  if (incident.without_flow_control) give("--flow-control", "off");
  if (gate) add("--gate");
  if (gates.named) {
    std::string metrics;
    for (const std::string& metric : gates.metrics) metrics += (metrics.empty() ? "" : ",") + metric;
    give("--fail-on", metrics);
  }
  for (const Tolerance& tolerance : gates.tolerances) give("--tolerance", tolerance.metric + '=' + tolerance.text);
  if (gates.strict) add("--strict");
  return words;
}

std::string Arguments::canonical() const {
  std::string line;
  for (const std::string& one : canonical_words()) line += (line.empty() ? "" : " ") + quoted(one);
  return line;
}

bool Arguments::limits_replications() const {
  return std::any_of(settings.begin(), settings.end(), [](const Setting& setting) { return setting.path == "simulation.replications"; });
}

std::string Arguments::as_typed(std::string message) const {
  for (const std::string& name : short_settings) {
    const std::string long_form = "--set simulation." + name + '=';
    for (std::size_t at = message.find(long_form); at != std::string::npos; at = message.find(long_form, at))
      message.replace(at, long_form.size(), "--" + name + ' ');
  }
  return message;
}

}  // namespace nines::scenarios
