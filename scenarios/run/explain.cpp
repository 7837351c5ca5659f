#include "scenarios/run/explain.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "analysis/stats/text.hpp"
#include "analysis/report/format.hpp"
#include "analysis/why/attribution.hpp"
#include "analysis/why/data_loss.hpp"
#include "analysis/why/sensitivity.hpp"
#include "analysis/why/survival.hpp"
#include "scenarios/run/against.hpp"
#include "scenarios/run/exact_metrics.hpp"
#include "scenarios/run/explain_load.hpp"
#include "scenarios/run/explain_structure.hpp"
#include "scenarios/run/gap_lives.hpp"
#include "scenarios/run/people.hpp"

namespace nines::scenarios {
namespace {

using analysis::Blame;
using analysis::fixed;
using analysis::significant;

constexpr double year_s = seconds(year);

Cell minutes(double share) { return {significant(share * minutes_a_year, 3), share * minutes_a_year}; }
Cell number(double value) { return {significant(value, 3), value}; }
Cell percent(double share, double error) {
  const std::string text = share > 0 && share < 0.0005 ? "< 0.1 %" : fixed(100 * share, 1) + " %";
  return {196 * error >= 0.05 ? text + " ± " + fixed(196 * error, 1) : text, share};
}
double nines_of(double down) { return down > 0 ? analysis::nines_of(down) : 0; }
// Cut, towards the pessimist.
std::string nines_text(double down) { return down > 0 ? fixed(std::floor(10 * nines_of(down) + 1e-9) / 10, 1) : "-"; }

Sheet attribution_sheet(const analysis::Attribution& answer, const std::vector<std::string>& modes, const analysis::GapSum& gaps) {
  Sheet sheet{.key = "attribution",
              .title = "Who takes the time away: downtime by failure mode",
              .method = "losses and 'but for it' exact; last straw's share of time sampled at " + analysis::counted(answer.drawn, "instants of loss") +
                        ", minimal cuts " + (answer.shared_solved ? "exact" : "sampled at the same") + "; gaps measured on " +
                        analysis::counted(gaps.faults(), "single faults") + "; ±: of both, at 95 %",
              .columns = {{"mode", "mode", ""},
                          {"trigger", "last straw", "1"},
                          {"shared", "minimal cuts", "1"},
                          {"but_for", "but for it, min/year", "min/year"},
                          {"losses", "completes losses/year", "1/year"},
                          {"gaps", "gaps, min/year", "min/year"},
                          {"trigger_error", "", "1"},
                          {"shared_error", "", "1"}},
              .rows = {},
              .shown = 10,
              .notes = {}};
  std::vector<std::size_t> order;
  for (std::size_t m = 0; m < modes.size(); ++m) order.push_back(m);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::max(answer.modes[a].trigger, answer.modes[a].shared) > std::max(answer.modes[b].trigger, answer.modes[b].shared);
  });
  std::string none;
  for (const std::size_t m : order) {
    const Blame& blame = answer.modes[m];
    if (blame.losses_per_s == 0 && blame.gaps == 0 && blame.but_for == 0) {
      none += (none.empty() ? "" : ", ") + modes[m];
      continue;
    }
    const double gap_error = gaps.some_of(m).error / answer.fraction();
    const double trigger_error = std::hypot(blame.trigger_error, gap_error), shared_error = std::hypot(blame.shared_error, gap_error);
    sheet.rows.push_back({{modes[m], {}},
                          percent(blame.trigger, trigger_error),
                          percent(blame.shared, shared_error),
                          minutes(blame.but_for),
                          number(blame.losses_per_s * year_s),
                          minutes(blame.gaps),
                          {"", trigger_error},
                          {"", shared_error}});
  }
  sheet.notes.push_back(
      "last straw: all to the fault that came last. minimal cuts: evenly to what had to fail together. but for it: what never having it would win.");
  if (!none.empty()) sheet.notes.push_back("Without downtime: " + none + '.');
  if (answer.covered < 1)
    sheet.notes.push_back("Cut sets that were looked at explain " + fixed(100 * answer.covered, 2) +
                          " % of the time without a quorum; shares are of that.");
  return sheet;
}

