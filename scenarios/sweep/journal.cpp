#include "scenarios/sweep/journal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <system_error>
#include <utility>

#include <boost/crc.hpp>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/check.hpp"

namespace nines::scenarios {
namespace {

namespace fs = std::filesystem;

// A file: this line, then records. A record: length of the payload (4 bytes), checksum of all that follows and of the length (4), point (8), first
// (8), points (4), count (4), payload. The first record holds the identity. Numbers are little-endian.
constexpr std::string_view magic = "nines journal 1\n";
constexpr std::string_view extension = ".journal";
constexpr std::size_t head_bytes = 32;
constexpr std::uint32_t most_payload = 1u << 30;
constexpr Unit identity_unit{.point = ~std::uint64_t{0}, .first = 0, .points = 0, .count = 0};

std::string reason(int error) { return std::generic_category().message(error); }
tl::unexpected<Errors> cannot(const std::string& what, int error) { return fail(Place{}, "cannot " + what + ": " + reason(error)); }

class Descriptor {
 public:
  explicit Descriptor(int file) : file_(file) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (file_ >= 0) ::close(file_);
  }
  int get() const { return file_; }

 private:
  int file_;
};

template <class Int>
void put(char* to, Int value) {
  for (std::size_t i = 0; i < sizeof(Int); ++i) to[i] = static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
}
template <class Int>
Int get(const char* from) {
  Int value = 0;
  for (std::size_t i = 0; i < sizeof(Int); ++i) value |= static_cast<Int>(static_cast<Int>(static_cast<unsigned char>(from[i])) << (8 * i));
  return value;
}

using Checksum = boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true>;  // CRC-32C (Castagnoli), as in iSCSI (RFC 3720).

std::uint32_t checksum(const char* head, std::string_view payload) {
  Checksum sum;
  sum.process_bytes(head, 4);
  sum.process_bytes(head + 8, head_bytes - 8);
  sum.process_bytes(payload.data(), payload.size());
  return sum.checksum();
}

std::string record(const Unit& unit, std::string_view payload) {
  std::string bytes(head_bytes, '\0');
  put(bytes.data(), static_cast<std::uint32_t>(payload.size()));
  put(bytes.data() + 8, unit.point);
  put(bytes.data() + 16, unit.first);
  put(bytes.data() + 24, unit.points);
  put(bytes.data() + 28, unit.count);
  put(bytes.data() + 4, checksum(bytes.data(), payload));
  bytes += payload;
  return bytes;
}

// Everything, or the error number.
int write_all(int file, std::string_view bytes, std::uint64_t at) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    if (written == 0) return ENOSPC;
    bytes.remove_prefix(static_cast<std::size_t>(written));
    at += static_cast<std::uint64_t>(written);
  }
  return 0;
}

// As much as there is, up to the size of the buffer; negative: the error number.
ssize_t read_some(int file, std::span<char> into, std::uint64_t at) {
  std::size_t got = 0;
  while (got < into.size()) {
    const ssize_t more = ::pread(file, into.data() + got, into.size() - got, static_cast<off_t>(at + got));
    if (more < 0 && errno == EINTR) continue;
    if (more < 0) return -errno;
    if (more == 0) break;
    got += static_cast<std::size_t>(more);
  }
  return static_cast<ssize_t>(got);
}

// One file from its beginning, in large pieces. A record whose checksum is wrong is passed over where whole ones follow it.
class Scan {
 public:
  Scan(int file, std::uint64_t size) : file_(file), size_(size) {}

  struct Record {
    Unit unit;
    std::uint64_t offset = 0;  // Of the payload.
    std::string_view payload;  // Until the next call.
  };

  bool starts() { return need(magic.size()) && take(magic.size()) == magic; }
  // False: no further whole record.
  bool next(Record& out) {
    for (std::uint64_t passed = 0;; ++passed) {
      if (!need(head_bytes)) return false;
      const char* head = buffer_.data() + used_;
      const auto length = get<std::uint32_t>(head);
      if (length > most_payload || !need(head_bytes + length)) return false;
      head = buffer_.data() + used_;
      const std::string_view payload(head + head_bytes, length);
      const bool whole = get<std::uint32_t>(head + 4) == checksum(head, payload);
      if (whole)
        out = {.unit = {get<std::uint64_t>(head + 8), get<std::uint64_t>(head + 16), get<std::uint32_t>(head + 24), get<std::uint32_t>(head + 28)},
               .offset = at_ + head_bytes,
               .payload = payload};
      take(head_bytes + length);
      if (!whole) continue;
      end_ = at_;
      passed_over_ += passed;
      return true;
    }
  }
  std::uint64_t end() const { return end_; }                  // Behind the last whole record.
  std::uint64_t passed_over() const { return passed_over_; }  // Damaged records before it.
  int error() const { return error_; }                        // Not 0: the file could not be read to its end.

