// SPDX-License-Identifier: Apache-2.0
#include "cli/status_words.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include "cli/console.hpp"
#include "cli/spell.hpp"

namespace akgate {

namespace {

using std::chrono::seconds;

struct TokenTrouble {
  std::string_view state;
  std::string_view what;  ///< And what to do.
};

constexpr std::array kTokenTroubles = {
    TokenTrouble{
        .state = "refused",
        .what = "The register refuses the credentials of the account: meter points and Data Users "
                "cannot be looked up, and questions that name one are denied where nothing recent "
                "is known.\n"
                "What to do: see that register.account-id and the secret in "
                "register.secret-key-file are those that the register issued, then restart "
                "akgated.\n"},
    TokenTrouble{
        .state = "unreachable",
        .what = "The register gives no bearer token, as it could not be asked for one: meter "
                "points and Data Users cannot be looked up.\n"
                "What to do: nothing, unless it lasts. The agent tries again by itself; its log "
                "(journalctl -u akgated) says what stands in the way.\n"},
};

const TokenTrouble* trouble_with_token(const AgentStatus& status) {
  const auto* const found =
      std::find_if(kTokenTroubles.begin(), kTokenTroubles.end(),
                   [&](const TokenTrouble& trouble) { return trouble.state == status.token; });
  return found == kTokenTroubles.end() ? nullptr : found;
}

bool is_overstretched(const AgentStatus& status) {
  return status.register_.requests_per_second_needed > status.register_.requests_per_second_allowed;
}

std::string agent(const AgentStatus& status) { return "akgated " + presentable(status.version); }

std::string describe_silence(const AgentStatus& status, Timestamp now) {
  const AgentStatus::Register& its = status.register_;
  const seconds silent = *its.silent_for;
  std::string text = agent(status) +
                     " is running, but it cannot refresh what it knows: the register has been "
                     "silent for " +
                     spell_duration(silent) + ", since " + format_timestamp(now - silent) + ". ";
  text += its.since_last_answer
              ? "It last answered " + spell_duration(*its.since_last_answer) + " ago"
              : "It has not answered since the agent started, " + spell_duration(status.uptime) +
                    " ago";
  text += its.next_attempt_in > seconds(0)
              ? "; the next attempt is in " + spell_duration(its.next_attempt_in) + ".\n"
              : "; it is being asked now.\n";
  return text +
         "Keys that are known are answered from memory until their grace (freshness.grace) is "
         "over, all others are denied. " +
         spell_count(status.under_grace, "answer") +
         " rested on grace since the agent started.\n"
         "What to do: look at the line to the register and at the agent's log (journalctl -u "
         "akgated), which says what stands in the way. The agent goes on trying by itself: it need "
         "not be restarted.\n";
}

std::string describe_work(const AgentStatus& status) {
  const auto& last = status.register_.since_last_answer;
  return agent(status) +
         (is_troubled(status) ? " is running, but something is wrong. " : " is working. ") +
         "It started " + spell_duration(status.uptime) + " ago; the register " +
         (last ? "last answered " + spell_duration(*last) + " ago.\n"
               : "has not been asked yet.\n");
}

std::string describe_records(const AgentStatus& status) {
  std::string text = spell_count(status.records, "record") + " on the disk";
  if (status.blocked > 0) {
    text += "; the operator has blocked " + spell_count(status.blocked, "key") + " or meter point" +
            (status.blocked == 1 ? "" : "s");
  }
  if (const std::uint64_t waiting = status.register_.waiting; waiting > 0) {
    text += "; " + spell_count(waiting, "question") + (waiting == 1 ? " waits" : " wait") +
            " for the register";
  }
  return text + ".\n";
}

/// What the agent calls a fault says itself what to do.
std::string describe_faults(const AgentStatus& status) {
  std::string text;
  for (const std::string& fault : status.faults) {
    std::string sentence = presentable(fault);
    if (!sentence.empty() && sentence[0] >= 'a' && sentence[0] <= 'z') {
      sentence[0] = static_cast<char>(sentence[0] - 'a' + 'A');
    }
    text += sentence + ".\n";
  }
  if (!status.clock_trusted && status.faults.empty()) text += "The time is not known.\n";
  return text;
}

std::string describe_damage(const AgentStatus& status) {
  std::string text;
  if (status.damaged > 0) {
    text += spell_count(status.damaged, "record") +
            " on the disk cannot be read; the register is asked again about such a key. What to "
            "do: `akgate cache verify` tells more.\n";
  }
  if (status.audit_losses > 0) {
    text += "The trail of decisions has lost " + spell_count(status.audit_losses, "line") +
            " since the agent started. What to do: the agent's log (journalctl -u akgated) says "
            "why; see to the room on its disk.\n";
  }
  return text;
}

std::string describe_load(const AgentStatus& status) {
  if (!is_overstretched(status)) return {};
  return "Keeping fresh what is in use takes " +
         std::to_string(status.register_.requests_per_second_needed) +
         " requests a second; register.max-requests-per-second allows " +
         std::to_string(status.register_.requests_per_second_allowed) +
         ": some questions wait for the register. What to do: allow more, or let "
         "freshness.fresh-for be longer.\n";
}

/// No trouble by itself: the agent goes by its own time.
std::string describe_clock(const AgentStatus& status) {
  constexpr seconds kClocksAgree(2);
  if (!status.clock_trusted || std::chrono::abs(status.clock_offset) <= kClocksAgree) return {};
  return "The system's clock is " + spell_duration(std::chrono::abs(status.clock_offset)) +
         (status.clock_offset > seconds(0) ? " slow" : " fast") +
         "; the agent goes by the time that it trusts. What to do: set the clock.\n";
}

}  // namespace

bool is_troubled(const AgentStatus& status) {
  return !status.working || status.register_.silent_for || !status.clock_trusted ||
         !status.faults.empty() || status.damaged > 0 || status.audit_losses > 0 ||
         is_overstretched(status) || trouble_with_token(status) != nullptr;
}

std::string describe_status(const AgentStatus& status, Timestamp now) {
  const bool silent = status.register_.silent_for.has_value();
  std::string text = silent ? describe_silence(status, now) : describe_work(status);
  text += describe_records(status) + describe_faults(status) + describe_damage(status) +
          describe_load(status) + describe_clock(status);
  const TokenTrouble* const trouble = trouble_with_token(status);
  // The silence is why there is no token.
  if (trouble != nullptr && !(silent && status.token == "unreachable")) text += trouble->what;
  return text;
}

}  // namespace akgate
