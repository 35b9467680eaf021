// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/rudeness.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <vector>

#include "platform/fd.hpp"
#include "platform/unix_socket.hpp"

namespace akgate {

namespace {

constexpr int kMany = 32;
constexpr int kAllThereAre = 400;  // More than the agent has places.
constexpr useconds_t kBetweenBytes = 300;
constexpr useconds_t kBetweenTries = 1000;

std::vector<Fd> connections(const std::string& socket, int count) {
  std::vector<Fd> open;
  for (int i = 0; i < count; ++i) {
    auto connected = connect_unix(socket);
    if (!connected) break;
    ::fcntl(connected->get(), F_SETFL, O_NONBLOCK);
    open.push_back(*std::move(connected));
  }
  return open;
}

std::string many_lines(const std::string& question) {
  std::string lines;
  for (int i = 0; i < 64; ++i) lines += question + "\n";
  return lines;
}

/// Sends what is taken, and takes what is sent.
[[noreturn]] void flood(const std::string& socket, const std::string& question, int count) {
  const std::vector<Fd> open = connections(socket, count);
  const std::string lines = many_lines(question);
  std::vector<std::size_t> sent(open.size());  // Of `lines`.
  std::vector<pollfd> wanted;
  for (const Fd& fd : open)
    wanted.push_back({.fd = fd.get(), .events = POLLIN | POLLOUT, .revents = 0});
  std::array<char, 65536> replies{};
  for (;;) {
    ::poll(wanted.data(), wanted.size(), -1);
    for (std::size_t i = 0; i < open.size(); ++i) {
      const int fd = open[i].get();
      if ((wanted[i].revents & POLLIN) != 0) ::recv(fd, replies.data(), replies.size(), 0);
      if ((wanted[i].revents & POLLOUT) == 0) continue;
      const ssize_t more = ::send(fd, lines.data() + sent[i], lines.size() - sent[i], MSG_NOSIGNAL);
      if (more > 0) sent[i] = (sent[i] + static_cast<std::size_t>(more)) % lines.size();
    }
  }
}

}  // namespace

void flood_one(const std::string& socket, const std::string& question) {
  flood(socket, question, 1);
}
void flood_many(const std::string& socket, const std::string& question) {
  flood(socket, question, kMany);
}

void trickle(const std::string& socket, const std::string& question) {
  const std::vector<Fd> open = connections(socket, kAllThereAre);
  for (std::size_t count = 0;; ++count) {
    const std::size_t round = count / open.size();
    ::send(open[count % open.size()].get(), &question[round % question.size()], 1, MSG_NOSIGNAL);
    ::usleep(kBetweenBytes);
  }
}

void never_read(const std::string& socket, const std::string& question) {
  const std::vector<Fd> open = connections(socket, kAllThereAre);
  const std::string lines = many_lines(question);
  for (;;) {
    for (const Fd& fd : open) {
      while (::send(fd.get(), lines.data(), lines.size(), MSG_NOSIGNAL) > 0) continue;
    }
    ::usleep(kBetweenTries);
  }
}

void churn(const std::string& socket, const std::string& question) {
  const std::string line = question + "\n";
  for (unsigned count = 0;; ++count) {
    const auto connected = connect_unix(socket);
    if (connected && count % 2 == 0)
      ::send(connected->get(), line.data(), line.size(), MSG_NOSIGNAL);
  }
}

}  // namespace akgate