Sheet tornado_sheet(const analysis::Sensitivity& answer, const std::vector<std::string>& modes) {
  Sheet sheet{.key = "tornado",
              .title = "What the answer hangs on: each rate and duration at the catalogue's bounds, one at a time",
              .method = "quorum solved anew for each, gaps scaled with the rate",
              .columns = {{"mode", "mode", ""},
                          {"of", "of", ""},
                          {"low_factor", "from ×", "1"},
                          {"high_factor", "to ×", "1"},
                          {"at_low", "min/year at low", "min/year"},
                          {"at_high", "min/year at high", "min/year"},
                          {"nines_at_low", "nines at low", "nines"},
                          {"nines_at_high", "nines at high", "nines"}},
              .rows = {},
              .shown = 8,
              .notes = {}};
  for (const analysis::Swing& swing : answer.swings) {
    sheet.rows.push_back({{modes[swing.mode], {}},
                          {swing.of == analysis::Swing::Of::rate ? "rate" : "duration", {}},
                          number(swing.low_factor),
                          number(swing.high_factor),
                          minutes(swing.at_low),
                          minutes(swing.at_high),
                          {nines_text(swing.at_low), nines_of(swing.at_low)},
                          {nines_text(swing.at_high), nines_of(swing.at_high)}});
  }
  if (answer.left_out > 0) sheet.notes.push_back("Not moved, to save time: the " + std::to_string(answer.left_out) + " modes with the least to win.");
  if (sheet.rows.empty()) sheet.notes.emplace_back("No mode has bounds that move the answer.");
  return sheet;
}

Sheet purchase_sheet(const analysis::Sensitivity& answer, const std::vector<std::string>& modes) {
  Sheet sheet{.key = "half_nine",
              .title = "What would buy the next half nine: to " + significant(answer.aim * minutes_a_year, 3) + " min/year",
              .method = "exact, by bisection on the rate",
              .columns = {{"modes", "modes", ""}, {"rate_factor", "rate ×", "1"}},
              .rows = {},
              .shown = 5,
              .notes = {}};
  for (const analysis::Purchase& purchase : answer.purchases) {
    std::string names;
    for (const std::uint16_t m : purchase.modes) names += (names.empty() ? "" : " and ") + modes[m];
    sheet.rows.push_back({{names, {}}, number(purchase.factor)});
  }
  if (!answer.single)
    sheet.notes.push_back("No single mode is enough, even if it never happened" +
                          std::string(answer.purchases.empty() ? ", nor any few of them together." : "."));
  return sheet;
}

Sheet data_loss_sheet(const analysis::DataLoss& answer, const std::vector<std::string>& modes) {
  Sheet sheet{.key = "data_loss",
              .title = "Acknowledged commands lost: the disks of a majority of some partition empty at once",
              .method = answer.lost.unexamined > 0 ? "at least; not every state was looked at" : "exact; a disk is empty until its broker is back and has been sent the data",
              .columns = {{"modes", "by", ""},
                          {"per_year", "times/year", "1/year"},
                          {"within_a_year", "chance within a year", "1"},
                          {"reseed", "to send the data", "s"}},
              .rows = {},
              .shown = 1,
              .notes = {}};
  std::string names;
  for (const std::uint16_t m : answer.modes) names += (names.empty() ? "" : ", ") + modes[m];
  sheet.rows.push_back({{names, {}},
                        number(answer.lost.per_s * year_s),
                        {significant(100 * answer.within_a_year(), 3) + " %", answer.within_a_year()},
                        {analysis::human_time(answer.reseed_s, 3), answer.reseed_s}});
  sheet.notes.emplace_back("Not in it: acknowledgement before the flush, forced failover.");
  return sheet;
}

// What a backup gives back when data are lost, and when.
Sheet backup_sheet(const world::BackupRestore& backup, const analysis::DataLoss& loss) {
  const double takes_s = restoring_takes_s(backup);
  const auto time = [](double s) { return Cell{analysis::human_time(s, 3), s}; };
  Sheet sheet{.key = "backup",
              .title = "Going back to a backup when data are lost",
              .method = "exact; data are lost at any moment between two backups, and the steps follow each other",
              .columns = {{"every", "backups every", "s"},
                          {"lost", "lost on average", "s"},
                          {"most_lost", "at most", "s"},
                          {"takes", "steps take", "s"},
                          {"minutes_per_year", "min/year", "min/year"}},
              .rows = {},
              .shown = 1,
              .notes = {}};
  sheet.rows.push_back({time(seconds(backup.every)), time(seconds(backup.takes + backup.every / 2)), time(seconds(backup.takes + backup.every)),
                        time(takes_s), number(loss.lost.per_s * takes_s * minutes_a_year)});
  sheet.notes.emplace_back(
      "The steps: detection, decision in the hours of operations.coverage, download, start (operations.backup); machines that have to be repaired "
      "first come on top. The minutes are not "
      "in "
      "those above: nines run has both.");
  return sheet;
}

