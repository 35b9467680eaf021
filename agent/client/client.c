// SPDX-License-Identifier: Apache-2.0
#include <akgate/akgate.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "client/cache.h"
#include "client/connection.h"
#include "client/line.h"

enum { IDLE_CONNECTIONS = 8 };

// A connection carries one question at a time, and lies here in between. Taking and putting one is
// an atomic exchange and no lock, so that a child that was forked at any moment can go on.
struct akgate_client {
  struct sockaddr_un address;
  struct cache* cache;  // NULL: none.
  _Atomic(struct connection*) idle[IDLE_CONNECTIONS];
};

// One question's way through a check.
struct call {
  akgate_client* client;
  const akgate_question* question;
  akgate_answer* answer;
  int64_t began;
  int64_t deadline;
  struct line line;
};

// --- answers ---

static void deny(akgate_answer* answer, const char* reason, const char* detail) {
  *answer = (akgate_answer){.age_s = -1};
  snprintf(answer->reason, sizeof answer->reason, "%s", reason);
  snprintf(answer->detail, sizeof answer->detail, "%s", detail);
}

static void deny_unreachable(akgate_answer* answer, int error) {
  char detail[sizeof answer->detail];
  snprintf(detail, sizeof detail, "cannot connect to the agent's socket: error %d", error);
  const char* why = detail;
  if (error == ENOENT || error == ECONNREFUSED) {
    why = "nobody listens on the agent's socket: is akgated running?";
  } else if (error == EACCES || error == EPERM) {
    why = "this user may not use the agent's socket: is it in the socket's group?";
  } else if (error == EAGAIN) {
    why = "the agent took no connection in time";
  }
  deny(answer, error == EAGAIN ? "agent-timeout" : "agent-unreachable", why);
}

// --- connections ---

// An idle connection that is fit to be used; NULL where there is none.
static struct connection* take_idle(akgate_client* client) {
  for (int at = 0; at < IDLE_CONNECTIONS; ++at) {
    struct connection* const connection = atomic_exchange(&client->idle[at], NULL);
    if (connection == NULL) continue;
    if (connection_is_quiet(connection)) return connection;
    connection_close(connection);
  }
  return NULL;
}

static void put_idle(akgate_client* client, struct connection* connection) {
  for (int at = 0; at < IDLE_CONNECTIONS; ++at) {
    struct connection* none = NULL;
    if (atomic_compare_exchange_strong(&client->idle[at], &none, connection)) return;
  }
  connection_close(connection);
}

// --- the question ---

// What the agent may spend on the register: what is left, less the way back.
static unsigned agents_time(int64_t left) {
  const int64_t way_back = left / 8 < 100 ? left / 8 : 100;
  return left > 1 ? (unsigned)(left - way_back) : 1;
}

static enum outcome exchange(struct call* call, struct connection* connection) {
  const int64_t sent = boot_ms();
  char id[ID_BYTES];
  snprintf(id, sizeof id, "%u", ++connection->asked);
  line_end(&call->line, call->question->mode, agents_time(call->deadline - sent), id);
  struct reply reply;
  const enum outcome outcome = connection_ask(connection, &call->line, call->deadline, &reply);
  if (outcome != OUTCOME_LINE) return outcome;
  int64_t good_for_s = 0;
  if (!reply_read(&reply, id, call->answer, &good_for_s)) return OUTCOME_MALFORMED;
  call->answer->good_until_ms = good_for_s > 0 ? sent + good_for_s * 1000 : 0;
  return OUTCOME_LINE;
}

// Asks over that connection and keeps or closes it. False where the agent went without a word.
static bool ask_over(struct call* call, struct connection* connection) {
  const enum outcome outcome = exchange(call, connection);
  if (outcome == OUTCOME_LINE) {
    put_idle(call->client, connection);
    return true;
  }
  connection_close(connection);
  if (outcome == OUTCOME_GONE) {
    deny(call->answer, "agent-unreachable", "the agent closed the connection without a reply");
  } else if (outcome == OUTCOME_TIMEOUT) {
    deny(call->answer, "agent-timeout", "the agent did not reply in time");
  } else {
    deny(call->answer, "agent-malformed",
         "what came is no reply of an agent: is it akgated that listens there?");
  }
  return outcome != OUTCOME_GONE;
}

static void ask_agent(struct call* call) {
  struct connection* connection = take_idle(call->client);
  // The agent may have ended since it was last asked: once more, to the one started after it.
  if (connection != NULL && ask_over(call, connection)) return;
  connection = connection_open(&call->client->address, call->deadline);
  if (connection == NULL) {
    deny_unreachable(call->answer, errno);
  } else {
    ask_over(call, connection);
  }
}

static void check(struct call* call) {
  struct cache* const cache = call->client->cache;
  unsigned as_of = 0;
  if (cache_find(cache, &call->line, call->question->mode != AKGATE_FRESH, call->began,
                 call->answer, &as_of))
    return;
  ask_agent(call);
  cache_keep(cache, &call->line, call->began, call->answer, as_of);
}

// --- what the header says ---

akgate_client* akgate_open(const char* socket_path, size_t cached_answers) {
  if (socket_path == NULL) socket_path = AKGATE_DEFAULT_SOCKET;
  const size_t length = strlen(socket_path);
  akgate_client* const client = calloc(1, sizeof *client);
  if (client == NULL) return NULL;
  if (length == 0 || length >= sizeof client->address.sun_path) {
    free(client);
    errno = length == 0 ? EINVAL : ENAMETOOLONG;
    return NULL;
  }
  client->address.sun_family = AF_UNIX;
  memcpy(client->address.sun_path, socket_path, length + 1);
  for (int at = 0; at < IDLE_CONNECTIONS; ++at) atomic_init(&client->idle[at], NULL);
  if (cached_answers > 0 && (client->cache = cache_create(cached_answers)) == NULL) {
    free(client);
    errno = ENOMEM;
    return NULL;
  }
  return client;
}

bool akgate_check(akgate_client* client, const akgate_question* question, unsigned timeout_ms,
                  akgate_answer* answer) {
  akgate_answer unwanted;
  struct call call = {
      .client = client, .question = question, .answer = answer != NULL ? answer : &unwanted};
  *call.answer = (akgate_answer){.allowed = false};
  call.began = boot_ms();
  call.deadline = call.began + timeout_ms;
  const char* problem = NULL;
  if (client == NULL || question == NULL) {
    problem = "there is no client or no question";
  } else if (timeout_ms < 1 || timeout_ms > AKGATE_MAX_TIMEOUT_MS) {
    problem = "the timeout must be 1 to 60000 milliseconds";
  } else {
    problem = line_begin(&call.line, question);
  }
  if (problem == NULL) {
    check(&call);
  } else {
    deny(call.answer, "bad-question", problem);
  }
  explicit_bzero(&call.line, sizeof call.line);
  return call.answer->allowed;
}

void akgate_close(akgate_client* client) {
  if (client == NULL) return;
  for (int at = 0; at < IDLE_CONNECTIONS; ++at) connection_close(atomic_load(&client->idle[at]));
  cache_destroy(client->cache);
  free(client);
}

const char* akgate_version(void) { return AKGATE_VERSION; }
