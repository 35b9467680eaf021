// SPDX-License-Identifier: Apache-2.0
// Stories of what the operator refuses, and of what is to be forgotten.
#include <cerrno>
#include <filesystem>
#include <functional>

#include "refresh_proofs_story.hpp"
#include "tests/support/failing_disk.hpp"

namespace akgate {
namespace {

class Refusing : public Proofs {
 protected:
  ~Refusing() override { FailingDisk::failure = 0; }

  using Start = std::function<void(Controls::OnDone)>;
  /// Has it done, and gives `done` or the reason why not.
  std::string order(const Start& start) {
    auto done = std::make_shared<std::string>("none");
    start([done](const std::optional<Refusal>& refusal) {
      *done = refusal ? std::string(refusal->reason) : "done";
    });
    agent.loop.settle();
    return *done;
  }

  std::string block(const std::string& what) {
    return order([&](auto done) { agent.desk->block(blockable(what), done); });
  }
  std::string unblock(const std::string& what) {
    return order([&](auto done) { agent.desk->unblock(blockable(what), done); });
  }
  std::string forget(const std::string& key) {
    return order([&](auto done) { agent.desk->forget(*AccessKey::parse(key), done); });
  }
  std::string forget_all() {
    return order([&](auto done) { agent.desk->forget_all(done); });
  }
  void register_is_cut_off() { agent.register_.mood = Mood::dead; }

 private:
  static Controls::Blockable blockable(const std::string& what) {
    if (const auto key = AccessKey::parse(what)) return *key;
    return *Mpxn::parse(what);
  }
};

// --- blocking ------------------------------------------------------------------------------------

TEST_F(Refusing, a_blocked_key_is_denied_above_all_else_and_the_register_not_asked) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  EXPECT_EQ(block(kKey), "done");
  const auto requests = agent.register_.requests;
  EXPECT_EQ(agent.ask(kKey), "DENY blocked local");
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "DENY blocked local");
  EXPECT_EQ(agent.register_.requests, requests);
  EXPECT_EQ(unblock(kKey), "done");
  EXPECT_EQ(agent.ask(kKey), "ALLOW active cache");
}

TEST_F(Refusing, a_blocked_meter_point_denies_who_names_it_and_keys_known_to_belong_to_it) {
  EXPECT_EQ(ask_at(kHome), "ALLOW active register");
  EXPECT_EQ(block(kHome), "done");
  EXPECT_EQ(ask_at(kHome), "DENY blocked local");
  EXPECT_EQ(agent.ask(kKey), "DENY blocked local") << "without naming it";
  agent.crashes_and_restarts();
  EXPECT_EQ(agent.ask(kKey), "DENY blocked local") << "as the disk has it";
  EXPECT_EQ(unblock(kHome), "done");
  EXPECT_EQ(ask_at(kHome), "ALLOW active cache");
}

TEST_F(Refusing, what_is_blocked_stays_so_through_crashes_and_a_cache_that_is_lost) {
  EXPECT_EQ(block(kKey), "done");
  agent.crashes_and_restarts();
  EXPECT_EQ(agent.ask(kKey), "DENY blocked local");
  agent.stop();
  std::filesystem::remove_all(agent.directory.path() + "/cache");
  agent.start();
  EXPECT_EQ(agent.ask(kKey), "DENY blocked local");
  EXPECT_EQ(forget_all(), "done");
  EXPECT_EQ(agent.ask(kKey), "DENY blocked local");
}

TEST_F(Refusing, a_block_that_cannot_be_kept_counts_all_the_same_and_says_so) {
  FailingDisk::failure = ENOSPC;
  EXPECT_EQ(block(kKey), "not-durable");
  EXPECT_EQ(agent.ask(kKey), "DENY blocked local");
}

TEST_F(Refusing, an_unblock_that_cannot_be_kept_does_not_count) {
  EXPECT_EQ(block(kKey), "done");
  FailingDisk::failure = ENOSPC;
  EXPECT_EQ(unblock(kKey), "not-durable");
  EXPECT_EQ(agent.ask(kKey), "DENY blocked local");
  FailingDisk::failure = 0;
  agent.crashes_and_restarts();
  EXPECT_EQ(agent.ask(kKey), "DENY blocked local");
}

TEST_F(Refusing, what_the_disk_refused_is_kept_as_soon_as_it_can_be) {
  EXPECT_EQ(block(kOther), "done");
  FailingDisk::failure = ENOSPC;
  EXPECT_EQ(block(kKey), "not-durable");
  EXPECT_EQ(unblock(kOther), "not-durable");
  EXPECT_TRUE(agent.desk->register_standing().owes_blocks);
  FailingDisk::failure = 0;
  agent.time_passes(seconds(40));
  EXPECT_FALSE(agent.desk->register_standing().owes_blocks);
  agent.crashes_and_restarts();
  EXPECT_EQ(agent.ask(kKey), "DENY blocked local");
  EXPECT_EQ(agent.ask(kOther), "DENY blocked local");
}

