// SPDX-License-Identifier: Apache-2.0
// One connection to the agent, used by one thread at a time. Times are milliseconds of
// CLOCK_BOOTTIME.
#ifndef AKGATE_CLIENT_CONNECTION_H
#define AKGATE_CLIENT_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/un.h>

#include "client/line.h"

struct connection {
  int fd;
  pid_t owner;     // A child of it shares the socket, and must not read its parent's replies.
  uint32_t asked;  // Questions so far, for their ids.
};

enum outcome {
  OUTCOME_LINE,      // A whole line, and nothing behind it.
  OUTCOME_GONE,      // The agent closed the connection and said nothing.
  OUTCOME_TIMEOUT,   // No whole line in time.
  OUTCOME_MALFORMED  // What came is no line: half of one, more than one, or one without end.
};

int64_t boot_ms(void);

// NULL, with errno set, where there is no connection; EAGAIN where there was none in time.
struct connection* connection_open(const struct sockaddr_un* address, int64_t deadline);
void connection_close(struct connection* connection);

// Whether it is this process' own, still open, and has nothing to say.
bool connection_is_quiet(const struct connection* connection);

// Sends the line and waits for the one that comes back. After anything but OUTCOME_LINE the
// connection has to be closed: a late reply would be taken for the next question's.
enum outcome connection_ask(const struct connection* connection, const struct line* line,
                            int64_t deadline, struct reply* reply);

#endif
