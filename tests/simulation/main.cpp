// SPDX-License-Identifier: Apache-2.0
//
// The simulator: hunts for a story in which the agent allows what it must not.
//
// Real are desk, clerk, refresh, verdict, trusted time and cache with LMDB; simulated are time, the
// register and the link to it (world, weather, truth), the disk below LMDB and the ledger (disk,
// disk_calls), the machine's clocks and its crashes (machine, happenings), and the clients. The
// oracle hears every answer of the register and sees every reply to a client. All of it is drawn
// from one number, so that what was found once is found again. mutations.cmake proves that the
// oracle sees: each deliberate bug there must be found.
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "tests/simulation/simulation.hpp"

namespace akgate {
namespace {

constexpr const char* kUsage =
    "akgate_simulate [--seeds A..B | --seed N] [--days D] [--expect I2,I5] [--all] [--verbose]\n"
    "  --expect   succeed if one of these invariants is found violated, and fail if none is\n"
    "  --all      go on after a violation; one line for each seed that finds one\n"
    "  --verbose  the agent's own log as well\n";

struct Order {
  std::uint64_t first = 1;
  std::uint64_t last = 200;
  int days = 2;
  std::string expected;
  bool all = false;
  bool verbose = false;
};

std::uint64_t current_seed = 0;

// An assertion of the product's own failed: no less a find.
void on_abort(int) {
  std::fprintf(stderr, "simulate: seed %llu: aborted (assertion)\n",
               static_cast<unsigned long long>(current_seed));
  _exit(3);
}

std::unique_ptr<Simulation> run(std::uint64_t seed, const Order& order, bool wants_story) {
  current_seed = seed;
  const int log_to = order.verbose ? 2 : -1;
  auto simulation =
      std::make_unique<Simulation>(seed, std::chrono::hours(24 * order.days), wants_story, log_to);
  simulation->run();
  return simulation;
}

void tell_story(const Simulation& simulation) {
  constexpr std::size_t kMost = 120;
  const auto about = simulation.oracle().about();
  std::vector<const Story::Line*> lines;
  for (const Story::Line& line : simulation.story().lines()) {
    if (!line.key || !about || line.key == about) lines.push_back(&line);
  }
  const std::size_t first = lines.size() > kMost ? lines.size() - kMost : 0;
  if (first > 0) std::printf("  (%zu lines before)\n", first);
  for (std::size_t i = first; i < lines.size(); ++i) {
    const auto ms = lines[i]->when.time_since_epoch().count() % 1000;
    std::printf("  %s .%03d  %s\n", format_timestamp(lines[i]->when).c_str(), static_cast<int>(ms),
                lines[i]->what.c_str());
  }
}

void tell(const Simulation& found, std::uint64_t seed, const Order& order, const char* program) {
  const Violation& violation = *found.oracle().found();
  std::printf("seed %llu, %s: %s violated: %s\n", static_cast<unsigned long long>(seed),
              format_timestamp(found.now()).c_str(), violation.invariant.c_str(),
              violation.what.c_str());
  tell_story(found);
  std::printf("again: %s --seed %llu --days %d\n", program, static_cast<unsigned long long>(seed),
              order.days);
}

bool is_in_list(std::string_view list, std::string_view item) {
  return ("," + std::string(list) + ",").find("," + std::string(item) + ",") != std::string::npos;
}

int simulate(const Order& order, const char* program) {
  const auto start = std::chrono::steady_clock::now();
  std::uint64_t questions = 0;
  std::uint64_t allowed = 0;
  for (std::uint64_t seed = order.first; seed <= order.last; ++seed) {
    auto simulation = run(seed, order, false);
    questions += simulation->questions();
    allowed += simulation->allowed();
    if (!simulation->oracle().found()) continue;
    const Violation violation = *simulation->oracle().found();
    if (!order.expected.empty() && is_in_list(order.expected, violation.invariant)) {
      std::printf("found as expected, by seed %llu: %s: %s\n",
                  static_cast<unsigned long long>(seed), violation.invariant.c_str(),
                  violation.what.c_str());
      return 0;
    }
    simulation.reset();
    if (order.all) {
      std::printf("seed %llu: %s: %s\n", static_cast<unsigned long long>(seed),
                  violation.invariant.c_str(), violation.what.c_str());
      continue;
    }
    tell(*run(seed, order, true), seed, order, program);
    return 1;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  const std::uint64_t seeds = order.last - order.first + 1;
  std::printf("%llu seeds of %d days: %llu questions, %llu allowed; nothing found in %.1f s\n",
              static_cast<unsigned long long>(seeds), order.days,
              static_cast<unsigned long long>(questions), static_cast<unsigned long long>(allowed),
              took.count());
  return order.expected.empty() ? 0 : 1;
}

bool read_number(std::string_view text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool read_option(std::string_view name, std::string_view value, Order& order) {
  if (name == "--seed") {
    const bool read = read_number(value, order.first);
    order.last = order.first;
    return read;
  }
  if (name == "--seeds") {
    const std::size_t dots = value.find("..");
    return dots != std::string_view::npos && read_number(value.substr(0, dots), order.first) &&
           read_number(value.substr(dots + 2), order.last);
  }
  if (name == "--days") {
    std::uint64_t days = 0;
    const bool read = read_number(value, days) && days > 0 && days < 100'000;
    order.days = static_cast<int>(days);
    return read;
  }
  order.expected = value;
  return name == "--expect";
}

int main_of(int argc, char** argv) {
  Order order;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--verbose") {
      order.verbose = true;
    } else if (name == "--all") {
      order.all = true;
    } else if (i + 1 >= argc || !read_option(name, argv[++i], order)) {
      std::fputs(kUsage, stderr);
      return 2;
    }
  }
  static_cast<void>(std::signal(SIGABRT, on_abort));
  return simulate(order, argv[0]);
}

}  // namespace
}  // namespace akgate

int main(int argc, char** argv) { return akgate::main_of(argc, argv); }
