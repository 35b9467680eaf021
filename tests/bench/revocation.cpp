// SPDX-License-Identifier: Apache-2.0
//
// How long a revocation takes to be felt while the register answers: the real agent in simulated
// time, 10,000 keys in use at the default limits, one in ten of them revoked at a random moment and
// asked about each second until it is denied (I3).
//
//   akgate_bench_revocation [keys]        default: 10,000
#include <algorithm>
#include <cstdio>
#include <random>

#include "tests/bench/many_keys.hpp"

namespace akgate {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr seconds kAskedEach{60};
constexpr minutes kRevokedWithin{30};
constexpr seconds kLooksEach{1};

struct Revocation {
  BootTime at;
  std::size_t key;
};

/// At random moments after `from`, earliest first.
std::vector<Revocation> plan(std::size_t keys, BootTime from) {
  std::mt19937_64 random(1);
  std::vector<Revocation> revocations;
  for (std::size_t key = 0; key < keys; key += 10) {
    const auto within =
        static_cast<std::uint64_t>(std::chrono::nanoseconds(kRevokedWithin).count());
    revocations.push_back({from + std::chrono::nanoseconds(random() % within), key});
  }
  std::sort(revocations.begin(), revocations.end(),
            [](const Revocation& a, const Revocation& b) { return a.at < b.at; });
  return revocations;
}

class Bench {
 public:
  explicit Bench(std::size_t keys) : world_(keys) {}

  /// Asks about all keys in turn for so long, and about the revoked ones in between.
  void run_for(std::chrono::nanoseconds how_long) {
    const BootTime end = now() + how_long;
    const std::chrono::nanoseconds step = std::chrono::nanoseconds(kAskedEach) / world_.keys.size();
    while (now() < end) {
      static_cast<void>(world_.ask(turn_));
      turn_ = (turn_ + 1) % world_.keys.size();
      world_.agent.time_passes(step);
      if (now() >= next_look_) look();
    }
  }

  void revoke_from_now() { due_ = plan(world_.keys.size(), now()); }

  bool print() {
    const double fresh_for = in_seconds(world_.agent.settings.policy.freshness.fresh_for);
    std::sort(took_.begin(), took_.end());
    if (took_.empty()) return false;
    const double most = took_.back();
    const bool kept = most <= fresh_for + in_seconds(kLooksEach) && revoked_.empty();
    std::printf(
        "%zu keys in use, fresh-for %.0f s, %zu revoked: denied after %.0f s (median), "
        "%.0f s (nine of ten), %.0f s (most), looking each %.0f s: %s\n",
        world_.keys.size(), fresh_for, took_.size(), took_[took_.size() / 2],
        took_[took_.size() * 9 / 10], most, in_seconds(kLooksEach), kept ? "kept" : "MISSED");
    return kept;
  }

 private:
  [[nodiscard]] BootTime now() const { return world_.agent.loop.now(); }
  static double in_seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
  }

  void look() {
    next_look_ = now() + kLooksEach;
    while (next_ < due_.size() && due_[next_].at <= now()) {
      world_.agent.register_revokes(world_.keys[due_[next_].key]);
      revoked_.push_back({now(), due_[next_++].key});
    }
    std::erase_if(revoked_, [&](const Revocation& revocation) {
      if (world_.agent.ask(world_.keys[revocation.key]).starts_with("ALLOW")) return false;
      took_.push_back(in_seconds(now() - revocation.at));
      return true;
    });
  }

  ManyKeys world_;
  std::size_t turn_ = 0;
  BootTime next_look_{};
  std::vector<Revocation> due_;
  std::size_t next_ = 0;
  std::vector<Revocation> revoked_;  ///< And not denied yet.
  std::vector<double> took_;
};

bool measure(std::size_t keys) {
  Bench bench(keys);
  bench.run_for(minutes(30));
  bench.revoke_from_now();
  bench.run_for(kRevokedWithin + minutes(20));
  return bench.print();
}

}  // namespace
}  // namespace akgate

int main(int count, char** words) {
  return akgate::measure(count > 1 ? std::stoul(words[1]) : 10'000) ? 0 : 1;
}