// What users can do, and what keeps them from it.
Sheet capability_sheet(const world::Options& world, const std::vector<std::optional<analysis::CapabilityAnswer>>& answers) {
  Sheet sheet{.key = "capabilities",
              .title = "What users can do",
              .method = "components and partitions exact, elections measured; a process that moves to another machine fault by fault",
              .columns = {{"capability", "capability", ""},
                          {"uptime", "uptime", "1"},
                          {"minutes_per_year", "down min/year", "min/year"},
                          {"causes", "would be won without", ""}},
              .rows = {},
              .shown = 30,
              .notes = {}};
  for (std::size_t c = 0; c < answers.size(); ++c) {
    if (!answers[c]) continue;
    const double up = analysis::uptime_of(answers[c]->fraction());
    sheet.rows.push_back({{analysis::name_of(world, world.services.capabilities[c]), {}},
                          {analysis::percent_up(up), up},
                          number(answers[c]->fraction() * minutes_a_year),
                          {analysis::three_of(answers[c]->causes), {}}});
  }
  if (sheet.rows.size() < answers.size())
    sheet.notes.emplace_back("Some capabilities hang on too many partitions at once to be solved; simulate them.");
  return sheet;
}

// Where the scenario departs from the reference, and at what price.
Sheet departures_sheet(const std::vector<Departure>& departures) {
  Sheet sheet{.key = "reference",
              .title = "Against the reference architecture",
              .method = "solved with the one change, quorums and components only",
              .columns = {{"what", "here", ""},
                          {"instead", "reference", ""},
                          {"minutes_per_year", "costs min/year", "min/year"},
                          {"of", "in which", ""},
                          {"why", "why", ""}},
              .rows = {},
              .shown = 20,
              .notes = {}};
  for (const Departure& one : departures)
    sheet.rows.push_back(
        {{one.what, {}}, {one.instead, {}}, one.minutes_a_year ? number(*one.minutes_a_year) : Cell{"not solved", {}}, {one.of, {}}, {one.sentence, {}}});
  return sheet;
}

std::string told(const Departure& one) {
  std::string text = static_cast<char>(std::toupper(static_cast<unsigned char>(one.what.front()))) + one.what.substr(1) + ". " + one.sentence;
  if (one.minutes_a_year && *one.minutes_a_year <= 0) return text + " By itself, " + one.instead + " would win nothing here.";
  if (one.minutes_a_year)
    text += " It costs " + significant(*one.minutes_a_year, 3) + " minutes a year in which " + one.of + ", against " + one.instead + '.';
  return text;
}

void add_departures(const Scenario& scenario, Book& book) {
  const auto departures = departures_of(scenario);
  if (departures.empty()) return;
  for (const Departure& one : departures) book.headline.push_back(told(one));
  book.sheets.push_back(departures_sheet(departures));
}

std::string title_of(const Question& question) {
  return question.provenance.scenario + (question.provenance.question.empty() ? "" : ": " + question.provenance.question);
}

