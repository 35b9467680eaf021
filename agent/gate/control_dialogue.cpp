// SPDX-License-Identifier: Apache-2.0
#include "gate/control_dialogue.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "gate/protocol.hpp"
#include "gate/session.hpp"
#include "gate/words.hpp"

namespace akgate {

namespace {

// Of the contract, and of a later version.
constexpr std::array<std::string_view, 6> kLater = {"METRICS", "REFRESH", "FORGET",
                                                    "BLOCK",   "UNBLOCK", "RELOAD"};

constexpr std::string_view kNoKey =
    "what is given is no access key: it must be ak_ and 24 lower-case hex digits";
constexpr std::string_view kNoMeterPoint = "what stands behind the access key is no MPAN or MPRN";

std::string error_line(std::string_view reason, std::string_view detail) {
  return "ERROR reason=" + std::string(reason) + " detail=" + percent_encode(detail) + "\n";
}

std::unique_ptr<Exchange> bad_request(std::string_view detail) {
  return std::make_unique<Reply>(error_line("bad-request", detail));
}

/// "12.3", rounded up: what is needed is not said to be less.
std::string tenths(double number) {
  const auto whole = static_cast<std::uint64_t>(std::ceil(number * 10));
  return std::to_string(whole / 10) + "." + std::to_string(whole % 10);
}

std::string fetched_line(const Controls::Fetched& fetched) {
  return "OK fingerprint=" + fetched.fingerprint + " state=" + percent_encode(fetched.state) +
         (fetched.from_register ? " source=register\n" : " source=cache\n");
}

/// A command that the desk works on. It is not cancelled when the one who asked has gone: then its
/// end is told to nobody.
class Order final : public Exchange {
 public:
  /// Takes the reply; may outlive the exchange.
  using Finish = std::function<void(std::string reply)>;

  explicit Order(Session& session) : session_(session) {}

  [[nodiscard]] Finish finish() const {
    return [&session = session_, there = std::weak_ptr<std::string>(reply_)](std::string reply) {
      const std::shared_ptr<std::string> place = there.lock();
      if (!place) return;
      *place = std::move(reply);
      session.reply_is_due();
    };
  }

  [[nodiscard]] bool settled() const override { return !reply_->empty(); }
  void give_up() override {
    reply_ = std::make_shared<std::string>(
        error_line("timeout", "the agent ends, and does not know yet whether it was done"));
  }
  void append_reply(std::string& out) override { out.append(*reply_); }

 private:
  Session& session_;
  std::shared_ptr<std::string> reply_ = std::make_shared<std::string>();  ///< Empty: none yet.
};

Controls::OnDone on_done(std::string fingerprint, const Order& order) {
  return [finish = order.finish(),
          fingerprint = std::move(fingerprint)](const std::optional<Refusal>& refusal) {
    finish(refusal ? error_line(refusal->reason, refusal->detail)
                   : "OK fingerprint=" + fingerprint + "\n");
  };
}

}  // namespace

ControlDialogue::ControlDialogue(Controls& controls, const Clock& clock, TokenState token_state)
    : controls_(controls),
      clock_(clock),
      token_state_(std::move(token_state)),
      started_(clock.read().boot) {}

std::unique_ptr<Exchange> ControlDialogue::take(std::string_view line, Session& session) {
  Words words(line);
  const std::string_view command = words.next();
  const std::string_view first = words.next();
  const std::string_view second = words.next();
  const bool more = !words.next().empty();

  if (command == "PING" || command == "HELLO" || command == "STATUS") {
    if (!first.empty()) return bad_request("PING, HELLO and STATUS stand alone");
    if (command == "STATUS") return std::make_unique<Reply>(status());
    return std::make_unique<Reply>(std::string(command == "PING" ? kPong : kHello));
  }
  if (command == "BIND") {
    if (second.empty() || more) return bad_request("BIND needs an access key and a meter point");
    return bind(first, second, session);
  }
  if (command == "UNBIND" || command == "PREFETCH") {
    if (first.empty() || !second.empty()) {
      return bad_request("UNBIND and PREFETCH need an access key, and nothing behind it");
    }
    return command == "UNBIND" ? unbind(first, session) : prefetch(first, session);
  }
  if (std::find(kLater.begin(), kLater.end(), command) != kLater.end()) {
    return bad_request("not supported by this version");
  }
  return bad_request("unknown command; there are PING, HELLO, STATUS, BIND, UNBIND and PREFETCH");
}

std::unique_ptr<Exchange> ControlDialogue::bind(std::string_view key_text,
                                                std::string_view mpxn_text, Session& session) {
  const std::optional<AccessKey> key = AccessKey::parse(key_text);
  if (!key) return bad_request(kNoKey);
  const std::optional<Mpxn> mpxn = Mpxn::parse(mpxn_text);
  if (!mpxn) return bad_request(kNoMeterPoint);
  auto order = std::make_unique<Order>(session);
  controls_.bind(*key, *mpxn, on_done(controls_.fingerprint(*key), *order));
  return order;
}

std::unique_ptr<Exchange> ControlDialogue::unbind(std::string_view key_text, Session& session) {
  const std::optional<AccessKey> key = AccessKey::parse(key_text);
  if (!key) return bad_request(kNoKey);
  auto order = std::make_unique<Order>(session);
  controls_.unbind(*key, on_done(controls_.fingerprint(*key), *order));
  return order;
}

std::unique_ptr<Exchange> ControlDialogue::prefetch(std::string_view key_text, Session& session) {
  const std::optional<AccessKey> key = AccessKey::parse(key_text);
  if (!key) return bad_request(kNoKey);
  auto order = std::make_unique<Order>(session);
  controls_.prefetch(*key, [finish = order->finish()](const Controls::Fetched& fetched,
                                                      const std::optional<Refusal>& refusal) {
    finish(refusal ? error_line(refusal->reason, refusal->detail) : fetched_line(fetched));
  });
  return order;
}

std::string ControlDialogue::status() const {
  const RegisterStanding standing = controls_.register_standing();
  const auto uptime =
      std::chrono::floor<std::chrono::seconds>(clock_.read().boot - started_).count();
  const std::string last_answer = standing.since_last_answer
                                      ? std::to_string(standing.since_last_answer->count())
                                      : std::string("null");
  return R"({"version":")" AKGATE_VERSION R"(","uptime-seconds":)" + std::to_string(uptime) +
         R"(,"register":{"state":")" + (standing.silent ? "silent" : "answers") +
         R"(","seconds-since-last-answer":)" + last_answer + R"(,"waiting":)" +
         std::to_string(standing.waiting) + R"(,"requests-per-second-needed":)" +
         tenths(standing.requests_per_second_needed) + R"(,"requests-per-second-allowed":)" +
         std::to_string(standing.requests_per_second_allowed) + R"(},"token":")" +
         std::string(token_state_()) + "\"}\n";
}

}  // namespace akgate
