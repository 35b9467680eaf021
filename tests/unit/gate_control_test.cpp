// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gate/control_dialogue.hpp"
#include "gate/protocol.hpp"
#include "gate_harness.hpp"
#include "record/json.hpp"

namespace akgate {
namespace {

const std::string kKey(kKeyText);
const std::string kOtherKey = "ak_ffffffffffffffffffffffff";

/// A desk that does what it is told when the test says so.
class FakeControls final : public Controls {
 public:
  struct Order {
    std::string what;
    std::function<void(const std::optional<Refusal>&)> finish;
  };

  void bind(const AccessKey& key, const Mpxn& mpxn, OnDone on_done) override {
    take("bind " + fingerprint(key) + " " + mpxn.text(), std::move(on_done));
  }
  void unbind(const AccessKey& key, OnDone on_done) override {
    take("unbind " + fingerprint(key), std::move(on_done));
  }
  void block(const Blockable& what, OnDone on_done) override {
    take("block " + fingerprint(what), std::move(on_done));
  }
  void unblock(const Blockable& what, OnDone on_done) override {
    take("unblock " + fingerprint(what), std::move(on_done));
  }
  void forget(const AccessKey& key, OnDone on_done) override {
    take("forget " + fingerprint(key), std::move(on_done));
  }
  void forget_all(OnDone on_done) override { take("forget all", std::move(on_done)); }
  void fetch(const AccessKey& key, Mode mode, OnFetched on_fetched) override {
    const Fetched fetched{fingerprint(key), state, from_register};
    take((mode == Mode::fresh ? "refresh " : "prefetch ") + fetched.fingerprint,
         [fetched, on_fetched = std::move(on_fetched)](const std::optional<Refusal>& refusal) {
           on_fetched(fetched, refusal);
         });
  }
  std::optional<KeptRecord> show(const AccessKey& key) override {
    for (const KeptRecord& each : kept) {
      if (each.fingerprint == fingerprint(key)) return each;
    }
    return std::nullopt;
  }
  std::vector<KeptRecord> list(std::string_view after, std::size_t at_most) override {
    std::vector<KeptRecord> listed;
    for (const KeptRecord& each : kept) {
      if (each.fingerprint > after && listed.size() < at_most) listed.push_back(each);
    }
    return listed;
  }
  [[nodiscard]] bool has_lost_blocks() const override { return false; }
  [[nodiscard]] RegisterStanding register_standing() const override { return {}; }
  [[nodiscard]] Census census() override { return {}; }
  [[nodiscard]] std::string fingerprint(const Blockable& what) const override {
    const auto* const key = std::get_if<AccessKey>(&what);
    if (key == nullptr) return "fp_00000000000000aa";
    return *key == AccessKey::parse(kKey) ? "fp_0000000000000001" : "fp_0000000000000002";
  }

  std::vector<Order> orders;
  bool at_once = false;
  std::string_view state = "ACTIVE";
  bool from_register = true;
  std::vector<KeptRecord> kept;

 private:
  void take(std::string what, OnDone finish) {
    orders.push_back({std::move(what), at_once ? nullptr : finish});
    if (at_once) finish(std::nullopt);
  }
};

/// An agent of which only the telling matters.
class FakeOverseer final : public Overseer {
 public:
  Overview overview() override { return now; }
  Result<std::string> reload(Uid by) override {
    reloaded_by = by;
    if (!trouble.empty()) return Error(trouble);
    return restart;
  }
  void note(const Act& act) override { acts.push_back(act); }

  Overview now;
  std::optional<Uid> reloaded_by;
  std::string trouble;
  std::string restart;
  std::vector<Act> acts;
};

class GateControl : public testing::Test {
 protected:
  std::string exchange(std::string_view text) {
    std::string replies = connection_.exchange(text);
    for (const std::string& key : {kKey, kOtherKey}) {
      EXPECT_EQ(replies.find(key.substr(3)), std::string::npos) << "I9: " << replies;
    }
    return replies;
  }

  void finish(std::size_t index, const std::optional<Refusal>& refusal = std::nullopt) {
    ASSERT_LT(index, controls_.orders.size());
    controls_.orders[index].finish(refusal);
  }

