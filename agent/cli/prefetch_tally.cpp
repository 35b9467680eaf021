// SPDX-License-Identifier: Apache-2.0
#include "cli/prefetch_tally.hpp"

#include "cli/console.hpp"
#include "cli/spell.hpp"

namespace akgate {

void PrefetchTally::take(const ControlReply& reply) {
  if (!reply.done) {
    ++failed_;
    const std::string why = describe_refusal(reply);
    if (reasons_.contains(why) || reasons_.size() < kMaxReasons) ++reasons_[why];
  } else if (reply.state == "ACTIVE") {
    ++active_;
  } else if (reply.state == "not-found") {
    ++unknown_;
  } else {
    ++not_active_;
  }
}

std::string PrefetchTally::summary(std::size_t keys, std::chrono::seconds took) const {
  std::string text = std::to_string(answered()) + " of " + spell_count(keys, "key") + " in " +
                     spell_duration(took) + ": " + std::to_string(active_) + " active, " +
                     std::to_string(not_active_) + " not active, " + std::to_string(unknown_) +
                     " unknown to the register, " + std::to_string(failed_) + " failed";
  if (const std::size_t left = keys - answered(); left > 0) {
    text += ", " + std::to_string(left) + " left";
  }
  text += '\n';
  for (const auto& [why, count] : reasons_) {
    text += "  " + std::to_string(count) + " failed: " + presentable(why) + '\n';
  }
  return text;
}

std::string PrefetchTally::to_json(std::size_t keys, std::chrono::seconds took) const {
  const auto member = [](std::string_view name, std::size_t value) {
    return '"' + std::string(name) + "\":" + std::to_string(value);
  };
  return "{" + member("keys", keys) + "," + member("active", active_) + "," +
         member("not-active", not_active_) + "," + member("unknown", unknown_) + "," +
         member("failed", failed_) + "," + member("left", keys - answered()) + "," +
         member("seconds", static_cast<std::size_t>(took.count())) + "}\n";
}

}  // namespace akgate
