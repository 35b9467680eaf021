// SPDX-License-Identifier: Apache-2.0
//
// A reply line as the client library reads it: nothing is allowed but by the agent's own ALLOW, in
// full and about this question.

#include <algorithm>
#include <string>

extern "C" {
#include "client/line.h"
}
#include "fuzz.hpp"

namespace akgate {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line = as_text(data, std::min<std::size_t>(size, REPLY_BYTES - 1));
  reply reply{};
  reply.length = line.size();
  std::copy(line.begin(), line.end(), reply.text);
  akgate_answer answer{};
  std::int64_t good_for_s = 0;
  if (!reply_read(&reply, "q-1", &answer, &good_for_s)) {
    AKGATE_ASSERT(!answer.allowed);
    return 0;
  }
  AKGATE_ASSERT(good_for_s >= 0 && answer.age_s >= -1);
  AKGATE_ASSERT(answer.allowed == line.starts_with("ALLOW "));
  AKGATE_ASSERT(answer.answered == (answer.allowed || line.starts_with("DENY ")));
  AKGATE_ASSERT(!answer.allowed || std::string_view(answer.reason) == "active");
  AKGATE_ASSERT(!answer.allowed || std::string_view(answer.source) != "local");
  if (!answer.answered) return 0;
  const std::string words = std::string(line) + " ";
  AKGATE_ASSERT(words.find(" id=q-1 ") != words.npos);
  return 0;
}

}  // namespace akgate
