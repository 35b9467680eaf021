// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <variant>

#include "gate/http_head.hpp"
#include "gate/protocol.hpp"
#include "verdict/question.hpp"

namespace akgate {

/// What is wrong with a question, for a person: nothing that was sent, which may be a key (I9).
struct HttpBadQuestion {
  std::string why;
};

/// The question in a request's headers `X-Access-Key`, `X-Data-Type` (a comma list), `X-MPxN`,
/// `X-Controller` and `X-DUID`, their values taken literally. Other headers mean nothing here.
///
/// Refused are: one of the five that stands twice or is empty; one of `required`, names of them,
/// that is missing; a header that only differs from one of the five by its hyphens, which somebody
/// must have meant; what the gate would refuse (parameters.hpp). A key that is missing, empty or no
/// key is a question like any other, and denied: keys come from outside.
[[nodiscard]] std::variant<Question, HttpBadQuestion> read_http_question(
    const HttpHead& head, const Demands& demands, std::span<const std::string> required);

}  // namespace akgate
