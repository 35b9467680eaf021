// SPDX-License-Identifier: Apache-2.0
//
// Asks a server on a Unix socket as fast as it answers, or so often, and prints what came of it:
//
//   akgate_bench_load PROTOCOL SOCKET KEYS-FILE [option value]…
//
//     connections N     default 1
//     depth D           questions in one write, all of them answered before the next; default 1
//     threads T         that share the connections; default 1
//     seconds S         default 1, after a short warm-up
//     requests N        so many in all, in place of a time
//     every US          one question each so many µs on any free connection; not as fast as it goes
//     server PID        tells what processor time the server took for each answer, too
//
// KEYS-FILE has one access key a line; they are asked for in turns. Every answer is looked at: one
// that is not the expected one ends the program with status 1. Cores are given with taskset.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/load_client.hpp"

namespace akgate {
namespace {

using Clock = LoadClient::Clock;
using Seconds = std::chrono::duration<double>;

struct Options {
  std::size_t connections = 1;
  std::size_t depth = 1;
  std::size_t threads = 1;
  double seconds = 1;
  std::size_t requests = 0;
  double every_microseconds = 0;
  std::filesystem::path server;  ///< Its folder in /proc.
};

[[noreturn]] void usage() {
  std::fprintf(stderr,
               "akgate_bench_load %s SOCKET KEYS-FILE [connections N] [depth D] [threads T] "
               "[seconds S | requests N] [every MICROSECONDS] [server PID]\n",
               load_protocol_names().c_str());
  std::exit(2);
}

Options read_options(int count, char** words) {
  Options options;
  for (int i = 4; i + 1 < count; i += 2) {
    const std::string name = words[i];
    const double value = std::strtod(words[i + 1], nullptr);
    if (!(value > 0)) usage();
    const auto number = static_cast<std::size_t>(value);
    if (name == "connections") {
      options.connections = number;
    } else if (name == "depth") {
      options.depth = number;
    } else if (name == "threads") {
      options.threads = number;
    } else if (name == "seconds") {
      options.seconds = value;
    } else if (name == "requests") {
      options.requests = number;
    } else if (name == "every") {
      options.every_microseconds = value;
    } else if (name == "server") {
      options.server = "/proc/" + std::to_string(number);
    } else {
      usage();
    }
  }
  return options;
}

std::vector<std::string> read_keys(const char* path) {
  std::vector<std::string> keys;
  std::ifstream file(path);
  for (std::string key; std::getline(file, key);) keys.push_back(key);
  if (keys.empty()) usage();
  return keys;
}

/// The processor time of a process (by its folder in /proc) and all its threads so far.
double nanoseconds_of(const std::filesystem::path& process) {
  double sum = 0;
  for (const auto& task : std::filesystem::directory_iterator(process / "task")) {
    double nanoseconds = 0;
    std::ifstream(task.path() / "schedstat") >> nanoseconds;
    sum += nanoseconds;
  }
  return sum;
}

/// The same of this one, and of threads that have ended.
double own_nanoseconds() {
  timespec worked{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &worked);
  return static_cast<double>(worked.tv_sec) * 1e9 + static_cast<double>(worked.tv_nsec);
}

int measure(const LoadProtocol& protocol, const std::string& socket,
            const std::vector<std::string>& keys, const Options& options) {
  const LoadQuestions questions(protocol, keys, options.depth);
  const std::size_t connections = options.connections / options.threads * options.threads;
  const LoadPlan plan{.connections = connections / options.threads,
                      .depth = options.depth,
                      .requests = (options.requests + connections - 1) / connections,
                      .every = std::chrono::duration_cast<std::chrono::nanoseconds>(
                          std::chrono::duration<double, std::micro>(options.every_microseconds))};
  std::vector<std::unique_ptr<LoadClient>> clients;
  for (std::size_t i = 0; i < options.threads; ++i) {
    clients.push_back(std::make_unique<LoadClient>(socket, protocol, questions, plan));
  }

  const bool counted = options.requests > 0;
  const auto begin = Clock::now();
  const auto warm_up = std::chrono::duration_cast<Clock::duration>(
      Seconds(counted ? 0 : std::min(0.1, options.seconds / 5)));
  const auto count_from = begin + warm_up;
  const auto end = count_from + std::chrono::duration_cast<Clock::duration>(
                                    Seconds(counted ? 3600 : options.seconds));
  std::vector<std::thread> threads;
  for (auto& client : clients) {
    threads.emplace_back([&] { client->run(count_from, end); });
  }
  std::this_thread::sleep_until(count_from);
  const double server_before = options.server.empty() ? 0 : nanoseconds_of(options.server);
  const double client_before = own_nanoseconds();
  for (std::thread& thread : threads) thread.join();
  const double servers_work =
      options.server.empty() ? 0 : nanoseconds_of(options.server) - server_before;
  const double clients_work = own_nanoseconds() - client_before;
  const double passed = Seconds((counted ? Clock::now() : end) - count_from).count();

  LoadHistogram all;
  std::size_t count = 0;
  for (const auto& client : clients) {
    all.add(client->latencies());
    count += client->answers();
    if (client->failure().empty()) continue;
    std::fprintf(stderr, "akgate_bench_load: %.*s: %s\n", static_cast<int>(protocol.name.size()),
                 protocol.name.data(), client->failure().c_str());
    return 1;
  }
  const auto answers = static_cast<double>(std::max<std::size_t>(count, 1));
  std::printf(
      "answers=%.0f rate=%.0f p50=%.2f p99=%.2f p999=%.2f max=%.1f cpu=%.3f "
      "client=%.3f\n",
      answers, answers / passed, all.microseconds_of(0.5), all.microseconds_of(0.99),
      all.microseconds_of(0.999), all.most_microseconds(), servers_work / 1e3 / answers,
      clients_work / 1e3 / answers);
  return 0;
}

}  // namespace
}  // namespace akgate

int main(int count, char** words) {
  if (count < 4 || count % 2 != 0) akgate::usage();
  const akgate::LoadProtocol* const protocol = akgate::find_load_protocol(words[1]);
  const akgate::Options options = akgate::read_options(count, words);
  if (protocol == nullptr || options.threads > options.connections) akgate::usage();
  return akgate::measure(*protocol, words[2], akgate::read_keys(words[3]), options);
}
