// SPDX-License-Identifier: Apache-2.0
// Answers that are still good by the agent's own word. Bounded; threads may share it; of no use to
// a forked child.
#ifndef AKGATE_CLIENT_CACHE_H
#define AKGATE_CLIENT_CACHE_H

#include "client/line.h"

struct cache;

// Room for at least that many answers; NULL without memory.
struct cache* cache_create(size_t answers);
void cache_destroy(struct cache* cache);

// Fills in the answer to what the line asks, if it is wanted and good at `now_ms` of
// CLOCK_BOOTTIME. Otherwise `*as_of` is to be handed to cache_keep() with the answer that the agent
// will give: an allowance that was asked for before a denial of the same key became known is not
// kept.
bool cache_find(struct cache* cache, const struct line* line, bool wanted, int64_t now_ms,
                akgate_answer* answer, unsigned* as_of);

// Keeps an answer that was asked for at `asked_ms`. A denial ends whatever else was kept for the
// same access key.
void cache_keep(struct cache* cache, const struct line* line, int64_t asked_ms,
                const akgate_answer* answer, unsigned as_of);

#endif
