// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "platform/file.hpp"
#include "platform/linux/accept.hpp"
#include "platform/posix/lock.hpp"
#include "platform/posix/os_error.hpp"
#include "platform/posix/unix_address.hpp"
#include "platform/unix_socket.hpp"

namespace akgate {

namespace {

constexpr std::uint32_t kDirectoryMode = 0755;
constexpr std::string_view kNotYet = ".new";  // behind the name of a socket that is not open yet

Status refuse_unless_socket(const std::string& path) {
  struct stat facts {};
  if (lstat(path.c_str(), &facts) != 0) {
    if (errno == ENOENT) return Done{};
    return os_error("cannot listen on", path);
  }
  if (S_ISSOCK(facts.st_mode)) return Done{};
  return Error("cannot listen on " + path +
               ": what stands there is no socket; move it away, or choose another path");
}

/// The lock on `path`. Who holds it is the only agent there, and what sockets it finds are stale.
Result<Fd> become_the_only_one(const std::string& path) {
  Status directory = make_directories(parent_directory(path), kDirectoryMode);
  if (!directory) return std::move(directory).error();
  Result<std::optional<Fd>> lock = try_lock_file(path + ".lock");
  if (!lock) return std::move(lock).error();
  if (lock->has_value()) return std::move(**lock);
  return Error("cannot listen on " + path +
               ": another agent is listening there; stop it first, or choose another path");
}

/// Binds to a name where nobody can connect yet, for want of permission, and then sets group and
/// mode.
Status bind_closed(const Fd& socket, const sockaddr_un& address, std::uint32_t mode,
                   std::optional<std::uint32_t> gid) {
  const char* const path = address.sun_path;
  // The file gets the mode that its descriptor had; a umask of any kind only takes away from that.
  if (fchmod(socket.get(), 0) != 0) return os_error("cannot make the socket", path);
  const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
  if (bind(socket.get(), generic, sizeof address) != 0) {
    return os_error("cannot make the socket", path);
  }
  if (gid && lchown(path, static_cast<uid_t>(-1), *gid) != 0) {
    return os_error("cannot give group " + std::to_string(*gid) + " the socket", path);
  }
  if (chmod(path, mode) != 0) return os_error("cannot set the mode of the socket", path);
  return Done{};
}

/// Has the socket listen, and only then gives it the name by which it is reached. Returns the
/// file's facts.
Result<struct stat> open_at(const std::string& path, const Fd& socket, const sockaddr_un& not_yet,
                            std::uint32_t mode, std::optional<std::uint32_t> gid, int backlog) {
  const std::string temporary = not_yet.sun_path;
  for (const std::string& name : {path, temporary}) {
    Status free = refuse_unless_socket(name);
    if (!free) return std::move(free).error();
  }
  static_cast<void>(unlink(temporary.c_str()));  // left by a crash

  struct stat facts {};
  Status status = bind_closed(socket, not_yet, mode, gid);
  if (status && (::listen(socket.get(), backlog) != 0 || lstat(temporary.c_str(), &facts) != 0 ||
                 rename(temporary.c_str(), path.c_str()) != 0)) {
    status = os_error("cannot listen on", path);
  }
  if (status) return facts;
  static_cast<void>(unlink(temporary.c_str()));
  return std::move(status).error();
}

}  // namespace

Result<UnixListener> UnixListener::listen(const std::string& path, std::uint32_t mode,
                                          std::optional<std::uint32_t> gid, int backlog) {
  const Result<sockaddr_un> not_yet = unix_address(path, kNotYet);
  if (!not_yet) return not_yet.error();
  Result<Fd> lock = become_the_only_one(path);
  if (!lock) return std::move(lock).error();
  Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return os_error("cannot listen on", path);
  const Result<struct stat> file = open_at(path, socket, *not_yet, mode, gid, backlog);
  if (!file) return file.error();
  return UnixListener(path, std::move(socket), std::move(*lock),
                      {.device = file->st_dev, .inode = file->st_ino});
}

Result<UnixListener> UnixListener::adopt(Fd socket, const std::string& path) {
  const int flags = fcntl(socket.get(), F_GETFL);
  if (flags < 0 || fcntl(socket.get(), F_SETFL, flags | O_NONBLOCK) != 0) {
    return os_error("cannot listen on", path);
  }
  return UnixListener(path, std::move(socket), Fd(), FileIdentity());
}

UnixListener::UnixListener(std::string path, Fd socket, Fd lock, FileIdentity file)
    : path_(std::move(path)), socket_(std::move(socket)), lock_(std::move(lock)), file_(file) {}

UnixListener& UnixListener::operator=(UnixListener&& other) noexcept {
  if (this != &other) {
    remove_file();
    path_ = std::move(other.path_);
    socket_ = std::move(other.socket_);
    lock_ = std::move(other.lock_);
    file_ = other.file_;
  }
  return *this;
}

UnixListener::~UnixListener() { remove_file(); }

void UnixListener::remove_file() {
  if (!lock_.valid()) return;  // not our file, or moved from
  struct stat facts {};
  const bool ours = lstat(path_.c_str(), &facts) == 0 && facts.st_dev == file_.device &&
                    facts.st_ino == file_.inode;
  if (ours) static_cast<void>(unlink(path_.c_str()));
}

Result<std::optional<Fd>> UnixListener::accept() { return accept_connection(socket_, path_); }

}  // namespace akgate
