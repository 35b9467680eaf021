// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "refresh_story.hpp"

namespace akgate {

inline const std::string kHome = "1234567890123";
inline const std::string kElsewhere = "2000012345678";
inline const std::string kDuid = "duid_b1b1b1b1b1b1b1b1b1b1b1b1";

class Proofs : public AgentStory {
 protected:
  void SetUp() override {
    agent.settings.policy.has_account = true;
    agent.crashes_and_restarts();
    AgentStory::SetUp();
    agent.register_.records.at(kKey).identity_record_ref = "ir_1";
    agent.register_.meter_points[kHome].insert(kKey);
    agent.register_.data_users[kDuid] = DataUserStatus::active;
  }

  std::string ask_at(const std::string& mpxn, Mode mode = Mode::normal) {
    Question question = SimulatedAgent::question_about(kKey, mode);
    question.mpxn = mpxn;
    return agent.ask(question);
  }
  std::string ask_for(const std::string& duid, Mode mode = Mode::normal) {
    Question question = SimulatedAgent::question_about(kKey, mode);
    question.duid = duid;
    return agent.ask(question);
  }

  std::string bind(const std::string& key, const std::string& mpxn) {
    std::string done = "none";
    agent.desk->bind(*AccessKey::parse(key), *Mpxn::parse(mpxn),
                     [&](const std::optional<Refusal>& refusal) {
                       done = refusal ? std::string(refusal->reason) : "done";
                     });
    agent.loop.settle();
    return done;
  }
  void unbind(const std::string& key) {
    bool done = false;
    agent.desk->unbind(*AccessKey::parse(key),
                       [&](const std::optional<Refusal>& refusal) { done = !refusal; });
    agent.loop.settle();
    EXPECT_TRUE(done);
  }
};

}  // namespace akgate
