// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "gate/dialogue.hpp"
#include "platform/clock.hpp"
#include "refresh/controls.hpp"

namespace akgate {

/// The control socket: the operator's commands. Replies come in the order asked and never hold an
/// access key (I9): records are named by their fingerprint. On the desk's loop.
class ControlDialogue final : public Dialogue {
 public:
  /// How it stands with the bearer token, for STATUS: `no-account`, `none`, `held`, `refused` or
  /// `unreachable`. Called on the desk's loop.
  using TokenState = std::function<std::string_view()>;

  /// Both outlive the dialogue; `controls` may call back after it has gone. The agent's uptime
  /// counts from here.
  ControlDialogue(Controls& controls, const Clock& clock, TokenState token_state);

  [[nodiscard]] std::unique_ptr<Exchange> take(std::string_view line, Session& session) override;

 private:
  using Begun = std::unique_ptr<Exchange>;
  [[nodiscard]] Begun bind(std::string_view key, std::string_view mpxn, Session& session);
  [[nodiscard]] Begun unbind(std::string_view key, Session& session);
  [[nodiscard]] Begun prefetch(std::string_view key, Session& session);
  [[nodiscard]] std::string status() const;

  Controls& controls_;
  const Clock& clock_;
  const TokenState token_state_;
  const BootTime started_;
};

}  // namespace akgate
