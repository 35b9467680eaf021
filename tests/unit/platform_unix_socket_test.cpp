// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "platform/accounts.hpp"
#include "platform/file.hpp"
#include "platform/unix_socket.hpp"
#include "tests/support/temporary_directory.hpp"

namespace akgate {
namespace {

constexpr int kBacklog = 16;

struct stat facts_of(const std::string& path) {
  struct stat facts {};
  EXPECT_EQ(lstat(path.c_str(), &facts), 0) << path;
  return facts;
}

/// A socket file that nobody listens on.
void leave_stale_socket(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
}

class Listening : public testing::Test {
 protected:
  [[nodiscard]] Result<UnixListener> listen(std::uint32_t mode = 0600) const {
    return UnixListener::listen(path_, mode, std::nullopt, kBacklog);
  }

  TemporaryDirectory directory_;
  const std::string path_ = directory_ / "gate.sock";
};

TEST_F(Listening, connects_two_ends_that_know_each_other) {
  UnixListener listener = listen().value();
  EXPECT_FALSE(listener.accept().value().has_value()) << "nobody there yet";
  const Fd client = connect_unix(path_).value();
  const std::optional<Fd> server = std::move(listener.accept().value());
  ASSERT_TRUE(server.has_value());
  const PeerCredentials peer = peer_credentials(server->get()).value();
  EXPECT_EQ(peer.uid, geteuid());
  EXPECT_EQ(peer.gid, getegid());
  EXPECT_EQ(peer.pid, getpid());
  EXPECT_NE(fcntl(server->get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(fcntl(server->get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(Listening, has_mode_and_group_whatever_the_umask) {
  // Only root may give away to any group.
  const std::uint32_t group = geteuid() == 0 ? 12345 : getegid();
  for (const std::uint32_t mode : {0660U, 0600U, 0666U}) {
    const mode_t before = umask(077);
    const auto listener = UnixListener::listen(path_, mode, group, kBacklog);
    umask(before);
    ASSERT_TRUE(listener) << listener.error().what();
    EXPECT_EQ(facts_of(path_).st_mode, S_IFSOCK | mode);
    EXPECT_EQ(facts_of(path_).st_gid, group);
  }
}

/// What happens to names in a directory, as "<what> <name>".
class NameWatch {
 public:
  explicit NameWatch(const std::string& directory) {
    EXPECT_GE(inotify_add_watch(fd_.get(), directory.c_str(), IN_ALL_EVENTS), 0);
  }
  std::vector<std::uint32_t> events_of(std::string_view name) {
    alignas(inotify_event) std::array<char, 16384> buffer{};
    const ssize_t size = read(fd_.get(), buffer.data(), buffer.size());
    std::vector<std::uint32_t> events;
    for (ssize_t at = 0; at < size;) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      const char* const who = buffer.data() + at + sizeof event;
      if (event.len > 0 && name == who) events.push_back(event.mask);
      at += static_cast<ssize_t>(sizeof event + event.len);
    }
    return events;
  }

 private:
  Fd fd_{inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
};

TEST_F(Listening, gets_its_name_only_when_it_is_ready) {
  NameWatch names(directory_.path());
  const auto listener = listen(0666);
  ASSERT_TRUE(listener) << listener.error().what();
  // Neither created nor changed under this name: renamed into place as it is.
  EXPECT_EQ(names.events_of("gate.sock"), std::vector<std::uint32_t>{IN_MOVED_TO});
}

TEST_F(Listening, second_agent_is_refused_and_the_first_stays) {
  UnixListener first = listen().value();
  const auto second = listen();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().what(),
            "cannot listen on " + path_ +
                ": another agent is listening there; stop it first, or choose another path");
  EXPECT_TRUE(connect_unix(path_));
  EXPECT_TRUE(first.accept().value().has_value());
}

TEST_F(Listening, stale_sockets_are_no_obstacle) {
  leave_stale_socket(path_);
  leave_stale_socket(path_ + ".new");
  const auto listener = listen();
  ASSERT_TRUE(listener) << listener.error().what();
  EXPECT_TRUE(connect_unix(path_));
  EXPECT_FALSE(file_exists(path_ + ".new"));
}

TEST_F(Listening, killed_agent_is_no_obstacle) {
  const pid_t child = fork();
  if (child == 0) {
    const auto listener = listen();
    raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  ASSERT_TRUE(file_exists(path_));
  EXPECT_TRUE(listen());
}

TEST_F(Listening, what_is_no_socket_is_refused_and_left_alone) {
  for (const std::string& taken : {path_, path_ + ".new"}) {
    std::ofstream(taken) << "precious";
    EXPECT_EQ(listen().error().what(),
              "cannot listen on " + taken +
                  ": what stands there is no socket; move it away, or choose another path");
    EXPECT_TRUE(S_ISREG(facts_of(taken).st_mode));
    EXPECT_EQ(facts_of(taken).st_size, 8);
    ASSERT_EQ(unlink(taken.c_str()), 0);
  }
}

TEST_F(Listening, leaves_no_socket_file_behind) {
  { const UnixListener listener = listen().value(); }
  EXPECT_FALSE(file_exists(path_));
  EXPECT_TRUE(listen()) << "and may begin again";
}

TEST_F(Listening, leaves_alone_a_file_that_is_not_its_own) {
  {
    const UnixListener listener = listen().value();
    leave_stale_socket(directory_ / "other");
    ASSERT_EQ(rename((directory_ / "other").c_str(), path_.c_str()), 0);
  }
  EXPECT_TRUE(file_exists(path_));
}

TEST_F(Listening, failed_attempt_leaves_no_socket_file_behind) {
  if (geteuid() == 0) GTEST_SKIP() << "root may give files to any group";
  ASSERT_FALSE(UnixListener::listen(path_, 0660, 0, kBacklog));
  EXPECT_FALSE(file_exists(path_));
  EXPECT_FALSE(file_exists(path_ + ".new"));
}

TEST_F(Listening, moved_keeps_its_file_and_gives_up_the_one_before) {
  const std::string other = directory_ / "other.sock";
  UnixListener listener = listen().value();
  listener = UnixListener::listen(other, 0600, std::nullopt, kBacklog).value();
  EXPECT_FALSE(file_exists(path_));
  EXPECT_TRUE(connect_unix(other));
  EXPECT_TRUE(listen());
}

TEST_F(Listening, makes_missing_directories) {
  const std::string path = directory_ / "a/b/gate.sock";
  EXPECT_TRUE(UnixListener::listen(path, 0600, std::nullopt, kBacklog));
  EXPECT_EQ(facts_of(directory_ / "a/b").st_mode, S_IFDIR | 0755U);
}

TEST_F(Listening, path_may_be_as_long_as_it_says) {
  const std::string longest = directory_ / std::string(102 - directory_.path().size(), 'x');
  ASSERT_EQ(longest.size(), 103U);
  const auto listener = UnixListener::listen(longest, 0600, std::nullopt, kBacklog);
  ASSERT_TRUE(listener) << listener.error().what();
  EXPECT_TRUE(connect_unix(longest));
  const std::string longer = longest + "x";
  EXPECT_EQ(UnixListener::listen(longer, 0600, std::nullopt, kBacklog).error().what(),
            "cannot have a socket at '" + longer +
                "': a socket's path has 1 to 103 bytes; choose another");
  EXPECT_FALSE(UnixListener::listen("", 0600, std::nullopt, kBacklog));
}

TEST_F(Listening, running_out_of_descriptors_is_an_error_that_passes) {
  UnixListener listener = listen().value();
  const Fd client = connect_unix(path_).value();
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  Fd next(dup(client.get()));
  rlimit full = before;
  full.rlim_cur = static_cast<rlim_t>(next.get());
  next.close();
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &full), 0);
  const auto refused = listener.accept();
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what().find("too many files are open"), std::string::npos);
  EXPECT_TRUE(listener.accept().value().has_value());
}

TEST_F(Listening, connecting_to_nobody_says_so) {
  const std::string expected =
      "cannot connect to " + path_ + ": nobody listens there; is akgated running?";
  EXPECT_EQ(connect_unix(path_).error().what(), expected);
  leave_stale_socket(path_);
  EXPECT_EQ(connect_unix(path_).error().what(), expected);
}

class Stream : public testing::Test {
 protected:
  Stream() {
    std::array<int, 2> ends{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
    here_ = Fd(ends[0]);
    there_ = Fd(ends[1]);
  }

  Fd here_;
  Fd there_;
  std::array<char, 4> buffer_{};
};

TEST_F(Stream, moves_what_there_is_and_what_there_is_room_for) {
  EXPECT_EQ(receive(here_.get(), buffer_).kind, Transfer::Kind::would_block);
  const Transfer sent = send(there_.get(), "abcdef");
  EXPECT_EQ(sent.kind, Transfer::Kind::moved);
  EXPECT_EQ(sent.bytes, 6U);
  EXPECT_EQ(receive(here_.get(), buffer_).bytes, 4U);
  EXPECT_EQ(receive(here_.get(), buffer_).bytes, 2U);
  EXPECT_EQ(std::string_view(buffer_.data(), 2), "ef");
  const std::string much(1 << 20, 'x');
  std::size_t total = 0;
  Transfer step = send(there_.get(), much);
  for (; step.kind == Transfer::Kind::moved; step = send(there_.get(), much)) {
    EXPECT_GE(step.bytes, 1U);
    total += step.bytes;
  }
  EXPECT_EQ(step.kind, Transfer::Kind::would_block);
  EXPECT_GE(total, 1U);
}

TEST_F(Stream, other_end_that_is_gone_is_closed_and_raises_no_signal) {
  there_.close();
  EXPECT_EQ(receive(here_.get(), buffer_).kind, Transfer::Kind::closed);
  EXPECT_EQ(send(here_.get(), "x").kind, Transfer::Kind::closed);
}

TEST_F(Stream, what_is_no_socket_fails) {
  EXPECT_EQ(receive(-1, buffer_).kind, Transfer::Kind::failed);
  EXPECT_EQ(send(-1, "x").kind, Transfer::Kind::failed);
  EXPECT_FALSE(peer_credentials(-1));
}

TEST(Accounts, are_found_by_name) {
  EXPECT_EQ(find_user("root"), 0U);
  EXPECT_EQ(find_user("no-such-user-here"), std::nullopt);
  EXPECT_EQ(find_group("root"), 0U);
  EXPECT_EQ(find_group("no-such-group-here"), std::nullopt);
}

}  // namespace
}  // namespace akgate
