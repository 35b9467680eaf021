// SPDX-License-Identifier: Apache-2.0
//
// A question of the client library's caller, one text a line, read by the gate: if it is taken at
// all, it is the very question that was asked (I1).

#include <algorithm>
#include <array>
#include <string>

extern "C" {
#include "client/line.h"
}
#include "fuzz.hpp"
#include "gate/protocol.hpp"

namespace akgate {

namespace {

/// Key, meter point, controller, Data User, and data types. One that is not there is no
/// restriction.
struct Asked {
  explicit Asked(std::string_view text) {
    for (; count < texts.size() && !text.empty(); ++count) {
      texts[count] = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(texts[count].size() + 1, text.size()));
      std::erase(texts[count], '\0');
    }
    for (std::size_t at = 4; at < count; ++at) types[at - 4] = texts[at].c_str();
  }
  [[nodiscard]] const char* text(std::size_t at) const {
    return at < count ? texts[at].c_str() : nullptr;
  }
  [[nodiscard]] std::optional<std::string> value(std::size_t at) const {
    return at < count ? std::optional(texts[at]) : std::nullopt;
  }

  std::array<std::string, 40> texts;
  std::size_t count = 0;
  std::array<const char*, 40> types{};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Asked asked(as_text(data, size));
  const akgate_question question{.access_key = asked.text(0),
                                 .data_types = asked.types.data(),
                                 .mpxn = asked.text(1),
                                 .controller = asked.text(2),
                                 .duid = asked.text(3),
                                 .mode = AKGATE_FRESH};
  line line{};
  if (line_begin(&line, &question) != nullptr) return 0;
  line_end(&line, AKGATE_FRESH, AKGATE_MAX_TIMEOUT_MS, "0123456789a");
  const std::string_view whole(line.text, line.length);
  AKGATE_ASSERT(line.length <= kMaxLineBytes && whole.find('\n') == line.length - 1);
  const std::string_view text = whole.substr(0, line.length - 1);
  if (!is_text(text)) return 0;
  const Request request = parse_request(text, {});
  const auto* const check = std::get_if<Check>(&request);
  AKGATE_ASSERT(check != nullptr || std::holds_alternative<BadRequest>(request));
  if (check == nullptr) return 0;
  AKGATE_ASSERT(check->question.key == AccessKey::parse(asked.texts[0]));
  AKGATE_ASSERT(check->question.mpxn == asked.value(1));
  AKGATE_ASSERT(check->question.controller == asked.value(2));
  AKGATE_ASSERT(check->question.duid == asked.value(3));
  DataTypes types;
  for (std::size_t at = 4; at < asked.count; ++at) AKGATE_ASSERT(types.add(asked.texts[at]));
  AKGATE_ASSERT(check->question.data_types == types && check->question.mode == Mode::fresh);
  AKGATE_ASSERT(check->id == "0123456789a" && check->timeout == std::chrono::minutes(1));
  return 0;
}

}  // namespace akgate
