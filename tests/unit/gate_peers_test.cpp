// SPDX-License-Identifier: Apache-2.0
#include "gate/peers.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "gate/gate_dialogue.hpp"
#include "gate/protocol.hpp"
#include "gate/server.hpp"
#include "gate_harness.hpp"
#include "gate_person.hpp"
#include "tests/support/temporary_directory.hpp"

namespace akgate {
namespace {

TEST(Peers, are_all_where_nobody_is_named) {
  const Peers all;
  EXPECT_TRUE(all.include({.uid = 1000, .gid = 1000}, {}));
  EXPECT_TRUE(all.include({.uid = 0, .gid = 0}, {}));
}

TEST(Peers, are_known_by_user_or_by_any_of_their_groups) {
  const Peers some{.uids = {1000, 1001}, .gids = {50}, .refusal = ""};
  const struct {
    PeerCredentials peer;
    std::vector<std::uint32_t> groups;
    bool expected;
  } cases[] = {
      {{.uid = 1000, .gid = 1}, {}, true},      {{.uid = 1001, .gid = 1}, {}, true},
      {{.uid = 1002, .gid = 1}, {}, false},     {{.uid = 1002, .gid = 50}, {}, true},
      {{.uid = 1002, .gid = 1}, {2, 50}, true}, {{.uid = 50, .gid = 1000}, {1000}, false},
      {{.uid = 0, .gid = 0}, {0}, false},
  };
  for (const auto& [peer, groups, expected] : cases) {
    EXPECT_EQ(some.include(peer, groups), expected) << peer.uid << " " << peer.gid;
  }
}

TEST(Peers, groups_alone_let_in_no_other_user) {
  const Peers some{.uids = {}, .gids = {50}, .refusal = ""};
  EXPECT_FALSE(some.include({.uid = 0, .gid = 0}, {}));
}

class PeersOfAServer : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "only root can be many users";
    ASSERT_EQ(chmod(directory_.path().c_str(), 0755), 0);
  }

  void open(const Peers& peers) {
    server_ = GateServer::open({.socket_path = path_, .mode = 0666, .group = {}, .peers = peers},
                               {*loop_, dialogue_, log_})
                  .value();
  }

  std::string asked_by(const Person& person) {
    Asker asker = connect_as(person, path_);
    asker.say("PING\n");
    go_round(*loop_);
    std::string heard = asker.hear();
    return asker.ended() ? heard + "(end)" : heard;
  }

  TemporaryDirectory directory_;
  const std::string path_ = directory_ / "gate.sock";
  std::unique_ptr<EventLoop> loop_ = EventLoop::create().value();
  FakeAnswers answers_;
  FixedClock clock_;
  Log log_{LogLevel::error, LogFormat::text};
  GateSettings settings_;
  GateDialogue dialogue_{answers_, clock_, *loop_, settings_};
  std::unique_ptr<GateServer> server_;
};

TEST_F(PeersOfAServer, who_is_not_among_them_hears_so_and_is_let_go) {
  open({.uids = {1000}, .gids = {50, 4000}, .refusal = "ask 100% politely"});
  EXPECT_EQ(asked_by({.uid = 1000, .gid = 1, .groups = {}}), "PONG\n");
  EXPECT_EQ(asked_by({.uid = 1001, .gid = 50, .groups = {}}), "PONG\n");
  EXPECT_EQ(asked_by({.uid = 1001, .gid = 1, .groups = {7, 4000}}), "PONG\n");
  const std::string refused = "ERROR reason=forbidden detail=ask%20100%25%20politely\n(end)";
  EXPECT_EQ(asked_by({.uid = 1001, .gid = 1, .groups = {7}}), refused);
  EXPECT_EQ(asked_by({.uid = 0, .gid = 0, .groups = {}}), refused);
}

TEST_F(PeersOfAServer, even_one_of_very_many_groups_is_found) {
  open({.uids = {}, .gids = {5299}, .refusal = ""});
  std::vector<gid_t> groups;
  for (gid_t gid = 5000; gid < 5300; ++gid) groups.push_back(gid);
  EXPECT_EQ(asked_by({.uid = 1001, .gid = 1, .groups = groups}), "PONG\n");
}

}  // namespace
}  // namespace akgate
