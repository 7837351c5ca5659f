// Links with a delay between network namespaces, for kernels without netem: links NAMESPACE... makes a TUN device `link` in each, and carries
// what comes out of one into the one whose address it is for (10.77.0.k is the k-th), later by that link's delay. A constant delay keeps order.
// Commands on standard input, answered with a line each: `delay FROM TO MICROSECONDS`, `cut FROM TO`, `join FROM TO`; it ends with its input.
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <sstream>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& what) {
  std::perror(what.c_str());
  std::exit(1);
}

struct Packet {
  Clock::time_point due;
  std::vector<char> bytes;
};

struct Link {
  std::chrono::microseconds delay{0};
  bool cut = false;
  std::deque<Packet> on_the_way;
};

int open_device(const std::string& space) {
  const int name = open(("/run/netns/" + space).c_str(), O_RDONLY | O_CLOEXEC);
  if (name < 0 || setns(name, CLONE_NEWNET) != 0) fail("namespace " + space);
  close(name);
  const int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (device < 0) fail("/dev/net/tun");
  ifreq request{};
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  std::strcpy(request.ifr_name, "link");
  if (ioctl(device, TUNSETIFF, &request) != 0) fail("TUNSETIFF");
  return device;
}

class Fabric {
 public:
  explicit Fabric(std::vector<int> devices) : devices_(std::move(devices)), links_(devices_.size() * devices_.size()) {}

  void run() {
    std::vector<pollfd> waiting;
    for (const int device : devices_) waiting.push_back({device, POLLIN, 0});
    waiting.push_back({STDIN_FILENO, POLLIN, 0});
    for (bool open = true; open;) {
      const timespec wait = until_the_next();
      if (ppoll(waiting.data(), waiting.size(), wait.tv_sec < 0 ? nullptr : &wait, nullptr) < 0 && errno != EINTR) fail("ppoll");
      deliver(Clock::now());
      for (std::size_t from = 0; from < devices_.size(); ++from)
        if (waiting[from].revents != 0) take(from);
      if (waiting.back().revents != 0) open = obey();
    }
  }

 private:
  Link& link(std::size_t from, std::size_t to) { return links_[from * devices_.size() + to]; }

  timespec until_the_next() const {
    auto due = Clock::time_point::max();
    for (const Link& l : links_)
      if (!l.on_the_way.empty()) due = std::min(due, l.on_the_way.front().due);
    if (due == Clock::time_point::max()) return {-1, 0};
    const std::int64_t ns = std::max<std::int64_t>(0, std::chrono::nanoseconds(due - Clock::now()).count());
    return {ns / 1'000'000'000, ns % 1'000'000'000};
  }

  // What a cut finds on the way arrives: only what is sent later is lost.
  void deliver(Clock::time_point now) {
    for (std::size_t i = 0; i < links_.size(); ++i)
      for (auto& queue = links_[i].on_the_way; !queue.empty() && queue.front().due <= now; queue.pop_front())
        put(i % devices_.size(), queue.front().bytes.data(), queue.front().bytes.size());
  }

  void put(std::size_t to, const char* bytes, std::size_t size) {
    if (write(devices_[to], bytes, size) < 0 && errno != EAGAIN && errno != EINVAL && errno != EIO) fail("write");
  }

  void take(std::size_t from) {
    std::array<char, 65536> bytes;
    for (int taken = 0; taken < 64; ++taken) {
      const ssize_t size = read(devices_[from], bytes.data(), bytes.size());
      if (size < 20) return;
      if ((bytes[0] & 0xf0) != 0x40) continue;  // Only IPv4; 16 to 19 is the address it is for.
      const std::size_t to = static_cast<std::size_t>(static_cast<unsigned char>(bytes[19])) - 1;
      if (to >= devices_.size() || to == from || link(from, to).cut) continue;
      Link& l = link(from, to);
      if (l.delay.count() == 0 && l.on_the_way.empty())
        put(to, bytes.data(), static_cast<std::size_t>(size));
      else
        l.on_the_way.push_back({Clock::now() + l.delay, {bytes.data(), bytes.data() + size}});
    }
  }

  bool obey() {
    std::array<char, 4096> bytes;
    const ssize_t size = read(STDIN_FILENO, bytes.data(), bytes.size());
    if (size <= 0) return false;
    commands_.append(bytes.data(), static_cast<std::size_t>(size));
    for (std::size_t end = 0; (end = commands_.find('\n')) != std::string::npos; commands_.erase(0, end + 1)) {
      std::istringstream line(commands_.substr(0, end));
      std::string verb;
      std::size_t from = 0, to = 0;
      std::int64_t us = 0;
      line >> verb >> from >> to >> us;
      const bool known = from < devices_.size() && to < devices_.size() && (verb == "delay" || verb == "cut" || verb == "join");
      if (known && verb == "delay") link(from, to).delay = std::chrono::microseconds(us);
      if (known && verb != "delay") link(from, to).cut = verb == "cut";
      std::puts(known ? "done" : "unknown");
    }
    std::fflush(stdout);
    return true;
  }

  std::vector<int> devices_;
  std::vector<Link> links_;
  std::string commands_;
};

}  // namespace

int main(int count, char** arguments) {
  std::vector<int> devices;
  for (int i = 1; i < count; ++i) devices.push_back(open_device(arguments[i]));
  std::puts("ready");
  std::fflush(stdout);
  Fabric(std::move(devices)).run();
}
