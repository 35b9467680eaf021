// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "record/access_key.hpp"
#include "record/knowledge.hpp"

namespace akgate {

/// What stands in the cache about one key.
struct StoredRecord {
  AccessKey key;
  Knowledge knowledge;
};

}  // namespace akgate
