// SPDX-License-Identifier: Apache-2.0
#include "client/line.h"

#include <stdio.h>
#include <string.h>

static bool is_control(char c) { return (unsigned char)c < ' ' || c == 0x7f; }

// --- the question ---

static void add(struct line* line, const char* text, size_t length) {
  if (length > QUESTION_BYTES - line->length) {
    line->overflown = true;
    return;
  }
  memcpy(line->text + line->length, text, length);
  line->length += length;
}

static void add_text(struct line* line, const char* text) { add(line, text, strlen(text)); }

// Percent-encodes what would end a word. False at a control character, which no value has.
static bool add_value(struct line* line, const char* value) {
  for (; *value != '\0'; ++value) {
    if (is_control(*value)) return false;
    if (*value == ' ') {
      add_text(line, "%20");
    } else if (*value == '%') {
      add_text(line, "%25");
    } else {
      add(line, value, 1);
    }
  }
  return true;
}

// A restriction is there or not; an empty one is sent as it is, for the agent to refuse.
static bool add_field(struct line* line, const char* name, const char* value) {
  if (value == NULL) return true;
  add_text(line, name);
  return add_value(line, value);
}

const char* line_begin(struct line* line, const akgate_question* question) {
  line->length = 0;
  line->overflown = false;
  if (question->access_key == NULL || question->access_key[0] == '\0')
    return "there is no access key";
  if ((unsigned)question->mode > AKGATE_FRESH) return "the mode is none of akgate_mode";
  add_text(line, "CHECK ");
  bool proper = add_value(line, question->access_key);
  line->key_length = line->length;
  for (const char* const* type = question->data_types;
       type != NULL && *type != NULL && !line->overflown; ++type) {
    proper = add_field(line, " data-type=", *type) && proper;
  }
  proper = add_field(line, " mpxn=", question->mpxn) && proper;
  proper = add_field(line, " controller=", question->controller) && proper;
  proper = add_field(line, " duid=", question->duid) && proper;
  line->asked_length = line->length;
  if (!proper) return "the question holds a control character, such as a line end";
  if (line->overflown) return "the question is longer than the agent takes: ask in several";
  return NULL;
}

void line_end(struct line* line, akgate_mode mode, unsigned timeout_ms, const char* id) {
  static const char* const kModes[] = {"", " mode=cached", " mode=fresh"};
  char* const end = line->text + line->asked_length;
  const int length = snprintf(end, LINE_BYTES - QUESTION_BYTES, "%s timeout=%u id=%s\n",
                              kModes[mode], timeout_ms, id);
  line->length = line->asked_length + (size_t)length;
}

// --- the reply ---

enum field { REASON, SOURCE, AGE, FOR, UNTIL, EXPIRES, TXN, DETAIL, ID, FIELDS };
static const char* const kFields[FIELDS] = {"reason",  "source", "age",    "for", "until",
                                            "expires", "txn",    "detail", "id"};

// Points `values` at what stands behind each name; false for anything that is no known name=value.
static bool split(char* rest, const char* values[FIELDS]) {
  for (char* word = strsep(&rest, " "); word != NULL; word = strsep(&rest, " ")) {
    const char* const name = strsep(&word, "=");
    if (word == NULL || *word == '\0') return false;
    int field = 0;
    while (field < FIELDS && strcmp(name, kFields[field]) != 0) ++field;
    if (field == FIELDS || values[field] != NULL) return false;
    values[field] = word;
  }
  return true;
}

static bool copy(char* to, size_t room, const char* from) {
  if (from == NULL) from = "";
  const size_t length = strlen(from);
  if (length >= room) return false;
  memcpy(to, from, length + 1);
  return true;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// For a person: decoded as far as it is printable, and cut where it is too long.
static void copy_decoded(char* to, size_t room, const char* from) {
  for (; from != NULL && *from != '\0' && room > 1; ++from, --room) {
    char c = *from;
    const int high = c == '%' ? hex_digit(from[1]) : -1;
    const int low = high < 0 ? -1 : hex_digit(from[2]);
    if (low >= 0) {
      const int byte = high * 16 + low;
      c = (char)(byte >= ' ' && byte < 0x7f ? byte : '?');
      from += 2;
    }
    *to++ = c;
  }
  *to = '\0';
}

// Ten digits of seconds are three centuries, and no arithmetic on them can overflow.
static bool read_seconds(const char* digits, int64_t if_none, int64_t* out) {
  *out = if_none;
  if (digits == NULL) return true;
  const size_t length = strlen(digits);
  if (length > 10 || strspn(digits, "0123456789") != length) return false;
  *out = 0;
  for (; *digits != '\0'; ++digits) *out = *out * 10 + (*digits - '0');
  return true;
}

static bool is_reason(const char* text) {
  return text != NULL && strspn(text, "abcdefghijklmnopqrstuvwxyz-") == strlen(text);
}

static bool is_any(const char* text, const char* const* words) {
  while (*words != NULL && strcmp(text, *words) != 0) ++words;
  return *words != NULL;
}

// Whether a verdict's parts fit each other. An allowance rests on a record: it is never `local`.
static bool is_verdict(bool allow, const char* values[FIELDS]) {
  static const char* const kSources[] = {"register", "cache", "grace", "local", NULL};
  if (values[SOURCE] == NULL || !is_any(values[SOURCE], kSources)) return false;
  if (allow != (strcmp(values[REASON], "active") == 0)) return false;
  return !allow || strcmp(values[SOURCE], "local") != 0;
}

static bool is_printable(const char* text, size_t length) {
  for (size_t at = 0; at < length; ++at) {
    if (text[at] < ' ' || text[at] > '~') return false;
  }
  return true;
}

bool reply_read(struct reply* reply, const char* id, akgate_answer* answer, int64_t* good_for_s) {
  static const char* const kVerdicts[] = {"ALLOW", "DENY", NULL};
  if (!is_printable(reply->text, reply->length)) return false;
  reply->text[reply->length] = '\0';
  const char* values[FIELDS] = {NULL};
  char* rest = reply->text;
  const char* const word = strsep(&rest, " ");
  if (!split(rest, values) || !is_reason(values[REASON])) return false;
  const bool allow = strcmp(word, "ALLOW") == 0;
  const bool answered = is_any(word, kVerdicts);
  if (answered ? !is_verdict(allow, values) : strcmp(word, "ERROR") != 0) return false;
  // An error may be about something that has no id; a verdict is for its question alone.
  if (values[ID] == NULL ? answered : strcmp(values[ID], id) != 0) return false;
  if (!read_seconds(values[AGE], -1, &answer->age_s) || !read_seconds(values[FOR], 0, good_for_s))
    return false;
  if (!copy(answer->reason, sizeof answer->reason, values[REASON]) ||
      !copy(answer->source, sizeof answer->source, values[SOURCE]) ||
      !copy(answer->until, sizeof answer->until, values[UNTIL]) ||
      !copy(answer->expires, sizeof answer->expires, values[EXPIRES]) ||
      !copy(answer->transactions, sizeof answer->transactions, values[TXN])) {
    return false;
  }
  copy_decoded(answer->detail, sizeof answer->detail, values[DETAIL]);
  answer->answered = answered;
  answer->allowed = allow;
  return true;
}
