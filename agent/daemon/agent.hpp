// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "base/result.hpp"
#include "config/config.hpp"
#include "platform/log.hpp"

namespace akgate {

/// Reads the configuration again; an error is why it cannot be used.
using ReadConfig = std::function<Result<LoadedConfig>()>;

/// The agent, put together: desk and gate on the thread that calls run(), the clerk on one of its
/// own.
class Agent {
 public:
  /// Opens everything: device key, cache, certificates, sockets. An error is one sentence, and
  /// leaves nothing behind. The register need not be there. `read_config` is for reloading.
  [[nodiscard]] static Result<std::unique_ptr<Agent>> create(const LoadedConfig& loaded,
                                                             ReadConfig read_config,
                                                             const Log& log);
  ~Agent();

  /// Answers until SIGTERM or SIGINT, then drains: what was asked is answered, what is held is
  /// written. SIGHUP reads the configuration again.
  [[nodiscard]] Status run();

 private:
  struct State;
  explicit Agent(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace akgate