  std::unique_ptr<EventLoop> loop_ = EventLoop::create().value();
  FakeControls controls_;
  FixedClock clock_;
  FakeOverseer overseer_;
  ControlDialogue dialogue_{controls_, overseer_};
  Connection connection_{*loop_, dialogue_};
};

TEST_F(GateControl, tells_who_is_there) {
  EXPECT_EQ(exchange("PING\nHELLO\n"), std::string(kPong) + std::string(kHello));
}

TEST_F(GateControl, binds_unbinds_and_prefetches_naming_only_the_fingerprint) {
  controls_.at_once = true;
  EXPECT_EQ(exchange("BIND " + kKey + " 1234567890123\n"), "OK fingerprint=fp_0000000000000001\n");
  EXPECT_EQ(exchange("UNBIND " + kOtherKey + "\r\n"), "OK fingerprint=fp_0000000000000002\n");
  EXPECT_EQ(exchange("  PREFETCH   " + kKey + " \n"),
            "OK fingerprint=fp_0000000000000001 state=ACTIVE source=register\n");
  controls_.state = "not-found";
  controls_.from_register = false;
  EXPECT_EQ(exchange("PREFETCH " + kKey + "\n"),
            "OK fingerprint=fp_0000000000000001 state=not-found source=cache\n");
  ASSERT_EQ(controls_.orders.size(), 4U);
  EXPECT_EQ(controls_.orders[0].what, "bind fp_0000000000000001 1234567890123");
  EXPECT_EQ(controls_.orders[1].what, "unbind fp_0000000000000002");
  EXPECT_EQ(controls_.orders[2].what, "prefetch fp_0000000000000001");
}

TEST_F(GateControl, says_why_something_was_not_done) {
  exchange("BIND " + kKey + " 1234567890123\nUNBIND " + kKey + "\nPREFETCH " + kKey + "\n");
  finish(0, Refusal{"not-durable", "the disk is full"});
  finish(1, Refusal{"overloaded", "later"});
  finish(2, Refusal{"register-unreachable", "50% of it"});
  EXPECT_EQ(exchange(""),
            "ERROR reason=not-durable detail=the%20disk%20is%20full\n"
            "ERROR reason=overloaded detail=later\n"
            "ERROR reason=register-unreachable detail=50%25%20of%20it\n");
}

TEST_F(GateControl, replies_in_the_order_asked) {
  EXPECT_EQ(exchange("BIND " + kKey + " 1234567890123\nPREFETCH " + kOtherKey + "\nPING\nRELOAD\n"),
            "");
  finish(1);
  EXPECT_EQ(exchange(""), "");
  finish(0);
  EXPECT_EQ(exchange(""),
            "OK fingerprint=fp_0000000000000001\n"
            "OK fingerprint=fp_0000000000000002 state=ACTIVE source=register\n"
            "PONG\n"
            "OK\n");
}

TEST_F(GateControl, blocks_and_forgets_a_key_or_a_meter_point_or_all) {
  controls_.at_once = true;
  EXPECT_EQ(exchange("BLOCK " + kKey + "\nBLOCK 1234567890123\nUNBLOCK " + kKey + "\nFORGET " +
                     kKey + "\nFORGET all\nREFRESH " + kKey + "\n"),
            "OK fingerprint=fp_0000000000000001\n"
            "OK fingerprint=fp_00000000000000aa\n"
            "OK fingerprint=fp_0000000000000001\n"
            "OK fingerprint=fp_0000000000000001\n"
            "OK\n"
            "OK fingerprint=fp_0000000000000001 state=ACTIVE source=register\n");
  std::vector<std::string> done;
  for (const auto& order : controls_.orders) done.push_back(order.what);
  EXPECT_EQ(done,
            (std::vector<std::string>{"block fp_0000000000000001", "block fp_00000000000000aa",
                                      "unblock fp_0000000000000001", "forget fp_0000000000000001",
                                      "forget all", "refresh fp_0000000000000001"}));
}

TEST_F(GateControl, I13_what_was_done_is_noted_and_what_was_not_is_not) {
  exchange("BIND " + kKey + " 1234567890123\nBLOCK 1234567890123\nUNBLOCK " + kKey +
           "\nFORGET all\n");
  EXPECT_TRUE(overseer_.acts.empty());
  finish(0);
  finish(1);
  finish(2, Refusal{"not-durable", "the disk is full"});
  finish(3);
  ASSERT_EQ(overseer_.acts.size(), 3U);
  EXPECT_EQ(overseer_.acts[0].kind, Act::Kind::bind);
  EXPECT_EQ(overseer_.acts[0].key, AccessKey::parse(kKey));
  EXPECT_EQ(overseer_.acts[0].mpxn->text(), "1234567890123");
  EXPECT_EQ(overseer_.acts[0].by, connection_.session->uid());
  EXPECT_EQ(overseer_.acts[1].kind, Act::Kind::block);
  EXPECT_FALSE(overseer_.acts[1].key);
  EXPECT_EQ(overseer_.acts[2].kind, Act::Kind::forget);
  EXPECT_FALSE(overseer_.acts[2].key);
}

TEST_F(GateControl, reloads_or_says_why_not_and_what_needs_a_restart) {
  overseer_.restart = "what was changed in cache counts later";
  EXPECT_EQ(exchange("RELOAD\n"), "OK detail=what%20was%20changed%20in%20cache%20counts%20later\n");
  EXPECT_EQ(overseer_.reloaded_by, connection_.session->uid());
  overseer_.trouble = "akgated.json:3: no";
  EXPECT_EQ(exchange("RELOAD\n"), "ERROR reason=bad-configuration detail=akgated.json:3:%20no\n");
}

TEST_F(GateControl, shows_what_is_kept_of_a_key_but_neither_key_nor_meter_point) {
  EXPECT_EQ(exchange("SHOW " + kKey + "\n"),
            "ERROR reason=not-cached detail=nothing%20is%20known%20of%20fp_0000000000000001\n");
  KeptRecord kept{.fingerprint = "fp_0000000000000001"};
  kept.knowledge.emplace();
  kept.knowledge->transaction_id = "tid_1";
  AccessRecord& record = kept.knowledge->record.emplace();
  record.state = State::active;
  record.complete = true;
  record.expiry = Expiry::never();
  record.legal_basis = LegalBasis::uk_contract;
  ASSERT_TRUE(record.data_types.add("HH-CONSUMPTION"));
  kept.binding = Binding{.mpxn = *Mpxn::parse("1234567890123"),
                         .word = Binding::Word::by_operator,
                         .identity_record_ref = {},
                         .as_of = {},
                         .transaction_id = {}};
  kept.age = std::chrono::seconds(41);
  kept.blocked = true;
  controls_.kept = {kept};
  EXPECT_EQ(exchange("SHOW " + kKey + "\n"),
            "OK fingerprint=fp_0000000000000001 state=ACTIVE expires=never legal-basis=uk-contract "
            "data-types=HH-CONSUMPTION age=41 txn=tid_1 meter-point=operator blocked=yes\n");
}

TEST_F(GateControl, lists_a_hundred_at_a_time) {
  for (unsigned i = 0; i < 101; ++i) {
    std::string number = std::to_string(i);
    number.insert(0, 16 - number.size(), '0');
    controls_.kept.push_back({.fingerprint = "fp_" + number, .damaged = true});
  }
  const std::string first = exchange("LIST\n");
  EXPECT_EQ(count_lines(first), 101U);
  EXPECT_TRUE(first.starts_with("RECORD fingerprint=fp_0000000000000000 state=damaged\n"));
  EXPECT_TRUE(first.ends_with("\nOK records=100 next=fp_0000000000000099\n"));
  EXPECT_EQ(exchange("LIST after=fp_0000000000000099\n"),
            "RECORD fingerprint=fp_0000000000000100 state=damaged\nOK records=1\n");
}

TEST_F(GateControl, tells_how_it_stands) {
  overseer_.now.uptime = std::chrono::seconds(61);
  overseer_.now.token = "refused";
  overseer_.now.register_.silent_for = std::chrono::seconds(30);
  overseer_.now.register_.since_last_answer = std::chrono::seconds(40);
  overseer_.now.register_.waiting = 7;
  overseer_.now.register_.requests_per_second_needed = 12.31;
  overseer_.now.register_.requests_per_second_allowed = 20;
  overseer_.now.faults = {"a \"fault\""};
  const std::string status = exchange("STATUS\n");
  EXPECT_EQ(count_lines(status), 1U);
  const auto json = JsonDocument::parse(status);
  ASSERT_TRUE(json) << status;
  const JsonView root = json->root();
  EXPECT_EQ(root["version"].string(), AKGATE_VERSION);
  EXPECT_EQ(root["uptime-seconds"].number(), 61);
  EXPECT_EQ(root["working"].boolean(), false);
  EXPECT_EQ(root["register"]["state"].string(), "silent");
  EXPECT_EQ(root["register"]["seconds-since-last-answer"].number(), 40);
  EXPECT_EQ(root["register"]["waiting"].number(), 7);
  EXPECT_EQ(root["register"]["requests-per-second-needed"].number(), 12.4);
  EXPECT_EQ(root["register"]["requests-per-second-allowed"].number(), 20);
  EXPECT_EQ(root["token"].string(), "refused");
}

TEST_F(GateControl, works_only_while_the_register_answers_and_nothing_is_wrong) {
  const auto works = [this] {
    return JsonDocument::parse(exchange("STATUS\n"))->root()["working"].boolean();
  };
  EXPECT_EQ(works(), true);
  overseer_.now.faults = {"something"};
  EXPECT_EQ(works(), false);
  overseer_.now.faults.clear();
  overseer_.now.register_.silent_for = std::chrono::seconds(0);
  EXPECT_EQ(works(), false);
}

TEST_F(GateControl, refuses_what_is_no_command) {
  const std::vector<std::string> lines = {
      "", "nonsense", "status", "CHECK " + kKey, kKey,
      // too much, too little, in the wrong place
      "STATUS now", "PING PING", "HELLO " + kKey, "BIND", "BIND " + kKey,
      "BIND " + kKey + " 1234567890123 7", "BIND 1234567890123 " + kKey, "UNBIND", "PREFETCH",
      "UNBIND " + kKey + " 1234567890123", "PREFETCH " + kKey + " " + kOtherKey,
      // malformed
      "BIND " + kKey + " x", "BIND " + kKey + " " + kOtherKey, "UNBIND " + kKey + "0", "PREFETCH 7",
      "BLOCK all", "BLOCK", "UNBLOCK 7", "FORGET", "FORGET ALL", "REFRESH", "SHOW", "RELOAD now",
      "LIST after=fp_7", "LIST " + kKey, "METRICS " + kKey};
  for (const std::string& line : lines) {
    const std::string reply = exchange(line + "\n");
    EXPECT_TRUE(reply.starts_with("ERROR reason=bad-request detail=")) << line << ": " << reply;
    EXPECT_EQ(count_lines(reply), 1U) << line;
  }
  EXPECT_TRUE(controls_.orders.empty());
}

TEST_F(GateControl, I12_so_many_slow_commands_at_once_and_no_more) {
  const std::size_t asked = 2 * SessionLimits().max_pending + 10;
  std::string replies;
  for (std::size_t i = 0; i < asked; ++i) {
    replies += exchange("BIND " + kKey + " 1234567890123\n");
  }
  EXPECT_TRUE(sleeps(*loop_));
  EXPECT_EQ(controls_.orders.size(), SessionLimits().max_pending);
  for (std::size_t i = 0; i < asked; ++i) {
    finish(i);
    replies += exchange("");
  }
  EXPECT_EQ(count_lines(replies), asked);
}

TEST_F(GateControl, who_has_gone_is_told_nothing_and_the_command_goes_on) {
  exchange("BIND " + kKey + " 1234567890123\nPREFETCH " + kKey + "\n");
  connection_.asker.close();
  go_round(*loop_);
  EXPECT_FALSE(connection_.session.has_value());
  finish(0);
  finish(1, Refusal{"register-unreachable", "later"});
}

TEST_F(GateControl, I10_what_is_not_done_when_the_agent_ends_is_told) {
  exchange("BIND " + kKey + " 1234567890123\nPING\n");
  connection_.session->drain();
  go_round(*loop_);
  connection_.session->answer_rest();
  finish(0);
  connection_.session.reset();
  const std::string replies = connection_.asker.hear();
  EXPECT_TRUE(replies.starts_with("ERROR reason=timeout detail=")) << replies;
  EXPECT_TRUE(replies.ends_with("\nPONG\n")) << replies;
  EXPECT_TRUE(connection_.asker.ended());
}

TEST_F(GateControl, keeps_the_rules_for_lines) {
  EXPECT_TRUE(exchange("PING\tPING\nPING\n").starts_with("ERROR reason=bad-request "));
  EXPECT_TRUE(connection_.asker.ended());
  Connection other(*loop_, dialogue_);
  EXPECT_EQ(other.exchange(std::string(1025, 'x') + "\n"), kLineTooLong);
  EXPECT_TRUE(other.asker.ended());
}

}  // namespace
}  // namespace akgate
