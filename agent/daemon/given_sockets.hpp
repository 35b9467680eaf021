// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/result.hpp"
#include "config/config.hpp"
#include "platform/fd.hpp"
#include "platform/service_manager.hpp"

namespace akgate {

/// The sockets that the service manager handed over, in place of those that the configuration would
/// have us make. Not valid where it has none of that kind.
struct GivenSockets {
  Fd gate;
  Fd control;
  Fd http;
};

/// Tells them apart: by the names `gate`, `control` and `http`, or else by the path, where that is
/// one of the configuration's. An error where one is neither, where two are the same, and where one
/// but `http` is no Unix socket: nobody could be told from another at it.
[[nodiscard]] Result<GivenSockets> tell_apart(std::vector<InheritedSocket> sockets,
                                              const Config& config);

}  // namespace akgate
