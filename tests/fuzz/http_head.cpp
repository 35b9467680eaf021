// SPDX-License-Identifier: Apache-2.0
//
// Bytes on an HTTP connection: heads are cut off the front, read, and asked for their question. No
// head takes more bytes than there are, and a header that restricts is in the question (I1).

#include "gate/http_head.hpp"

#include <algorithm>
#include <array>

#include "fuzz.hpp"
#include "gate/http_question.hpp"
#include "question_bounds.hpp"

namespace akgate {

namespace {

void look_at(const Question& question, const HttpHead& head, const Demands& demands) {
  check_bounds(question, demands, kMaxHttpHeadBytes);
  AKGATE_ASSERT(head.count("X-Data-Type") == (question.data_types.empty() ? 0U : 1U));
  AKGATE_ASSERT(head.count("x-mpxn") == (question.mpxn ? 1U : 0U));
  AKGATE_ASSERT(head.count("x-controller") == (question.controller ? 1U : 0U));
  AKGATE_ASSERT(head.count("x-duid") == (question.duid ? 1U : 0U));
  AKGATE_ASSERT(head.count("X-ACCESS-KEY") == 1 || !question.key);
  AKGATE_ASSERT(question.mode == Mode::normal);
}

void look_at(const HttpHead& head, std::string_view bytes) {
  const auto inside = [bytes](std::string_view part) {
    return part.data() >= bytes.data() && part.data() + part.size() <= bytes.data() + bytes.size();
  };
  AKGATE_ASSERT(!head.method.empty() && (head.path.starts_with('/') || head.path == "*"));
  AKGATE_ASSERT(head.fields.size() <= kMaxHttpFields && head.count("host") <= 1);
  for (const HttpField& field : head.fields) {
    AKGATE_ASSERT(!field.name.empty() && inside(field.name) && inside(field.value));
    AKGATE_ASSERT(field.value.find_first_of("\r\n") == field.value.npos);
  }
  const std::array<std::string, 2> required = {"X-MPxN", "X-Data-Type"};
  for (const Demand demand : {Demand::off, Demand::when_given}) {
    const Demands demands{.mpxn = demand, .data_user = demand};
    for (const std::size_t count : {std::size_t{0}, required.size()}) {
      const auto read = read_http_question(head, demands, std::span(required).first(count));
      const auto* const bad = std::get_if<HttpBadQuestion>(&read);
      if (bad != nullptr) AKGATE_ASSERT(!bad->why.empty() && is_text(bad->why));
      if (bad == nullptr) look_at(*std::get_if<Question>(&read), head, demands);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes = as_text(data, size);
  while (const std::size_t taken = http_head_size(bytes)) {
    AKGATE_ASSERT(taken <= bytes.size());
    const std::string_view mine = bytes.substr(0, taken);
    AKGATE_ASSERT(http_head_size(mine) == taken && http_head_size(mine.substr(0, taken - 1)) == 0);
    const auto read = parse_http_head(mine);
    if (const auto* const head = std::get_if<HttpHead>(&read)) look_at(*head, mine);
    if (const auto* const fault = std::get_if<HttpFault>(&read)) {
      AKGATE_ASSERT(fault->status == 400 || fault->status == 431 || fault->status == 505);
      AKGATE_ASSERT(!fault->why.empty());
      return 0;
    }
    bytes.remove_prefix(taken);
  }
  return 0;
}

}  // namespace akgate
