#include "scenarios/sweep/mpi_crew.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/mpi/communicator.hpp>
#include <boost/mpi/environment.hpp>

namespace nines::scenarios {
namespace {

namespace mpi = boost::mpi;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// Open MPI waits by burning a processor, which another rank may need: nobody waits in it, everybody asks so often, and those whose threads all have
// work, hardly ever.
constexpr auto between_looks = 100us;
constexpr auto between_looks_of_the_busy = 2ms;
// The first rank's looks grow apart up to this, as long as they find nothing.
constexpr Clock::duration between_looks_at_most = 1ms;
// For what the others have at the end. Then they are killed.
constexpr auto patience = 20s;

enum Tag : int { sweep_tag, unit_tag, done_tag, failed_tag, end_tag };

// All ranks run one program on machines of one kind.
struct Task {
  std::uint32_t slot = 0;  // Of the first rank: what the answer belongs to.
  Unit unit;
};
struct Answer {
  std::uint32_t slot = 0;
  double seconds = 0;  // Of work.
};

template <class Head>
std::string message(const Head& head, std::string_view rest = {}) {
  std::string bytes(sizeof(Head), '\0');
  std::memcpy(bytes.data(), &head, sizeof(Head));
  bytes += rest;
  return bytes;
}
template <class Head>
Head head_of(const std::string& bytes) {
  Head head;
  if (bytes.size() < sizeof(Head)) throw std::runtime_error("a message of MPI is too short");
  std::memcpy(&head, bytes.data(), sizeof(Head));
  return head;
}

void send(const mpi::communicator& world, int to, Tag tag, const std::string& bytes) {
  world.send(to, tag, bytes.data(), static_cast<int>(bytes.size()));
}

struct Received {
  int from = 0;
  int tag = 0;
  std::string bytes;
};
std::optional<Received> look(const mpi::communicator& world) {
  const auto status = world.iprobe(mpi::any_source, mpi::any_tag);
  if (!status) return std::nullopt;
  Received received{status->source(), status->tag(), std::string(static_cast<std::size_t>(status->count<char>().value_or(0)), '\0')};
  world.recv(received.from, received.tag, received.bytes.data(), static_cast<int>(received.bytes.size()));
  return received;
}

class MpiRanks final : public Ranks {
 public:
  MpiRanks(int& argc, char**& argv)
      : environment_(std::in_place, argc, argv, mpi::threading::serialized, true), rank_(world_.rank()), count_(world_.size()) {
    if (count_ > 1 && mpi::environment::thread_level() < mpi::threading::serialized)
      throw std::runtime_error("this MPI is built without threads (MPI_THREAD_SERIALIZED)");
  }
  ~MpiRanks() override {
    if (rank() == 0) end();
  }

  int rank() const override { return rank_; }
  int count() const override { return count_; }

  void begin(std::string_view identity, int jobs) override {
    for (int rank = 1; rank < count(); ++rank) send(world_, rank, sweep_tag, message(jobs, identity));
    for (int job = 0; job < jobs; ++job)
      for (int rank = 0; rank < count(); ++rank) {
        slots_.push_back({.rank = rank});
        free_.push_back(static_cast<std::uint32_t>(slots_.size() - 1));
      }
    if (count() > 1) postman_ = std::thread([this] { carry(); });
  }

