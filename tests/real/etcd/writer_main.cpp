// The real client: writer PERIOD_MS TIMEOUT_MS GIVE_UP_MS PAUSE_MS ADDRESS:PORT... puts one small value every period, whatever became of the others
// (open loop), the k-th first at member k modulo their number. README.md says when and where it tries again. It speaks HTTP/1.1 with etcd's JSON gateway, one
// request at a time on a connection. One line a finished put: issued and done (microseconds since 1970), ok or lost, member, attempts, timeouts.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

std::int64_t now_us() {  // etcd's log is in wall-clock time, so this is too.
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

struct Rules {
  std::int64_t period_us, timeout_us, give_up_us, pause_us;
};

struct Put {
  std::int64_t issued = 0;
  std::size_t member = 0;  // Where the present attempt goes.
  int attempts = 0;
  int timeouts = 0;
  std::size_t failed_in_a_row = 0;
};

struct Connection {
  int socket = -1;
  std::size_t member = 0;
  std::shared_ptr<Put> put;  // None: it is idle.
  std::int64_t timeout = 0;
  std::string to_send;
  std::string received;
};

// The status of a complete HTTP/1.1 answer; 0: there is more to come.
int status_of(const std::string& answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  if (end == std::string::npos || answer.size() < 12) return 0;
  std::string head = answer.substr(0, end + 2);
  std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::string body = answer.substr(end + 4);
  if (const std::size_t length = head.find("\r\ncontent-length:"); length != std::string::npos) {
    if (body.size() < std::strtoul(head.c_str() + length + 17, nullptr, 10)) return 0;
  } else if (head.find("\r\ntransfer-encoding: chunked") != std::string::npos) {
    if (body.size() < 5 || body.compare(body.size() - 5, 5, "0\r\n\r\n") != 0) return 0;
  }
  return std::atoi(answer.c_str() + 9);
}

class Writer {
 public:
  Writer(const Rules& rules, std::vector<sockaddr_in> members)
      : rules_(rules), members_(std::move(members)), idle_(members_.size()), poll_(epoll_create1(EPOLL_CLOEXEC)) {}

  void run() {
    std::array<epoll_event, 64> events;
    for (std::int64_t next = now_us();;) {
      const std::int64_t now = now_us();
      if (now >= next) {
        auto put = std::make_shared<Put>();
        put->issued = next;
        put->member = static_cast<std::size_t>(number_++ % members_.size());
        next += rules_.period_us;
        attempt(put);
        continue;
      }
      time_out(now);
      for (; !later_.empty() && later_.begin()->first <= now;) {
        const auto put = later_.begin()->second;
        later_.erase(later_.begin());
        attempt(put);
      }
      std::int64_t wake = next;
      if (!timeouts_.empty()) wake = std::min(wake, timeouts_.begin()->first);
      if (!later_.empty()) wake = std::min(wake, later_.begin()->first);
      const std::int64_t wait = std::max<std::int64_t>(0, wake - now_us());
      const timespec time{wait / 1'000'000, wait % 1'000'000 * 1000};
      const int ready = epoll_pwait2(poll_, events.data(), static_cast<int>(events.size()), &time, nullptr);
      for (int i = 0; i < ready; ++i)
        if (const auto at = connections_.find(events[static_cast<std::size_t>(i)].data.fd); at != connections_.end())
          look(*at->second, events[static_cast<std::size_t>(i)].events);
      if (now - flushed_ > 50'000) {
        std::fflush(stdout);
        flushed_ = now;
      }
    }
  }

 private:
  void attempt(const std::shared_ptr<Put>& put) {
    const std::int64_t now = now_us();
    if (now - put->issued >= rules_.give_up_us) return report(*put, "lost");
    ++put->attempts;
    Connection* c = take_idle(put->member);
    if (c == nullptr) c = connect_to(put->member);
    c->put = put;
    c->timeout = now + rules_.timeout_us;
    timeouts_.emplace(c->timeout, c->socket);
    static const std::string body = R"({"key":"aw==","value":")" + std::string(88, 'A') + "\"}";
    c->to_send =
        "POST /v3/kv/put HTTP/1.1\r\nHost: etcd\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    c->received.clear();
    send_what_fits(*c);
  }

  Connection* take_idle(std::size_t member) {
    if (idle_[member].empty()) return nullptr;
    const int socket = idle_[member].back();
    idle_[member].pop_back();
    return connections_.at(socket).get();
  }

  Connection* connect_to(std::size_t member) {
    const int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connect(s, reinterpret_cast<const sockaddr*>(&members_[member]), sizeof members_[member]);  // What becomes of it, epoll tells.
    auto c = std::make_unique<Connection>();
    c->socket = s;
    c->member = member;
    epoll_event wanted{};
    wanted.events = EPOLLIN | EPOLLOUT | EPOLLET;
    wanted.data.fd = s;
    epoll_ctl(poll_, EPOLL_CTL_ADD, s, &wanted);
    return (connections_[s] = std::move(c)).get();
  }

  void send_what_fits(Connection& c) {
    const ssize_t sent = send(c.socket, c.to_send.data(), c.to_send.size(), MSG_NOSIGNAL);
    if (sent > 0) c.to_send.erase(0, static_cast<std::size_t>(sent));
  }

  void look(Connection& c, std::uint32_t events) {
    if ((events & EPOLLOUT) != 0 && !c.to_send.empty()) send_what_fits(c);
    bool over = (events & (EPOLLERR | EPOLLHUP)) != 0;
    std::array<char, 8192> bytes;
    for (ssize_t size = 0; (size = recv(c.socket, bytes.data(), bytes.size(), 0)) >= 0;) {
      if (size == 0) {
        over = true;
        break;
      }
      c.received.append(bytes.data(), static_cast<std::size_t>(size));
    }
    const int status = c.put ? status_of(c.received) : 0;
    const std::shared_ptr<Put> put = c.put;
    const std::size_t member = c.member;
    if (status != 0 && !over) {
      c.put.reset();
      idle_[member].push_back(c.socket);
    } else if (over) {
      drop(c);
    }
    if (!put || (status == 0 && !over)) return;
    if (status == 200) return report(*put, "ok");
    ++put->failed_in_a_row;
    try_next(put);
  }

  void time_out(std::int64_t now) {
    while (!timeouts_.empty() && timeouts_.begin()->first <= now) {
      const auto [at, socket] = *timeouts_.begin();
      timeouts_.erase(timeouts_.begin());
      const auto found = connections_.find(socket);
      if (found == connections_.end() || !found->second->put || found->second->timeout != at) continue;
      const std::shared_ptr<Put> put = found->second->put;
      drop(*found->second);
      ++put->timeouts;
      put->failed_in_a_row = 0;
      try_next(put);
    }
  }

  void try_next(const std::shared_ptr<Put>& put) {
    put->member = (put->member + 1) % members_.size();
    if (put->failed_in_a_row < members_.size()) return attempt(put);
    put->failed_in_a_row = 0;
    later_.emplace(now_us() + rules_.pause_us, put);
  }

  void drop(Connection& c) {
    auto& idle = idle_[c.member];
    idle.erase(std::remove(idle.begin(), idle.end(), c.socket), idle.end());
    const int socket = c.socket;
    close(socket);
    connections_.erase(socket);
  }

  void report(const Put& put, const char* how) {
    std::printf("%lld %lld %s %zu %d %d\n", static_cast<long long>(put.issued), static_cast<long long>(now_us()), how, put.member, put.attempts, put.timeouts);
  }

  Rules rules_;
  std::vector<sockaddr_in> members_;
  std::vector<std::vector<int>> idle_;  // Per member.
  int poll_;
  std::unordered_map<int, std::unique_ptr<Connection>> connections_;
  std::multimap<std::int64_t, int> timeouts_;                // To a socket; the connection says whether it still holds.
  std::multimap<std::int64_t, std::shared_ptr<Put>> later_;  // Puts that pause.
  std::uint64_t number_ = 0;
  std::int64_t flushed_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
  if (count < 6) return 2;
  const auto us = [&](int i) { return std::strtoll(arguments[i], nullptr, 10) * 1000; };
  std::vector<sockaddr_in> members;
  for (int i = 5; i < count; ++i) {
    const std::string text = arguments[i];
    const std::size_t colon = text.find(':');
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(text.c_str() + colon + 1)));
    inet_pton(AF_INET, text.substr(0, colon).c_str(), &address.sin_addr);
    members.push_back(address);
  }
  std::signal(SIGPIPE, SIG_IGN);
  Writer({us(1), us(2), us(3), us(4)}, std::move(members)).run();
}
