#include "scenarios/sweep/journal.hpp"

#include <csignal>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nines::scenarios {
namespace journal_test {

namespace fs = std::filesystem;

class Journals : public testing::Test {
 protected:
  void SetUp() override {
    folder = fs::path(testing::TempDir()) /
             ("nines_journal_" + std::to_string(::getpid()) + '_' + testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder);
  }
  void TearDown() override { fs::remove_all(folder); }

  Journal opened(const std::string& name = "main", const std::string& identity = "a sweep") {
    auto journal = Journal::open(folder.string(), name, identity);
    EXPECT_TRUE(journal) << (journal ? "" : journal.error().front().what);
    return std::move(*journal);
  }
  std::string file(const std::string& name = "main") const { return (folder / (name + ".journal")).string(); }
  std::string bytes() const {
    std::ifstream in(file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& all) const { std::ofstream(file(), std::ios::binary | std::ios::trunc) << all; }

  fs::path folder;
};

Unit unit_of(std::uint64_t point) { return {.point = point, .first = 25 * point, .points = 1, .count = 25}; }
std::string payload_of(std::uint64_t point) { return std::string(point * 7 % 61, static_cast<char>('a' + point % 26)); }

void fill(Journal& journal, std::uint64_t from, std::uint64_t to) {
  for (std::uint64_t point = from; point < to; ++point) ASSERT_TRUE(journal.append(unit_of(point), payload_of(point)));
}

void expect_units(Journal& journal, std::uint64_t count) {
  const auto& entries = journal.entries();
  ASSERT_EQ(entries.size(), count);
  for (std::uint64_t i = 0; i < count; ++i) {
    EXPECT_EQ(entries[i].unit, unit_of(i));
    EXPECT_EQ(journal.payload(entries[i]).value(), payload_of(i));
  }
}

TEST_F(Journals, WhatWasAppendedIsThereForTheNextProcess) {
  {
    Journal journal = opened();
    fill(journal, 0, 40);
    EXPECT_EQ(journal.appended(), 40u);
  }
  Journal again = opened();
  EXPECT_EQ(again.own_units(), 40u);
  expect_units(again, 40);
  EXPECT_TRUE(again.damage().empty());
  EXPECT_EQ(again.appended(), 0u);
  fill(again, 40, 50);
  expect_units(again, 50);
  EXPECT_TRUE(again.holds(unit_of(41)));
  EXPECT_FALSE(again.holds(unit_of(50)));
}

TEST_F(Journals, InMemoryTheyAreTheSameWithoutAFile) {
  Journal journal = Journal::in_memory();
  fill(journal, 0, 20);
  expect_units(journal, 20);
  EXPECT_FALSE(fs::exists(folder));
}

TEST_F(Journals, AFileCutAtAnyByteHoldsItsWholeRecordsAndGoesOn) {
  {
    Journal journal = opened();
    fill(journal, 0, 12);
  }
  const std::string whole = bytes();
  std::size_t known = 0;
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    write(whole.substr(0, length));
    Journal journal = opened();
    const std::size_t held = journal.entries().size();
    ASSERT_GE(held, known);  // Grows with the length, by one record at a time.
    ASSERT_LE(held, known + 1);
    known = held;
    fill(journal, held, 12);
    expect_units(journal, 12);
    ASSERT_EQ(bytes(), whole) << length;
  }
  EXPECT_EQ(known, 12u);
}

TEST_F(Journals, AFlippedBitIsNeverReadAsAResult) {
  {
    Journal journal = opened();
    fill(journal, 0, 12);
  }
  const std::string whole = bytes();
  for (std::size_t bit = 0; bit < 8 * whole.size(); bit += 5) {
    std::string changed = whole;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    write(changed);
    auto journal = Journal::read({folder.string()}, "a sweep");
    ASSERT_EQ(!journal, bit / 8 < 16 + 32 + 7) << bit;  // The line at the file's head, or the identity.
    if (!journal) continue;
    EXPECT_EQ(journal->damage().size(), 1u);
    const auto& entries = journal->entries();
    EXPECT_LT(entries.size(), 12u);
    for (const auto& entry : entries) EXPECT_EQ(journal->payload(entry).value(), payload_of(entry.unit.point));
  }
}

TEST_F(Journals, ADamagedRecordCostsItselfOnly) {
  {
    Journal journal = opened();
    fill(journal, 0, 12);
  }
  std::string changed = bytes();
  changed[changed.find(payload_of(5)) + 3] = 'X';
  write(changed);
  Journal journal = opened();
  EXPECT_EQ(journal.entries().size(), 11u);
  EXPECT_FALSE(journal.holds(unit_of(5)));
  ASSERT_EQ(journal.damage().size(), 1u);
  EXPECT_NE(journal.damage().front().find("1 records were damaged"), std::string::npos) << journal.damage().front();
  fill(journal, 5, 6);
  expect_units(journal, 12);
}

TEST_F(Journals, MoreFilesThanAProcessMayOpenAreRead) {
  for (std::uint64_t shard = 0; shard < 100; ++shard) {
    Journal journal = opened(std::to_string(shard + 1) + "-of-100");
    fill(journal, shard, shard + 1);
  }
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit few = before;
  few.rlim_cur = 80;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  auto all = Journal::read({folder.string()}, "a sweep");
  EXPECT_TRUE(all);
  if (all) expect_units(*all, 100);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST_F(Journals, WhatCannotBeReadIsAnErrorAndNotDamage) {
  fs::create_directories(folder / "main.journal");
  const auto journal = Journal::read({folder.string()}, "a sweep");
  ASSERT_FALSE(journal);
  EXPECT_NE(journal.error().front().what.find("cannot read"), std::string::npos) << journal.error().front().what;
}

TEST_F(Journals, AnotherSweepsJournalIsRefused) {
  { Journal journal = opened(); }
  const auto other = Journal::open(folder.string(), "main", "another sweep");
  ASSERT_FALSE(other);
  EXPECT_NE(other.error().front().what.find("belongs to another sweep"), std::string::npos);
  EXPECT_FALSE(Journal::read({folder.string()}, "another sweep"));
  EXPECT_EQ(Journal::identity_of(folder.string()).value(), "a sweep");
}

TEST_F(Journals, AFileOfSomebodyElseIsNotOverwritten) {
  fs::create_directories(folder);
  write("Dear diary, this is not what you think it is.\n");
  const auto journal = Journal::open(folder.string(), "main", "a sweep");
  ASSERT_FALSE(journal);
  EXPECT_NE(journal.error().front().what.find("is not a journal"), std::string::npos);
  EXPECT_EQ(bytes(), "Dear diary, this is not what you think it is.\n");
}

TEST_F(Journals, OneWriterAtATime) {
  Journal journal = opened();
  const auto second = Journal::open(folder.string(), "main", "a sweep");
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().front().what.find("another run of nines is working on"), std::string::npos);
}

TEST_F(Journals, ShardsWriteSideBySideAndAreReadAsOne) {
  {
    Journal a = opened("1-of-2"), b = opened("2-of-2");
    for (std::uint64_t point = 0; point < 20; ++point) ASSERT_TRUE((point % 2 == 0 ? a : b).append(unit_of(point), payload_of(point)));
    ASSERT_TRUE(b.append(unit_of(4), payload_of(4)));  // Done twice: counts once.
  }
  auto all = Journal::read({folder.string()}, "a sweep");
  ASSERT_TRUE(all);
  expect_units(*all, 20);
  {
    Journal main = opened(), a = opened("1-of-2");
    ASSERT_TRUE(main.remove());
    EXPECT_TRUE(fs::exists(file("1-of-2"))) << "somebody is writing it";
    EXPECT_FALSE(fs::exists(file("2-of-2")));
    EXPECT_FALSE(fs::exists(file()));
  }
  ASSERT_TRUE(opened().remove());
  EXPECT_FALSE(fs::exists(folder));
}

TEST_F(Journals, AFullDiskLeavesWholeRecords) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  for (rlim_t limit = 80; limit < 700; limit += 13) {
    fs::remove_all(folder);
    std::uint64_t held = 0;
    {
      Journal journal = opened();
      rlimit small = before;
      small.rlim_cur = limit;
      ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
      while (held < 40 && journal.append(unit_of(held), payload_of(held))) ++held;
      const auto more = journal.append(unit_of(99), "x");
      EXPECT_FALSE(more);
      ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
      EXPECT_FALSE(journal.append(unit_of(99), "x"));  // What failed once is not tried again: the file's end is not known any more.
    }
    Journal journal = opened();
    EXPECT_TRUE(journal.damage().empty());
    expect_units(journal, held);
  }
  std::signal(SIGXFSZ, ignored);
}

}  // namespace journal_test
}  // namespace nines::scenarios
