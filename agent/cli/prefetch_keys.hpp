// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "base/options.hpp"
#include "base/result.hpp"
#include "record/access_key.hpp"

namespace akgate {

/// The keys that `akgate prefetch` is about, each once: those of the file that is named, or those
/// that the register lists for --meter-point (operation 4).
[[nodiscard]] Result<std::vector<AccessKey>> take_prefetch_keys(const Options& options);

/// The keys in the register's answer to operation 4. Rows without one are passed over.
[[nodiscard]] Result<std::vector<AccessKey>> read_listed_keys(std::string_view body);

}  // namespace akgate
