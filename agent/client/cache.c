// SPDX-License-Identifier: Apache-2.0
#include "client/cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { WAYS = 4 };

struct entry {
  char* asked;  // The beginning of the line, with the access key. NULL: the entry is free.
  size_t asked_length;
  size_t key_length;
  int64_t asked_ms;
  akgate_answer answer;
};

// All answers under an access key are in the set that the key's hash names.
struct set {
  struct entry ways[WAYS];
  unsigned denials;  // Of keys of this set.
};

struct cache {
  pthread_mutex_t mutex;
  pid_t owner;  // In a forked child the mutex may be held for ever, by a thread that is not there.
  size_t set_count;
  size_t swept;
  struct set sets[];
};

struct cache* cache_create(size_t answers) {
  const size_t sets = answers / WAYS + (answers % WAYS != 0);
  if (sets > (SIZE_MAX - sizeof(struct cache)) / sizeof(struct set)) return NULL;
  struct cache* const cache = calloc(1, sizeof *cache + sets * sizeof(struct set));
  if (cache == NULL) return NULL;
  pthread_mutex_init(&cache->mutex, NULL);
  cache->owner = getpid();
  cache->set_count = sets;
  return cache;
}

static void drop(struct entry* entry) {
  if (entry->asked != NULL) explicit_bzero(entry->asked, entry->asked_length);
  free(entry->asked);
  explicit_bzero(entry, sizeof *entry);
}

void cache_destroy(struct cache* cache) {
  if (cache == NULL) return;
  for (size_t at = 0; at < cache->set_count * WAYS; ++at)
    drop(&cache->sets[at / WAYS].ways[at % WAYS]);
  if (cache->owner == getpid()) pthread_mutex_destroy(&cache->mutex);
  free(cache);
}

static void drop_overdue(struct set* set, int64_t now_ms) {
  for (int way = 0; way < WAYS; ++way) {
    struct entry* const entry = &set->ways[way];
    if (entry->asked != NULL && entry->answer.good_until_ms <= now_ms) drop(entry);
  }
}

// FNV-1a. Who makes collisions gains that they displace each other.
static struct set* set_of(struct cache* cache, const struct line* line) {
  uint32_t hash = 2166136261U;
  for (size_t at = 0; at < line->key_length; ++at)
    hash = (hash ^ (unsigned char)line->text[at]) * 16777619U;
  return &cache->sets[hash % cache->set_count];
}

static bool same_key(const struct entry* entry, const struct line* line) {
  return entry->asked != NULL && entry->key_length == line->key_length &&
         memcmp(entry->asked, line->text, line->key_length) == 0;
}

static bool same_question(const struct entry* entry, const struct line* line) {
  return same_key(entry, line) && entry->asked_length == line->asked_length &&
         memcmp(entry->asked, line->text, line->asked_length) == 0;
}

bool cache_find(struct cache* cache, const struct line* line, bool wanted, int64_t now_ms,
                akgate_answer* answer, unsigned* as_of) {
  if (cache == NULL || cache->owner != getpid()) return false;
  bool found = false;
  pthread_mutex_lock(&cache->mutex);
  struct set* const set = set_of(cache, line);
  drop_overdue(set, now_ms);
  // Sets that nobody asks for have their turn too: no key stays for long after its answer's time.
  drop_overdue(&cache->sets[cache->swept++ % cache->set_count], now_ms);
  *as_of = set->denials;
  for (int way = 0; wanted && way < WAYS && !found; ++way) {
    const struct entry* const entry = &set->ways[way];
    if (!same_question(entry, line)) continue;
    found = true;
    *answer = entry->answer;
    answer->remembered = true;
    if (answer->age_s >= 0) answer->age_s += (now_ms - entry->asked_ms + 999) / 1000;
  }
  pthread_mutex_unlock(&cache->mutex);
  return found;
}

// A free entry, or else the one whose answer ends first.
static struct entry* room_in(struct set* set) {
  struct entry* room = &set->ways[0];
  for (int way = 1; way < WAYS; ++way) {
    if (set->ways[way].answer.good_until_ms < room->answer.good_until_ms) room = &set->ways[way];
  }
  return room;
}

static void put(struct entry* entry, const struct line* line, int64_t asked_ms,
                const akgate_answer* answer) {
  drop(entry);
  char* const asked = malloc(line->asked_length);
  if (asked == NULL) return;
  memcpy(asked, line->text, line->asked_length);
  *entry = (struct entry){.asked = asked,
                          .asked_length = line->asked_length,
                          .key_length = line->key_length,
                          .asked_ms = asked_ms,
                          .answer = *answer};
}

void cache_keep(struct cache* cache, const struct line* line, int64_t asked_ms,
                const akgate_answer* answer, unsigned as_of) {
  if (cache == NULL || cache->owner != getpid() || !answer->answered) return;
  pthread_mutex_lock(&cache->mutex);
  struct set* const set = set_of(cache, line);
  for (int way = 0; way < WAYS; ++way) {
    struct entry* const entry = &set->ways[way];
    if (answer->allowed ? same_question(entry, line) : same_key(entry, line)) drop(entry);
  }
  if (!answer->allowed) ++set->denials;
  const bool outdated = answer->allowed && as_of != set->denials;
  if (answer->good_until_ms > 0 && !outdated) put(room_in(set), line, asked_ms, answer);
  pthread_mutex_unlock(&cache->mutex);
}
