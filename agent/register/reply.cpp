// SPDX-License-Identifier: Apache-2.0
#include "register/reply.hpp"

#include <chrono>
#include <utility>

namespace akgate {

namespace {

std::string status_of(const HttpReply& reply) {
  return " (status " + std::to_string(reply.status) + ")";
}

bool is_silence(const HttpReply& reply) {
  const int status = reply.status;
  return status == 408 || status == 429 || (status >= 500 && status <= 599) ||
         (status == 0 && !reply.garbled);
}

// No answer, and none that refuses us. What went wrong before the request had left concerns every
// key, and so does a register that asks us all to slow down. The rest, a server error or a hang,
// may be this one request's: whoever knows a key that does it must not be able to open grace for
// the others with it.
Ending silence(const HttpReply& reply) {
  const bool told_to_wait = reply.status == 429 || (reply.status == 503 && reply.retry_after);
  const bool never_left = reply.status == 0 && !reply.sent;
  Ending end = ending(Outcome::silent, reply.problem);
  end.silence = told_to_wait || never_left ? Silence::link : Silence::request;
  if (told_to_wait) end.retry_after = reply.retry_after;
  if (reply.status != 0) end.detail = "the register cannot answer" + status_of(reply);
  return end;
}

}  // namespace

Ending ending(Outcome outcome, std::string detail) {
  Ending end;
  end.outcome = outcome;
  end.detail = std::move(detail);
  return end;
}

Ending malformed(std::string detail) { return ending(Outcome::malformed, std::move(detail)); }

std::optional<Ending> read_without_answer(const HttpReply& reply, std::string_view refusal) {
  if (is_silence(reply)) return silence(reply);
  if (reply.status >= 400 && reply.status <= 499 && reply.status != 404) {
    return ending(Outcome::refused, std::string(refusal) + status_of(reply));
  }
  if (reply.garbled) return malformed(reply.problem);
  if (reply.cache_age.value_or(std::chrono::seconds(0)) > std::chrono::seconds(0)) {
    return malformed(
        "a cache answered in the register's place (Age above 0); take what lies in between out of "
        "the way");
  }
  if (reply.status == 200 || reply.status == 404) return std::nullopt;
  return malformed("the register's answer makes no sense" + status_of(reply) +
                   "; check register.url, and whether something in between redirects");
}

Ending read_404(const HttpReply& reply) {
  const auto envelope = read_not_found(reply.body);
  if (!envelope) return malformed(envelope.error().what());
  return answered(Outcome::not_found, *envelope, reply);
}

Ending answered(Outcome outcome, const Envelope& envelope, const HttpReply& reply) {
  Ending end = ending(outcome, {});
  end.transaction_id = envelope.transaction_id;
  end.attested = clock_of(envelope, reply);
  return end;
}

std::optional<Timestamp> clock_of(const Envelope& envelope, const HttpReply& reply) {
  return envelope.timestamp ? envelope.timestamp : reply.date;
}

}  // namespace akgate