 private:
  static constexpr std::size_t piece = std::size_t{1} << 20;

  bool need(std::size_t bytes) {
    if (buffer_.size() - used_ >= bytes) return true;
    if (at_ + bytes > size_) return false;  // So that a wrong length allocates nothing.
    buffer_.erase(0, used_);
    used_ = 0;
    const std::size_t had = buffer_.size();
    buffer_.resize(std::max(bytes, std::min<std::uint64_t>(piece, size_ - at_)));
    const ssize_t got = read_some(file_, std::span(buffer_).subspan(had), at_ + had);
    if (got < 0) error_ = static_cast<int>(-got);
    buffer_.resize(had + static_cast<std::size_t>(std::max<ssize_t>(0, got)));
    return buffer_.size() >= bytes;
  }
  std::string_view take(std::size_t bytes) {
    const std::string_view taken(buffer_.data() + used_, bytes);
    used_ += bytes;
    at_ += bytes;
    return taken;
  }

  int file_;
  std::uint64_t size_, at_ = 0, end_ = 0, passed_over_ = 0;
  int error_ = 0;
  std::string buffer_;
  std::size_t used_ = 0;
};

std::uint64_t size_of(int file) {
  struct stat status {};
  return ::fstat(file, &status) == 0 && status.st_size > 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

// Sorted, so that damage and duplicates are told the same way every time.
std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (fs::directory_iterator at(folder, ignored), end; !ignored && at != end; at.increment(ignored))
    if (at->path().extension() == extension) names.push_back(at->path().string());
  std::sort(names.begin(), names.end());
  return names;
}

bool same_unit(const Journal::Entry& a, const Journal::Entry& b) { return a.unit == b.unit; }

// Opened to write, and nobody else's: locked, and still what the path leads to. Otherwise null, and errno; EWOULDBLOCK where somebody writes to it.
std::shared_ptr<const Descriptor> lock_file(const std::string& path, int flags) {
  for (;;) {
    auto file = std::make_shared<const Descriptor>(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0644));
    if (file->get() < 0 || ::flock(file->get(), LOCK_EX | LOCK_NB) != 0) return nullptr;
    struct stat locked {
    }, there{};
    if (::fstat(file->get(), &locked) != 0) return nullptr;
    if (::stat(path.c_str(), &there) == 0 && locked.st_ino == there.st_ino && locked.st_dev == there.st_dev) return file;
    if ((flags & O_CREAT) == 0) return nullptr;  // It was removed, by whoever had the lock before.
  }
}

// A journal's file, opened when it is read: there may be more of them than a process may have open.
class Files {
 public:
  std::size_t size() const { return paths_.size(); }
  const std::string& path(std::size_t index) const { return paths_[index]; }
  // What is given stays open.
  void add(std::string path, std::shared_ptr<const Descriptor> open = nullptr) {
    paths_.push_back(std::move(path));
    kept_.push_back(std::move(open));
  }
  // On any thread. errno tells why where it is none.
  std::shared_ptr<const Descriptor> open(std::uint32_t index) {
    if (kept_[index]) return kept_[index];
    const std::lock_guard lock(mutex_);
    for (auto& [of, file] : recent_)
      if (of == index) return file;
    auto file = std::make_shared<const Descriptor>(::open(paths_[index].c_str(), O_RDONLY | O_CLOEXEC));
    if (file->get() < 0) return nullptr;
    recent_.emplace_back(index, file);
    if (recent_.size() > most_open) recent_.pop_front();
    return file;
  }

 private:
  static constexpr std::size_t most_open = 64;
  std::vector<std::string> paths_;
  std::vector<std::shared_ptr<const Descriptor>> kept_;
  std::mutex mutex_;
  std::deque<std::pair<std::uint32_t, std::shared_ptr<const Descriptor>>> recent_;
};

}  // namespace

