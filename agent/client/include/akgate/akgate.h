/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libakgate asks akgated, the agent on this device, whether meter data may be released.
 *
 *   akgate_client *gate = akgate_open(NULL, 0);
 *   const char *const types[] = {"HH-CONSUMPTION", NULL};
 *   akgate_question question = {.access_key = key, .data_types = types};
 *   akgate_answer answer;
 *   if (akgate_check(gate, &question, 2000, &answer)) {
 *     release();
 *   } else {
 *     log("withheld: %s %s", answer.reason, answer.detail);
 *   }
 *   akgate_close(gate);
 *
 * Everything but the agent's own, complete and sensible ALLOW is a denial: a NULL client, a
 * question that cannot be asked, silence, garbage, half a reply. C11 and C++; threads may share a
 * client; needs Linux and nothing but libc.
 */
#ifndef AKGATE_AKGATE_H
#define AKGATE_AKGATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define AKGATE_API __attribute__((visibility("default")))
#else
#define AKGATE_API
#endif

#define AKGATE_DEFAULT_SOCKET "/run/akgate/gate.sock"
#define AKGATE_MAX_TIMEOUT_MS 60000

/** A way to the agent: a few idle connections and, where wanted, answers that are still good. */
typedef struct akgate_client akgate_client;

typedef enum akgate_mode {
  AKGATE_NORMAL = 0,
  AKGATE_CACHED = 1, /**< The agent never asks the register. */
  AKGATE_FRESH = 2   /**< The agent asks the register now; never from this client's cache. */
} akgate_mode;

/**
 * What is asked. A NULL is a restriction that is not made; an empty text is none, but a fault.
 * Texts are UTF-8 without control characters; together with their names they have to fit 960 bytes.
 */
typedef struct akgate_question {
  const char*
      access_key; /**< `ak_…`; required. No copy outlives the call, but see akgate_open(). */
  const char* const* data_types; /**< All must be covered; the last is followed by NULL. */
  const char* mpxn;              /**< The meter point whose data would be released. */
  const char* controller;        /**< Name of the controller that asks. */
  const char* duid;              /**< The Data User that asks. */
  akgate_mode mode;
} akgate_question;

/** What came of it. Texts are "" where there is none; all are printable ASCII, and none holds the
 * key. */
typedef struct akgate_answer {
  bool allowed;    /**< The agent said ALLOW. What akgate_check() returns. */
  bool answered;   /**< The agent said ALLOW or DENY. False: nobody did; `reason` and `detail` say
                      why. */
  bool remembered; /**< The answer is from this client's own cache. */
  /**
   * The agent's word (`active`, `revoked`, `bad-request`, …) or, unanswered, one of this library:
   * `bad-question`, `agent-unreachable`, `agent-timeout` (no reply in time), `agent-malformed`
   * (what came is no reply).
   */
  char reason[32];
  char source[16];        /**< `register`, `cache`, `grace`, `local`. */
  char until[24];         /**< `good_until_ms` for people: RFC 3339, UTC. */
  char expires[24];       /**< The record's own expiry; `never`. */
  char transactions[256]; /**< The register's transaction-ids, comma-separated, for your audit
                             trail. */
  char detail[160];       /**< For a person, where unanswered: what is wrong and what to do. */
  int64_t age_s;          /**< Seconds since the register confirmed it; -1 where not known. */
  /**
   * Until when the answer may be relied on without asking again: milliseconds of CLOCK_BOOTTIME,
   * which counts while the device sleeps. 0: not beyond this moment.
   */
  int64_t good_until_ms;
} akgate_answer;

/**
 * Makes a client. Connects to nothing yet: the agent may start later, and start again.
 *
 * @param socket_path     the agent's gate socket, at most 107 bytes; NULL: AKGATE_DEFAULT_SOCKET
 * @param cached_answers  how many answers to keep at most, for as long as the agent said they are
 * good; about 600 bytes each. 0 keeps none: every question is the agent's, who counts each in its
 * audit trail. With a cache, access keys stay in this process' memory until their answer is
 * replaced or akgate_close(), which wipes them.
 * @return NULL, with errno set, without memory or with a path that is empty or too long.
 */
AKGATE_API akgate_client* akgate_open(const char* socket_path, size_t cached_answers);

/**
 * Asks. Any thread; threads wait for each other's questions at no time. After fork() the child may
 * go on with its parent's client: on connections of its own, and without the cache.
 *
 * @param timeout_ms  1 to AKGATE_MAX_TIMEOUT_MS, for the whole call: connecting, the agent's asking
 * the register, the way back. Time that the device sleeps counts.
 * @param answer      filled in whatever happens; may be NULL
 * @return true if, and only if, the agent allows the release.
 */
AKGATE_API bool akgate_check(akgate_client* client, const akgate_question* question,
                             unsigned timeout_ms, akgate_answer* answer);

/** Ends a client that no thread uses any more, and wipes what it remembered. NULL is fine. */
AKGATE_API void akgate_close(akgate_client* client);

/** The library's version, as `1.2.3`. */
AKGATE_API const char* akgate_version(void);

#ifdef __cplusplus
}
#endif

#endif
