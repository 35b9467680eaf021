// SPDX-License-Identifier: Apache-2.0
#include "cli/control_address.hpp"

#include <utility>

#include "platform/file.hpp"

namespace akgate {

Result<ControlAddress> find_control(const Options& options) {
  ControlAddress address{.socket = Config().control.socket, .config = std::nullopt};
  const std::string file(options.value("config").value_or(kDefaultConfigFile));
  if (options.has("config") || file_exists(file)) {
    Result<Config> config = read_config(file, Credentials::where_there);
    if (config) {
      address = {.socket = config->control.socket, .config = *std::move(config)};
    } else if (options.has("config")) {
      return std::move(config).error();
    }
  }
  if (const auto socket = options.value("control-socket")) address.socket = *socket;
  return address;
}

}  // namespace akgate
