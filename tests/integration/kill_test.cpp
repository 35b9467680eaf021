// SPDX-License-Identifier: Apache-2.0
// The agent is killed with SIGKILL at random moments while clients ask and the register revokes.
// AKGATE_KILL_ROUNDS=1000 does it that many times.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <random>
#include <thread>

#include "cache/store.hpp"
#include "tests/integration/stage.hpp"

namespace akgate {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct Key {
  std::string text;
  std::atomic<bool> denied{false};  ///< A client has read that it is revoked.
};

class Kill : public ::testing::Test {
 protected:
  Kill() {
    stage.more_configuration = R"("gate": { "socket": ")" + stage.socket +
                               R"(" }, "freshness": { "fresh-for": "1h", "grace": "24h" })";
    stage.more_register_configuration = R"(, "max-requests-per-second": 1000)";
  }

  /// The register's side: new records all the time, and old ones revoked.
  void register_and_revoke() {
    std::mt19937 random(1);
    for (int turn = 0; !stop; ++turn) {
      const std::string text = stage.registered_record();
      {
        const std::lock_guard lock(mutex);
        keys.emplace_back().text = text;
      }
      if (turn >= kWarmUp) {
        stage.revoke(some_key(random).text);
      }
      ready = turn > kWarmUp;
    }
  }

  /// A client: asks in all modes, and goes on when the agent is back.
  void ask(unsigned seed) {
    static constexpr const char* kModes[] = {"normal", "fresh", "fresh", "cached"};
    std::mt19937 random(seed);
    while (!stop) {
      Asker asker = stage.asker();
      while (asker.connected() && !stop) {
        Key& key = some_key(random);
        const bool was_denied = key.denied;
        const std::string mode = kModes[random() % std::size(kModes)];
        const std::string reply =
            asker.ask("CHECK " + key.text + " data-type=HH-CONSUMPTION mode=" + mode);
        if (reply == "(end)") break;
        note(reply, key, was_denied);
        std::this_thread::sleep_for(milliseconds(1));
      }
      std::this_thread::sleep_for(milliseconds(1));
    }
  }

  void note(const std::string& reply, Key& key, bool was_denied) {
    const std::string verdict = verdict_in(reply);
    ++replies;
    if (verdict == "DENY revoked" && !key.denied.exchange(true)) ++denials;
    if (was_denied && verdict.starts_with("ALLOW")) ADD_FAILURE() << "lost denial: " << reply;
  }

  Key& some_key(std::mt19937& random) {
    const std::lock_guard lock(mutex);
    const std::size_t window = std::min<std::size_t>(keys.size(), kInUse);
    return keys[keys.size() - 1 - random() % window];
  }

  /// How long the cache takes to open, and whether it does, as the kill left it.
  void open_store() {
    const auto device_key = DeviceKeys::load_or_make(stage.directory / "cache/device.key");
    ASSERT_TRUE(device_key) << device_key.error().what();
    const Log log(LogLevel::warning, LogFormat::text);
    const auto before = Clock::now();
    const auto store = Store::open({.directory = stage.directory / "cache"}, *device_key, log);
    worst_store = std::max<Clock::duration>(worst_store, Clock::now() - before);
    ASSERT_TRUE(store) << store.error().what();
  }

  void restart() {
    const auto before = Clock::now();
    stage.start_agent();
    ASSERT_EQ(stage.asker().ask("PING"), "PONG");
    worst_start = std::max<Clock::duration>(worst_start, Clock::now() - before);
  }

  /// What stands on disk contradicts no denial that a client has read. What was never there is
  /// asked for anew.
  void expect_denials_kept() {
    Asker asker = stage.asker();
    for (std::size_t i = 0;; ++i) {
      const Key* key = nullptr;
      {
        const std::lock_guard lock(mutex);
        if (i == keys.size() || i == 2 * kInUse) return;
        key = &keys[keys.size() - 1 - i];
      }
      if (!key->denied) continue;
      const std::string verdict =
          verdict_in(asker.ask("CHECK " + key->text + " data-type=HH-CONSUMPTION mode=cached"));
      ASSERT_TRUE(verdict == "DENY revoked" || verdict == "DENY not-cached") << verdict;
      if (verdict == "DENY revoked") ++read_back;
    }
  }

  void kill_and_restart(std::mt19937& random) {
    const int before = replies;
    ASSERT_TRUE(comes_true([&] { return replies > before; })) << stage.agent_log();
    // First knowledge is on disk within a second: some are killed before that, some after.
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 2'000'000));
    stage.kill_agent();
    ASSERT_NO_FATAL_FAILURE(open_store());
    ASSERT_NO_FATAL_FAILURE(restart());
    ASSERT_NO_FATAL_FAILURE(expect_denials_kept());
  }

  static constexpr int kWarmUp = 10;
  static constexpr std::size_t kInUse = 60;

  Stage stage;
  std::mutex mutex;
  std::deque<Key> keys;  ///< Guarded by the mutex.
  std::atomic<bool> ready{false};
  std::atomic<bool> stop{false};
  std::atomic<int> replies{0};
  std::atomic<int> denials{0};
  int read_back = 0;
  Clock::duration worst_store{};
  Clock::duration worst_start{};
};

double in_milliseconds(Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

TEST_F(Kill, I5_I6_at_any_moment_loses_no_denial_and_spoils_no_start) {
  const char* const more = std::getenv("AKGATE_KILL_ROUNDS");
  const int rounds = more == nullptr ? 20 : std::atoi(more);
  stage.start_register();
  std::vector<std::thread> world;
  world.emplace_back([&] { register_and_revoke(); });
  EXPECT_TRUE(comes_true([&] { return ready.load(); }));
  stage.start_agent();
  for (unsigned seed = 1; seed <= 3; ++seed) world.emplace_back([this, seed] { ask(seed); });
  std::mt19937 random(1);
  int done = 0;
  for (; done < rounds && !HasFailure(); ++done) kill_and_restart(random);
  stop = true;
  for (std::thread& each : world) each.join();

  EXPECT_EQ(done, rounds);
  EXPECT_GT(read_back, rounds) << "the test does not hit what it means";
  EXPECT_EQ(stage.agent_log().find("damaged"), std::string::npos);
  std::printf(
      "%d kills, %d replies, %d keys denied, %d denials read back, none lost: %s; worst reopening: "
      "the cache %.1f ms, "
      "from exec to the first PONG %.1f ms\n",
      done, replies.load(), denials.load(), read_back, HasFailure() ? "NO" : "yes",
      in_milliseconds(worst_store), in_milliseconds(worst_start));
}

}  // namespace
}  // namespace akgate
