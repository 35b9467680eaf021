// SPDX-License-Identifier: Apache-2.0
//
// Bytes on a connection to the control socket, all the way to the replies: each line gets exactly
// one (I10), and none of them holds an access key (I9). The first byte says how it happens.

#include <algorithm>
#include <array>
#include <deque>
#include <utility>

#include "conversation.hpp"
#include "fuzz.hpp"
#include "gate/control_dialogue.hpp"

namespace akgate {

namespace {

/// Does at the next turn what it is told, refuses every other order, and keeps one record.
class Desk final : public Controls {
 public:
  void bind(const AccessKey&, const Mpxn&, OnDone on_done) override { take(std::move(on_done)); }
  void unbind(const AccessKey&, OnDone on_done) override { take(std::move(on_done)); }
  void block(const Blockable&, OnDone on_done) override { take(std::move(on_done)); }
  void unblock(const Blockable&, OnDone on_done) override { take(std::move(on_done)); }
  void forget(const AccessKey&, OnDone on_done) override { take(std::move(on_done)); }
  void forget_all(OnDone on_done) override { take(std::move(on_done)); }
  void fetch(const AccessKey& key, Mode, OnFetched on_fetched) override {
    take([fetched = Fetched{fingerprint(key), "ACTIVE"}, on_fetched = std::move(on_fetched)](
             const std::optional<Refusal>& refusal) { on_fetched(fetched, refusal); });
  }
  std::optional<KeptRecord> show(const AccessKey&) override { return kept_; }
  std::vector<KeptRecord> list(std::string_view after, std::size_t at_most) override {
    return {after.empty() ? at_most : 1, kept_};
  }
  [[nodiscard]] bool has_lost_blocks() const override { return false; }
  [[nodiscard]] RegisterStanding register_standing() const override { return {}; }
  [[nodiscard]] Census census() override { return {}; }
  [[nodiscard]] std::string fingerprint(const Blockable&) const override {
    return kept_.fingerprint;
  }

  void work() {
    for (std::deque<OnDone> orders = std::move(orders_); !orders.empty(); orders.pop_front()) {
      refuses_ = !refuses_;
      if (refuses_) orders.front()(Refusal{.reason = "not-durable", .detail = "the disk is full"});
      if (!refuses_) orders.front()(std::nullopt);
    }
    orders_.clear();
  }

 private:
  void take(OnDone on_done) { orders_.push_back(std::move(on_done)); }

  std::deque<OnDone> orders_;
  bool refuses_ = true;
  KeptRecord kept_{
      .fingerprint = "fp_0123456789abcdef",
      .knowledge = Knowledge{.record = AccessRecord(), .as_of = {}, .transaction_id = {}}};
};

struct Agent final : Overseer {
  Overview overview() override { return {}; }
  Result<std::string> reload(Uid) override { return Error("akgated.json:1: no 100% of a file"); }
  void note(const Act& act) override {
    AKGATE_ASSERT(act.key || act.mpxn || act.kind == Act::Kind::forget);
  }
};

/// The last lines of replies.
constexpr std::array<std::string_view, 6> kReplies = {
    "OK", "ERROR reason=", "PONG\n", "HELLO akgate/1 ", "{", "# EOF\n"};

bool holds_key(std::string_view text) {
  for (std::size_t at = text.find("ak_"); at != text.npos; at = text.find("ak_", at + 1)) {
    if (AccessKey::parse(text.substr(at, std::string_view("ak_").size() + 2 * AccessKey::kBytes)))
      return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes = as_text(data, size).substr(1);
  Desk desk;
  Agent agent;
  ControlDialogue dialogue(desk, agent);
  const std::string replies =
      converse(dialogue, bytes, {.piece = 1U + *data * 8U}, [&] { desk.work(); });
  AKGATE_ASSERT(count_lines(replies, kReplies) == replies_due(bytes));
  AKGATE_ASSERT(!holds_key(replies));
  return 0;
}

}  // namespace akgate