struct Journal::State {
  Files files;
  std::vector<Entry> entries;
  bool sorted = false;
  std::vector<std::string> damage;

  std::mutex mutex;
  std::shared_ptr<const Descriptor> own;  // Null: in memory, or read only.
  std::uint32_t own_number = 0;           // Into files.
  std::string own_path, folder;
  std::uint64_t end = 0;
  std::uint64_t appended = 0, own_units = 0;
  Errors broken;
  std::vector<std::string> payloads;  // In memory: by offset of the entry.

  // The file's records join. The answer: where its whole records end.
  Result<std::uint64_t> add(const Descriptor& file, const std::string& path, std::string_view identity) {
    const std::uint64_t size = size_of(file.get());
    Scan scan(file.get(), size);
    Scan::Record record;
    const auto number = static_cast<std::uint32_t>(files.size());
    const bool starts = scan.starts();
    if (starts && scan.next(record) && record.unit == identity_unit) {
      if (record.payload != identity)
        return fail(Place{}, path + " belongs to another sweep: its files, what was typed, the seed or the build of nines differ");
      while (scan.next(record)) entries.push_back({record.unit, record.offset, static_cast<std::uint32_t>(record.payload.size()), number});
    } else if (scan.error() == 0 && size >= magic.size() && !starts) {
      return fail(Place{}, path + " is not a journal of nines");
    } else if (scan.error() == 0 && size >= magic.size() + head_bytes + identity.size()) {
      return fail(Place{}, path + " is damaged at its beginning: what it holds cannot be told from another sweep's");
    }
    if (scan.error() != 0) return cannot("read " + path, scan.error());
    if (scan.passed_over() > 0)
      damage.push_back(path + ": " + std::to_string(scan.passed_over()) + " records were damaged; what they held counts as not done");
    if (scan.end() < size)
      damage.push_back(path + ": the last " + std::to_string(size - scan.end()) +
                       " bytes are no whole record: cut short, damaged, or still being written; what they held counts as not done");
    sorted = false;
    return scan.end();
  }
  // The same of one that somebody else has written, or is writing.
  Result<void> add(const std::string& path, std::string_view identity) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) return cannot("read " + path, errno);
    if (auto added = add(file, path, identity); !added) return fail(std::move(added.error()));
    files.add(path);
    return {};
  }
};

Journal::Journal(std::unique_ptr<State> state) : state_(std::move(state)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

Result<std::string> Journal::identity_of(const std::string& folder) {
  for (const std::string& path : files_in(folder)) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) return cannot("read " + path, errno);
    Scan scan(file.get(), size_of(file.get()));
    Scan::Record record;
    if (scan.starts() && scan.next(record) && record.unit == identity_unit) return std::string(record.payload);
  }
  return fail(Place{}, folder + " holds no journal of a sweep");
}

Result<Journal> Journal::read(const std::vector<std::string>& folders, std::string_view identity) {
  auto state = std::make_unique<State>();
  for (const std::string& folder : folders)
    for (const std::string& path : files_in(folder))
      if (auto added = state->add(path, identity); !added) return fail(std::move(added.error()));
  return Journal(std::move(state));
}

Journal Journal::in_memory() { return Journal(std::make_unique<State>()); }

Result<Journal> Journal::open(const std::string& folder, const std::string& name, std::string_view identity, const std::function<bool(std::string_view)>& passes_over) {
  std::error_code error;
  fs::create_directory(folder, error);
  if (error) return fail(Place{}, "cannot make the folder " + folder + ": " + error.message());
  const std::string path = (fs::path(folder) / (name + std::string(extension))).string();
  const auto file = lock_file(path, O_CREAT);
  if (!file && errno == EWOULDBLOCK) return fail(Place{}, "another run of nines is working on " + path);
  if (!file) return cannot("write " + path, errno);
  auto state = std::make_unique<State>();
  for (const std::string& other : files_in(folder)) {
    if (other == path || (passes_over && passes_over(fs::path(other).stem().string()))) continue;
    if (auto added = state->add(other, identity); !added) return fail(std::move(added.error()));
  }
  const std::size_t others = state->entries.size();
  state->own = file;
  state->own_number = static_cast<std::uint32_t>(state->files.size());
  state->own_path = path;
  state->folder = folder;
  const auto end = state->add(*file, path, identity);
  if (!end) return fail(end.error());
  state->files.add(path, file);
  state->end = *end;
  state->own_units = state->entries.size() - others;
  if (::ftruncate(file->get(), static_cast<off_t>(state->end)) != 0) return cannot("write " + path, errno);
  if (state->end == 0) {
    const std::string start = std::string(magic) + record(identity_unit, identity);
    if (const int wrong = write_all(file->get(), start, 0); wrong != 0) {
      static_cast<void>(::ftruncate(file->get(), 0));
      ::unlink(path.c_str());
      return cannot("write " + path, wrong);
    }
    state->end = start.size();
  }
  return Journal(std::move(state));
}

