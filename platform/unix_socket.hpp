// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "platform/fd.hpp"

namespace akgate {

/// Who is at the other end (SO_PEERCRED): a snapshot from when the connection was made. The pid is
/// a hint only.
struct PeerCredentials {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::int32_t pid = 0;
};

/// A listening Unix stream socket, ours alone or handed to us. The file of our own is removed when
/// it goes, if it is still ours.
///
/// A lock beside it (`path` + ".lock", flock) tells a living agent from a stale socket file: whose
/// second refuses to start, which is replaced. The lock file stays for ever: were it removed, a
/// third agent could make and lock a new one while a second holds the old.
class UnixListener {
 public:
  /// Listens at `path`, at most 103 bytes long. Made under a temporary name (`path` + ".new") with
  /// no permission at all, given its group and mode, listening, and only then renamed into place:
  /// nobody connects before mode and group are in force. What stands at `path` and is no socket is
  /// left alone and refused. Missing directories are made with mode 0755.
  [[nodiscard]] static Result<UnixListener> listen(const std::string& path, std::uint32_t mode,
                                                   std::optional<std::uint32_t> gid, int backlog);
  /// Goes on with a socket that listens already, such as one that the service manager hands over;
  /// its file is not ours to remove, nor is there a lock.
  [[nodiscard]] static Result<UnixListener> adopt(Fd socket, const std::string& path);
  UnixListener(UnixListener&&) noexcept = default;
  UnixListener& operator=(UnixListener&&) noexcept;
  ~UnixListener();

  [[nodiscard]] int fd() const { return socket_.get(); }
  /// The next waiting connection, non-blocking and close-on-exec; nothing where there is none. An
  /// error where descriptors or memory ran out: the connection still waits, so stop watching fd()
  /// for a while rather than spin.
  [[nodiscard]] Result<std::optional<Fd>> accept();

 private:
  struct FileIdentity {
    std::uint64_t device;
    std::uint64_t inode;
  };

  UnixListener(std::string path, Fd socket, Fd lock, FileIdentity file);
  void remove_file();

  std::string path_;
  Fd socket_;
  Fd lock_;  ///< None where the file is not ours.
  FileIdentity file_;
};

/// Of a TCP connection the system knows nobody: the uid is UINT32_MAX.
[[nodiscard]] Result<PeerCredentials> peer_credentials(int fd);

/// The peer's supplementary groups (SO_PEERGROUPS, Linux 4.13); none where the system cannot tell.
[[nodiscard]] std::vector<std::uint32_t> peer_groups(int fd);

/// Connects, within 5 s; the connection blocks, for 5 s at most where it sends. For the command
/// line.
[[nodiscard]] Result<Fd> connect_unix(const std::string& path);

/// How a read or write on a non-blocking stream went.
struct Transfer {
  enum class Kind : std::uint8_t { moved, would_block, closed, failed };
  Kind kind = Kind::failed;
  std::size_t bytes = 0;  ///< For `moved`: at least 1.
};
/// `into` is not empty.
[[nodiscard]] Transfer receive(int fd, std::span<char> into);
/// Never raises SIGPIPE. `from` is not empty.
[[nodiscard]] Transfer send(int fd, std::string_view from);
/// Reads and forgets what has arrived, before a connection is closed: of unread input the system
/// makes a reset, where the other end should see a reply and an end. Bounded: who goes on sending
/// gets the reset.
void discard_input(int fd);
/// Nothing more will be sent: the other end reads an end behind what was sent, and may go on
/// sending itself. TCP or Unix stream.
void end_sending(int fd);

}  // namespace akgate
