#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/report/gate.hpp"
#include "analysis/stats/text.hpp"

namespace nines::analysis {
namespace {

// Lines that belong together: the rows of a table, or text.
struct Block {
  bool is_table = false;
  std::vector<std::string_view> lines;  // With their ends.
};

std::vector<Block> blocks_of(std::string_view text) {
  std::vector<Block> blocks;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, std::min(text.size(), text.find('\n') == std::string_view::npos ? text.size() : text.find('\n') + 1));
    const bool is_table = line.starts_with('|');
    if (blocks.empty() || blocks.back().is_table != is_table) blocks.push_back({is_table, {}});
    blocks.back().lines.push_back(line);
    text.remove_prefix(line.size());
  }
  return blocks;
}

constexpr std::size_t heading = 2;  // A table's first lines; they and one row stay.

std::string cut_to(const std::vector<Block>& blocks, std::size_t most_of_a_table) {
  std::string out;
  for (const Block& block : blocks) {
    std::size_t shown = 0, bytes = 0;
    while (shown < block.lines.size() && (!block.is_table || shown <= heading || bytes + block.lines[shown].size() <= most_of_a_table)) {
      bytes += block.lines[shown].size();
      out += block.lines[shown++];
    }
    if (shown < block.lines.size())
      out += "\n*" + counted(block.lines.size() - shown, "more rows") + " of this table left out: the whole answer is too long for this place.*\n";
  }
  return out;
}

}  // namespace

std::string shortened(std::string markdown, std::size_t most) {
  if (markdown.size() <= most) return markdown;
  const std::vector<Block> blocks = blocks_of(markdown);
  // The largest limit of a table's length with which all fits; shorter tables stay whole.
  std::size_t fits = 0, too_long = markdown.size();
  while (too_long - fits > 1) {
    const std::size_t middle = fits + (too_long - fits) / 2;
    (cut_to(blocks, middle).size() <= most ? fits : too_long) = middle;
  }
  std::string out = cut_to(blocks, fits);
  if (out.size() <= most) return out;
  const std::string end = "\n*The rest is left out: the whole answer is too long for this place.*\n";
  const std::size_t room = most > end.size() ? most - end.size() : 0;
  const std::size_t line = room == 0 ? std::string::npos : out.rfind('\n', room - 1);
  out.resize(line == std::string::npos ? 0 : line + 1);
  return (out + end).substr(0, most);
}

}  // namespace nines::analysis
