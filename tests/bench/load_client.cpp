// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/load_client.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "platform/unix_socket.hpp"

namespace akgate {

LoadQuestions::LoadQuestions(const LoadProtocol& protocol, const std::vector<std::string>& keys,
                             std::size_t most_in_a_row)
    : size_(keys.size()) {
  for (std::size_t i = 0; i < size_ + most_in_a_row; ++i) {
    starts_.push_back(text_.size());
    text_ += protocol.ask_for(keys[i % size_]);
  }
  starts_.push_back(text_.size());
}

LoadClient::LoadClient(const std::string& socket, const LoadProtocol& protocol,
                       const LoadQuestions& questions, const LoadPlan& plan)
    : protocol_(protocol),
      questions_(questions),
      plan_(plan),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      connections_(plan.connections) {
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    auto connected = connect_unix(socket);
    if (!connected) {
      std::fprintf(stderr, "%s\n", connected.error().what().c_str());
      std::exit(1);
    }
    Connection& connection = connections_[i];
    connection.socket = std::move(connected).value();
    ::fcntl(connection.socket.get(), F_SETFL, O_NONBLOCK);
    connection.buffer = std::make_unique<char[]>(kBuffer);
    connection.next_question = i * questions.size() / connections_.size();
    connection.left = plan.requests;
    epoll_event event{.events = EPOLLIN, .data = {.ptr = &connection}};
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connection.socket.get(), &event);
    idle_.push_back(&connection);
  }
}

void LoadClient::run(Clock::time_point count_from, Clock::time_point end) {
  count_from_ = count_from;
  end_ = end;
  due_ = Clock::now();
  if (plan_.every.count() == 0) {
    for (Connection& connection : connections_) ask(connection, due_);
    idle_.clear();
  }
  std::array<epoll_event, 256> events{};
  while (failure_.empty() && (busy_ > 0 || !over_)) {
    const auto now = Clock::now();
    over_ = over_ || now >= end;
    if (plan_.every.count() > 0) ask_what_is_due(now);
    if (busy_ == 0 && (over_ || plan_.requests > 0)) break;
    const auto wake = plan_.every.count() > 0 && !over_ && !idle_.empty() ? due_ : end;
    const auto rest = std::max(wake - now, Clock::duration::zero());
    const auto whole = std::chrono::floor<std::chrono::seconds>(rest);
    const timespec timeout{.tv_sec = static_cast<time_t>(whole.count()),
                           .tv_nsec = static_cast<long>((rest - whole).count())};
    // Who still owes an answer at the end gets some time for it.
    const timespec grace{.tv_sec = 5, .tv_nsec = 0};
    const int ready = ::epoll_pwait2(epoll_.get(), events.data(), events.size(),
                                     over_ ? &grace : &timeout, nullptr);
    if (ready == 0 && over_) fail("questions were never answered");
    for (int i = 0; i < ready; ++i) {
      take_answers(*static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr));
    }
  }
}

/// Sends the next questions of a connection, unless it is through.
void LoadClient::ask(Connection& connection, Clock::time_point at) {
  std::size_t count = plan_.depth;
  if (plan_.requests > 0) {
    count = std::min(count, connection.left);
    connection.left -= count;
  }
  if (count == 0 || over_) return;
  const std::string_view text = questions_.in_a_row(connection.next_question, count);
  connection.next_question = (connection.next_question + count) % questions_.size();
  connection.awaited = count;
  connection.asked_at = at;
  ++busy_;
  // Nothing of an earlier one is unread at the other end, so it has room for a whole one.
  const ssize_t sent = ::send(connection.socket.get(), text.data(), text.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(text.size())) fail("questions were not taken at once");
}

void LoadClient::ask_what_is_due(Clock::time_point now) {
  while (!over_ && due_ <= now && !idle_.empty()) {
    // That the thread woke up late is not the server's doing.
    const bool all_were_busy = idle_.front()->free_since > due_;
    Connection& connection = *idle_.back();
    idle_.pop_back();
    ask(connection, all_were_busy ? due_ : now);
    due_ += plan_.every;
  }
}

void LoadClient::take_answers(Connection& connection) {
  char* const buffer = connection.buffer.get();
  const ssize_t got =
      ::recv(connection.socket.get(), buffer + connection.held, kBuffer - connection.held, 0);
  if (got <= 0) {
    if (got < 0 && errno == EAGAIN) return;
    return fail(got == 0 ? "the server closed the connection" : std::strerror(errno));
  }
  const auto now = Clock::now();
  std::string_view received(buffer, connection.held + static_cast<std::size_t>(got));
  while (!received.empty()) {
    const std::size_t bytes = protocol_.cut(received);
    if (bytes == 0) break;
    if (bytes == LoadProtocol::kWrong || connection.awaited == 0) {
      return fail("not the expected answer: " + std::string(received.substr(0, 300)));
    }
    received.remove_prefix(bytes);
    --connection.awaited;
    if (now < count_from_) continue;
    latencies_.add(now - connection.asked_at);
    if (now < end_) ++answers_;
  }
  connection.held = received.size();
  if (connection.held > 0) std::memmove(buffer, received.data(), connection.held);
  if (connection.awaited > 0) return;
  --busy_;
  if (plan_.every.count() > 0) {
    connection.free_since = now;
    idle_.push_back(&connection);
  } else {
    ask(connection, now);
  }
}

void LoadClient::fail(const std::string& why) {
  if (failure_.empty()) failure_ = why;
}

}  // namespace akgate
