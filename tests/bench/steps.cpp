// SPDX-License-Identifier: Apache-2.0
//
// What the steps of an answer from the cache cost, one by one and together, without sockets; and
// those of the cache behind it. An option of Google Benchmark's: --benchmark_filter=judge
#include <benchmark/benchmark.h>
#include <sys/socket.h>

#include <array>
#include <string>
#include <vector>

#include "cache/sealing.hpp"
#include "gate/gate_dialogue.hpp"
#include "gate/protocol.hpp"
#include "gate/session.hpp"
#include "tests/bench/full_cache.hpp"
#include "tests/support/simulated_agent.hpp"
#include "verdict/judge.hpp"

namespace akgate {
namespace {

constexpr std::size_t kKeys = 1000;
constexpr Timestamp kNow = std::chrono::sys_days{std::chrono::year{2027} / 5 / 1};

std::string line_about(std::size_t number) {
  return "CHECK " + access_key_text(number) + " data-type=HH-CONSUMPTION";
}

Verdict allowance() {
  const StoredRecord record = stored_record(1, kNow - std::chrono::minutes(1));
  const Question question = SimulatedAgent::question_about(access_key_text(1));
  return judge({.record = {.known = &*record.knowledge}}, question, {}, {.now = kNow});
}

void parse_a_line(benchmark::State& state) {
  const std::string line = line_about(1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(is_text(line));
    benchmark::DoNotOptimize(parse_request(line, {}));
  }
}
BENCHMARK(parse_a_line);

void name_a_key(benchmark::State& state) {
  const DeviceKeys keys = DeviceKeys::derive(Key256(Key256::Bytes{7}));
  const AccessKey key = *AccessKey::parse(access_key_text(1));
  for (auto _ : state) benchmark::DoNotOptimize(keys.index_of(key));
}
BENCHMARK(name_a_key);

void judge_a_question(benchmark::State& state) {
  const StoredRecord record = stored_record(1, kNow - std::chrono::minutes(1));
  const Question question = SimulatedAgent::question_about(access_key_text(1));
  const Policy policy;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        judge({.record = {.known = &*record.knowledge}}, question, policy, {.now = kNow}));
  }
}
BENCHMARK(judge_a_question);

void format_a_reply(benchmark::State& state) {
  const Verdict verdict = allowance();
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_verdict(out, verdict, {}, kNow);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(format_a_reply);

void seal_a_record(benchmark::State& state) {
  const DeviceKeys keys = DeviceKeys::derive(Key256(Key256::Bytes{7}));
  Sealer sealer(keys);
  const StoredRecord record = stored_record(1, kNow);
  const IndexKey index = keys.index_of(record.key);
  for (auto _ : state) benchmark::DoNotOptimize(sealer.seal(index, record));
}
BENCHMARK(seal_a_record);

void open_a_record(benchmark::State& state) {
  const DeviceKeys keys = DeviceKeys::derive(Key256(Key256::Bytes{7}));
  Sealer sealer(keys);
  const StoredRecord record = stored_record(1, kNow);
  const IndexKey index = keys.index_of(record.key);
  const std::string sealed = sealer.seal(index, record);
  for (auto _ : state) benchmark::DoNotOptimize(sealer.open(index, sealed));
}
BENCHMARK(open_a_record);

/// The real desk and cache, which have heard of all keys, and a gate in front of them.
class KnowingGate {
 public:
  KnowingGate() {
    for (std::size_t i = 0; i < kKeys; ++i) {
      agent_.register_has(access_key_text(i));
      lines_.push_back(line_about(i));
      questions_.push_back(SimulatedAgent::question_about(access_key_text(i)));
      if (agent_.ask(questions_.back()) != "ALLOW active register") std::abort();
    }
    agent_.time_passes(std::chrono::seconds(5));  // until all is on disk
  }

  SimulatedAgent& agent() { return agent_; }
  const std::string& line(std::size_t number) const { return lines_[number % kKeys]; }
  const Question& question(std::size_t number) const { return questions_[number % kKeys]; }
  GateDialogue& dialogue() { return dialogue_; }
  Session& session() { return session_; }

 private:
  static Fd one_end_of_a_pair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) std::abort();
    const Fd other(ends[1]);
    return Fd(ends[0]);
  }

  SimulatedAgent agent_;
  std::vector<std::string> lines_;
  std::vector<Question> questions_;
  const GateSettings settings_;
  const std::unique_ptr<EventLoop> loop_ = EventLoop::create().value();
  GateDialogue dialogue_{*agent_.desk, agent_.clock, *loop_, settings_};
  Session session_{one_end_of_a_pair(), *loop_, dialogue_, {}};
};

/// From the cache on disk, which a desk that remembers the key does without.
void look_up_in_the_cache(benchmark::State& state) {
  KnowingGate gate;
  std::vector<IndexKey> indices;
  for (std::size_t i = 0; i < kKeys; ++i) {
    indices.push_back(gate.agent().keys().index_of(*AccessKey::parse(access_key_text(i))));
  }
  std::size_t next = 0;
  for (auto _ : state) {
    const auto found = gate.agent().store->find(indices[next++ % kKeys]);
    if (!found) std::abort();
  }
}
BENCHMARK(look_up_in_the_cache);

/// What the desk does for an answer: look up, judge.
void ask_the_desk(benchmark::State& state) {
  KnowingGate gate;
  Desk& desk = *gate.agent().desk;
  std::size_t next = 0;
  for (auto _ : state) {
    const Question& question = gate.question(next++);
    bool allowed = false;
    desk.ask(question, std::chrono::seconds(2), 1000,
             [&](const Settled& settled) { allowed = desk.verdict(question, settled).allows(); });
    if (!allowed) std::abort();
  }
}
BENCHMARK(ask_the_desk);

/// From the line to the reply.
void answer_a_question(benchmark::State& state) {
  KnowingGate gate;
  std::size_t next = 0;
  std::string out;
  for (auto _ : state) {
    out.clear();
    gate.dialogue().take(gate.line(next++), gate.session())->append_reply(out);
    if (!out.starts_with("ALLOW reason=active source=cache ")) std::abort();
  }
}
BENCHMARK(answer_a_question);

}  // namespace
}  // namespace akgate

BENCHMARK_MAIN();
