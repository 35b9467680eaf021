// SPDX-License-Identifier: Apache-2.0
#include "register/register_client.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "record/read_answer.hpp"

namespace akgate {

namespace {

VerifyOutcome outcome_of(Outcome outcome, std::string detail) {
  VerifyOutcome end;
  end.outcome = outcome;
  end.detail = std::move(detail);
  return end;
}

std::string status_of(const HttpReply& reply) { return "status " + std::to_string(reply.status); }

bool is_silence(int status) {
  return status == 408 || status == 429 || (status >= 500 && status <= 599);
}

// No answer about the key, and none that refuses us. What went wrong before the request had left
// concerns every key, and so does a register that asks us all to slow down. The rest, a server
// error or a hang, may be this one key's: whoever knows such a key must not be able to open grace
// for the others with it.
VerifyOutcome silence(const HttpReply& reply) {
  const bool told_to_wait = reply.status == 429 || (reply.status == 503 && reply.retry_after);
  const bool never_left = reply.status == 0 && !reply.sent;
  VerifyOutcome end = outcome_of(Outcome::silent, reply.problem);
  end.silence = told_to_wait || never_left ? Silence::link : Silence::request;
  if (told_to_wait) end.retry_after = reply.retry_after;
  if (reply.status != 0) end.detail = "the register cannot answer (" + status_of(reply) + ")";
  return end;
}

VerifyOutcome refusal(const HttpReply& reply) {
  return outcome_of(Outcome::refused,
                    "the register refused a request that needs no credentials (" +
                        status_of(reply) +
                        "); check register.url, and whether a gateway wants a client certificate");
}

std::optional<Timestamp> clock_of(const Envelope& envelope, const HttpReply& reply) {
  return envelope.timestamp ? envelope.timestamp : reply.date;
}

VerifyOutcome no_such_record(const HttpReply& reply) {
  auto envelope = read_not_found(reply.body);
  if (!envelope) return outcome_of(Outcome::malformed, envelope.error().what());
  VerifyOutcome end = outcome_of(Outcome::not_found, {});
  end.attested = clock_of(*envelope, reply);
  end.transaction_id = std::move(envelope->transaction_id);
  return end;
}

VerifyOutcome record(const HttpReply& reply, const AccessKey& asked) {
  auto answer = read_verify_answer(reply.body, asked);
  if (!answer) return outcome_of(Outcome::malformed, answer.error().what());
  const std::optional<Timestamp> now = clock_of(answer->envelope, reply);
  // What denies needs no completeness; what allows needs everything (I1).
  if (!answer->record.complete &&
      !denies_by_itself(answer->record, now.value_or(Timestamp::min()))) {
    return outcome_of(Outcome::malformed,
                      "the register's record is incomplete: " + answer->missing);
  }
  VerifyOutcome end = outcome_of(Outcome::record, {});
  end.attested = now;
  end.transaction_id = std::move(answer->envelope.transaction_id);
  end.record = std::move(answer->record);
  return end;
}

}  // namespace

VerifyOutcome read_verify_reply(const HttpReply& reply, const AccessKey& asked) {
  if (is_silence(reply.status) || (reply.status == 0 && !reply.garbled)) return silence(reply);
  if (reply.status >= 400 && reply.status <= 499 && reply.status != 404) return refusal(reply);
  if (reply.garbled) return outcome_of(Outcome::malformed, reply.problem);
  if (reply.cache_age.value_or(std::chrono::seconds(0)) > std::chrono::seconds(0)) {
    return outcome_of(Outcome::malformed,
                      "a cache answered in the register's place (Age above 0); take what lies in "
                      "between out of the way");
  }
  if (reply.status == 404) return no_such_record(reply);
  if (reply.status == 200) return record(reply, asked);
  return outcome_of(Outcome::malformed,
                    "the register's answer makes no sense (" + status_of(reply) +
                        "); check register.url, and whether something in between redirects");
}

HttpRequest verify_request(const AccessKey& key) {
  std::string path = "/access-records/";
  const Secret text = key.reveal();
  path.reserve(path.size() + text.reveal().size());
  path += text.reveal();
  HttpRequest request;
  request.path = Secret(std::move(path));
  return request;
}

void RegisterClient::verify(const AccessKey& key, OnEnd on_end) {
  transport_.send(verify_request(key), [key, on_end = std::move(on_end)](HttpReply reply) {
    VerifyOutcome end = read_verify_reply(reply, key);
    wipe(reply.body.data(), reply.body.size());
    on_end(std::move(end));
  });
}

}  // namespace akgate
