// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "refresh/controls.hpp"

namespace akgate {

/// Appends what is kept of a record as ` name=value…`, without a line end. No access key, and no
/// meter point: only whether there is one (I9).
void append_kept(std::string& out, const KeptRecord& kept);

}  // namespace akgate
