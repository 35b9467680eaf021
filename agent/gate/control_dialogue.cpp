// SPDX-License-Identifier: Apache-2.0
#include "gate/control_dialogue.hpp"

#include <array>
#include <cstdint>
#include <utility>

#include "base/text.hpp"
#include "gate/kept_line.hpp"
#include "gate/protocol.hpp"
#include "gate/session.hpp"
#include "gate/words.hpp"

namespace akgate {

namespace {

constexpr std::size_t kListedAtOnce = 100;

constexpr std::string_view kNoKey =
    "what is given is no access key: it must be ak_ and 24 lower-case hex digits";
constexpr std::string_view kNoMeterPoint = "what stands behind the access key is no MPAN or MPRN";
constexpr std::string_view kNeither =
    "what is given is no access key (ak_ and 24 lower-case hex digits) and no MPAN or MPRN";

std::string error_line(std::string_view reason, std::string_view detail) {
  return "ERROR reason=" + std::string(reason) + " detail=" + percent_encode(detail) + "\n";
}

std::unique_ptr<Exchange> bad_request(std::string_view detail) {
  return std::make_unique<Reply>(error_line("bad-request", detail));
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

/// What is done is noted, whether or not the one who wanted it is still there.
Controls::OnDone on_done(const Order& order, std::string reply, Overseer& overseer, Act act) {
  return [finish = order.finish(), reply = std::move(reply), &overseer,
          act = std::move(act)](const std::optional<Refusal>& refusal) {
    // A block counts even where the disk would not have it.
    const bool counts =
        !refusal || (act.kind == Act::Kind::block && refusal->reason == "not-durable");
    if (counts) overseer.note(act);
    finish(refusal ? error_line(refusal->reason, refusal->detail) : reply);
  };
}

std::string done_line(const std::string& fingerprint) {
  return "OK fingerprint=" + fingerprint + "\n";
}

}  // namespace

std::unique_ptr<Exchange> ControlDialogue::take(std::string_view line, Session& session) {
  Words words(line);
  const std::string_view command = words.next();
  const std::string_view first = words.next();
  const std::string_view second = words.next();
  if (!words.next().empty()) return bad_request("there are too many words");

  if (command == "BIND") {
    if (second.empty()) return bad_request("BIND needs an access key and a meter point");
    return bind(first, second, session);
  }
  if (!second.empty()) return bad_request("there are too many words");
  if (command == "LIST") return list(first);
  if (first.empty()) return plain(command, session);
  if (command == "BLOCK" || command == "UNBLOCK") return block(command, first, session);
  if (command == "FORGET" && first == "all") return forget_all(session);
  return about_key(command, first, session);
}

std::unique_ptr<Exchange> ControlDialogue::plain(std::string_view command, Session& session) {
  if (command == "PING") return std::make_unique<Reply>(std::string(kPong));
  if (command == "HELLO") return std::make_unique<Reply>(std::string(kHello));
  if (command == "STATUS") return std::make_unique<Reply>(status_line(overseer_.overview()));
  if (command == "METRICS") return std::make_unique<Reply>(metrics_text(overseer_.overview()));
  if (command == "RELOAD") {
    const Result<std::string> reloaded = overseer_.reload(session.uid());
    if (!reloaded) {
      return std::make_unique<Reply>(error_line("bad-configuration", reloaded.error().what()));
    }
    return std::make_unique<Reply>(
        reloaded->empty() ? "OK\n" : "OK detail=" + percent_encode(*reloaded) + "\n");
  }
  return bad_request(
      "unknown command, or one that needs an access key; there are PING, HELLO, STATUS, METRICS, "
      "RELOAD and LIST, and with a key BIND, UNBIND, BLOCK, UNBLOCK, FORGET, REFRESH, PREFETCH and "
      "SHOW");
}

std::unique_ptr<Exchange> ControlDialogue::about_key(std::string_view command,
                                                     std::string_view key_text, Session& session) {
  const std::optional<AccessKey> key = AccessKey::parse(key_text);
  const bool known = command == "UNBIND" || command == "FORGET" || command == "PREFETCH" ||
                     command == "REFRESH" || command == "SHOW";
  if (!known) return bad_request("unknown command, or one that stands alone");
  if (!key) return bad_request(kNoKey);
  if (command == "SHOW") return show(*key);
  if (command == "PREFETCH") return fetch(*key, Mode::normal, session);
  if (command == "REFRESH") return fetch(*key, Mode::fresh, session);

  auto order = std::make_unique<Order>(session);
  Act act{.kind = command == "UNBIND" ? Act::Kind::unbind : Act::Kind::forget,
          .by = session.uid(),
          .key = key,
          .mpxn = {}};
  auto done = on_done(*order, done_line(controls_.fingerprint(*key)), overseer_, std::move(act));
  if (command == "UNBIND") {
    controls_.unbind(*key, std::move(done));
  } else {
    controls_.forget(*key, std::move(done));
  }
  return order;
}

std::unique_ptr<Exchange> ControlDialogue::bind(std::string_view key_text,
                                                std::string_view mpxn_text, Session& session) {
  const std::optional<AccessKey> key = AccessKey::parse(key_text);
  if (!key) return bad_request(kNoKey);
  const std::optional<Mpxn> mpxn = Mpxn::parse(mpxn_text);
  if (!mpxn) return bad_request(kNoMeterPoint);
  auto order = std::make_unique<Order>(session);
  controls_.bind(*key, *mpxn,
                 on_done(*order, done_line(controls_.fingerprint(*key)), overseer_,
                         {.kind = Act::Kind::bind, .by = session.uid(), .key = key, .mpxn = mpxn}));
  return order;
}

std::unique_ptr<Exchange> ControlDialogue::block(std::string_view command, std::string_view what,
                                                 Session& session) {
  const std::optional<AccessKey> key = AccessKey::parse(what);
  const std::optional<Mpxn> mpxn = key ? std::nullopt : Mpxn::parse(what);
  if (!key && !mpxn) return bad_request(kNeither);
  const Controls::Blockable blockable =
      key ? Controls::Blockable(*key) : Controls::Blockable(*mpxn);
  const bool blocks = command == "BLOCK";
  auto order = std::make_unique<Order>(session);
  auto done = on_done(*order, done_line(controls_.fingerprint(blockable)), overseer_,
                      {.kind = blocks ? Act::Kind::block : Act::Kind::unblock,
                       .by = session.uid(),
                       .key = key,
                       .mpxn = mpxn});
  if (blocks) {
    controls_.block(blockable, std::move(done));
  } else {
    controls_.unblock(blockable, std::move(done));
  }
  return order;
}

std::unique_ptr<Exchange> ControlDialogue::forget_all(Session& session) {
  auto order = std::make_unique<Order>(session);
  controls_.forget_all(on_done(
      *order, "OK\n", overseer_,
      {.kind = Act::Kind::forget, .by = session.uid(), .key = std::nullopt, .mpxn = std::nullopt}));
  return order;
}

std::unique_ptr<Exchange> ControlDialogue::fetch(const AccessKey& key, Mode mode,
                                                 Session& session) {
  auto order = std::make_unique<Order>(session);
  controls_.fetch(
      key, mode,
      [finish = order->finish()](const Controls::Fetched& fetched,
                                 const std::optional<Refusal>& refusal) {
        finish(refusal ? error_line(refusal->reason, refusal->detail) : fetched_line(fetched));
      });
  return order;
}

std::unique_ptr<Exchange> ControlDialogue::show(const AccessKey& key) {
  const std::optional<KeptRecord> kept = controls_.show(key);
  if (!kept) {
    return std::make_unique<Reply>(
        error_line("not-cached", "nothing is known of " + controls_.fingerprint(key)));
  }
  std::string line = "OK";
  append_kept(line, *kept);
  return std::make_unique<Reply>(line + "\n");
}

std::unique_ptr<Exchange> ControlDialogue::list(std::string_view after) {
  constexpr std::string_view kAfter = "after=";
  std::array<std::uint8_t, 8> fingerprint{};
  if (after.starts_with(kAfter)) after.remove_prefix(kAfter.size());
  const bool good =
      after.empty() || (after.starts_with("fp_") && from_hex(after.substr(3), fingerprint));
  if (!good) return bad_request("LIST stands alone, or with after= and a fingerprint");
  const std::vector<KeptRecord> records = controls_.list(after, kListedAtOnce);
  std::string reply;
  for (const KeptRecord& kept : records) {
    reply += "RECORD";
    append_kept(reply, kept);
    reply += "\n";
  }
  reply += "OK records=" + std::to_string(records.size());
  if (records.size() == kListedAtOnce) reply += " next=" + records.back().fingerprint;
  return std::make_unique<Reply>(reply + "\n");
}

}  // namespace akgate
