#include "scenarios/run/changes.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <string_view>
#include <utility>

#include "models/cost/money.hpp"
#include "scenarios/run/bill_of.hpp"

namespace nines::scenarios {
namespace {

bool is_of_the_file(const Explanation& explanation) { return explanation.place.line > 0 || explanation.source.starts_with("--set "); }

// What shapes the answer of an architecture.
bool is_of_the_design(const std::string& path) {
  for (const char* other : {"metadata.", "expect", "simulation.", "sweep", "incidents"})
    if (path.starts_with(other)) return false;
  return true;
}

std::string or_nothing(const std::string& text) { return text.empty() ? "(nothing)" : text; }

std::string where(const ChangedSetting& changed) {
  if (changed.place.line <= 0) return {};
  return changed.place.file + ':' + std::to_string(changed.place.line);
}

// "m6i.xlarge, # nodes of pool brokers in us-east-#": items of one kind, however many.
std::string without_numbers(const std::string& what) {
  std::string out;
  for (const char c : what) {
    const bool is_digit = std::isdigit(static_cast<unsigned char>(c)) != 0;
    if (is_digit && !out.empty() && out.back() == '#') continue;
    out += is_digit ? '#' : c;
  }
  return out;
}
// "# nodes of pool brokers in us-east-#": of whatever type.
std::string without_type(const std::string& what) {
  const auto comma = what.find(", ");
  return without_numbers(comma == std::string::npos ? what : what.substr(comma + 2));
}

using Items = std::vector<const cost::Item*>;

// Items of both bills that are one and the same: first by their words, then whatever their number is, then whatever their type.
std::vector<std::pair<const cost::Item*, const cost::Item*>> paired_items(const cost::Bill& base, const cost::Bill& head) {
  std::vector<std::pair<const cost::Item*, const cost::Item*>> pairs;
  Items left, right;
  for (const cost::Item& item : base.items) left.push_back(&item);
  for (const cost::Item& item : head.items) right.push_back(&item);
  const auto match = [&](auto key) {
    for (const cost::Item*& mine : left) {
      if (mine == nullptr) continue;
      const auto other = std::find_if(right.begin(), right.end(), [&](const cost::Item* item) {
        return item != nullptr && item->category == mine->category && key(item->what) == key(mine->what);
      });
      if (other == right.end()) continue;
      pairs.emplace_back(mine, *other);
      mine = *other = nullptr;
    }
  };
  match([](const std::string& what) { return what; });
  match(without_numbers);
  match(without_type);
  for (const cost::Item* item : left)
    if (item != nullptr) pairs.emplace_back(item, nullptr);
  for (const cost::Item* item : right)
    if (item != nullptr) pairs.emplace_back(nullptr, item);
  return pairs;
}

Cell money(std::int64_t micros) { return {cost::rounded(micros, 2), cost::value_of(micros)}; }
Cell change(std::int64_t micros) { return {(micros > 0 ? "+" : "") + cost::rounded(micros, 2), cost::value_of(micros)}; }

}  // namespace

std::vector<ChangedSetting> changed_settings(const Scenario& base, const Scenario& head) {
  std::map<std::string_view, const Explanation*> before, after;
  for (const Explanation& one : base.explanations) before.emplace(one.path, &one);
  for (const Explanation& one : head.explanations) after.emplace(one.path, &one);
  std::vector<ChangedSetting> written, defaults;
  for (const Explanation& one : head.explanations) {
    const auto found = before.find(one.path);
    const Explanation* old = found == before.end() ? nullptr : found->second;
    if (!is_of_the_design(one.path) || after.at(one.path) != &one || (old != nullptr && old->value == one.value)) continue;
    (is_of_the_file(one) || (old != nullptr && is_of_the_file(*old)) ? written : defaults).push_back({one.path, old != nullptr ? old->value : "", one.value, one.place});
  }
  for (const Explanation& one : base.explanations) {
    if (!is_of_the_design(one.path) || after.contains(one.path) || before.at(one.path) != &one) continue;
    (is_of_the_file(one) ? written : defaults).push_back({one.path, one.value, "", Place{}});
  }
  return written.empty() ? defaults : written;
}

std::string line_of(const ChangedSetting& changed) {
  const std::string at = where(changed);
  return changed.path + ": " + or_nothing(changed.base) + " -> " + or_nothing(changed.head) + (at.empty() ? "" : " (" + at + ")");
}

Sheet sheet_of(const std::vector<ChangedSetting>& changed) {
  Sheet sheet{.key = "changed_settings",
              .title = "What was changed",
              .method = "",
              .columns = {{"setting", "setting", ""}, {"base", "base", ""}, {"head", "head", ""}, {"where", "where", ""}},
              .rows = {},
              .shown = 30,
              .notes = {}};
  for (const ChangedSetting& one : changed) sheet.rows.push_back({{one.path}, {or_nothing(one.base)}, {or_nothing(one.head)}, {where(one)}});
  if (changed.empty()) sheet.notes.push_back("No setting of the design differs.");
  return sheet;
}

std::optional<Sheet> bill_difference(const Scenario& base, const Scenario& head) {
  if (base.prices == nullptr || head.prices == nullptr) return std::nullopt;
  const auto before = bill_of(base), after = bill_of(head);
  if (!before || !after || before->bill.currency != after->bill.currency) return std::nullopt;
  const std::string unit = before->bill.currency + "/month";
  Sheet sheet{
      .key = "bill_difference",
      .title = "The bill of a month, in " + before->bill.currency,
      .method = "exact arithmetic; items that cost the same are left out",
      .columns = {{"category", "category", ""}, {"what", "what", ""}, {"base", "base", unit}, {"head", "head", unit}, {"difference", "difference", unit}},
      .rows = {},
      .shown = 1000,
      .notes = {}};
  std::int64_t total_before = 0, total_after = 0;
  for (const cost::Category category : cost::categories) {
    for (const auto& [mine, other] : paired_items(before->bill, after->bill)) {
      const cost::Item& item = other != nullptr ? *other : *mine;
      if (item.category != category) continue;
      const std::int64_t was = mine != nullptr ? mine->amount.micros : 0, is = other != nullptr ? other->amount.micros : 0;
      total_before += was;
      total_after += is;
      if (was == is) continue;
      const std::string what = mine != nullptr && other != nullptr && mine->what != other->what ? mine->what + " -> " + other->what : item.what;
      sheet.rows.push_back(
          {{cost::name(category)}, {what}, mine != nullptr ? money(was) : Cell{"-", {}}, other != nullptr ? money(is) : Cell{"-", {}}, change(is - was)});
    }
  }
  sheet.rows.push_back({{"total"}, {""}, money(total_before), money(total_after), change(total_after - total_before)});
  return sheet;
}

}  // namespace nines::scenarios
