// What is under way in a group: messages to their receivers, and writes to disks with the messages that wait for them.
#pragma once

#include <cstdint>
#include <vector>

#include "models/raft/types.hpp"

namespace nines::world {

// A value; each thing under way has a small number. Places are reused last in, first out: allocates only when more is under way than ever before.
class Mail {
 public:
  static constexpr std::uint32_t none = 0xffff'ffffu;

  // A message is lost with the life (`epoch`) of the process it was sent to.
  std::uint32_t send(const raft::Message& message, std::uint32_t epoch) {
    const std::uint32_t id = take(letters_, free_letters_);
    Letter& letter = letters_[id];
    letter.brief = static_cast<const raft::Brief&>(message);
    letter.epoch = epoch;
    letter.enclosed = none;
    if (message.more_runs != 0 || message.change.index != 0) [[unlikely]] {
      letter.enclosed = take(enclosed_, free_enclosed_);
      enclosed_[letter.enclosed].what = static_cast<const raft::Enclosure&>(message);
    }
    return id;
  }
  const raft::Brief& brief(std::uint32_t id) const { return letters_[id].brief; }
  std::uint32_t epoch(std::uint32_t id) const { return letters_[id].epoch; }
  raft::Message message(std::uint32_t id) const {
    const Letter& letter = letters_[id];
    return letter.enclosed == none ? raft::Message(letter.brief) : raft::Message(letter.brief, enclosed_[letter.enclosed].what);
  }
  void discard(std::uint32_t id) {
    if (letters_[id].enclosed != none) free(enclosed_, free_enclosed_, letters_[id].enclosed);
    free(letters_, free_letters_, id);
  }

  // A write of `writer`, in its life `epoch`; the messages are to be sent when it has been done.
  struct Write {
    raft::Durable durable;
    std::uint32_t epoch = 0;
    std::uint32_t waiting = none;  // The first of its messages.
    std::uint32_t next = none;     // Of the free places.
    raft::Member writer = 0;
  };
  template <class Messages>
  std::uint32_t write(const raft::Durable& durable, raft::Member writer, std::uint32_t epoch, const Messages& messages) {
    std::uint32_t waiting = none;
    for (std::size_t i = messages.size(); i-- > 0;) {
      const std::uint32_t id = send(messages[i], epoch);
      letters_[id].next = waiting;
      waiting = id;
    }
    const std::uint32_t id = take(writes_, free_writes_);
    writes_[id] = Write{durable, epoch, waiting, none, writer};
    return id;
  }
  const Write& write(std::uint32_t id) const { return writes_[id]; }
  std::uint32_t after(std::uint32_t waiting) const { return letters_[waiting].next; }  // The next message that waits for the same write.
  void forget_write(std::uint32_t id) { free(writes_, free_writes_, id); }             // Its messages are still to be discarded.

  void clear() {
    letters_.clear();
    writes_.clear();
    enclosed_.clear();
    free_letters_ = free_writes_ = free_enclosed_ = none;
  }

 private:
  struct Letter {
    raft::Brief brief;
    std::uint32_t epoch = 0;
    std::uint32_t next = none;      // Of those that wait for one write, or of the free places.
    std::uint32_t enclosed = none;  // What only few messages carry.
  };
  struct Enclosed {
    raft::Enclosure what;
    std::uint32_t next = none;
  };

  template <class Place>
  static std::uint32_t take(std::vector<Place>& places, std::uint32_t& first_free) {
    if (first_free == none) {
      places.emplace_back();
      return static_cast<std::uint32_t>(places.size() - 1);
    }
    const std::uint32_t id = first_free;
    first_free = places[id].next;
    return id;
  }
  template <class Place>
  static void free(std::vector<Place>& places, std::uint32_t& first_free, std::uint32_t id) {
    places[id].next = first_free;
    first_free = id;
  }

  std::vector<Letter> letters_;
  std::vector<Write> writes_;
  std::vector<Enclosed> enclosed_;
  std::uint32_t free_letters_ = none, free_writes_ = none, free_enclosed_ = none;
};

}  // namespace nines::world
