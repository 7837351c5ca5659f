#include "tests/real/etcd_names.hpp"

#include <sstream>

namespace nines::real {

quorum::Change change_named(const std::string& word) {
  using Kind = quorum::Change::Kind;
  const Kind kind = word[0] == 'v' ? Kind::voter : word[0] == 'l' ? Kind::learner : word[0] == 'r' ? Kind::remove : Kind::update;
  const int node = std::stoi(word.substr(1));
  return {kind, static_cast<std::uint8_t>(node == 0 ? quorum::max_members : node - 1)};
}

std::vector<quorum::Change> changes_named(const std::vector<std::string>& lines) {
  std::vector<quorum::Change> changes;
  for (const std::string& line : lines) {
    std::istringstream in(line);
    for (std::string word; in >> word;) changes.push_back(change_named(word));
  }
  return changes;
}

std::string members_text(quorum::Members members) {
  std::string text;
  for (int i = 0; i < quorum::max_members; ++i)
    if (quorum::contains(members, i)) text += (text.empty() ? "" : " ") + std::to_string(i + 1);
  return text;
}

std::string configuration_text(const quorum::Configuration& c) {
  std::string text = "voters=(" + members_text(c.incoming) + ")";
  if (c.joint()) text += "&&(" + members_text(c.outgoing) + ")";
  if (c.learners != 0) text += " learners=(" + members_text(c.learners) + ")";
  if (c.learners_next != 0) text += " learners_next=(" + members_text(c.learners_next) + ")";
  if (c.auto_leave) text += " autoleave";
  return text;
}

std::string configuration_state_text(const quorum::Configuration& c) {
  return "Voters:[" + members_text(c.incoming) + "] VotersOutgoing:[" + members_text(c.outgoing) + "] Learners:[" + members_text(c.learners) +
         "] LearnersNext:[" + members_text(c.learners_next) + "] AutoLeave:" + (c.auto_leave ? "true" : "false");
}

}  // namespace nines::real