  std::string perform(const Unit& unit, const Perform& here) override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !free_.empty(); });
    const std::uint32_t index = free_.front();
    free_.pop_front();
    const auto give_back = [&] {
      free_.push_back(index);
      changed_.notify_all();
    };
    Slot& slot = slots_[index];
    bool good = false;
    std::string payload;
    if (slot.rank != 0) {
      const auto sent = Clock::now();
      slot.state = Slot::State::away;
      slot.unit = unit;
      outbox_.push_back(index);
      post_.notify_one();
      changed_.wait(lock, [&] { return slot.state != Slot::State::away; });
      seconds_away_ += std::chrono::duration<double>(Clock::now() - sent).count() - slot.seconds;
      good = slot.state == Slot::State::done;
      payload = std::move(slot.payload);
    }
    if (!good) {
      lock.unlock();
      try {
        payload = here(unit);
      } catch (...) {
        lock.lock();
        give_back();
        throw;
      }
      lock.lock();
    }
    give_back();
    return payload;
  }

  double seconds_away() const override {
    const std::lock_guard lock(mutex_);
    return seconds_away_;
  }

  void end() override {
    if (ended_) return;
    ended_ = true;
    {
      std::unique_lock lock(mutex_);
      const auto all_back = [&] {
        for (const Slot& slot : slots_)
          if (slot.state == Slot::State::away) return false;
        return true;
      };
      if (!changed_.wait_for(lock, patience, all_back)) mpi::environment::abort(6);  // As an interrupted sweep ends.
      stopped_ = true;
    }
    post_.notify_one();
    if (postman_.joinable()) postman_.join();
    for (int rank = 1; rank < count(); ++rank) send(world_, rank, end_tag, {});
    environment_.reset();
  }

  void serve(const std::function<Perform(const std::string& identity)>& open) override {
    Perform perform;
    std::deque<Task> inbox;
    std::deque<std::pair<Tag, std::string>> outbox;
    std::mutex mutex;
    std::condition_variable changed;
    std::condition_variable finished;
    std::size_t at_work = 0;
    bool stopped = false;
    std::vector<std::thread> threads;
    const auto work = [&] {
      std::unique_lock lock(mutex);
      for (;;) {
        changed.wait(lock, [&] { return stopped || !inbox.empty(); });
        if (stopped) return;
        const Task task = inbox.front();
        inbox.pop_front();
        ++at_work;
        lock.unlock();
        const auto begun = Clock::now();
        std::string payload;
        Tag tag = done_tag;
        try {
          payload = perform(task.unit);
        } catch (const std::exception&) {
          tag = failed_tag;
        }
        const Answer answer{.slot = task.slot, .seconds = std::chrono::duration<double>(Clock::now() - begun).count()};
        std::string bytes = message(answer, payload);
        lock.lock();
        --at_work;
        outbox.emplace_back(tag, std::move(bytes));
        finished.notify_one();
      }
    };
    for (;;) {
      std::deque<std::pair<Tag, std::string>> going;
      {
        const std::lock_guard lock(mutex);
        going.swap(outbox);
      }
      for (const auto& [tag, bytes] : going) send(world_, 0, tag, bytes);
      const auto received = look(world_);
      if (!received) {
        std::unique_lock lock(mutex);
        const auto wait = at_work > 0 && at_work == threads.size() ? Clock::duration(between_looks_of_the_busy) : Clock::duration(between_looks);
        if (outbox.empty()) finished.wait_for(lock, wait);
      } else if (received->tag == end_tag) {
        break;
      } else if (received->tag == sweep_tag) {
        perform = open(received->bytes.substr(sizeof(int)));
        if (!perform) mpi::environment::abort(8);  // It has said why: another build of nines, for example.
        for (int job = 0; job < head_of<int>(received->bytes); ++job) threads.emplace_back(work);
      } else {
        const std::lock_guard lock(mutex);
        inbox.push_back(head_of<Task>(received->bytes));
        changed.notify_one();
      }
    }
    {
      const std::lock_guard lock(mutex);
      stopped = true;
    }
    changed.notify_all();
    for (std::thread& thread : threads) thread.join();
  }

 private:
  // A thread of some rank.
  struct Slot {
    enum class State : std::uint8_t { here, away, done, failed };
    int rank = 0;
    State state = State::here;
    Unit unit{};
    std::string payload{};
    double seconds = 0;
  };

  // The only thread that speaks to the other ranks while there is work.
  void carry() {
    Clock::duration wait = between_looks;
    std::unique_lock lock(mutex_);
    while (!stopped_) {
      while (!outbox_.empty()) {
        const std::uint32_t index = outbox_.front();
        outbox_.pop_front();
        const int to = slots_[index].rank;
        const std::string bytes = message(Task{.slot = index, .unit = slots_[index].unit});
        lock.unlock();
        send(world_, to, unit_tag, bytes);
        lock.lock();
      }
      lock.unlock();
      auto received = look(world_);
      lock.lock();
      if (received) {
        const auto answer = head_of<Answer>(received->bytes);
        Slot& slot = slots_.at(answer.slot);
        slot.seconds = answer.seconds;
        slot.state = received->tag == done_tag ? Slot::State::done : Slot::State::failed;
        slot.payload = received->bytes.substr(sizeof(Answer));
        changed_.notify_all();
        wait = between_looks;
      } else if (outbox_.empty() && !stopped_) {
        post_.wait_for(lock, wait);
        wait = std::min(2 * wait, between_looks_at_most);
      }
    }
  }

  std::optional<mpi::environment> environment_;  // Until the end.
  mpi::communicator world_;
  int rank_, count_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;  // A slot.
  std::condition_variable post_;     // Something to send, or the end.
  std::vector<Slot> slots_;
  std::deque<std::uint32_t> free_, outbox_;  // Slots.
  double seconds_away_ = 0;
  bool stopped_ = false, ended_ = false;
  std::thread postman_;
};

}  // namespace

std::unique_ptr<Ranks> join_mpi(int& argc, char**& argv) { return std::make_unique<MpiRanks>(argc, argv); }

}  // namespace nines::scenarios
