// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "gate/dialogue.hpp"
#include "gate/overseer.hpp"
#include "refresh/controls.hpp"

namespace akgate {

/// The control socket: the operator's commands. Replies come in the order asked and never hold an
/// access key (I9): records are named by their fingerprint. On the desk's loop.
///
/// Beside those of the contract there are `SHOW <ak>` and `LIST [after=<fingerprint>]`: lines
/// `RECORD fingerprint=… …`, a hundred at most, then `OK records=<count>`, with
/// `next=<fingerprint>` where there are more.
class ControlDialogue final : public Dialogue {
 public:
  /// Both outlive the dialogue; `controls` may call back after it has gone.
  ControlDialogue(Controls& controls, Overseer& overseer)
      : controls_(controls), overseer_(overseer) {}

  [[nodiscard]] std::unique_ptr<Exchange> take(std::string_view line, Session& session) override;

 private:
  using Begun = std::unique_ptr<Exchange>;
  [[nodiscard]] Begun plain(std::string_view command, Session& session);
  [[nodiscard]] Begun about_key(std::string_view command, std::string_view key, Session& session);
  [[nodiscard]] Begun bind(std::string_view key, std::string_view mpxn, Session& session);
  [[nodiscard]] Begun block(std::string_view command, std::string_view what, Session& session);
  [[nodiscard]] Begun forget_all(Session& session);
  [[nodiscard]] Begun fetch(const AccessKey& key, Mode mode, Session& session);
  [[nodiscard]] Begun show(const AccessKey& key);
  [[nodiscard]] Begun list(std::string_view after);

  Controls& controls_;
  Overseer& overseer_;
};

}  // namespace akgate
