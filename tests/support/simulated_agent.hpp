// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "cache/store.hpp"
#include "refresh/desk.hpp"
#include "refresh/register_clerk.hpp"
#include "tests/support/simulated_loop.hpp"
#include "tests/support/simulated_register.hpp"
#include "tests/support/temporary_directory.hpp"
#include "time/trusted_time.hpp"

namespace akgate {

/// The real desk, clerk, verdict and cache, on one loop in simulated time, with a simulated
/// register. A test tells it a story.
class SimulatedAgent {
 public:
  SimulatedAgent() { start(); }

  // --- the world ---

  void time_passes(std::chrono::nanoseconds how_long) { loop.pass(how_long); }

  /// The register has an ACTIVE record under this key, complete, good for HH-CONSUMPTION, on the
  /// basis of a contract.
  AccessRecord& register_has(const std::string& key) {
    AccessRecord& record = register_.records[key];
    record.state = State::active;
    record.expiry = Expiry::never();
    record.legal_basis = LegalBasis::uk_contract;
    record.arrangement = Arrangement::sole;
    record.controllers = {"Bright Energy Ltd"};
    record.lead = 0;
    static_cast<void>(record.data_types.add("HH-CONSUMPTION"));
    record.complete = true;
    return record;
  }

  void register_revokes(const std::string& key) {
    register_.records.at(key).state = State::revoked;
  }

  // --- the agent ---

  /// The agent's process ends, this very instant, and is started again.
  void crashes_and_restarts() {
    stop();
    start();
  }

  /// The agent is told to end (SIGTERM), and is started again.
  void ends_and_restarts() {
    clerk->flush();
    crashes_and_restarts();
  }

  /// The machine is off for that long; then it boots with this wall clock.
  void reboots(std::chrono::milliseconds off_for, SimulatedClock::Wall clock_says) {
    stop();
    boot_id_ += "'";
    loop.pass(off_for);
    clock.boot();
    clock.set(clock_says);
    start();
  }

  // --- questions ---

  struct Reply {
    std::string text = "none";  ///< `ALLOW active cache`, `DENY revoked register`, …
    Verdict verdict;
    BootTime at{};
  };

  static Question question_about(const std::string& key, Mode mode = Mode::normal) {
    Question question;
    question.key = AccessKey::parse(key);
    static_cast<void>(question.data_types.add("HH-CONSUMPTION"));
    question.mode = mode;
    return question;
  }

  /// Asks without waiting. The reply is filled in when it comes.
  std::shared_ptr<Reply> asked(const Question& question,
                               std::chrono::milliseconds timeout = std::chrono::seconds(2)) {
    auto reply = std::make_shared<Reply>();
    const auto at_once = desk->verdict_at_once(question);
    desk->ask(question, timeout, uid, [this, question, reply](const Settled& settled) {
      EXPECT_EQ(reply->text, "none") << "a question got two replies (I10)";
      reply->verdict = desk->verdict(question, settled);
      reply->at = loop.now();
      reply->text = text_of(reply->verdict);
    });
    if (at_once) expect_same(at_once->verdict, *reply);
    return reply;
  }
  std::shared_ptr<Reply> asked(const std::string& key, Mode mode = Mode::normal,
                               std::chrono::milliseconds timeout = std::chrono::seconds(2)) {
    return asked(question_about(key, mode), timeout);
  }

  /// Asks and waits for the reply.
  std::string ask(const Question& question,
                  std::chrono::milliseconds timeout = std::chrono::seconds(2)) {
    const auto reply = asked(question, timeout);
    loop.pass_until([&] { return reply->text != "none"; }, timeout);
    return reply->text;
  }
  std::string ask(const std::string& key, Mode mode = Mode::normal,
                  std::chrono::milliseconds timeout = std::chrono::seconds(2)) {
    return ask(question_about(key, mode), timeout);
  }

  static std::string text_of(const Verdict& verdict) {
    return (verdict.allows() ? "ALLOW " : "DENY ") + std::string(to_string(verdict.reason)) + " " +
           std::string(to_string(verdict.source));
  }

  /// Whatever is answered at once is answered the same in full.
  static void expect_same(const Verdict& at_once, const Reply& in_full) {
    EXPECT_EQ(text_of(at_once), in_full.text);
    EXPECT_EQ(at_once.age, in_full.verdict.age) << in_full.text;
    EXPECT_EQ(at_once.good_for, in_full.verdict.good_for) << in_full.text;
    EXPECT_EQ(at_once.expiry, in_full.verdict.expiry) << in_full.text;
    EXPECT_EQ(at_once.transaction_id.view(), in_full.verdict.transaction_id.view());
  }

  Uid uid = 1000;  ///< Who asks.
  SimulatedLoop loop;
  SimulatedClock clock{loop, std::chrono::sys_days{std::chrono::year{2027} / 5 / 1}};
  SimulatedRegister register_{loop, clock};
  Desk::Settings settings;
  TrustedTime::Settings time_settings;
  std::size_t max_records = 1000;
  TemporaryDirectory directory;
  std::unique_ptr<Store> store;
  std::optional<TrustedTime> time;
  std::unique_ptr<RegisterClerk> clerk;
  std::unique_ptr<Desk> desk;

  [[nodiscard]] const DeviceKeys& keys() const { return keys_; }

  void stop() {
    loop.forget_everything();
    desk.reset();
    clerk.reset();
    time.reset();
    store.reset();
  }

  void start() {
    auto opened =
        Store::open({.directory = directory.path(), .max_records = max_records}, keys_, log_);
    ASSERT_TRUE(opened) << opened.error().what();
    store = *std::move(opened);
    time.emplace(time_settings, boot_id_, clock.read(), store->time_mark());
    clerk = std::make_unique<RegisterClerk>(RegisterClerk::Parts{.own = loop,
                                                                 .desk = loop,
                                                                 .clock = clock,
                                                                 .time = *time,
                                                                 .verifier = register_,
                                                                 .store = *store,
                                                                 .log = log_});
    desk = std::make_unique<Desk>(settings, Desk::Parts{.loop = loop,
                                                        .clock = clock,
                                                        .time = *time,
                                                        .store = *store,
                                                        .keys = keys_,
                                                        .clerk = *clerk,
                                                        .log = log_});
    loop.settle();
  }

 private:
  Log log_{LogLevel::error, LogFormat::text};
  DeviceKeys keys_ = DeviceKeys::derive(Key256(Key256::Bytes{7}));
  std::string boot_id_ = "boot";
};

}  // namespace akgate
