#include "tests/real/etcd_trace.hpp"

#include <algorithm>
#include <cctype>

namespace nines::real {

namespace {

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

bool left_out(const std::string& line) {
  for (const char* start : {"INFO ", "DEBUG ", "WARN ", "ERROR ", "Ready MustSync"})
    if (line.starts_with(start)) return true;
  return line.empty() || line == "ok";
}

// "1->2 MsgApp ..." or "dropped: 1->2 MsgApp ..."
bool is_message(const std::string& line) {
  const std::size_t arrow = line.find("->");
  return arrow != std::string::npos && arrow > 0 && std::isdigit(static_cast<unsigned char>(line[arrow - 1])) != 0;
}

// The rest of the message in the line before: its snapshot, or why it was not taken.
bool continues(const std::string& line) { return line.starts_with("Snapshot: ") || line.starts_with("raft: "); }

}  // namespace

std::vector<TraceLine> normalised(const std::vector<std::string>& lines, int first_line) {
  std::vector<TraceLine> all;
  bool in_list = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string line = trimmed(lines[i]);
    if (left_out(line)) continue;
    if (!all.empty() && (in_list || continues(line))) {
      all.back().text += " " + line;
    } else {
      all.push_back({line, first_line + static_cast<int>(i)});
    }
    in_list = line.ends_with("Entries:[") || (in_list && line != "]");
  }
  const auto by_text = [](const TraceLine& a, const TraceLine& b) { return a.text < b.text; };
  for (auto from = all.begin(); from != all.end();) {
    const auto to = std::find_if(from, all.end(), [](const TraceLine& line) { return !is_message(line.text); });
    std::stable_sort(from, to, by_text);
    from = to == all.end() ? to : to + 1;
  }
  return all;
}

std::string difference(const std::string& file, const std::vector<TraceLine>& expected, const std::vector<TraceLine>& ours) {
  const std::size_t n = expected.size(), m = ours.size();
  // common[i][j]: the length of the longest common part of what follows.
  std::vector<std::vector<std::size_t>> common(n + 1, std::vector<std::size_t>(m + 1, 0));
  for (std::size_t i = n; i-- > 0;)
    for (std::size_t j = m; j-- > 0;)
      common[i][j] = expected[i].text == ours[j].text ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  if (n == m && common[0][0] == n) return "";
  std::string text;
  for (std::size_t i = 0, j = 0; i < n || j < m;) {
    if (i < n && j < m && expected[i].text == ours[j].text) {
      text += "    " + expected[i].text + "\n";
      ++i, ++j;
    } else if (j == m || (i < n && common[i + 1][j] >= common[i][j + 1])) {
      text += "  - " + expected[i].text + "   (" + file + ":" + std::to_string(expected[i].line) + ")\n";
      ++i;
    } else {
      text += "  + " + ours[j].text + "\n";
      ++j;
    }
  }
  return text;
}

}  // namespace nines::real