Journal::Record::Record(const Unit& unit, std::string_view payload) : unit_(unit) {
  SIM_CHECK(payload.size() <= most_payload, "a unit leaves less than 1 GiB");
  bytes_ = record(unit, payload);
}

Result<void> Journal::append(const Record& record) {
  const auto length = static_cast<std::uint32_t>(record.bytes_.size() - head_bytes);
  const std::lock_guard lock(state_->mutex);
  if (!state_->own) {
    state_->entries.push_back({record.unit_, state_->payloads.size(), length, 0});
    state_->payloads.push_back(record.bytes_.substr(head_bytes));
    state_->sorted = false;
    ++state_->appended;
    return {};
  }
  if (!state_->broken.empty()) return fail(state_->broken);
  const int file = state_->own->get();
  if (const int wrong = write_all(file, record.bytes_, state_->end); wrong != 0) {
    static_cast<void>(::ftruncate(file, static_cast<off_t>(state_->end)));
    state_->broken = {{Place{}, "cannot write " + state_->own_path + ": " + reason(wrong)}};
    return fail(state_->broken);
  }
  state_->entries.push_back({record.unit_, state_->end + head_bytes, length, state_->own_number});
  state_->sorted = false;
  state_->end += record.bytes_.size();
  ++state_->appended;
  return {};
}

Result<void> Journal::sync() {
  if (!state_->own) return {};
  if (::fdatasync(state_->own->get()) != 0 && errno != EINVAL && errno != EROFS) return cannot("write " + state_->own_path, errno);
  return {};
}

const std::vector<Journal::Entry>& Journal::entries() {
  if (!state_->sorted) {
    auto& all = state_->entries;
    std::stable_sort(all.begin(), all.end(), [](const Entry& a, const Entry& b) { return a.unit < b.unit; });
    all.erase(std::unique(all.begin(), all.end(), same_unit), all.end());
    state_->sorted = true;
  }
  return state_->entries;
}

bool Journal::holds(const Unit& unit) {
  const auto& all = entries();
  const auto at = std::lower_bound(all.begin(), all.end(), unit, [](const Entry& entry, const Unit& wanted) { return entry.unit < wanted; });
  return at != all.end() && at->unit == unit;
}

Result<std::string> Journal::payload(const Entry& entry) const {
  if (state_->files.size() == 0) return state_->payloads[static_cast<std::size_t>(entry.offset)];
  const std::string& path = state_->files.path(entry.file);
  const auto file = state_->files.open(entry.file);
  if (!file) return cannot("read " + path, errno);
  std::string bytes(entry.length, '\0');
  const ssize_t got = read_some(file->get(), bytes, entry.offset);
  if (got < 0) return cannot("read " + path, static_cast<int>(-got));
  if (static_cast<std::size_t>(got) != bytes.size()) return fail(Place{}, path + " was cut short while it was read");
  return bytes;
}

std::uint64_t Journal::appended() const { return state_->appended; }
std::uint64_t Journal::own_units() const { return state_->own_units; }
const std::vector<std::string>& Journal::damage() const { return state_->damage; }

Result<void> Journal::remove() {
  for (const std::string& path : files_in(state_->folder)) {
    if (path != state_->own_path && !lock_file(path, 0)) continue;
    if (::unlink(path.c_str()) != 0) return cannot("remove " + path, errno);
  }
  ::rmdir(state_->folder.c_str());  // Stays where something else is in it.
  return {};
}

std::string payload_of(const Journal& journal, const Journal::Entry& entry) {
  auto payload = journal.payload(entry);
  if (!payload) throw UnreadableJournal(std::move(payload.error()));
  return std::move(*payload);
}

}  // namespace nines::scenarios
