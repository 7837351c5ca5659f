#include "models/world/mail.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace nines::world {
namespace mail_test {

raft::Message append(raft::Index index) {
  raft::Message m;
  m.kind = raft::Kind::append;
  m.index = index;
  m.entries = 2;
  return m;
}

TEST(Mail, KeepsTheFurtherRunsAndTheConfigurationOfAMessage) {
  Mail mail;
  raft::Message rich = append(7);
  rich.more_runs = 1;
  rich.more[0] = {3, 4, 100};
  rich.change.index = 9;
  const std::uint32_t plain_id = mail.send(append(5), 1), rich_id = mail.send(rich, 2);
  EXPECT_EQ(mail.message(plain_id).last(), 7u);
  EXPECT_EQ(mail.message(plain_id).change.index, 0u);
  EXPECT_EQ(mail.message(rich_id).last(), 13u);
  EXPECT_EQ(mail.message(rich_id).change.index, 9u);
  EXPECT_EQ(mail.epoch(rich_id), 2u);
}

TEST(Mail, ReusesThePlacesOfWhatHasArrived) {
  Mail mail;
  raft::Message rich = append(7);
  rich.change.index = 8;
  const std::uint32_t first = mail.send(rich, 1);
  mail.discard(first);
  const std::uint32_t second = mail.send(append(1), 1);
  EXPECT_EQ(second, first);
  EXPECT_EQ(mail.message(second).change.index, 0u) << "a plain message in its place says nothing of a configuration";
}

TEST(Mail, LinksTheMessagesThatWaitForAWriteInTheirOrder) {
  Mail mail;
  const std::vector<raft::Message> waiting{append(1), append(2), append(3)};
  const std::uint32_t id = mail.write(raft::Durable{4, 1, 3, 4}, 2, 6, waiting);
  const Mail::Write& write = mail.write(id);
  EXPECT_EQ(write.writer, 2u);
  EXPECT_EQ(write.epoch, 6u);
  EXPECT_EQ(write.durable.term, 4u);
  std::vector<raft::Index> seen;
  for (std::uint32_t w = write.waiting; w != Mail::none; w = mail.after(w)) seen.push_back(mail.brief(w).index);
  EXPECT_EQ(seen, (std::vector<raft::Index>{1, 2, 3}));
}

}  // namespace mail_test
}  // namespace nines::world
