// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tests/support/simulated_agent.hpp"

namespace akgate {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Mood = SimulatedRegister::Mood;

inline const std::string kKey = "ak_691df0c788ca043403b7fa90";
inline const std::string kOther = "ak_00000000000000000000000a";
inline const std::string kThird = "ak_00000000000000000000000b";

/// Nobody asks for so long that what was refreshed ahead of need is not fresh any more either.
inline constexpr minutes kLongUnasked{45};

/// An agent, and a register that has a record under kKey.
class AgentStory : public ::testing::Test {
 protected:
  void SetUp() override { agent.register_has(kKey); }
  SimulatedAgent agent;
};

}  // namespace akgate
