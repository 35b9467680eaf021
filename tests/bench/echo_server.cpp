// SPDX-License-Identifier: Apache-2.0
//
// The least that a server on a Unix socket can do, as a limit for all that do more: one thread,
// epoll, one read and one write for each time a connection is ready.
//
//   akgate_bench_echo SOCKET REPLY-FILE
//
// Answers each line with what is in the file, without a look at it: so it moves as many bytes each
// way as the server it stands beside. (Giving back the question itself, some 60 bytes in place of
// 120, measured the same.)
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "platform/fd.hpp"
#include "platform/unix_socket.hpp"

namespace akgate {
namespace {

constexpr std::size_t kChunk = 16'384;

std::string read_reply(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class Echo {
 public:
  explicit Echo(const std::string& reply) : reply_bytes_(reply.size()) {
    constexpr std::size_t kMostLines = 512;
    for (std::size_t i = 0; i < kMostLines; ++i) replies_ += reply;
  }

  [[noreturn]] void serve(UnixListener listener) {
    watch(listener.fd());
    std::array<epoll_event, 64> events{};
    for (;;) {
      const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), -1);
      for (int i = 0; i < count; ++i) {
        const int fd = events[static_cast<std::size_t>(i)].data.fd;
        if (fd != listener.fd()) {
          answer(fd);
        } else if (const int client = ::accept4(fd, nullptr, nullptr, SOCK_NONBLOCK); client >= 0) {
          watch(client);
        }
      }
    }
  }

 private:
  void watch(int fd) {
    epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
  }

  void answer(int fd) {
    const ssize_t got = ::recv(fd, chunk_.data(), chunk_.size(), 0);
    if (got <= 0) {
      ::close(fd);
      return;
    }
    const auto lines = std::count(chunk_.data(), chunk_.data() + got, '\n');
    const std::size_t bytes = static_cast<std::size_t>(lines) * reply_bytes_;
    if (bytes > 0) ::send(fd, replies_.data(), std::min(bytes, replies_.size()), MSG_NOSIGNAL);
  }

  const Fd epoll_{::epoll_create1(EPOLL_CLOEXEC)};
  std::array<char, kChunk> chunk_{};
  const std::size_t reply_bytes_;
  std::string replies_;
};

}  // namespace
}  // namespace akgate

int main(int count, char** words) {
  if (count < 3) return 2;
  auto listener = akgate::UnixListener::listen(words[1], 0600, std::nullopt, 128);
  if (!listener) {
    std::fprintf(stderr, "akgate_bench_echo: %s\n", listener.error().what().c_str());
    return 1;
  }
  akgate::Echo(akgate::read_reply(words[2])).serve(std::move(listener).value());
}
