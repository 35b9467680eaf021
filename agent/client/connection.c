// SPDX-License-Identifier: Apache-2.0
#include "client/connection.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// The monotonic clock would not count a suspend: a reply could be hours old when it is taken.
int64_t boot_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_BOOTTIME, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// On a Unix socket it is done at once or, where the agent's queue is full, waits like a send.
static bool connect_until(int fd, const struct sockaddr_un* address, int64_t deadline) {
  for (;;) {
    const int64_t left = deadline - boot_ms();
    if (left <= 0) {
      errno = EAGAIN;
      return false;
    }
    const struct timeval patience = {.tv_sec = (time_t)(left / 1000),
                                     .tv_usec = (suseconds_t)(left % 1000 * 1000)};
    if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) != 0) return false;
    if (connect(fd, (const struct sockaddr*)address, sizeof *address) == 0) return true;
    if (errno != EINTR && errno != EAGAIN) return false;
  }
}

struct connection* connection_open(const struct sockaddr_un* address, int64_t deadline) {
  struct connection* const connection = malloc(sizeof *connection);
  if (connection == NULL) return NULL;
  *connection =
      (struct connection){.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), .owner = getpid()};
  if (connection->fd >= 0 && connect_until(connection->fd, address, deadline)) return connection;
  const int why = errno;
  connection_close(connection);
  errno = why;
  return NULL;
}

void connection_close(struct connection* connection) {
  if (connection == NULL) return;
  if (connection->fd >= 0) close(connection->fd);
  free(connection);
}

bool connection_is_quiet(const struct connection* connection) {
  char byte = 0;
  if (connection->owner != getpid()) return false;
  return recv(connection->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         (errno == EAGAIN || errno == EINTR);
}

// Until the socket can be used so, or seems to; false at the deadline.
static bool wait_for(int fd, short events, int64_t deadline) {
  const int64_t left = deadline - boot_ms();
  if (left <= 0) return false;
  struct pollfd wanted = {.fd = fd, .events = events};
  poll(&wanted, 1, (int)left);
  return true;
}

// Whether to try again, after a call that moved nothing.
static bool is_passing(int error) { return error == EAGAIN || error == EINTR; }

static enum outcome send_line(int fd, const char* line, size_t left, int64_t deadline) {
  while (left > 0) {
    const ssize_t sent = send(fd, line, left, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      line += sent;
      left -= (size_t)sent;
    } else if (!is_passing(errno)) {
      return OUTCOME_GONE;
    } else if (!wait_for(fd, POLLOUT, deadline)) {
      return OUTCOME_TIMEOUT;
    }
  }
  return OUTCOME_LINE;
}

static enum outcome receive_line(int fd, int64_t deadline, struct reply* reply) {
  reply->length = 0;
  while (reply->length < sizeof reply->text) {
    char* const room = reply->text + reply->length;
    const ssize_t received = recv(fd, room, sizeof reply->text - reply->length, MSG_DONTWAIT);
    if (received < 0 && is_passing(errno)) {
      if (!wait_for(fd, POLLIN, deadline)) return OUTCOME_TIMEOUT;
      continue;
    }
    if (received <= 0) return reply->length == 0 ? OUTCOME_GONE : OUTCOME_MALFORMED;
    reply->length += (size_t)received;
    // However it came, what came too late does not count.
    if (boot_ms() >= deadline) return OUTCOME_TIMEOUT;
    const char* const end = memchr(room, '\n', (size_t)received);
    if (end == NULL) continue;
    --reply->length;
    return end == reply->text + reply->length ? OUTCOME_LINE : OUTCOME_MALFORMED;
  }
  return OUTCOME_MALFORMED;
}

enum outcome connection_ask(const struct connection* connection, const struct line* line,
                            int64_t deadline, struct reply* reply) {
  const enum outcome sent = send_line(connection->fd, line->text, line->length, deadline);
  if (sent == OUTCOME_TIMEOUT) return sent;
  // An agent that has no room for us says so and closes, maybe before it was asked: read that.
  return receive_line(connection->fd, deadline, reply);
}