// `restores`: what the question's world has been relieved of.
void add_cluster(const Question& question, const analysis::Model& model, std::size_t c, const GapLives& lives,
                 const std::vector<world::BackupRestore>& restores, Book& book, const std::string& of) {
  std::vector<double> gaps;
  for (std::size_t m = 0; m < model.modes.size(); ++m) gaps.push_back(lives.of(c).some_of(m).value);
  const analysis::CutSets cuts = analysis::cut_sets_of(model, c);
  const analysis::Attribution why = analysis::attribute(model, c, question.world, cuts, gaps, question.provenance.seed);
  const double error = lives.of(c).some().error;
  const std::string name = of.empty() ? std::string() : model.clusters[c].name + ": ";
  book.headline.push_back(name + nines_text(why.fraction()) + " nines: " + significant(why.fraction() * minutes_a_year, 3) +
                          " min/year in which some partition cannot be written.");
  book.headline.push_back(
      "Without a quorum " + significant(why.lost.fraction * minutes_a_year, 3) + " min/year in " + significant(why.lost.per_s * year_s, 3) +
      " losses of " + (why.lost.per_s > 0 ? analysis::human_time(why.lost.mean_s(), 3) : std::string("-")) + " on average (exact" +
      (why.lost.unexamined > 0 ? ", up to " + significant(why.lost.unexamined * minutes_a_year, 2) + " min/year more in states not looked at" : std::string()) +
      "); beside it " + significant(why.gaps * minutes_a_year, 3) + " ± " + significant(1.96 * error * minutes_a_year, 2) +
      " min/year of elections and restarts (measured).");
  book.sheets.push_back(attribution_sheet(why, model.modes, lives.of(c)));
  book.sheets.back().key += of;
  add_structure(question.world, model, c, cuts, Numbers::with, of, book);
  if (const auto sensitivity = analysis::sensitivity_of(question.world, c, gaps)) {
    book.sheets.push_back(tornado_sheet(*sensitivity, model.modes));
    book.sheets.back().key += of;
    book.sheets.push_back(purchase_sheet(*sensitivity, model.modes));
    book.sheets.back().key += of;
  }
  if (const auto loss = analysis::data_loss_of(question.world, c); loss && !loss->modes.empty()) {
    book.sheets.push_back(data_loss_sheet(*loss, model.modes));
    book.sheets.back().key += of;
    for (const world::BackupRestore& restore : restores) {
      if (restore.cluster != c) continue;
      book.sheets.push_back(backup_sheet(restore, *loss));
      book.sheets.back().key += of;
    }
  } else {
    book.notes.push_back(name + "Acknowledged commands lost: no mode of this scenario empties a disk.");
  }
}

// The same places with faults that have no laws in common, for what depends on places alone.
world::Options only_places(world::Options options) {
  options.script.clear();
  options.trace = nullptr;
  for (failure::Mode& mode : options.modes) mode.repair = {};
  return options;
}

}  // namespace

Explained explain(const Question& given) {
  Explained explained;
  Book& book = explained.book;
  Question question = given;
  std::vector<world::BackupRestore> restores;
  restores.swap(question.world.restores);
  if (!question.world.failovers.empty()) {
    question.world.failovers.clear();
    book.notes.emplace_back(
        "As it is before anybody steps in: operations.failover is left out here, and nines run says what it makes of the loss of a region.");
  }
  book.title = title_of(question);
  const std::size_t clusters = question.world.clusters.size();
  const auto key_of = [&](std::size_t c) { return clusters > 1 ? "." + question.world.clusters[c].name : std::string(); };
  const auto model = analysis::model_of(question.world);
  if (model) {
    GapLives lives(question, std::chrono::steady_clock::now());
    lives.run(GapLives::least);
    explained.stop = lives.stop();
    explained.broken = std::move(lives.broken);
    explained.under_way = std::move(lives.under_way);
    if (lives.lives() < 2) {
      book.notes.emplace_back("Stopped before gaps beside the quorum were measured: no causes.");
    } else {
      for (std::size_t c = 0; c < clusters; ++c) add_cluster(question, *model, c, lives, restores, book, key_of(c));
      if (!question.world.services.capabilities.empty()) {
        const Gaps gaps{.of = lives.sums(), .election_s = lives.election_s()};
        book.sheets.push_back(capability_sheet(question.world, analysis::capabilities_of(*model, question.world, partition_gaps(gaps))));
      }
      book.notes.emplace_back(
          "Exact under independent repair: faults come and go independently of each other, and gaps beside the quorum add up fault by fault.");
    }
  } else {
    for (const Error& error : model.error()) book.notes.push_back("No causes in numbers: " + error.what + '.');
    if (const auto places = analysis::model_of(only_places(question.world)))
      for (std::size_t c = 0; c < clusters; ++c)
        if (!places->atoms.empty()) add_structure(question.world, *places, c, analysis::cut_sets_of(*places, c), Numbers::without, key_of(c), book);
  }
  add_departures(*question.scenario, book);
  for (std::size_t c = 0; c < clusters; ++c) add_survival(question.world, c, key_of(c), book);
  if (auto people = people_sheet(*question.scenario, given.world)) book.sheets.push_back(std::move(*people));
  for (std::size_t c = 0; c < clusters; ++c) add_load(*question.scenario, question.world, c, key_of(c), book);
  return explained;
}

Book against_reference(const Question& question) {
  Book book{.title = title_of(question), .headline = {}, .sheets = {}, .notes = {}};
  add_departures(*question.scenario, book);
  if (book.sheets.empty()) book.headline.emplace_back("Nothing departs from the reference architecture.");
  return book;
}

}  // namespace nines::scenarios
