// SPDX-License-Identifier: Apache-2.0
#include "gate/http_reply.hpp"

#include <optional>

#include "base/text.hpp"
#include "gate/protocol.hpp"

namespace akgate {

namespace {

std::string_view phrase_of(std::uint16_t status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "";  // The phrase may be empty, and nobody reads it (RFC 9112, section 4).
  }
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

FrontReply http_verdict(const Verdict& verdict, Timestamp wall) {
  FrontReply reply;
  reply.status = verdict.allows() ? 200 : 403;
  append_field(reply.fields, "X-Akgate-Verdict", verdict.allows() ? "ALLOW" : "DENY");
  append_field(reply.fields, "X-Akgate-Reason", to_string(verdict.reason));
  append_field(reply.fields, "X-Akgate-Source", to_string(verdict.source));
  if (const std::optional<Timestamp> until = until_of(verdict, wall))
    append_field(reply.fields, "X-Akgate-Until", format_timestamp(*until));
  // The register chose it: encoded, so that no answer of its can make up headers of ours.
  if (!verdict.transaction_id.empty())
    append_field(reply.fields, "X-Akgate-Transaction", percent_encode(verdict.transaction_id));
  return reply;
}

FrontReply http_bad_question(std::string_view why) {
  FrontReply reply = http_text(400, why);
  append_field(reply.fields, "X-Akgate-Verdict", "ERROR");
  append_field(reply.fields, "X-Akgate-Reason", "bad-request");
  return reply;
}

FrontReply http_text(std::uint16_t status, std::string_view text) {
  FrontReply reply;
  reply.status = status;
  reply.body.append(text).append("\n");
  return reply;
}

void append_http_reply(std::string& out, const FrontReply& reply, const HttpEnding& ending) {
  out.append("HTTP/1.1 ").append(std::to_string(reply.status)).append(" ");
  out.append(phrase_of(reply.status)).append("\r\n").append(reply.fields);
  if (!reply.body.empty()) append_field(out, "Content-Type", reply.type);
  append_field(out, "Content-Length", std::to_string(reply.body.size()));
  append_field(out, "Cache-Control", "no-store");
  // HTTP/1.0 keeps a connection only where it is told so.
  append_field(out, "Connection", ending.keep_alive ? "keep-alive" : "close");
  out.append("\r\n");
  if (!ending.head_only) out.append(reply.body);
}

}  // namespace akgate
