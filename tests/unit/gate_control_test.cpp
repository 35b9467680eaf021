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
  void prefetch(const AccessKey& key, OnFetched on_fetched) override {
    const Fetched fetched{fingerprint(key), state, from_register};
    take("prefetch " + fetched.fingerprint,
         [fetched, on_fetched = std::move(on_fetched)](const std::optional<Refusal>& refusal) {
           on_fetched(fetched, refusal);
         });
  }
  [[nodiscard]] RegisterStanding register_standing() const override { return standing; }
  [[nodiscard]] std::string fingerprint(const AccessKey& key) const override {
    return key == AccessKey::parse(kKey) ? "fp_0000000000000001" : "fp_0000000000000002";
  }

  std::vector<Order> orders;
  bool at_once = false;
  std::string_view state = "ACTIVE";
  bool from_register = true;
  RegisterStanding standing;

 private:
  void take(std::string what, OnDone finish) {
    orders.push_back({std::move(what), at_once ? nullptr : finish});
    if (at_once) finish(std::nullopt);
  }
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
  std::string_view token_ = "held";
  ControlDialogue dialogue_{controls_, clock_, [this] { return token_; }};
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
            "ERROR reason=bad-request detail=not%20supported%20by%20this%20version\n");
}

TEST_F(GateControl, tells_how_the_register_and_the_token_stand) {
  EXPECT_EQ(exchange("STATUS\n"), R"({"version":")" AKGATE_VERSION
                                  R"(","uptime-seconds":0,"register":{"state":"answers",)"
                                  R"("seconds-since-last-answer":null,"waiting":0,)"
                                  R"("requests-per-second-needed":0.0,)"
                                  R"("requests-per-second-allowed":0},"token":"held"})"
                                  "\n");
  clock_.boot += std::chrono::milliseconds(61'900);
  controls_.standing = {.silent = true,
                        .since_last_answer = std::chrono::seconds(40),
                        .waiting = 7,
                        .requests_per_second_needed = 12.31,
                        .requests_per_second_allowed = 20};
  token_ = "refused";
  const std::string status = exchange("STATUS\n");
  const auto json = JsonDocument::parse(status);
  ASSERT_TRUE(json) << status;
  const JsonView root = json->root();
  EXPECT_EQ(root["uptime-seconds"].number(), 61);
  EXPECT_EQ(root["register"]["state"].string(), "silent");
  EXPECT_EQ(root["register"]["seconds-since-last-answer"].number(), 40);
  EXPECT_EQ(root["register"]["waiting"].number(), 7);
  EXPECT_EQ(root["register"]["requests-per-second-needed"].number(), 12.4);
  EXPECT_EQ(root["register"]["requests-per-second-allowed"].number(), 20);
  EXPECT_EQ(root["token"].string(), "refused");
}

TEST_F(GateControl, refuses_what_is_no_command_of_this_version) {
  const std::vector<std::string> lines = {
      "", "nonsense", "status", "CHECK " + kKey, kKey,
      // too much, too little, in the wrong place
      "STATUS now", "PING PING", "HELLO " + kKey, "BIND", "BIND " + kKey,
      "BIND " + kKey + " 1234567890123 7", "BIND 1234567890123 " + kKey, "UNBIND", "PREFETCH",
      "UNBIND " + kKey + " 1234567890123", "PREFETCH " + kKey + " " + kOtherKey,
      // malformed
      "BIND " + kKey + " x", "BIND " + kKey + " " + kOtherKey, "UNBIND " + kKey + "0", "PREFETCH 7",
      // of a later version
      "METRICS", "REFRESH " + kKey, "FORGET all", "BLOCK " + kKey, "UNBLOCK " + kKey, "RELOAD"};
  for (const std::string& line : lines) {
    const std::string reply = exchange(line + "\n");
    EXPECT_TRUE(reply.starts_with("ERROR reason=bad-request detail=")) << line << ": " << reply;
    EXPECT_EQ(count_lines(reply), 1U) << line;
  }
  EXPECT_TRUE(controls_.orders.empty());
}

TEST_F(GateControl, I12_so_many_slow_commands_at_once_and_no_more) {
  const std::size_t asked = 2 * Session::kMaxPending + 10;
  std::string replies;
  for (std::size_t i = 0; i < asked; ++i) {
    replies += exchange("BIND " + kKey + " 1234567890123\n");
  }
  EXPECT_TRUE(sleeps(*loop_));
  EXPECT_EQ(controls_.orders.size(), Session::kMaxPending);
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
