// What is finished of a sweep, on the disk: a folder with one file a writer. A file is only ever appended to, every record with its checksum: killed at
// any instant, it is read up to its last whole record, and nothing that was finished before is lost.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/sweep/unit.hpp"
#include "sim/base/result.hpp"

namespace nines::scenarios {

class Journal {
 public:
  // A finished unit and where its bytes are.
  struct Entry {
    Unit unit;
    std::uint64_t offset = 0;
    std::uint32_t length = 0;
    std::uint32_t file = 0;
  };

  // Reads all files of the folders, which need not be there. `identity` tells one sweep from another: a file of another sweep is an error, whose text
  // says so. What is damaged is passed over; damage() tells of it.
  static Result<Journal> read(const std::vector<std::string>& folders, std::string_view identity);
  // The identity that the first file of the folder begins with. An error where there is none.
  static Result<std::string> identity_of(const std::string& folder);

  // The same, and opens FOLDER/NAME.journal to append to, locked: a second process that wants it is refused. A damaged end is cut off. Of the others,
  // those whose NAME `passes_over` says so of are not read.
  static Result<Journal> open(const std::string& folder, const std::string& name, std::string_view identity,
                              const std::function<bool(std::string_view name)>& passes_over = {});

  // Kept in memory, for as long as the process lives.
  static Journal in_memory();

  Journal(Journal&&) noexcept;
  Journal& operator=(Journal&&) noexcept;
  ~Journal();

  // What is written of a finished unit, with its checksum.
  class Record {
   public:
    Record(const Unit& unit, std::string_view payload);

   private:
    friend class Journal;
    Unit unit_;
    std::string bytes_;
  };
  // On any thread. After a failure the file is as it was before, and further calls fail too.
  Result<void> append(const Record& record);
  Result<void> append(const Unit& unit, std::string_view payload) { return append(Record(unit, payload)); }
  // What was appended reaches the disk. Without it, it survives the process but not a power cut.
  Result<void> sync();

  // All that is finished, sorted, every unit once. Not while others append.
  const std::vector<Entry>& entries();
  bool holds(const Unit& unit);                           // As entries().
  Result<std::string> payload(const Entry& entry) const;  // On any thread.

  std::uint64_t appended() const;                  // Units, by this process.
  std::uint64_t own_units() const;                 // In the file that open() was given, before anything was appended.
  const std::vector<std::string>& damage() const;  // Sentences.
  // The journals of the folder that open() was given, but for those that others are writing, and the folder if nothing else is in it.
  Result<void> remove();

 private:
  struct State;
  explicit Journal(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Thrown where the journal cannot be read any more: its disk fails, or somebody has removed it.
class UnreadableJournal : public std::runtime_error {
 public:
  explicit UnreadableJournal(Errors all) : std::runtime_error(all.front().what), errors(std::move(all)) {}
  Errors errors;
};
// Throws it.
std::string payload_of(const Journal& journal, const Journal::Entry& entry);

}  // namespace nines::scenarios
