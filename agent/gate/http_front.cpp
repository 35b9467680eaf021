// SPDX-License-Identifier: Apache-2.0
#include "gate/http_front.hpp"

#include "gate/http_session.hpp"

namespace akgate {

namespace {

constexpr std::string_view kQuestions = "/check";

FrontReply metrics_reply(std::string text) {
  FrontReply reply;
  reply.status = 200;
  reply.body = std::move(text);
  reply.type = "text/plain; version=0.0.4; charset=utf-8";
  return reply;
}

FrontReply readiness_reply(const std::string& why_not) {
  return why_not.empty() ? http_text(200, "ready") : http_text(503, "not ready: " + why_not);
}

}  // namespace

HttpFront::HttpFront(Parts parts, HttpSettings settings)
    : parts_(std::move(parts)),
      settings_(std::move(settings)),
      at_hand_(parts_.answers, parts_.clock, parts_.loop, parts_.gate.answers_at_hand) {
  append_http_reply(overloaded_, http_text(503, "overloaded: no room for another connection"), {});
}

std::unique_ptr<ServedConnection> HttpFront::receive(Fd socket, EventLoop& loop) {
  return std::make_unique<HttpSession>(std::move(socket), loop, *this);
}

std::string HttpFront::forbidden(std::string_view why) const {
  std::string reply;
  append_http_reply(reply, http_text(403, "forbidden: " + std::string(why)), {});
  return reply;
}

bool HttpFront::is_question(const HttpHead& head) {
  return head.path.starts_with(kQuestions) &&
         (head.path.size() == kQuestions.size() || head.path[kQuestions.size()] == '/');
}

FrontReply HttpFront::reply_to(const HttpHead& head) const {
  const bool known = head.path == "/metrics" || head.path == "/healthz" || head.path == "/readyz";
  if (!known) return http_text(404, "there are /check, /metrics, /healthz and /readyz");
  if (head.method != "GET" && head.method != "HEAD") {
    FrontReply reply = http_text(405, "GET or HEAD");
    reply.fields = "Allow: GET, HEAD\r\n";
    return reply;
  }
  if (head.path == "/metrics") return metrics_reply(parts_.metrics());
  if (head.path == "/readyz") return readiness_reply(parts_.not_ready());
  return http_text(200, "alive");
}

}  // namespace akgate