TEST_F(Refusing, a_key_that_is_being_unblocked_is_blocked_until_the_disk_knows) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  EXPECT_EQ(block(kKey), "done");
  agent.desk->unblock(*AccessKey::parse(kKey), [](const auto&) {});
  EXPECT_EQ(agent.asked(kKey)->text, "DENY blocked local");
  EXPECT_EQ(block(kOther), "done") << "which writes the list anew";
  EXPECT_EQ(agent.ask(kKey), "ALLOW active cache");
  agent.crashes_and_restarts();
  EXPECT_NE(agent.ask(kKey), "DENY blocked local");
  EXPECT_EQ(agent.ask(kOther), "DENY blocked local");
}

TEST_F(Refusing, I10_a_question_under_way_is_answered_by_the_block) {
  agent.register_.mood = Mood::hangs;
  const auto reply = agent.asked(kKey, Mode::normal, seconds(2));
  EXPECT_EQ(block(kKey), "done");
  agent.time_passes(seconds(3));
  EXPECT_EQ(reply->text, "DENY blocked local");
}

// --- forgetting ----------------------------------------------------------------------------------

TEST_F(Refusing, what_is_forgotten_is_unknown_in_an_outage_and_after_a_crash) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(seconds(2));
  EXPECT_EQ(forget(kKey), "done");
  register_is_cut_off();
  EXPECT_EQ(agent.ask(kKey), "DENY register-unreachable local");
  agent.crashes_and_restarts();
  EXPECT_EQ(agent.ask(kKey), "DENY register-unreachable local");
}

// It was to be refreshed ahead of need; nobody asks for it any more.
TEST_F(Refusing, what_is_forgotten_is_not_learnt_again_unasked) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(minutes(1));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active cache");
  EXPECT_EQ(forget(kKey), "done");
  const auto requests = agent.register_.requests;
  agent.time_passes(std::chrono::hours(1));
  EXPECT_EQ(agent.register_.requests, requests);
  register_is_cut_off();
  EXPECT_EQ(agent.ask(kKey), "DENY register-unreachable local");
}

TEST_F(Refusing, the_answer_after_forgetting_is_the_registers) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  EXPECT_EQ(forget(kKey), "done");
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
}

TEST_F(Refusing, forgetting_takes_the_operators_binding_along) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  EXPECT_EQ(bind(kKey, kElsewhere), "done");
  EXPECT_EQ(forget(kKey), "done");
  EXPECT_EQ(ask_at(kElsewhere), "DENY mpxn-mismatch register");
}

// What was asked before FORGET must not bring back what it made unknown.
TEST_F(Refusing, an_answer_under_way_is_awaited_and_not_kept) {
  agent.register_.latency = milliseconds(500);
  const auto reply = agent.asked(kKey);
  agent.time_passes(milliseconds(100));
  auto done = std::make_shared<std::string>("none");
  agent.desk->forget(*AccessKey::parse(kKey),
                     [done](const std::optional<Refusal>&) { *done = "done"; });
  agent.loop.settle();
  EXPECT_EQ(*done, "none");
  agent.register_.mood = Mood::dead;  // For whatever is asked from here on.
  agent.time_passes(seconds(5));
  EXPECT_EQ(*done, "done");
  EXPECT_EQ(reply->text, "DENY register-unreachable local");
  agent.crashes_and_restarts();
  EXPECT_EQ(agent.ask(kKey), "DENY register-unreachable local");
}

TEST_F(Refusing, forgetting_all_leaves_nothing_but_what_is_blocked) {
  agent.register_has(kOther);
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  EXPECT_EQ(agent.ask(kOther), "ALLOW active register");
  EXPECT_EQ(block(kThird), "done");
  agent.time_passes(seconds(2));
  EXPECT_EQ(forget_all(), "done");
  EXPECT_EQ(agent.store->size(), 0U);
  register_is_cut_off();
  EXPECT_EQ(agent.ask(kKey), "DENY register-unreachable local");
  EXPECT_EQ(agent.ask(kOther), "DENY register-unreachable local");
  EXPECT_EQ(agent.ask(kThird), "DENY blocked local");
}

TEST_F(Refusing, what_the_disk_will_not_forget_is_said) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(seconds(2));
  FailingDisk::failure = ENOSPC;
  EXPECT_EQ(forget(kKey), "not-durable");
  EXPECT_EQ(forget_all(), "not-durable");
}

}  // namespace
}  // namespace akgate
