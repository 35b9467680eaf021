// SPDX-License-Identifier: Apache-2.0
#include "audit/chain.hpp"

#include "base/text.hpp"

namespace akgate {

namespace {

std::string to_text(const ChainEnd& end) {
  return std::to_string(end.sequence) + ":" + to_hex(end.seal);
}

bool parse_end(std::string_view text, ChainEnd& end) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  const auto sequence = parse_number(text.substr(0, colon));
  if (!sequence || !from_hex(text.substr(colon + 1), end.seal)) return false;
  end.sequence = *sequence;
  return true;
}

}  // namespace

std::string AuditHead::to_text() const {
  return akgate::to_text(allows) + "," + akgate::to_text(denials);
}

std::optional<AuditHead> AuditHead::parse(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  AuditHead head;
  if (!parse_end(text.substr(0, comma), head.allows) ||
      !parse_end(text.substr(comma + 1), head.denials)) {
    return std::nullopt;
  }
  return head;
}

}  // namespace akgate
