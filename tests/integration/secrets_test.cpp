// SPDX-License-Identifier: Apache-2.0
// What must not be seen (I9), and what the agent costs when nobody asks.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "base/text.hpp"
#include "tests/integration/stage.hpp"

namespace akgate {
namespace {

using std::chrono::seconds;

class Secrets : public ::testing::Test {
 protected:
  void SetUp() override {
    stage.start_register();
    key = stage.registered_record();
  }

  std::string proc(const std::string& file) {
    return read_whole_file("/proc/" + std::to_string(stage.agent().pid()) + "/" + file);
  }

  Stage stage;
  std::string key;
};

TEST_F(Secrets, I9_no_access_key_in_any_file_of_the_agent_at_debug_level_too) {
  stage.start_agent();
  EXPECT_EQ(verdict_in(stage.ask(key)), "ALLOW active");
  stage.revoke(key);
  EXPECT_EQ(verdict_in(stage.ask(key, "mode=fresh")), "DENY revoked");
  const std::string troubled = "ak_00000000000000000000beef";
  for (const char* const fault :
       {R"("body": "rubbish")", R"("status": 500)", R"("status": 403)", R"("drop": true)"}) {
    stage.register_fault(fault);
    static_cast<void>(stage.ask(troubled, "mode=fresh"));
  }
  // Questions with the key in the wrong places.
  for (const std::string& line :
       std::vector<std::string>{"CHECK " + key + " " + key + "=1", "CHECK data-type=" + key, key,
                                "CHECK " + key + " controller=" + key + "%0a"}) {
    EXPECT_EQ(stage.asker().ask(line).find(key.substr(3)), std::string::npos) << line;
  }
  stage.agent().signal(SIGTERM);
  ASSERT_EQ(stage.agent().wait(kPatience), 0);

  std::vector<std::string> canaries;
  for (const std::string& canary : {key, troubled}) {
    const std::string digits = canary.substr(3);
    std::array<std::uint8_t, 12> bytes{};
    ASSERT_TRUE(from_hex(digits, bytes));
    canaries.push_back(digits);
    canaries.emplace_back(bytes.begin(), bytes.end());
  }
  int files = 0;
  std::vector<std::filesystem::path> looked_at = {stage.directory / "agent.log"};
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(stage.directory / "cache")) {
    if (entry.is_regular_file()) looked_at.push_back(entry.path());
  }
  for (const auto& path : looked_at) {
    const std::string content = read_whole_file(path);
    files += content.empty() ? 0 : 1;
    for (const std::string& canary : canaries) {
      EXPECT_EQ(content.find(canary), std::string::npos) << "an access key stands in " << path;
    }
  }
  EXPECT_GE(files, 3) << "log, cache and device key: else this test looked at nothing";
}

TEST_F(Secrets, I9_no_core_dump_and_memory_closed_to_its_own_users_other_processes) {
  stage.start_agent();
  EXPECT_NE(proc("limits").find("Max core file size        0                    0"),
            std::string::npos);
  // The kernel gives the files of a process that is not dumpable to root, whoever runs it.
  if (::getuid() != 0) {
    struct stat status {};
    ASSERT_EQ(::stat(("/proc/" + std::to_string(stage.agent().pid()) + "/mem").c_str(), &status),
              0);
    EXPECT_EQ(status.st_uid, 0U);
    return;
  }
  constexpr uid_t kNobody = 65534;
  ASSERT_EQ(::chown(stage.directory.path().c_str(), kNobody, kNobody), 0);
  ASSERT_EQ(::chmod(stage.directory.path().c_str(), 0755), 0);
  stage.kill_agent();
  std::filesystem::remove_all(stage.directory / "cache");
  for (const std::string& socket : {stage.socket, stage.control_socket}) {
    std::filesystem::remove(socket);
    std::filesystem::remove(socket + ".lock");
  }
  Process agent({.arguments = {Stage::kAgent, "--config", stage.config},
                 .output = stage.directory / "nobody.log",
                 .environment = {},
                 .as_user = kNobody});
  ASSERT_TRUE(comes_true([&] { return Asker(stage.socket).connected(); }))
      << read_whole_file(stage.directory / "nobody.log");
  struct stat status {};
  ASSERT_EQ(::stat(("/proc/" + std::to_string(agent.pid()) + "/mem").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 0U) << "dumpable: its memory is open to every process of its user";
}

TEST_F(Secrets, no_key_in_the_argument_list_of_the_command_line) {
  stage.start_agent();
  const std::string input = stage.directory / "key";
  write_whole_file(input, key + "\n");
  EXPECT_EQ(run_to_end({Stage::kCli, "check", "-", "--data-type", "HH-CONSUMPTION", "--socket",
                        stage.socket},
                       {}, input)
                .status,
            0);
  EXPECT_EQ(
      run_to_end({Stage::kCli, "check", "--data-type", "HH-CONSUMPTION", "--socket", stage.socket},
                 {"AKGATE_ACCESS_KEY=" + key})
          .status,
      0);
}

TEST_F(Secrets, an_idle_agent_does_not_wake_up) {
#if defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the thread sanitizer has a thread of its own that wakes up";
#endif
  stage.start_agent();
  EXPECT_EQ(stage.asker().ask("PING"), "PONG");
  const auto wake_ups = [&] {
    long total = 0;
    for (const auto& task : std::filesystem::directory_iterator(
             "/proc/" + std::to_string(stage.agent().pid()) + "/task")) {
      std::ifstream status(task.path() / "status");
      for (std::string line; std::getline(status, line);) {
        if (line.starts_with("voluntary_ctxt_switches:")) total += std::stol(line.substr(25));
      }
    }
    return total;
  };
  // On a busy machine what follows its start takes a while; what wakes up for ever has no such
  // time.
  bool slept = false;
  for (int tries = 0; tries < 10 && !slept; ++tries) {
    const long before = wake_ups();
    std::this_thread::sleep_for(seconds(3));
    slept = wake_ups() == before;
  }
  EXPECT_TRUE(slept);
}

}  // namespace
}  // namespace akgate
