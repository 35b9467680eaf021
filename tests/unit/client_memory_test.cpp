// SPDX-License-Identifier: Apache-2.0
// What is left of an access key in the memory of who asked.
#include <string.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>

#include "tests/unit/client_fake_agent.hpp"

namespace akgate {
namespace {

// In memory that cannot be written to, so that the copies that are found are the library's.
constexpr const char* kKey = "ak_5ec2e7a1b2c3d4e5f6071829";
// What free() writes into a chunk would spoil the beginning of one, and leave this.
constexpr std::string_view kTail = std::string_view(kKey).substr(15);

int copies_in_memory() {
  int copies = 0;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find(" rw-p ") == std::string::npos) continue;
    char* rest = nullptr;
    const auto begin = std::strtoull(line.c_str(), &rest, 16);
    const auto end = std::strtoull(rest + 1, nullptr, 16);
    const auto* at = reinterpret_cast<const char*>(begin);
    const auto* const last = reinterpret_cast<const char*>(end);
    while (at != nullptr) {
      at = static_cast<const char*>(
          memmem(at, static_cast<std::size_t>(last - at), kTail.data(), kTail.size()));
      if (at == nullptr) break;
      ++copies;
      ++at;
    }
  }
  return copies;
}

class ClientMemory : public ClientTest {
 protected:
  /// On a thread of its own, whose stack stays as the library left it.
  akgate_answer ask_about_key() const {
    akgate_answer answer;
    std::thread([&] { answer = ask(question_about(kKey)); }).join();
    return answer;
  }

  /// The agent has a process of its own: it knows the key.
  void SetUp() override {
    ASSERT_EQ(pipe(running_), 0);
    agent_ = fork();
    if (agent_ != 0) {
      char started = 0;
      ASSERT_EQ(read(running_[0], &started, 1), 1);
      return;
    }
    FakeAgent agent(path, FakeAgent::answers([](const std::string& q) { return allow(q, 300); }));
    static_cast<void>(!write(running_[1], "x", 1));
    for (;;) pause();
  }

  void TearDown() override {
    kill(agent_, SIGKILL);
    waitpid(agent_, nullptr, 0);
    close(running_[0]);
    close(running_[1]);
  }

 private:
  int running_[2] = {-1, -1};
  pid_t agent_ = -1;
};

TEST_F(ClientMemory, I9_no_copy_of_a_key_outlives_the_call) {
  open();
  EXPECT_TRUE(ask_about_key().allowed);
  EXPECT_EQ(copies_in_memory(), 0);
}

TEST_F(ClientMemory, I9_the_cache_is_wiped_with_its_client) {
  open(16);
  EXPECT_TRUE(ask_about_key().allowed);
  EXPECT_TRUE(ask_about_key().remembered);
  EXPECT_EQ(copies_in_memory(), 1) << "in the cache";
  akgate_close(client);
  client = nullptr;
  EXPECT_EQ(copies_in_memory(), 0);
}

}  // namespace
}  // namespace akgate
