// SPDX-License-Identifier: Apache-2.0
// The gate protocol as a client has it: a question as a line, and a reply line as an answer. Pure.
#ifndef AKGATE_CLIENT_LINE_H
#define AKGATE_CLIENT_LINE_H

#include <akgate/akgate.h>

enum {
  LINE_BYTES = 1024,                 // What the agent takes, line end included.
  QUESTION_BYTES = LINE_BYTES - 64,  // Leaves room for what line_end() writes.
  REPLY_BYTES = 2048,                // Longer than any reply of the agent's.
  ID_BYTES = 12
};

// A question on its way. Holds the access key: to be wiped.
struct line {
  size_t length;
  size_t key_length;    // Of the beginning that names the access key: `CHECK ak_…`.
  size_t asked_length;  // Of the beginning that says what is asked, whoever asks when.
  bool overflown;
  char text[LINE_BYTES];
};

// What came back.
struct reply {
  size_t length;  // Of the line, its end left off.
  char text[REPLY_BYTES];
};

// Writes what is asked. NULL, or a sentence that says why it cannot be asked.
const char* line_begin(struct line* line, const akgate_question* question);

// Puts behind it, and in place of an earlier end, what is this one sending's own.
void line_end(struct line* line, akgate_mode mode, unsigned timeout_ms, const char* id);

// Reads the reply to the question with that id, and takes it apart. `good_for_s` is the reply's
// `for`, 0 where it has none. False, and nothing allowed, unless the line is made of the protocol's
// words and fields alone, each once, and they fit each other.
bool reply_read(struct reply* reply, const char* id, akgate_answer* answer, int64_t* good_for_s);

#endif
