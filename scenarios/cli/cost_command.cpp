#include <chrono>
#include <string>
#include <utility>

#include "analysis/stats/text.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/load.hpp"
#include "scenarios/cli/log.hpp"
#include "scenarios/run/bill_of.hpp"
#include "scenarios/run/sheets.hpp"

namespace nines::scenarios {
namespace {

using cost::Category;

// The only clock that prices know; the bill itself does not depend on it.
cost::Date today() {
  const auto days = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  return cost::date_of(days.time_since_epoch().count());
}

std::string percent(double share) { return analysis::fixed(100 * share, 1) + " %"; }

double share_of(std::int64_t part, std::int64_t whole) { return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole); }

Cell money_cell(std::int64_t micros) { return {cost::rounded(micros, 2), cost::value_of(micros)}; }

std::string unit_price_text(const cost::Item& item, const std::string& currency) {
  return cost::decimal(item.unit_price.micros, 2) + (item.unit_price.currency == currency ? "" : ' ' + item.unit_price.currency) +
         (item.months == 1 ? "" : " / " + std::to_string(item.months));
}

Sheet items_of(const cost::Bill& bill, std::int64_t total) {
  const std::string money = bill.currency + "/month";
  Sheet sheet{.key = "items",
              .title = "Items",
              .method = "quantity x unit price = amount; a unit price / 12 is of a year",
              .columns = {{"category", "category", ""},
                          {"what", "what", ""},
                          {"quantity", "quantity", "unit"},
                          {"unit", "unit", ""},
                          {"unit_price", "unit price", "currency/unit"},
                          {"unit_price_currency", "", ""},
                          {"unit_price_months", "", "months"},
                          {"amount", bill.currency + " a month", money},
                          {"share", "share", "1"},
                          {"confidence", "confidence", ""},
                          {"date", "as of", ""},
                          {"source", "source", ""},
                          {"source_title", "", ""}},
              .rows = {},
              .shown = 1000,
              .notes = {}};
  for (const Category category : cost::categories) {
    for (const cost::Item& item : bill.items) {
      if (item.category != category) continue;
      const bool is_given = item.source.key == "scenario";
      sheet.rows.push_back({{cost::name(category)},
                            {item.what},
                            {cost::decimal(item.quantity.millionths, 0), cost::value_of(item.quantity.millionths)},
                            {item.unit},
                            {unit_price_text(item, bill.currency), cost::value_of(item.unit_price.micros)},
                            {item.unit_price.currency},
                            {std::to_string(item.months), item.months},
                            money_cell(item.amount.micros),
                            {percent(share_of(item.amount.micros, total)), share_of(item.amount.micros, total)},
                            {is_given ? "" : std::string(1, cost::letter(item.source.confidence))},
                            {is_given ? "" : cost::text(item.source.date)},
                            {item.source.key},
                            {item.source.title}});
    }
  }
  return sheet;
}

Sheet categories_of(const cost::Bill& bill, std::int64_t total) {
  Sheet sheet{.key = "categories",
              .title = "By category",
              .method = {},
              .columns = {{"category", "category", ""}, {"amount", bill.currency + " a month", bill.currency + "/month"}, {"share", "share", "1"}},
              .rows = {},
              .shown = 1000,
              .notes = {}};
  for (const Category category : cost::categories) {
    const auto part = cost::total(bill, category);
    if (part && part->micros > 0)
      sheet.rows.push_back({{cost::name(category)}, money_cell(part->micros), {percent(share_of(part->micros, total)), share_of(part->micros, total)}});
  }
  sheet.rows.push_back({{"total"}, money_cell(total), {total == 0 ? "" : "100.0 %", 1}});
  return sheet;
}

Sheet sources_of(const cost::Bill& bill) {
  Sheet sheet{.key = "sources",
              .title = "Sources",
              .method = "A: generated from the provider's interface; B: a published tool's recorded output; C: at second hand, or assumed",
              .columns = {{"source", "source", ""}, {"confidence", "confidence", ""}, {"date", "as of", ""}, {"title", "where", ""}},
              .rows = {},
              .shown = 1000,
              .notes = {}};
  for (const cost::Source& source : cost::used_sources(bill))
    if (source.key != "scenario")
      sheet.rows.push_back({{source.key}, {std::string(1, cost::letter(source.confidence))}, {cost::text(source.date)}, {source.title}});
  return sheet;
}

}  // namespace

Exit cost(const Arguments& arguments) {
  const auto loaded = load(arguments);
  if (!loaded) return loaded.error();
  const Scenario& scenario = loaded->scenario;
  auto priced = bill_of(scenario, arguments.uptime ? std::optional(1 - *arguments.uptime) : std::nullopt);
  if (!priced) {
    log_plain(render(priced.error(), loaded->text));
    return Exit::scenario_invalid;
  }
  const cost::Bill& bill = priced->bill;
  if (!arguments.quiet)
    for (const std::string& doubt : doubts_about(scenario, bill, arguments.as_of.value_or(today()))) log_warning(doubt);
  const std::int64_t total = cost::total(bill)->micros;
  Book book{.title = scenario.metadata.name + ": " + cost::rounded(total, 2) + ' ' + bill.currency + " a month",
            .headline = {},
            .sheets = {},
            .notes = priced->notes};
  book.headline.push_back("exact arithmetic; " + provenance_of(bill) + "; a month is 730 hours; price catalogue " + scenario.prices->name);
  for (const cost::Exchange& rate : cost::used_exchanges(bill))
    book.headline.push_back("1 " + rate.from + " = " + cost::decimal(rate.rate.millionths, 2) + ' ' + rate.to + " on " + cost::text(rate.date) +
                            ", by " + rate.source);
  book.sheets = {categories_of(bill, total), items_of(bill, total), sources_of(bill)};
  switch (arguments.format.value_or(Format::table)) {
    case Format::json: return print(json(book));
    case Format::csv: return print(csv(book.sheets[1]));
    case Format::markdown: return print(markdown(book));
    default: return print(text(book));
  }
}

}  // namespace nines::scenarios
