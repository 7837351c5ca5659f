#include "scenarios/sweep/journal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
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
  explicit Descriptor(int file = -1) : file_(file) {}
  Descriptor(Descriptor&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
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

// One file from its beginning, in large pieces.
class Scan {
 public:
  Scan(int file, std::uint64_t size) : file_(file), size_(size) {}

  struct Record {
    Unit unit;
    std::uint64_t offset = 0;  // Of the payload.
    std::string_view payload;  // Until the next call.
  };

  // False: what begins here is not a whole record.
  bool starts() { return need(magic.size()) && take(magic.size()) == magic; }
  bool next(Record& out) {
    if (!need(head_bytes)) return false;
    const char* head = buffer_.data() + used_;
    const auto length = get<std::uint32_t>(head);
    if (length > most_payload || !need(head_bytes + length)) return false;
    head = buffer_.data() + used_;
    const std::string_view payload(head + head_bytes, length);
    if (get<std::uint32_t>(head + 4) != checksum(head, payload)) return false;
    out = {.unit = {get<std::uint64_t>(head + 8), get<std::uint64_t>(head + 16), get<std::uint32_t>(head + 24), get<std::uint32_t>(head + 28)},
           .offset = at_ + head_bytes,
           .payload = payload};
    take(head_bytes + length);
    return true;
  }
  std::uint64_t at() const { return at_; }  // Behind the last whole record.
  bool ended() const { return at_ == size_; }

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
  std::uint64_t size_, at_ = 0;
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

}  // namespace

struct Journal::State {
  std::vector<Descriptor> files;
  std::vector<Entry> entries;
  bool sorted = false;
  std::vector<std::string> damage;

  std::mutex mutex;
  std::uint32_t own = 0;  // Into files, if own_path is not empty.
  std::string own_path;
  std::uint64_t end = 0;
  std::uint64_t appended = 0, own_units = 0;
  Errors broken;
  std::vector<std::string> payloads;  // In memory: by offset of the entry.

  // The file's records join. `end` is where its whole records end.
  Result<void> add(Descriptor file, const std::string& path, std::string_view identity, std::uint64_t& file_end) {
    Scan scan(file.get(), size_of(file.get()));
    Scan::Record record;
    file_end = 0;
    const auto number = static_cast<std::uint32_t>(files.size());
    if (scan.starts() && scan.next(record) && record.unit == identity_unit) {
      if (record.payload != identity)
        return fail(Place{}, path + " belongs to another sweep: the scenario, its settings, the seed or the version of nines differ");
      while (scan.next(record)) entries.push_back({record.unit, record.offset, static_cast<std::uint32_t>(record.payload.size()), number});
      file_end = scan.at();
    } else if (size_of(file.get()) >= magic.size() && !scan_starts(file.get())) {
      return fail(Place{}, path + " is not a journal of nines");
    } else if (size_of(file.get()) >= magic.size() + head_bytes + identity.size()) {
      return fail(Place{}, path + " is damaged at its beginning: what it holds cannot be told from another sweep's");
    }
    if (file_end < size_of(file.get()))
      damage.push_back(path + ": the last " + std::to_string(size_of(file.get()) - file_end) +
                       " bytes were cut short or damaged; what they held is done again");
    files.push_back(std::move(file));
    sorted = false;
    return {};
  }
  static bool scan_starts(int file) {
    Scan scan(file, size_of(file));
    return scan.starts();
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
  for (const std::string& folder : folders) {
    for (const std::string& path : files_in(folder)) {
      Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
      if (file.get() < 0) return cannot("read " + path, errno);
      std::uint64_t end = 0;
      if (auto added = state->add(std::move(file), path, identity, end); !added) return fail(std::move(added.error()));
    }
  }
  return Journal(std::move(state));
}

Journal Journal::in_memory() { return Journal(std::make_unique<State>()); }

Result<Journal> Journal::open(const std::string& folder, const std::string& name, std::string_view identity) {
  std::error_code error;
  fs::create_directory(folder, error);
  if (error) return fail(Place{}, "cannot make the folder " + folder + ": " + error.message());
  const std::string own = (fs::path(folder) / (name + std::string(extension))).string();
  Descriptor file(::open(own.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (file.get() < 0) return cannot("write " + own, errno);
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return fail(Place{}, "another run of nines is working on " + own);
    return cannot("lock " + own, errno);
  }
  auto state = std::make_unique<State>();
  for (const std::string& path : files_in(folder)) {
    if (path == own) continue;
    Descriptor other(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (other.get() < 0) return cannot("read " + path, errno);
    std::uint64_t end = 0;
    if (auto added = state->add(std::move(other), path, identity, end); !added) return fail(std::move(added.error()));
  }
  const int descriptor = file.get();
  const std::size_t others = state->entries.size();
  state->own = static_cast<std::uint32_t>(state->files.size());
  state->own_path = own;
  if (auto added = state->add(std::move(file), own, identity, state->end); !added) return fail(std::move(added.error()));
  state->own_units = state->entries.size() - others;
  if (::ftruncate(descriptor, static_cast<off_t>(state->end)) != 0) return cannot("write " + own, errno);
  if (state->end == 0) {
    const std::string start = std::string(magic) + record(identity_unit, identity);
    if (const int wrong = write_all(descriptor, start, 0); wrong != 0) {
      static_cast<void>(::ftruncate(descriptor, 0));
      ::unlink(own.c_str());
      return cannot("write " + own, wrong);
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
  if (state_->own_path.empty()) {
    state_->entries.push_back({record.unit_, state_->payloads.size(), length, 0});
    state_->payloads.push_back(record.bytes_.substr(head_bytes));
    state_->sorted = false;
    ++state_->appended;
    return {};
  }
  if (!state_->broken.empty()) return fail(state_->broken);
  const int file = state_->files[state_->own].get();
  if (const int wrong = write_all(file, record.bytes_, state_->end); wrong != 0) {
    static_cast<void>(::ftruncate(file, static_cast<off_t>(state_->end)));
    state_->broken = {{Place{}, "cannot write " + state_->own_path + ": " + reason(wrong)}};
    return fail(state_->broken);
  }
  state_->entries.push_back({record.unit_, state_->end + head_bytes, length, state_->own});
  state_->sorted = false;
  state_->end += record.bytes_.size();
  ++state_->appended;
  return {};
}

Result<void> Journal::sync() {
  if (state_->own_path.empty()) return {};
  if (::fdatasync(state_->files[state_->own].get()) != 0 && errno != EINVAL && errno != EROFS) return cannot("write " + state_->own_path, errno);
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
  if (state_->files.empty()) return state_->payloads[static_cast<std::size_t>(entry.offset)];
  std::string bytes(entry.length, '\0');
  const ssize_t got = read_some(state_->files[entry.file].get(), bytes, entry.offset);
  if (got < 0) return cannot("read the journal", static_cast<int>(-got));
  if (static_cast<std::size_t>(got) != bytes.size()) return fail(Place{}, "the journal was cut short while it was read");
  return bytes;
}

std::uint64_t Journal::appended() const { return state_->appended; }
std::uint64_t Journal::own_units() const { return state_->own_units; }
const std::vector<std::string>& Journal::damage() const { return state_->damage; }

Result<void> Journal::remove(const std::string& folder) {
  for (const std::string& path : files_in(folder))
    if (::unlink(path.c_str()) != 0) return cannot("remove " + path, errno);
  ::rmdir(folder.c_str());  // Stays where something else is in it.
  return {};
}

}  // namespace nines::scenarios
