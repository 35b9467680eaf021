// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grp.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "gate_harness.hpp"
#include "platform/unix_socket.hpp"

namespace akgate {

/// Who connects, where the test is root and may choose that.
struct Person {
  uid_t uid;
  gid_t gid;
  std::vector<gid_t> groups;
};

inline Asker connect_as(const Person& person, const std::string& path) {
  EXPECT_EQ(setgroups(person.groups.size(), person.groups.data()), 0);
  EXPECT_EQ(setegid(person.gid), 0);
  EXPECT_EQ(seteuid(person.uid), 0);
  auto socket = connect_unix(path);
  EXPECT_EQ(seteuid(0), 0);
  EXPECT_EQ(setegid(0), 0);
  EXPECT_EQ(setgroups(0, nullptr), 0);
  EXPECT_TRUE(socket.ok());
  return socket ? Asker(*std::move(socket)) : Asker();
}

}  // namespace akgate
