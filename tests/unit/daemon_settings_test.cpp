// SPDX-License-Identifier: Apache-2.0
#include "daemon/settings.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace akgate {
namespace {

TEST(Settings, the_control_socket_is_for_its_owner_and_root_only_whatever_the_mode) {
  Config config;
  config.control.mode = 0660;
  const Peers peers = make_control_server_settings(config).peers;
  EXPECT_TRUE(peers.include({.uid = geteuid(), .gid = 1}, {}));
  EXPECT_TRUE(peers.include({.uid = 0, .gid = 0}, {}));
  EXPECT_FALSE(peers.include({.uid = 12345, .gid = getegid()}, {}));
}

}  // namespace
}  // namespace akgate
